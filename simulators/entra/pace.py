"""How fast an Entra job works, and how it stands with what failed.

The vendor asks a service to carry 25 requests a second for each tenant; each job is on its own. How many of them are
under way at once is not published: one after the other is assumed.
"""

from __future__ import annotations

from harness.model.pace import Pace, Standing
from harness.model.sequence import Evidence
from simulators.entra import sources
from simulators.entra.app import Entra
from simulators.entra.quarantine import breach
from simulators.entra.setup import BY_THE_GUIDE


def standing(entra: Entra) -> Standing:
    """Failed objects come back in a later cycle, those that no cycle reached in the next; a stopped job never does."""
    left = len(entra.escrow.failed.keys() | entra.changed.keys())
    slowed = entra.quarantine.trigger.reason if entra.quarantine is not None else ""
    if entra.stopped or not left:
        return Standing(None, 0, left, slowed)
    due = [failed.due for failed in entra.escrow.failed.values()]
    earliest = entra.next_cycle if entra.changed or not due else max(entra.next_cycle, min(due))
    return Standing(float(max(0, earliest - entra.now)), left, 0, slowed)


def slows(failed: int, objects: int) -> str:
    """The reason of the quarantine that so many failures lead to, "" when they lead to none."""
    found = breach(failed, 0, objects)
    return found.reason if found is not None else ""


PACE = Pace(
    lanes=1,
    per_second=25.0,
    lanes_evidence=Evidence.INFERRED,
    rate_evidence=Evidence.DOCUMENTED,
    source=sources.TUTORIAL,
    cycle=BY_THE_GUIDE.interval,
    standing=standing,
    slows=slows,
)
