"""People: looked for, linked or created; updated; deactivated and let in again; deleted."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import (
    Assign,
    Disable,
    Edit,
    EnterScope,
    Feature,
    HardDelete,
    LeaveScope,
    Reassign,
    RenamePerson,
    Restore,
    SoftDelete,
    Unassign,
)
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.generic import sources
from simulators.generic.app import Generic
from simulators.generic.mapping import found_in, new_user, only, operations, profile, replace
from simulators.render import identifier


@sequence("Creating Resources", on=(Assign,), evidence="documented", source=sources.CREATE, seen="2015-09")
def assign(generic: Generic, member: Member, _cast: Cast) -> Steps:
    """Whoever is at the service already is linked; whoever is not is created. Two with one name are nobody's."""
    yield from link(generic, member)


@sequence("Modifying with PATCH", on=(Edit, RenamePerson), evidence="documented", source=sources.PATCH, seen="2015-09")
def update(generic: Generic, member: Member, _cast: Cast) -> Steps:
    """A changed profile is written when updates are ticked."""
    entry = generic.entry(member)
    if not entry.id or Feature.UPDATE not in generic.ticked:
        return
    attributes = profile(entry.person)
    if generic.patches:
        body = operations(*(replace(path, value) for path, value in attributes.items()))
        yield generic.patch(generic.user(member), Intent.UPDATE, "Replace the changed attributes", body)
        return
    current = yield generic.get(generic.user(member), Intent.READ, "Read the user")
    if current.ok and current.resource:
        body = current.resource | attributes
        yield generic.put(generic.user(member), Intent.UPDATE, "Write the user back, changed", body)


@sequence(
    "Modifying with PATCH: active is set to false",
    on=(Unassign, Disable, SoftDelete, LeaveScope),
    evidence="documented",
    source=sources.PATCH,
    seen="2015-09",
)
def deactivate(generic: Generic, member: Member, _cast: Cast) -> Steps:
    """Whoever may no longer use the app is switched off. What fails is owed, and tried again later."""
    yield from bring_into_line(generic, member)


@sequence(
    "Modifying with PATCH: active is set to true",
    on=(Reassign, Restore, EnterScope),
    evidence="documented",
    source=sources.PATCH,
    seen="2015-09",
)
def reactivate(generic: Generic, member: Member, _cast: Cast) -> Steps:
    """Whoever comes back is the same user as before; somebody who is not linked is looked for first."""
    if generic.entry(member).id:
        yield from bring_into_line(generic, member)
    else:
        yield from link(generic, member)


@sequence("Deleting Resources", on=(HardDelete,), evidence="documented", source=sources.DELETE, seen="2015-09")
def delete(generic: Generic, member: Member, _cast: Cast) -> Steps:
    """A person who is gone for good is deleted. 404 says that this has happened already."""
    entry = generic.entry(member)
    if entry.id and Feature.DELETE in generic.ticked:
        answer = yield generic.delete(generic.user(member), Intent.DELETE, "Delete the user")
        if answer.ok or answer.status == 404:
            entry.id, entry.owed = "", False


def link(generic: Generic, member: Member) -> Steps:
    """Look a person up by user name and remember the id, or create the person."""
    entry = generic.entry(member)
    query = only("userName", entry.person.user_name)
    found = found_in((yield generic.get(generic.users(member), Intent.LOOKUP, "Look the user up", query=query)))
    entry.owed = found is None
    if found and len(found) == 1:
        entry.id = identifier(found[0])
        if entry.id and found[0].get("active") is False:
            yield from bring_into_line(generic, member)
    elif found == [] and entry.entitled and Feature.CREATE in generic.ticked:
        body = new_user(entry.person)
        created = yield generic.post(generic.users(member), Intent.CREATE, "Create the user", body)
        entry.id = identifier(created.resource)
        entry.owed = not entry.id


def bring_into_line(generic: Generic, member: Member) -> Steps:
    """Write ``active`` as the directory has it: one PATCH, or the whole user where the service has no PATCH."""
    entry = generic.entry(member)
    if not entry.id or Feature.DEACTIVATE not in generic.ticked:
        return
    intent, title = _WORDS[entry.entitled]
    user = generic.user(member)
    entry.owed = True
    if generic.patches:
        answer = yield generic.patch(user, intent, title, operations(replace("active", entry.entitled)))
    else:
        answer = yield generic.get(user, Intent.READ, "Read the user")
        if answer.ok and answer.resource:
            answer = yield generic.put(user, intent, title, answer.resource | {"active": entry.entitled})
    entry.owed = not answer.ok


_WORDS = {
    True: (Intent.REACTIVATE, "Activate the user"),
    False: (Intent.DEACTIVATE, "Deactivate the user"),
}
