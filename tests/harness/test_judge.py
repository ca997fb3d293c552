from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.judge import in_question, judge, outcome_of, use_of
from harness.model.check import Check, Scope, always
from harness.model.exchange import Exchange, Role, Trouble, TroubleKind
from harness.model.finding import Finding
from harness.model.profile import Claim, Profile
from harness.model.requirement import Applies, Level, Requirement
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import Place
from harness.model.transcript import Transcript
from harness.model.verdict import Outcome

PROFILE = Profile("p", "P", "deprovisioning", {"delete": Claim.REFUSED, "filter": Claim.SUPPORTED})
Crossed = Callable[..., Exchange]
Told = Callable[..., Transcript]


def requirement(level: str = "MUST", use: str = "test", *, name: str = "R-1", needs: str = "") -> Requirement:
    return Requirement(
        id=name,
        level=Level(level),
        section="RFC 7644 §1",
        says="something",
        link="https://www.rfc-editor.org/rfc/rfc7644#section-1",
        remedy="mend it",
        applies={"deprovisioning": Applies(use)},
        needs=needs,
    )


def check(
    function: Callable[..., Any], scope: str = "exchange", when: Callable[..., bool] = always, **options: Any
) -> Check:
    options.setdefault("requirements", ("R-1",))
    return Check(f"t.{function.__name__}", scope=Scope(scope), when=when, function=function, title="t", **options)


def always_wrong(exchange: Exchange) -> Iterator[Finding]:
    yield Finding(expected=["another"], actual=exchange.status, at="/status")


def never_wrong(exchange: Exchange) -> Iterator[Finding]:
    yield from ()


def verdict_of(transcript: Transcript, check: Check, *requirements: Requirement, problem: str = "") -> Any:
    (verdict,) = judge(transcript, PROFILE, {r.id: r for r in requirements}, [check], problem=problem)
    return verdict


@pytest.mark.parametrize(
    ("level", "use", "outcome"),
    [
        ("MUST", "test", Outcome.FAILED),
        ("PROMISE", "test", Outcome.FAILED),
        ("SHOULD", "test", Outcome.WARNED),
        ("MAY", "test", Outcome.NOTED),
        ("VENDOR", "test", Outcome.NOTED),
        ("MUST", "observe", Outcome.NOTED),
        ("MUST", "hook", Outcome.FAILED),
    ],
)
def test_what_a_breach_amounts_to_follows_from_level_and_profile(
    told: Told, level: str, use: str, outcome: Outcome
) -> None:
    assert verdict_of(told(), check(always_wrong), requirement(level, use)).outcome is outcome


@pytest.mark.parametrize("use", ["refused", "off"])
def test_a_requirement_that_the_profile_turns_round_or_leaves_out_is_not_in_question(told: Told, use: str) -> None:
    assert judge(told(), PROFILE, {"R-1": requirement(use=use)}, [check(always_wrong)]) == ()


def test_a_claimed_requirement_is_tested_only_where_the_capability_is_claimed() -> None:
    assert use_of(requirement(use="claimed", needs="filter"), PROFILE) is Applies.TEST
    assert use_of(requirement(use="claimed", needs="delete"), PROFILE) is Applies.OFF


def test_a_profile_can_adjust_a_single_requirement() -> None:
    profile = Profile("p", "P", "deprovisioning", adjusts={"R-1": Applies.OBSERVE})
    assert use_of(requirement(), profile) is Applies.OBSERVE


def test_a_check_that_met_nothing_is_not_applicable_and_never_passed(told: Told) -> None:
    verdict = verdict_of(told(), check(never_wrong, when=lambda exchange: exchange.is_error), requirement())
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_a_check_that_met_nothing_in_a_scenario_cut_short_is_not_run(told: Told) -> None:
    transcript = told(complete=False, stopped="the service went away")
    verdict = verdict_of(transcript, check(never_wrong, when=lambda exchange: exchange.is_error), requirement())
    assert (verdict.outcome, verdict.reason) == (Outcome.NOT_RUN, "the service went away")


def test_what_was_seen_before_a_scenario_was_cut_short_still_counts(told: Told) -> None:
    transcript = told(complete=False, stopped="the service went away")
    assert verdict_of(transcript, check(always_wrong), requirement()).outcome is Outcome.FAILED


