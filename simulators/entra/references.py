"""References between people: the manager, written in a second pass, when both of them exist at the service."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.outlook import Notice
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.entra import log, sources
from simulators.entra.app import Entra
from simulators.entra.mapping import Row
from simulators.entra.people import Entry
from simulators.render import Ask, page_of

TITLE = "Update the user's references"


@sequence(
    "References are linked in a second step",
    on=(),
    evidence="captured",
    source=sources.MANAGER,
    seen="2026",
    omits="references other than the manager",
)
def link_manager(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """The manager is written by the id that the service gave them. Who is not linked cannot be written.

    If the manager is linked later, nothing follows until the job is restarted.
    """
    entry = entra.entry(member)
    row = manager_row(entra)
    if row is None or not entry.managed or not entra.users_mapping.update:
        return
    wanted = entra.linked(entry.person.manager)
    if entry.person.manager and not wanted:
        text = f"{entry.name}: the manager is not provisioned, so the reference was left out"
        entra.tell(Notice(log.LOG, "Skipped", text, log.UNRESOLVED, inferred=True, step="EntrySynchronizationUpdate"))
    elif wanted and wanted != entry.manager_there:
        if not (yield from _asked_first(entra, entry, wanted)):
            body = entra.dialect.set_manager(row.target.text, wanted, entra.people[entry.person.manager].location)
            yield entra.patch(entra.user(member), Intent.UPDATE, TITLE, body, tag="manager")
    elif not wanted and entry.manager_there:
        body = entra.dialect.remove_manager(row.target.text, entry.manager_there)
        yield entra.patch(entra.user(member), Intent.UPDATE, TITLE, body, tag="manager")


def manager_row(entra: Entra) -> Row | None:
    return next((row for row in entra.users_mapping.rows if row.reference), None)


def _asked_first(entra: Entra, entry: Entry, manager: str) -> Ask[bool]:
    """The question of an older client: whether the person reports to this manager already."""
    if not entra.setup.asks_members_first:
        return False
    query = f"filter=id+eq+{entry.anchor}+and+manager+eq+{manager}&attributes=id"
    answer = yield entra.get(
        entra.users(entry.member), Intent.LOOKUP, "Check the reference", query=query, tag="reference"
    )
    return bool(page_of(answer))
