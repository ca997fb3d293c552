"""People: match or create, compare, disable, delete, restore; in the order of how Entra describes provisioning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import (
    Assign,
    Disable,
    Edit,
    EnterScope,
    HardDelete,
    LeaveScope,
    Reassign,
    RenamePerson,
    Restore,
    SoftDelete,
    Unassign,
)
from harness.model.exchange import Exchange
from harness.model.outlook import RemovalState
from harness.model.sequence import Sequence, Steps, sequence
from harness.model.step import ENTERPRISE_USER, Intent
from simulators.entra import log, removals, sources
from simulators.entra.app import Entra
from simulators.entra.mapping import Difference, differences, new_user, only
from simulators.entra.people import Entry
from simulators.render import identifier, page_of


@sequence(
    "Match users in the source and target",
    on=(Assign,),
    evidence="documented",
    source=sources.HOW_IT_WORKS,
    seen="2026",
    omits="a 409 to the creation that is followed by a PATCH at once (one capture of 2018)",
)
def provision_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """A user who comes into scope is looked for, then linked or created. A disabled one is left alone."""
    entry = entra.entry(member)
    if entry.managed:
        yield from bring_into_line(entra, entry)
    elif not entra.soft_deleted(entry):
        yield from match_or_create(entra, entry)
    else:
        removals.never_linked(entra, entry)


@sequence(
    "Update a user",
    on=(Edit, RenamePerson),
    evidence="documented",
    source=sources.TUTORIAL,
    seen="2026",
)
def update_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """A linked user is read by id and patched where something mapped differs."""
    yield from bring_into_line(entra, entra.entry(member))


@sequence(
    "Disable a user",
    on=(Unassign, LeaveScope, Disable),
    evidence="captured",
    source=sources.STRING_FALSE,
    seen="2025",
)
def disable_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Out of scope or blocked: active is set to false. Whoever is out of scope is no longer managed afterwards."""
    yield from end_access(entra, entra.entry(member))


@sequence(
    "Soft delete: the recycle bin",
    on=(SoftDelete,),
    evidence="captured",
    source=sources.TOMBSTONE,
    seen="2026",
)
def soft_delete_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Active is set to false and the userName is freed, in one PATCH."""
    entry = entra.entry(member)
    yield from end_access(entra, entry)
    entry.buried = True


@sequence(
    "Hard delete",
    on=(HardDelete,),
    evidence="documented",
    source=sources.HARD_DELETE,
    seen="2026",
)
def hard_delete_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Only a user who stayed in scope until the end is deleted; one who was unassigned before causes no call.

    Nor does one who was in the recycle bin so shortly that no cycle has seen it.
    """
    entry = entra.entry(member)
    if entry.managed and entry.buried and entry.assigned and not entry.filtered and entra.users_mapping.delete:
        answer = yield entra.delete(entra.user(member), Intent.DELETE, "Delete the user")
        removals.deleted(entry, answer)
    else:
        removals.not_deleted(entra, entry)
        entry.anchor = ""


