"""How fast Okta works through an app, and what became of work that failed.

Developers have asked for its rate and concurrency and got no numbers, so both are assumed; a storm can set others.
That several requests are under way at once has been captured.
"""

from __future__ import annotations

from harness.model.pace import Pace, Standing
from harness.model.sequence import Evidence
from simulators.okta import sources
from simulators.okta.app import Okta


def standing(okta: Okta) -> Standing:
    """Jobs that met 429 with Retry-After come back by themselves; every other failure waits for an administrator."""
    waiting = okta.tasks.waiting
    due = [task.due for task in waiting if task.due is not None]
    returns_in = max(0.0, min(due) - okta.tasks.clock) if due else None
    return Standing(returns_in, len(due), len(waiting) - len(due))


PACE = Pace(
    lanes=5,
    per_second=25.0,
    lanes_evidence=Evidence.INFERRED,
    rate_evidence=Evidence.INFERRED,
    source=sources.RATE_LIMIT,
    standing=standing,
)
