"""Retrying: where something broke is played again, and what then holds is not passed but to be reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from harness.model.scenario import Scenario, ScenarioKey
from harness.model.verdict import Outcome, Verdict

MARK = "~"
"""Stands between the id of a scenario and the number of the attempt; no id of a scenario has one."""

_BROKEN = (Outcome.FAILED, Outcome.WARNED)

T = TypeVar("T")


def again(scenario: Scenario, attempt: int) -> Scenario:
    """The same scenario under a name of its own, for its ``attempt``-th repetition from 1."""
    return replace(scenario, key=replace(scenario.key, id=f"{scenario.id}{MARK}{attempt}"))


def repetitions(key: ScenarioKey, recorded: Mapping[str, T]) -> list[T]:
    """What was recorded under the names of the repetitions of a scenario, in their order."""
    found = [name for name in recorded if name.rpartition(MARK)[0] == key.id]
    return [recorded[name] for name in sorted(found, key=lambda name: int(name.rpartition(MARK)[2]))]


def broken(verdicts: Iterable[Verdict]) -> bool:
    """Whether it is worth while to play again."""
    return any(v.outcome in _BROKEN for v in verdicts)


def steadied(first: Sequence[Verdict], later: Sequence[Sequence[Verdict]]) -> tuple[Verdict, ...]:
    """The verdicts of the first time; a breach that did not show again each time is one for a person to look at.

    Nothing becomes passed by it, and what held the first time is not asked again.
    """
    by_check = [{(v.check, v.requirement): v.outcome for v in verdicts} for verdicts in later]
    return tuple(
        _steadied(verdict, [outcomes.get((verdict.check, verdict.requirement)) for outcomes in by_check])
        for verdict in first
    )


def _steadied(verdict: Verdict, later: Sequence[Outcome | None]) -> Verdict:
    held = sum(outcome is Outcome.PASSED for outcome in later)
    if verdict.outcome not in _BROKEN or not held:
        return verdict
    reason = f"broken when it was played first, held in {held} of {len(later)} repetitions"
    return verdict._replace(outcome=Outcome.REVIEW, reason=reason)