@pytest.mark.parametrize("given", [{"role": Role.SETUP}, {"place": Place.HOOK}])
def test_set_up_and_hooks_are_not_judged_as_scim(told: Told, crossed: Crossed, given: dict[str, Any]) -> None:
    assert verdict_of(told(crossed(**given)), check(always_wrong), requirement()).outcome is Outcome.NOT_APPLICABLE


def test_trouble_on_the_wire_is_never_a_finding_about_the_service(told: Told, crossed: Crossed) -> None:
    silent = crossed(trouble=Trouble(TroubleKind.RESET, "closed"))
    assert verdict_of(told(silent), check(always_wrong), requirement()).outcome is Outcome.NOT_APPLICABLE


def test_one_wrong_habit_in_many_exchanges_is_one_finding_at_the_first(told: Told, crossed: Crossed) -> None:
    verdict = verdict_of(told(*(crossed(i) for i in range(5))), check(always_wrong), requirement())
    assert [f.exchange for f in verdict.findings] == ["x-0ddba1-000"]


def test_a_check_of_ours_that_falls_over_is_our_error_and_not_the_services(told: Told) -> None:
    def falls_over(exchange: Exchange) -> None:
        raise ZeroDivisionError("oops")

    verdict = verdict_of(told(), check(falls_over), requirement())
    assert verdict.outcome is Outcome.ERROR
    assert "our own check failed: ZeroDivisionError: oops" in verdict.reason


def test_findings_of_a_check_with_two_requirements_go_to_the_one_they_name(told: Told) -> None:
    def second_only(exchange: Exchange) -> Iterator[Finding]:
        yield Finding(expected=["x"], actual="y", requirement="R-2")

    both = {"R-1": requirement(), "R-2": requirement("SHOULD", name="R-2")}
    verdicts = judge(told(), PROFILE, both, [check(second_only, requirements=("R-1", "R-2"))])
    assert [(v.requirement, v.outcome) for v in verdicts] == [("R-1", Outcome.PASSED), ("R-2", Outcome.WARNED)]


def test_a_scenario_that_could_not_be_set_up_judges_nothing(told: Told) -> None:
    verdict = verdict_of(told(stopped="no account"), check(always_wrong), requirement(), problem="not_run")
    assert (verdict.outcome, verdict.reason, verdict.findings) == (Outcome.NOT_RUN, "no account", ())


def test_ids_of_findings_do_not_depend_on_values_or_array_positions(told: Told, crossed: Crossed) -> None:
    def at(pointer: str, actual: Any) -> str:
        def wrong(exchange: Exchange) -> Iterator[Finding]:
            yield Finding(expected=["x"], actual=actual, at=pointer)

        return verdict_of(told(crossed()), check(wrong), requirement()).findings[0].id

    assert at("/Resources/0/active", "False") == at("/Resources/17/active", 1)
    assert at("/Resources/0/active", "False") != at("/Resources/0/id", "False")


def test_a_probe_check_is_only_asked_about_its_own_probe() -> None:
    mine = check(never_wrong, "transcript", probe="filters")
    requirements = {"R-1": requirement()}
    for scenario, asked in (("probe/filters", 1), ("probe/tokens", 0)):
        key = ScenarioKey(scenario, Kind.PROBE, "t")
        assert len(in_question(key, PROFILE, requirements, [mine])) == asked


def test_a_scenario_cut_short_never_passes(told: Told) -> None:
    transcript = told(complete=False, stopped="gone")
    verdicts = judge(transcript, PROFILE, {"R-1": requirement()}, [check(never_wrong)])
    assert outcome_of(verdicts, transcript, "") is Outcome.NOT_RUN


def test_a_clause_that_restates_another_is_broken_by_the_same_evidence_under_its_own_level(told: Told) -> None:
    restating = replace(requirement("SHOULD", name="R-2"), restates=("R-1",))
    judge_of_both = check(always_wrong, requirements=("R-1", "R-2"))
    first, second = judge(told(), PROFILE, {"R-1": requirement(), "R-2": restating}, [judge_of_both])
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.WARNED)
    assert [f.requirement for f in second.findings] == ["R-2"]
    assert first.findings[0].id != second.findings[0].id
    assert first.findings[0].exchange == second.findings[0].exchange


def test_every_check_of_a_clause_also_judges_what_restates_it() -> None:
    restating = [r for r in load_catalogue().values() if r.restates]
    assert len(restating) > 30
    checks = all_checks().values()
    for clause in restating:
        for check_of_other in (c for c in checks if set(clause.restates) & set(c.requirements)):
            assert clause.id in check_of_other.requirements
