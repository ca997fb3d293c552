"""Groups: looked for, linked or created; renamed; members in and out; deleted."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import (
    AddMember,
    DeleteGroup,
    Feature,
    LinkGroup,
    PushGroup,
    PushNow,
    RemoveMember,
    RenameGroup,
    Reorganise,
    UnlinkGroup,
)
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.generic import sources
from simulators.generic.app import Generic, Pushed
from simulators.generic.mapping import found_in, new_group, only, operations, replace, without
from simulators.render import Ask, collection, identifier


@sequence("Creating Resources: a group", on=(PushGroup,), evidence="documented", source=sources.CREATE, seen="2015-09")
def push_group(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    """A group of that name is linked and gets the members; otherwise it is created with them."""
    pushed = generic.pushed(generic.change, cast)
    if pushed is None or Feature.PUSH_GROUPS not in generic.ticked:
        return
    if not (yield from _linked(generic, pushed)):
        body = new_group(pushed.team.name, members(generic, pushed, cast))
        created = yield generic.post(collection("Groups"), Intent.GROUP_CREATE, "Create the group", body)
        pushed.id = identifier(created.resource)
    elif pushed.id:
        yield from _overwrite(generic, pushed, cast)


@sequence("Query Resources: a group", on=(LinkGroup,), evidence="documented", source=sources.FILTER, seen="2015-09")
def link_group(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    """A group that the service has already is linked; nothing is written."""
    pushed = generic.pushed(generic.change, cast)
    if pushed is not None:
        yield from _linked(generic, pushed)


@sequence("Replace Operation: members", on=(PushNow,), evidence="documented", source=sources.PATCH, seen="2015-09")
def push_now(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    """The whole membership is written again."""
    pushed = generic.pushed(generic.change, cast)
    if pushed is not None and pushed.id:
        yield from _overwrite(generic, pushed, cast)


@sequence(
    "Replace Operation: displayName", on=(RenameGroup,), evidence="documented", source=sources.PATCH, seen="2015-09"
)
def rename_group(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    pushed = generic.pushed(generic.change, cast)
    if pushed is not None and pushed.id:
        body = operations(replace("displayName", pushed.team.name))
        yield generic.patch(generic.group(pushed), Intent.GROUP_UPDATE, "Rename the group", body)


@sequence("Add Operation: members", on=(AddMember,), evidence="documented", source=sources.PATCH, seen="2015-09")
def add_member(generic: Generic, member: Member, cast: Cast) -> Steps:
    """Only a person with an id at the service can become a member."""
    pushed = generic.pushed(generic.change, cast)
    if pushed is not None and pushed.id and generic.entry(member).id:
        body = operations({"op": "add", "path": "members", "value": [_listing(generic, member)]})
        yield generic.patch(generic.group(pushed, member), Intent.GROUP_UPDATE, "Add the member", body)


@sequence("Remove Operation: members", on=(RemoveMember,), evidence="documented", source=sources.PATCH, seen="2015-09")
def remove_member(generic: Generic, member: Member, cast: Cast) -> Steps:
    """One member goes by a filter in the path; the others are not mentioned."""
    pushed = generic.pushed(generic.change, cast)
    if pushed is not None and pushed.id and generic.entry(member).id:
        body = operations(without(generic.entry(member).id))
        yield generic.patch(generic.group(pushed, member), Intent.GROUP_UPDATE, "Remove the member", body)


@sequence("Several operations", on=(Reorganise,), evidence="documented", source=sources.PATCH, seen="2015-09")
def reorganise(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    """Whoever leaves and whoever joins, in one request."""
    pushed, change = generic.pushed(generic.change, cast), generic.change
    if pushed is None or not pushed.id or not isinstance(change, Reorganise):
        return
    leaving = [generic.entry(cast[part]).id for part in change.leaving if part in cast]
    joining = [_listing(generic, cast[p]) for p in change.joining if p in cast and generic.entry(cast[p]).id]
    changes = [without(member_id) for member_id in leaving if member_id]
    if joining:
        changes.append({"op": "add", "path": "members", "value": joining})
    if changes:
        body = operations(*changes)
        yield generic.patch(generic.group(pushed), Intent.GROUP_UPDATE, "Change the membership", body)


@sequence(
    "Deleting Resources: a group",
    on=(UnlinkGroup, DeleteGroup),
    evidence="documented",
    source=sources.DELETE,
    seen="2015-09",
)
def delete_group(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    """A team that is deleted takes its group with it; one that is only given up does so when that was asked for."""
    pushed, change = generic.pushed(generic.change, cast), generic.change
    if pushed is None or not pushed.id:
        return
    if isinstance(change, DeleteGroup) or (isinstance(change, UnlinkGroup) and change.delete):
        yield generic.delete(generic.group(pushed), Intent.GROUP_DELETE, "Delete the group")
    pushed.id = ""


def members(generic: Generic, pushed: Pushed, cast: Cast) -> list[dict[str, str]]:
    """Those members of the team who have an id at the service."""
    there = (cast[part] for part in pushed.team.members if part in cast)
    return [_listing(generic, member) for member in there if generic.entry(member).id]


def _listing(generic: Generic, member: Member) -> dict[str, str]:
    return {"value": generic.entry(member).id, "type": "User"}


def _overwrite(generic: Generic, pushed: Pushed, cast: Cast) -> Steps:
    body = operations(replace("members", members(generic, pushed, cast)))
    yield generic.patch(generic.group(pushed), Intent.GROUP_UPDATE, "Replace the membership", body)


def _linked(generic: Generic, pushed: Pushed) -> Ask[bool]:
    """Look the group up by name and remember its id. True as well when the answer leaves open whether it exists."""
    query = only("displayName", pushed.team.name)
    step = generic.get(collection("Groups"), Intent.GROUP_LOOKUP, "Look the group up by name", query=query)
    found = found_in((yield step))
    if found:
        pushed.id = identifier(found[0])
    return found != []
