"""Group push, in the order of Okta's SCIM 2.0 reference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import AddMember, PushGroup, RemoveMember, RenameGroup, UnlinkGroup
from harness.model.person import Team
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent, Step
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import found_in, new_group, only, operations, replacing, whole_group
from simulators.render import Ask, identifier
from simulators.stories.consequences import renamed


@sequence("Create groups", on=(PushGroup,), evidence="captured", source=sources.CAPTURE_2018)
def push_group(okta: Okta, _nobody: Member | None, cast: Cast) -> Steps:
    """Okta looks for the group by name and creates it with its members.

    A refused push is final until an administrator retries it. A wizard app reads the new group back and writes it
    whole.
    """
    team = okta.team(cast)
    if team is None:
        return
    search = yield okta.get(
        okta.groups(), Intent.GROUP_LOOKUP, "Determine if the group exists", query=only("displayName", team.name)
    )
    found = found_in(search)
    if found is None:
        return
    if found:
        okta.group_id = identifier(found[0])
        yield from write_members(okta, team, cast)
        return
    created = yield okta.post(
        okta.groups(), Intent.GROUP_CREATE, "Create the group", new_group(team.name, listed(okta, team, cast))
    )
    okta.group_id = identifier(created.resource)
    if not okta.patches:
        yield from write_members(okta, team, cast)


@sequence("Update a specific group name (PATCH)", on=(RenameGroup,), evidence="captured", source=sources.CAPTURE_2018)
def rename_group(okta: Okta, _nobody: Member | None, cast: Cast) -> Steps:
    """A renamed team is renamed in the app when the push says so."""
    team = okta.team(cast)
    if team is None:
        return
    team = replace(team, name=renamed(team.name))
    okta.regroup(team)
    if not okta.group_id or not okta.features.rename_groups:
        return
    if okta.patches:
        yield _rename(okta, team)
    else:
        yield from write_members(okta, team, cast)


@sequence("Update specific group membership (PATCH)", on=(AddMember,), evidence="captured", source=sources.CAPTURE_2018)
def add_member(okta: Okta, member: Member, cast: Cast) -> Steps:
    """Only a person who is linked can become a member."""
    team = okta.team(cast)
    if team is None:
        return
    team = replace(team, members=tuple(dict.fromkeys((*team.members, member.part))))
    okta.regroup(team)
    if okta.external_id(member):
        addition = {"op": "add", "path": "members", "value": [_listing(okta, member)]}
        yield from change_members(okta, member, team, cast, addition)


@sequence(
    "Update specific group membership (PATCH)", on=(RemoveMember,), evidence="captured", source=sources.CAPTURE_2018
)
def remove_member(okta: Okta, member: Member, cast: Cast) -> Steps:
    """A person who is no longer linked is left out of every push, so the removal of one is never sent."""
    team = okta.team(cast)
    if team is None:
        return
    team = replace(team, members=tuple(part for part in team.members if part != member.part))
    okta.regroup(team)
    external_id = okta.external_id(member)
    if external_id:
        removal = {"op": "remove", "path": f"members[value eq {json.dumps(external_id, ensure_ascii=False)}]"}
        yield from change_members(okta, member, team, cast, removal)


@sequence("Delete a specific group", on=(UnlinkGroup,), evidence="documented", source=sources.REFERENCE)
def delete_group(okta: Okta, _nobody: Member | None, _cast: Cast) -> Steps:
    """Unlinking with "delete the group in the target app" deletes it, if it was ever pushed."""
    if okta.group_id:
        yield okta.delete(okta.group(), Intent.GROUP_DELETE, "Delete the group")
        okta.group_id = ""


def change_members(okta: Okta, member: Member, team: Team, cast: Cast, operation: Mapping[str, Any]) -> Steps:
    """One membership change of a pushed group. Catalogue apps send the name along, changed or not."""
    if not okta.group_id:
        return
    if not okta.patches:
        yield from write_members(okta, team, cast)
        return
    if okta.features.rename_groups:
        yield _rename(okta, team)
    yield okta.patch(okta.group(member), Intent.GROUP_UPDATE, "Update the group membership", operations(operation))


def write_members(okta: Okta, team: Team, cast: Cast) -> Ask[None]:
    """Overwrite the whole membership: one PATCH (catalogue apps), or GET and PUT (wizard apps)."""
    if not okta.group_id:
        return
    members = listed(okta, team, cast)
    if okta.patches:
        body = operations({"op": "replace", "path": "members", "value": members})
        yield okta.patch(okta.group(), Intent.GROUP_UPDATE, "Replace the group membership", body)
        return
    current = yield okta.get(okta.group(), Intent.GROUP_READ, "Retrieve specific group details")
    if current.ok:
        body = whole_group(okta.group_id, team.name, members)
        yield okta.put(okta.group(), Intent.GROUP_UPDATE, "Update specific group membership (PUT)", body)


def listed(okta: Okta, team: Team, cast: Cast) -> list[dict[str, str]]:
    """The members as Okta lists them: linked people only, with the Okta username, without ``type`` and ``$ref``."""
    return [_listing(okta, cast[part]) for part in team.members if part in cast and okta.external_id(cast[part])]


def _listing(okta: Okta, member: Member) -> dict[str, str]:
    return {"value": okta.external_id(member), "display": okta.profile(member).user_name}


def _rename(okta: Okta, team: Team) -> Step:
    # The read-only id inside the value is Okta's habit.
    body = replacing(id=okta.group_id, displayName=team.name)
    return okta.patch(okta.group(), Intent.GROUP_UPDATE, "Update the group name", body)
