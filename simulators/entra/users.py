"""People: match or create, compare, disable, delete, restore; in the order of how Entra describes provisioning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import Assign, Disable, Edit, HardDelete, Reassign, Restore, SoftDelete, Unassign
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.entra import sources
from simulators.entra.app import Entra
from simulators.entra.mapping import Difference, differences, new_user, only
from simulators.render import identifier, page_of


@sequence("Match users in the source and target", on=(Assign,), evidence="documented", source=sources.HOW_IT_WORKS)
def provision_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """A user who comes into scope is looked for, then linked or created. A disabled one is left alone."""
    entry = entra.entry(member)
    if entry.managed:
        yield from bring_into_line(entra, member)
    elif not entry.soft_deleted:
        yield from match_or_create(entra, member)


@sequence("Update a user", on=(Edit,), evidence="documented", source=sources.TUTORIAL)
def update_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """A linked user is read by id and patched where something mapped differs."""
    if entra.entry(member).managed:
        yield from bring_into_line(entra, member)


@sequence("Disable a user", on=(Unassign, Disable), evidence="captured", source=sources.STRING_FALSE)
def disable_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Unassigned or blocked: active is set to false. An unassigned user is no longer managed afterwards."""
    entry = entra.entry(member)
    if entry.managed:
        yield from bring_into_line(entra, member)
        entry.released = not entry.assigned


@sequence("Soft delete: the recycle bin", on=(SoftDelete,), evidence="captured", source=sources.TOMBSTONE)
def soft_delete_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Active is set to false and the userName is freed, in one PATCH."""
    if entra.entry(member).managed:
        yield from bring_into_line(entra, member)


@sequence("Hard delete", on=(HardDelete,), evidence="documented", source=sources.HARD_DELETE)
def hard_delete_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Only a user who stayed in scope until the end is deleted; one who was unassigned before causes no call."""
    entry = entra.entry(member)
    if entry.managed and entry.assigned and entra.setup.delete:
        yield entra.delete(entra.user(member), Intent.DELETE, "Delete the user")
    entry.anchor = ""


@sequence("Restore a user", on=(Restore,), evidence="captured", source=sources.TOMBSTONE)
def restore_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Back from the recycle bin: active is set to true and the userName is put back."""
    if entra.entry(member).managed:
        yield from bring_into_line(entra, member)


@sequence("Assign a user again", on=(Reassign,), evidence="documented", source=sources.HOW_IT_WORKS)
def reassign_user(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """The cached id is used first; a user who is gone at the service is matched or created anew."""
    entry = entra.entry(member)
    if entry.anchor:
        yield from bring_into_line(entra, member, rematch=True)
    elif not entry.soft_deleted:
        yield from match_or_create(entra, member)


def match_or_create(entra: Entra, member: Member) -> Steps:
    """Look for the matching attribute; link the one that is found, or create the user. Two are an error."""
    entry = entra.entry(member)
    search = yield entra.get(
        entra.users(member), Intent.LOOKUP, "Query for the matching attribute", query=only("userName", entry.user_name)
    )
    found = page_of(search)
    if found is None or len(found) > 1:
        return
    if found:
        entry.anchor = identifier(found[0])
        if entry.anchor:
            yield from export(entra, member, found[0])
    elif entra.setup.create and not entry.soft_deleted:
        body = new_user(entry.person, entra.setup.mapping)
        created = yield entra.post(entra.users(member), Intent.CREATE, "Create the user", body)
        entry.anchor = identifier(created.resource)


def bring_into_line(entra: Entra, member: Member, *, rematch: bool = False) -> Steps:
    """Read a linked user by id and export the differences. A failed read ends the matter for this cycle."""
    current = yield entra.get(entra.user(member), Intent.READ, "Get the user by the cached id")
    if current.status == 404 and (rematch or entra.setup.rematch_after_404):
        entra.entry(member).anchor = ""
        yield from match_or_create(entra, member)
    elif current.resource:
        yield from export(entra, member, current.resource)


def export(entra: Entra, member: Member, current: Mapping[str, Any]) -> Steps:
    """Send what differs between the directory and the service's answer, in one PATCH; nothing when nothing does."""
    entry = entra.entry(member)
    changes = differences(
        current,
        entry.person,
        user_name=entry.user_name,
        active=not entry.soft_deleted,
        mapping=entra.setup.mapping,
    )
    if not changes or not entra.setup.update:
        return
    intent, title = _purpose(changes)
    tag = _tag(changes, intent, entry.deleted, str(current.get("userName", "")).startswith(entry.person.directory_id))
    yield entra.patch(entra.user(member), intent, title, entra.dialect.user_patch(changes), tag=tag)


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
