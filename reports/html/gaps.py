"""What was not run, and why: every question that stayed open, grouped by its reason."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.run import Run
from harness.model.scenario import ScenarioKey
from harness.model.verdict import Outcome

_OPEN = (Outcome.NOT_RUN, Outcome.ERROR)


@dataclass(frozen=True)
class Gap:
    """One reason, the scenarios that it cut short, and the number of checks that could not be answered."""

    outcome: Outcome
    reason: str
    scenarios: tuple[ScenarioKey, ...]
    checks: int


def gaps(run: Run) -> tuple[Gap, ...]:
    """Grouped by outcome and reason, our own errors first, then by the number of scenarios."""
    keys: dict[tuple[Outcome, str], dict[str, ScenarioKey]] = {}
    checks: dict[tuple[Outcome, str], int] = {}
    for result in run.results:
        stopped = result.reason or result.transcript.stopped
        if result.outcome in _OPEN and not any(v.outcome in _OPEN for v in result.verdicts):
            keys.setdefault((result.outcome, stopped or "no reason was recorded"), {})[result.key.id] = result.key
        elif not result.transcript.complete and not any(v.outcome in _OPEN for v in result.verdicts):
            keys.setdefault((Outcome.NOT_RUN, stopped or "no reason was recorded"), {})[result.key.id] = result.key
        for verdict in result.verdicts:
            if verdict.outcome in _OPEN:
                group = (verdict.outcome, verdict.reason or stopped or "no reason was recorded")
                keys.setdefault(group, {})[result.key.id] = result.key
                checks[group] = checks.get(group, 0) + 1
    found = (
        Gap(outcome, reason, tuple(names.values()), checks.get((outcome, reason), 0))
        for (outcome, reason), names in keys.items()
    )
    return tuple(sorted(found, key=lambda gap: (_OPEN.index(gap.outcome) == 0, -len(gap.scenarios), gap.reason)))
