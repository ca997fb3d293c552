from __future__ import annotations

from types import ModuleType

from harness.model.verdict import Outcome
from reports.html.gaps import gaps


def test_a_complete_run_has_no_gaps(samples: ModuleType) -> None:
    assert gaps(samples.with_findings()) == ()


def test_gaps_are_grouped_by_reason_and_our_own_errors_come_first(samples: ModuleType) -> None:
    found = gaps(samples.incomplete())
    assert [(gap.outcome, gap.reason, gap.checks) for gap in found] == [
        (Outcome.ERROR, "our own check failed: KeyError: 'x'", 1),
        (Outcome.NOT_RUN, "no account may be touched", 0),
        (Outcome.NOT_RUN, "the service stopped answering", 1),
    ]


def test_a_scenario_that_never_began_is_named_with_its_reason(samples: ModuleType) -> None:
    lost = next(gap for gap in gaps(samples.incomplete()) if gap.reason == "no account may be touched")
    assert [key.id for key in lost.scenarios] == ["entra/default/leaver"]
