"""Groups: match or create, members, rename, delete; in the order of Entra's developer page."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import AddMember, PushGroup, RemoveMember, RenameGroup, UnlinkGroup
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.entra import sources
from simulators.entra.app import Entra
from simulators.entra.mapping import WITHOUT_MEMBERS, new_group, only
from simulators.render import Ask, identifier, page_of


@sequence("Provision a group", on=(PushGroup,), evidence="documented", source=sources.TUTORIAL)
def provision_group(entra: Entra, _nobody: Member | None, cast: Cast) -> Steps:
    """The group is looked for by name, linked or created without members; the members follow in one PATCH.

    An assigned group reaches the service only while the group mapping is on: this is the administrator who left it on.
    """
    team = entra.team(cast)
    if team is None:
        return
    query = f"{WITHOUT_MEMBERS}&{only('displayName', team.name)}"
    search = yield entra.get(entra.groups(), Intent.GROUP_LOOKUP, "Get group by displayName", query=query)
    found = page_of(search)
    if found is None or len(found) > 1:
        return
    if found:
        entra.group_anchor = identifier(found[0])
    elif entra.setup.create:
        body = new_group(team.directory_id, team.name)
        created = yield entra.post(entra.groups(), Intent.GROUP_CREATE, "Create group", body)
        entra.group_anchor = identifier(created.resource)
    anchors = [entra.anchor(cast[part]) for part in team.members if part in cast and entra.anchor(cast[part])]
    if anchors and (yield from still_there(entra)):
        body = entra.dialect.add_members(anchors)
        yield entra.patch(entra.group(), Intent.GROUP_UPDATE, "Update group [add members]", body)


@sequence("Update group [non-member attributes]", on=(RenameGroup,), evidence="documented", source=sources.TUTORIAL)
def rename_group(entra: Entra, _nobody: Member | None, cast: Cast) -> Steps:
    """A linked group is read by id and renamed when the name differs."""
    team = entra.team(cast)
    if team is not None and entra.setup.update and (yield from still_there(entra)):
        body = entra.dialect.rename_group(team.name)
        yield entra.patch(entra.group(), Intent.GROUP_UPDATE, "Update group [non-member attributes]", body)


@sequence("Update group [add members]", on=(AddMember,), evidence="documented", source=sources.TUTORIAL)
def add_member(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """Only a person with a cached id can be sent as a member."""
    if entra.anchor(member) and entra.setup.update and (yield from still_there(entra)):
        body = entra.dialect.add_members([entra.anchor(member)])
        yield entra.patch(entra.group(member), Intent.GROUP_UPDATE, "Update group [add members]", body)


@sequence("Update group [remove members]", on=(RemoveMember,), evidence="captured", source=sources.MEMBER_REMOVAL)
def remove_member(entra: Entra, member: Member, _cast: Cast) -> Steps:
    """The member goes by value (without the flag) or by a filter in the path (with it)."""
    if entra.anchor(member) and entra.setup.update and (yield from still_there(entra)):
        body = entra.dialect.remove_member(entra.anchor(member))
        yield entra.patch(entra.group(member), Intent.GROUP_UPDATE, "Update group [remove members]", body)


@sequence("Delete group", on=(UnlinkGroup,), evidence="documented", source=sources.TUTORIAL)
def delete_group(entra: Entra, _nobody: Member | None, _cast: Cast) -> Steps:
    """A group that leaves the scope is deleted, not disabled."""
    if entra.group_anchor and entra.setup.delete:
        yield entra.delete(entra.group(), Intent.GROUP_DELETE, "Delete group")
    entra.group_anchor = ""


def still_there(entra: Entra) -> Ask[bool]:
    """Read a linked group by id, without its members: those are never read back. False when it is not linked."""
    if not entra.group_anchor:
        return False
    current = yield entra.get(
        entra.group(), Intent.GROUP_READ, "Get group by id, without its members", query=WITHOUT_MEMBERS
    )
    return bool(current.resource)