@sequence(
    "Restore a user",
    on=(Restore,),
    evidence="captured",
    source=sources.TOMBSTONE,
    seen="2026",
)
def restore_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Back from the recycle bin: active is set to true and the userName is put back."""
    entry = entra.entry(member)
    entry.buried = False
    yield from bring_into_line(entra, entry)


@sequence(
    "Assign a user again",
    on=(Reassign, EnterScope),
    evidence="documented",
    source=sources.HOW_IT_WORKS,
    seen="2026",
)
def reassign_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """The cached id is used first; a user who is gone at the service is matched or created anew."""
    entry = entra.entry(member)
    if entry.anchor:
        yield from bring_into_line(entra, entry, rematch=entry.returning)
    elif not entra.soft_deleted(entry):
        yield from match_or_create(entra, entry)
    entry.returning = False


def sequence_for(entra: Entra, entry: Entry) -> Sequence:
    """What a cycle does about one person: it looks at how things stand, not at what the administrator did."""
    if entry.purged:
        return hard_delete_user
    if entry.returning and not entra.soft_deleted(entry):
        return reassign_user
    if not entry.managed:
        return provision_user
    if entry.deleted:
        return soft_delete_user
    if entra.soft_deleted(entry):
        return disable_user
    return restore_user if entry.buried else update_user


def match_or_create(entra: Entra, entry: Entry) -> Steps:
    """Ask for each matching attribute in its precedence; link the one that is found, or create the user.

    The first query that finds somebody ends the search. Two are an error, and so is an answer that is no list.
    """
    attributes = entra.attributes(entry)
    search: Exchange | None = None
    for row in entra.users_mapping.matching:
        value = row.value(attributes)
        if value is None:
            continue
        query = only(row.target.text, str(value))
        users = entra.users(entry.member)
        search = yield entra.get(users, Intent.LOOKUP, "Query for the matching attribute", query=query)
        found = page_of(search)
        if found is None or len(found) > 1:
            return
        if found:
            yield from _link(entra, entry, found[0], search)
            return
    yield from _create(entra, entry, search)


def _link(entra: Entra, entry: Entry, found: dict[str, Any], search: Exchange) -> Steps:
    entry.anchor = identifier(found)
    if entry.anchor:
        yield from export(entra, entry, found, search)


def _create(entra: Entra, entry: Entry, search: Exchange | None) -> Steps:
    if entra.soft_deleted(entry):
        removals.never_linked(entra, entry)
    elif entra.users_mapping.create:
        body = new_user(entra.users_mapping, entra.attributes(entry))
        created = yield entra.post(entra.users(entry.member), Intent.CREATE, "Create the user", body)
        entry.anchor = identifier(created.resource)
        entry.manager_there, entry.location = "", _location_in(created.resource)
    else:
        text = f"{entry.name} was not found, and Create is not ticked among the target object actions"
        entra.tell(log.skipped(text, exchange=search))


def end_access(entra: Entra, entry: Entry) -> Steps:
    """Export that somebody is to have no access left, and let go of whoever is out of scope."""
    out_of_scope = not entry.in_scope(entra.users_mapping.scope)
    if out_of_scope and entra.setup.skip_out_of_scope_deletions and not (entry.disabled or entry.deleted):
        removals.skipped_by_flag(entra, entry)
        entry.released = True
        return
    if entra.users_mapping.active is None and entra.setup.deletes_without_active and entra.users_mapping.delete:
        answer = yield entra.delete(entra.user(entry.member), Intent.DELETE, "Delete the user")
        removals.deleted(entry, answer)
        return
    yield from bring_into_line(entra, entry)
    settled = entry.removal is None or entry.removal.state in (RemovalState.DONE, RemovalState.NEVER_TRIED)
    entry.released = out_of_scope and settled


def bring_into_line(entra: Entra, entry: Entry, *, rematch: bool = False) -> Steps:
    """Read a linked user by id and export the differences. A failed read ends the matter for this cycle."""
    current = yield entra.get(entra.user(entry.member), Intent.READ, "Get the user by the cached id")
    if current.status == 404 and (rematch or entra.setup.rematch_after_404):
        entry.anchor = ""
        yield from match_or_create(entra, entry)
    elif current.resource:
        yield from export(entra, entry, current.resource, current)
    else:
        removals.unread(entry, current)


def export(entra: Entra, entry: Entry, current: Mapping[str, Any], read: Exchange) -> Steps:
    """Send what differs between the directory and the service's answer, in one PATCH; nothing when nothing does."""
    mapping = entra.users_mapping
    changes = differences(current, mapping, entra.attributes(entry))
    entry.manager_there, entry.location = _manager_in(current), _location_in(current)
    if not changes or not mapping.update:
        removals.nothing_sent(entra, entry, changes, read)
        return
    intent, title = _purpose(changes)
    tag = _tag(changes, intent, entry.deleted, str(current.get("userName", "")).startswith(entry.person.directory_id))
    body = entra.dialect.user_patch(changes)
    answer = yield entra.patch(entra.user(entry.member), intent, title, body, tag=tag)
    if intent is Intent.DEACTIVATE:
        removals.judged(entry, answer)
    elif intent is Intent.REACTIVATE and answer.ok:
        entry.off = False
    elif intent is Intent.UPDATE:
        removals.active_unsent(entra, entry, read)


def _manager_in(current: Mapping[str, Any]) -> str:
    """The manager's id that a service shows. One that is not in an object is written again each time."""
    extension = current.get(ENTERPRISE_USER)
    manager = extension.get("manager") if isinstance(extension, Mapping) else None
    value = manager.get("value") if isinstance(manager, Mapping) else None
    return value if isinstance(value, str) else ""


def _location_in(current: Mapping[str, Any]) -> str | None:
    meta = current.get("meta")
    location = meta.get("location") if isinstance(meta, Mapping) else None
    return location if isinstance(location, str) else None


def _purpose(changes: list[Difference]) -> tuple[Intent, str]:
    for change in changes:
        if change.path == "active":
            if change.value:
                return Intent.REACTIVATE, "Enable the user: active is set to true"
            return Intent.DEACTIVATE, "Disable the user: active is set to false"
    return Intent.UPDATE, "Update the user"


def _tag(changes: list[Difference], intent: Intent, deleted: bool, was_tombstone: bool) -> str:
    if not any(change.path == "userName" for change in changes):
        return ""
    if deleted:
        return "tombstone" if intent is Intent.DEACTIVATE else "tombstone-rename"
    return "restore-rename" if was_tombstone else ""
