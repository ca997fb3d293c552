"""Provision on demand: one person at once, outside the cycles."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import OnDemand
from harness.model.outlook import Notice
from harness.model.sequence import Steps, sequence
from simulators.entra import log, sources
from simulators.entra.app import Entra
from simulators.entra.connection import probe_users
from simulators.entra.users import match_or_create
from simulators.render import held_back


@sequence(
    "Provision on demand",
    on=(OnDemand,),
    evidence="captured",
    source=sources.NGINX_LOG,
    seen="2026",
    omits="groups, of which at most five members can be chosen",
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
    answer = yield from probe_users(entra, cast, "Provision on demand: test the connection")
    code, text, inferred = log.test(answer)
    if text:
        if not held_back(answer):
            entra.tell(Notice(log.ON_DEMAND, "Failure", text, code, answer.id, inferred))
        return
    if entra.soft_deleted(entry) and not entry.anchor:
        text = f"{entry.name} is neither assigned nor linked, so nothing was sent"
        entra.tell(Notice(log.ON_DEMAND, "Skipped", text, "NotEffectivelyEntitled", inferred=True))
        return
    yield from match_or_create(entra, entry)
