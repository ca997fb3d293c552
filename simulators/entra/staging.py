"""Accidental deletion prevention: what would be taken away waits for an administrator when it is too much at once.

Source: https://learn.microsoft.com/entra/identity/app-provisioning/accidental-deletions
"""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.outlook import RemovalState
from harness.model.sequence import Evidence
from simulators.entra import log
from simulators.entra.app import Entra
from simulators.entra.escrow import Key
from simulators.entra.quarantine import TOO_MANY_DELETES, Trigger


def staged_in(entra: Entra, due: Iterable[Key]) -> frozenset[Key]:
    """What accidental deletion prevention holds back: all that would be taken away, if it is too much."""
    limit = entra.setup.deletion_threshold
    if limit is None or entra.deletes_allowed:
        entra.deletes_allowed = False
        return frozenset()
    leaving = [key for key in due if _takes_away(entra, key)]
    if len(leaving) <= limit:
        return frozenset()
    for kind, name in leaving:
        why = f"staged: {len(leaving)} objects would be taken away, more than the threshold of {limit} allows"
        who = entra.teams[name].name if kind == "group" else entra.people[name].name
        entra.tell(log.skipped(f"{who} is {why}", "StagedDelete"))
        if kind == "user":
            entra.people[name].removed(RemovalState.LOST, f"{why}; an administrator has to allow it")
    return frozenset(leaving)


def _takes_away(entra: Entra, key: Key) -> bool:
    if key[0] == "group":
        return entra.teams[key[1]].gone and bool(entra.teams[key[1]].anchor)
    entry = entra.people[key[1]]
    return entry.managed and entra.soft_deleted(entry) and (not entry.off or entry.purged)


def too_many(entra: Entra, staged: frozenset[Key]) -> Trigger | None:
    if not staged:
        return None
    text = f"{len(staged)} objects are about to be taken away, the threshold is {entra.setup.deletion_threshold}"
    return Trigger(TOO_MANY_DELETES, text, Evidence.DOCUMENTED)
