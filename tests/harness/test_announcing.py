"""What the command says at the end: causes, the worst for people first, in text that a terminal can show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.announcing import _causes
from harness.model.cause import Cause, Who
from harness.model.requirement import Harm, Level
from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome

CAUSE = Cause(
    id="C-1a2b3c",
    title="A body is read",
    harm=Harm.ACCESS,
    who=Who.SERVICE,
    level=Level.MUST,
    outcome=Outcome.FAILED,
    requirement="R-1",
    requirements=("R-1", "R-2"),
    findings=("F-1a2b3c",),
    scenarios=("probe/x",),
    first_finding="F-1a2b3c",
    first_exchange="x-1",
    because="expected x, got y\n\x1b[2J\u202e",
)


def told(*causes: Cause) -> list[str]:
    run = Run("p", (), "", False, Conclusion.NON_CONFORMANT, {}, (), {}, causes=causes)
    return _causes(run, Path("my runs/one"))


def test_a_cause_says_what_it_does_to_people_where_it_was_seen_and_how_to_see_it_again() -> None:
    assert told(CAUSE)[:2] == [
        "  failed  C-1a2b3c  A body is read",
        "          Leavers keep access: R-1 and 1 more requirement, seen in 1 scenario",
    ]
    assert told(CAUSE)[-1] == "  Show one again: scimulator reproduce 'my runs/one' C-1a2b3c"


def test_what_the_service_has_written_cannot_steer_the_terminal() -> None:
    assert all(line.isprintable() for line in told(CAUSE))


def test_only_the_worst_are_listed_and_the_rest_is_counted() -> None:
    many = told(*(replace(CAUSE, id=f"C-00000{n}") for n in range(9)))
    assert "  ... and 1 more in the report" in many


@pytest.mark.parametrize("outcome", [Outcome.KNOWN, Outcome.NOTED])
def test_what_asks_for_no_action_is_not_listed(outcome: Outcome) -> None:
    assert told(replace(CAUSE, outcome=outcome)) == []
