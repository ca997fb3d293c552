"""Provision on demand: one person or one group at once, outside the cycles."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import GroupOnDemand, OnDemand
from harness.model.outlook import Notice
from harness.model.sequence import Steps, sequence
from simulators.entra import log, sources
from simulators.entra.app import Entra
from simulators.entra.connection import probe_users
from simulators.entra.groups import provision_group
from simulators.entra.people import TeamEntry
from simulators.entra.users import match_or_create
from simulators.render import Ask, held_back

MOST_MEMBERS = 5
"""How many members can be chosen for a group on demand."""


@sequence(
    "Provision on demand",
    on=(OnDemand,),
    evidence="captured",
    source=sources.NGINX_LOG,
    seen="2026",
)
def provision_on_demand(entra: Entra, member: Member, cast: Cast) -> Steps:
    """Test connection, import, scope, match, act. The cached id is not used: the person is looked up each time.

    The steps speak the default dialect even when the tenant URL carries the flag. Somebody who is disabled or deleted
    cannot be chosen; somebody who was linked and then unassigned can, and is disabled.
    """
    entry = entra.entry(member)
    if entry.disabled or entry.deleted:
        text = f"{entry.name} is disabled or deleted in the directory and cannot be chosen"
        entra.tell(Notice(log.ON_DEMAND, "Skipped", text, inferred=True))
        return
    if not (yield from _connected(entra, cast)):
        return
    if entra.soft_deleted(entry) and not entry.anchor:
        text = f"{entry.name} is neither assigned nor linked, so nothing was sent"
        entra.tell(Notice(log.ON_DEMAND, "Skipped", text, "NotEffectivelyEntitled", inferred=True))
        return
    yield from match_or_create(entra, entry)


@sequence(
    "Provision a group on demand",
    on=(GroupOnDemand,),
    evidence="inferred",
    source=sources.ON_DEMAND,
    seen="2026",
    omits="which members are chosen: here the first that are still to be sent",
)
def provision_group_on_demand(entra: Entra, team: TeamEntry, cast: Cast) -> Steps:
    """As for a person: test connection, then the group is looked up by name, linked or created, its members follow.

    At most five members go along; the others are left to the next cycle.
    """
    if not team.pushed:
        text = f"{team.name} is not assigned, so nothing was sent"
        entra.tell(Notice(log.ON_DEMAND, "Skipped", text, "NotEffectivelyEntitled", inferred=True))
        return
    if not (yield from _connected(entra, cast)):
        return
    later = list(team.joining)[MOST_MEMBERS:]
    for part in later:
        team.joining.pop(part)
    yield from provision_group(entra, team, cast)
    team.joining.update(dict.fromkeys(later))


def _connected(entra: Entra, cast: Cast) -> Ask[bool]:
    """The probe that opens each run on demand: whether it went through."""
    answer = yield from probe_users(entra, cast, "Provision on demand: test the connection")
    code, text, inferred = log.test(answer)
    if text and not held_back(answer):
        entra.tell(Notice(log.ON_DEMAND, "Failure", text, code, answer.id, inferred))
    return not text
