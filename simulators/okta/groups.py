"""Group push, in the order of Okta's SCIM 2.0 reference and of its help on Group Push operations."""

from __future__ import annotations

from collections.abc import Iterator

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
    Switch,
    UnlinkGroup,
)
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import new_group
from simulators.okta.members import change_members, is_pushed, listed, rename, write_members
from simulators.okta.state import Failure, PushedGroup, Task, Work
from simulators.okta.users import leave, provision
from simulators.render import Ask, identifier


@sequence("Create groups", on=(PushGroup,), evidence="captured", source=sources.LAB_2026, seen="2026-10")
def push_group(okta: Okta, change: PushGroup, cast: Cast) -> Steps:
    """Okta looks for the group by name and creates it with its members.

    A refused push is final until an administrator retries it. A wizard app reads the new group back and writes it
    whole.
    """
    push = okta.push(change, cast)
    if push is not None and okta.features.push_groups:
        push.pushed = True
        yield from push_team(okta, push, cast)


def push_team(okta: Okta, push: PushedGroup, cast: Cast) -> Ask[None]:
    """Push a team whole, for the first time or again. What fails becomes a task."""
    failed = yield from _push(okta, push, cast)
    okta.settle(Task(Work.PUSH, team=push.team.role), failed)


def _push(okta: Okta, push: PushedGroup, cast: Cast) -> Ask[Failure]:
    if not push.group_id:
        failed = yield from _find(okta, push)
        if failed is not None:
            return failed
    if push.group_id:
        return (yield from write_members(okta, push, cast))
    members = listed(okta, push, cast)
    told = members if okta.setup.members_on_create else []
    created = yield okta.post(okta.groups(), Intent.GROUP_CREATE, "Create the group", new_group(push.team.name, told))
    push.group_id = identifier(created.resource)
    if not push.group_id:
        return created
    push.told = tuple(member["value"] for member in told)
    if not okta.patches_groups or told != members:
        return (yield from write_members(okta, push, cast))
    return None


def _find(okta: Okta, push: PushedGroup) -> Ask[Failure]:
    """Learn the id of the app's group with the team's name: from an import, or by asking for it."""
    push.group_id = okta.groups_seen.get(push.team.name, "")
    if push.group_id or not okta.setup.look_up_groups:
        return None
    query = okta.only("displayName", push.team.name)
    search = yield okta.get(okta.groups(), Intent.GROUP_LOOKUP, "Determine if the group exists", query=query)
    found = okta.found(search)
    if found is None or (len(found) > 1 and not okta.setup.first_match):
        return search
    if found:
        push.group_id = identifier(found[0])
        return None if push.group_id else search
    return None


@sequence(
    "Update a specific group name (PATCH)",
    on=(RenameGroup,),
    evidence="captured",
    source=sources.CAPTURE_2018,
    seen="2024-08",
)
def rename_group(okta: Okta, change: RenameGroup, cast: Cast) -> Steps:
    """A renamed team is renamed in the app when the push says so."""
    push = okta.push(change, cast)
    if push is not None and is_pushed(okta, push) and okta.features.rename_groups:
        yield from _settled_rename(okta, push, cast)


def _settled_rename(okta: Okta, push: PushedGroup, cast: Cast) -> Ask[None]:
    if okta.patches_groups:
        answer = yield rename(okta, push)
        failed = None if answer.ok else answer
    else:
        failed = yield from write_members(okta, push, cast)
    okta.settle(Task(Work.PUSH, team=push.team.role), failed)


@sequence(
    "Update specific group membership (PATCH)",
    on=(AddMember, RemoveMember, Reorganise),
    evidence="captured",
    source=sources.CAPTURE_2018,
    seen="2026",
    omits="several requests for one group at the same time",
)
def change_membership(okta: Okta, change: AddMember | RemoveMember | Reorganise, cast: Cast) -> Steps:
    """Who joined and who left a pushed team. Only people who are linked, and active in Okta, take part."""
    push = okta.push(change, cast)
    if push is None:
        return
    joining, leaving = _moved(change)
    gone = [
        okta.user(cast[part]).external_id for part in leaving if part in cast and okta.reaches(okta.user(cast[part]))
    ]
    here = [cast[part] for part in joining if part in cast and okta.reaches(okta.user(cast[part]))]
    if okta.setup.team_assigns:
        # The person comes first, the group second; who is brought in becomes a member on the way.
        here = []
        for part in (part for part in leaving if part in cast):
            yield from leave(okta, cast[part])
        for part in (part for part in joining if part in cast):
            yield from provision(okta, cast[part], cast)
    if is_pushed(okta, push) and (here or gone):
        yield from change_members(okta, push, cast, here, gone, change.part)


