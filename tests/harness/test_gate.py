from __future__ import annotations

from typing import Any

import pytest

from harness import gate
from harness.gate import ExitCode
from harness.model.finding import Finding
from harness.model.outlook import Outlook, Removal, RemovalState
from harness.model.requirement import Level
from harness.model.run import ScenarioResult
from harness.model.scenario import Kind, ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome, Verdict


def result(*outcomes: Outcome, scenario: str = "okta/oin/leaver", level: str = "MUST", **given: Any) -> ScenarioResult:
    key = ScenarioKey(scenario, Kind.STORY, "t", scenario.partition("/")[0])
    found = (Finding(["x"], "y"),)
    verdicts = tuple(
        Verdict(scenario, f"c{i}", f"R-{i}", Level(level), o, found if o in (Outcome.FAILED, Outcome.NOTED) else ())
        for i, o in enumerate(outcomes)
    )
    given.setdefault("outcome", outcomes[0] if outcomes else Outcome.NOT_RUN)
    return ScenarioResult(key=key, transcript=Transcript(key, ""), verdicts=verdicts, **given)


PASSED, FAILED, WARNED, NOTED = Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.NOTED
NOT_RUN, ERROR, OFF = Outcome.NOT_RUN, Outcome.ERROR, Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("results", "conclusion", "code"),
    [
        ([result(PASSED, OFF)], Conclusion.CONFORMANT, 0),
        ([result(PASSED, NOTED)], Conclusion.CONFORMANT, 0),
        ([result(PASSED, WARNED)], Conclusion.WITH_WARNINGS, 0),
        ([result(PASSED, FAILED)], Conclusion.NON_CONFORMANT, 1),
        ([result(PASSED), result(NOT_RUN)], Conclusion.INCOMPLETE, 3),
        ([result(PASSED), result(outcome=NOT_RUN)], Conclusion.INCOMPLETE, 3),
        ([result(PASSED), result(ERROR)], Conclusion.INCOMPLETE, 3),
        ([result(FAILED), result(outcome=NOT_RUN)], Conclusion.NON_CONFORMANT, 1),
        ([result(OFF)], Conclusion.INCOMPLETE, 3),
        ([], Conclusion.INCOMPLETE, 3),
    ],
)
def test_the_conclusion_of_a_run(results: list[ScenarioResult], conclusion: Conclusion, code: int) -> None:
    reached, doubts = gate.conclude(results, finished=True)
    assert reached is conclusion
    assert gate.exit_code(reached) == code
    assert bool(doubts) == any(r.outcome in (NOT_RUN, ERROR) for r in results) or not results or code == 3


def test_an_interrupted_run_is_never_conformant() -> None:
    reached, doubts = gate.conclude([result(PASSED)], finished=False)
    assert reached is Conclusion.INCOMPLETE
    assert "interrupted" in doubts[0]


def test_warnings_fail_only_where_the_operator_says_so() -> None:
    assert gate.exit_code(Conclusion.WITH_WARNINGS, fail_on="warn") is ExitCode.NON_CONFORMANT
    assert gate.exit_code(Conclusion.CONFORMANT, fail_on="warn") is ExitCode.CONFORMANT


def test_every_outcome_is_counted_and_a_scenario_that_never_began_is_not_lost() -> None:
    counts = gate.count([result(PASSED, PASSED, FAILED), result(outcome=NOT_RUN)])
    assert set(counts) == {o.value for o in Outcome}
    assert (counts["passed"], counts["failed"], counts["not_run"]) == (2, 1, 1)


def test_an_idp_that_has_given_up_on_a_leaver_does_not_work_though_nothing_is_broken() -> None:
    lost = Outlook(removals=(Removal("leaver", RemovalState.LOST, "the job has been stopped"),))
    pending = Outlook(removals=(Removal("leaver", RemovalState.PENDING, "it will be tried again"),))
    results = [result(PASSED, outlook=lost), result(PASSED, scenario="entra/default/leaver", outlook=pending)]
    assert gate.will_work(results) == {"okta": False, "entra": True}
    assert gate.conclude(results, finished=True)[0] is Conclusion.CONFORMANT


def test_a_vendor_expectation_decides_whether_an_idp_works_and_not_whether_the_service_conforms() -> None:
    results = [result(NOTED, level="VENDOR"), result(PASSED, scenario="entra/default/leaver")]
    assert gate.will_work(results) == {"okta": False, "entra": True}
    assert gate.conclude(results, finished=True)[0] is Conclusion.CONFORMANT
