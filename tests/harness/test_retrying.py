"""A retry never hides a result: what was broken once is broken, or somebody has to look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.model.finding import Finding
from harness.model.requirement import Level
from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome, Verdict
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.retrying import steadied
from harness.settings import Settings
from harness.stage import Stage, retell

FAILED, WARNED, PASSED, REVIEW = Outcome.FAILED, Outcome.WARNED, Outcome.PASSED, Outcome.REVIEW


def verdict(outcome: Outcome) -> Verdict:
    found = (Finding(["x"], "y"),) if outcome in (FAILED, WARNED) else ()
    return Verdict("okta/oin/leaver", "c.c", "R-1", Level.MUST, outcome, found)


@pytest.mark.parametrize(
    ("first", "later", "outcome"),
    [
        (FAILED, [PASSED], REVIEW),
        (WARNED, [PASSED], REVIEW),
        (FAILED, [FAILED, PASSED], REVIEW),
        (FAILED, [FAILED, FAILED], FAILED),
        (FAILED, [], FAILED),
        (FAILED, [Outcome.NOT_RUN], FAILED),
        (FAILED, [Outcome.NOT_APPLICABLE], FAILED),
        (PASSED, [FAILED], PASSED),
    ],
)
def test_what_is_broken_first_never_becomes_passed(first: Outcome, later: list[Outcome], outcome: Outcome) -> None:
    (told,) = steadied([verdict(first)], [[verdict(o)] for o in later])
    assert told.outcome is outcome
    assert told.findings == verdict(first).findings
    assert bool(told.reason) == (outcome is REVIEW)


def rehearse(directory: Path, *, mended: bool) -> tuple[Run, Stage]:
    """Okta's leaver against a server that confirms and does nothing; ``mended``: the first time only."""
    profile = load_profile("marketbeam")
    stage = Stage(Settings(defects=("patch-noop-success",), retries=2), profile, directory)
    player = stage.ground.player

    def one_after_the_other(*given: Any) -> Any:
        made = player(*given)
        if mended:
            stage.ground.settings = replace(stage.settings, defects=())
        return made

    stage.ground.player = one_after_the_other  # type: ignore[method-assign]
    scenarios = plan(profile, Selection(("okta:oin",), ("leaver",)), vendors(), all_probes())
    stage.begin(scenarios)
    for scenario in scenarios:
        stage.verdicts(scenario)
    stage.finish()
    return stage.conclude(), stage


def test_what_holds_only_when_it_is_played_again_is_reviewed_and_the_run_is_not_conformant(tmp_path: Path) -> None:
    run, _ = rehearse(tmp_path, mended=True)
    assert run.counts[FAILED] == 0
    assert run.counts[REVIEW] > 0
    assert run.conclusion is Conclusion.INCOMPLETE
    assert "somebody has to look" in run.doubts[0]
    assert [r.key.id for r in run.results] == ["okta/oin/leaver"]
    assert retell(tmp_path).counts == run.counts


def test_what_breaks_each_time_fails_and_is_counted_once(tmp_path: Path) -> None:
    run, _ = rehearse(tmp_path, mended=False)
    assert run.conclusion is Conclusion.NON_CONFORMANT
    assert run.counts[REVIEW] == 0
    assert {v.scenario for v in run.verdicts} == {"okta/oin/leaver"}
    assert retell(tmp_path).counts == run.counts