def _taking_part(okta: Okta, parts: tuple[str, ...], cast: Cast) -> Iterator[Member]:
    """Those of the parts whom a group push can speak of."""
    for part in parts:
        if part in cast and okta.reaches(okta.user(cast[part])):
            yield cast[part]


def _moved(change: AddMember | RemoveMember | Reorganise) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match change:
        case Reorganise():
            return change.joining, change.leaving
        case AddMember():
            return (change.part,), ()
        case _:
            return (), (change.part,)


@sequence(
    "Push now",
    on=(PushNow,),
    evidence="captured",
    source=sources.CAPTURE_2018,
    seen="2018",
)
def push_now(okta: Okta, change: PushNow, cast: Cast) -> Steps:
    """The whole membership is written over what the app has."""
    push = okta.push(change, cast)
    if push is not None and push.pushed and okta.features.push_groups:
        yield from push_team(okta, push, cast)


@sequence(
    "Link a group",
    on=(LinkGroup,),
    evidence="documented",
    source=sources.PUSH_OPERATIONS,
    seen="2026 (read)",
    omits="pushing the memberships at once, which the dialogue offers",
)
def link_group(okta: Okta, change: LinkGroup, cast: Cast) -> Steps:
    """A team is bound to a group that the app has; it takes the team's name, its members stay until a full push.

    What cannot be found cannot be linked. A wizard app, which has no other way, writes the group back as it was read,
    under the name of the team.
    """
    push = okta.push(change, cast)
    if push is None or not okta.features.push_groups:
        return
    failed = yield from _find(okta, push)
    if failed is not None or not push.group_id:
        return
    push.pushed = True
    if not okta.features.rename_groups:
        return
    if okta.patches_groups:
        yield from _settled_rename(okta, push, cast)
        return
    current = yield okta.get(okta.group(push), Intent.GROUP_READ, "Retrieve specific group details")
    failed = current
    if current.ok and isinstance(current.json, dict):
        body = current.json | {"displayName": push.team.name}
        answer = yield okta.put(okta.group(push), Intent.GROUP_UPDATE, "Update a specific group name (PUT)", body)
        failed = None if answer.ok else answer
    okta.settle(Task(Work.PUSH, team=push.team.role), failed)


@sequence(
    "Activate group push",
    on=(Switch,),
    evidence="documented",
    source=sources.TEST_PLAN,
    seen="2026 (read)",
    omits="push rules, which do the same for every group whose name fits",
)
def activate_push(okta: Okta, change: Switch, cast: Cast) -> Steps:
    """Pausing the push sends nothing; activating it writes the memberships at once. Other boxes send nothing."""
    if change.feature is Feature.PUSH_GROUPS and change.on:
        for push in list(okta.pushes.values()):
            if push.pushed:
                yield from push_team(okta, push, cast)


@sequence(
    "Delete a specific group",
    on=(UnlinkGroup, DeleteGroup),
    evidence="documented",
    source=sources.REFERENCE,
    seen="2024-08",
)
def delete_group(okta: Okta, change: UnlinkGroup | DeleteGroup, cast: Cast) -> Steps:
    """Unlinking with "delete the group in the target app" deletes it, if it was ever pushed; else nothing is sent.

    What becomes of the app's group when the team itself is deleted in Okta is not on record: it stays, unless the
    set-up says otherwise.
    """
    push = okta.push(change, cast)
    if push is None:
        return
    address, known = okta.group(push), bool(push.group_id)
    deleting = change.delete if isinstance(change, UnlinkGroup) else okta.setup.delete_with_team
    if deleting:
        okta.groups_seen.pop(push.team.name, None)
    okta.tasks.settle(Task(Work.PUSH, team=push.team.role))
    push.end()
    if known and deleting:
        yield okta.delete(address, Intent.GROUP_DELETE, "Delete the group")
