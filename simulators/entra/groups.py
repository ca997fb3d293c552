"""Groups: match or create, members, rename, delete; in the order of Entra's developer page."""

from __future__ import annotations

import json
from urllib.parse import quote_plus

from harness.model.account import Cast
from harness.model.change import (
    AddMember,
    DeleteGroup,
    LinkGroup,
    PushGroup,
    RemoveMember,
    RenameGroup,
    Reorganise,
    TeamChange,
    UnlinkGroup,
)
from harness.model.exchange import Exchange
from harness.model.outlook import Notice
from harness.model.sequence import Sequence, Steps, sequence
from harness.model.step import Intent
from simulators.entra import log, sources
from simulators.entra.app import Entra
from simulators.entra.mapping import WITHOUT_MEMBERS, differences, new_group, only
from simulators.entra.people import TeamEntry
from simulators.render import Ask, collection, identifier, page_of
from simulators.stories.consequences import regrouped

OF_GROUPS = (PushGroup, LinkGroup, RenameGroup, AddMember, RemoveMember, Reorganise, UnlinkGroup, DeleteGroup)
"""The Changes of a group that a delta query brings to the job."""


@sequence(
    "Provision a group",
    on=(PushGroup, LinkGroup),
    evidence="documented",
    source=sources.TUTORIAL,
    seen="2026",
    omits="several assigned groups in one request; nested groups",
)
def provision_group(entra: Entra, team: TeamEntry, cast: Cast) -> Steps:
    """The group is looked for by name, linked or created without members; the members follow in one PATCH.

    An assigned group reaches the service only while the group mapping is on: this is the administrator who left it on.
    """
    mapping = entra.teams_mapping
    row = mapping.matching[0] if mapping.matching else None
    target, value = (row.target.text, row.value(team.attributes)) if row else ("displayName", team.name)
    query = f"{WITHOUT_MEMBERS}&{only(target, str(value))}"
    search = yield entra.get(entra.groups(), Intent.GROUP_LOOKUP, f"Get group by {target}", query=query)
    found = page_of(search)
    if found is None or len(found) > 1:
        return
    if found:
        team.anchor = identifier(found[0])
    elif mapping.create:
        body = new_group(mapping, team.attributes, old_sample=entra.setup.old_group_sample)
        created = yield entra.post(entra.groups(), Intent.GROUP_CREATE, "Create group", body)
        team.anchor = identifier(created.resource)
    else:
        text = f"{team.name} was not found, and Create is not ticked among the target object actions"
        entra.tell(log.skipped(text, exchange=search))
    if team.anchor and _to_add(entra, team):
        yield from update_group(entra, team, cast)


@sequence(
    "Update group [non-member attributes]",
    on=(RenameGroup,),
    evidence="documented",
    source=sources.TUTORIAL,
    seen="2026",
)
def update_group(entra: Entra, team: TeamEntry, cast: Cast) -> Steps:
    """A linked group is read by id, without its members: those are never read back. What differs is replaced."""
    current = yield from _read(entra, team)
    if not current.resource or not entra.teams_mapping.update:
        return
    changes = differences(current.resource, entra.teams_mapping, team.attributes)
    if changes:
        body = entra.dialect.group_patch(changes)
        title = "Update group [non-member attributes]"
        answer = yield entra.patch(entra.group(team), Intent.GROUP_UPDATE, title, body)
        if not answer.ok:
            return
    yield from add_members(entra, team, cast)
    yield from remove_members(entra, team, cast)


@sequence(
    "Update group [add members]",
    on=(AddMember, Reorganise),
    evidence="documented",
    source=sources.TUTORIAL,
    seen="2026",
    omits="how a large membership is split over requests, which nobody has published",
)
def add_members(entra: Entra, team: TeamEntry, _cast: Cast) -> Steps:
    """All who joined go into one PATCH. Only a person with a cached id can be sent as a member.

    Who is not linked is left out, and is not added later either, until the job is restarted.
    """
    parts = _to_add(entra, team)
    for part in [part for part in team.joining if part not in parts]:
        team.joining.pop(part)
        text = f"{team.name}: a member is not provisioned, so the membership was left out"
        entra.tell(Notice(log.LOG, "Skipped", text, log.UNRESOLVED, inferred=True, step="EntrySynchronizationUpdate"))
    parts = yield from _not_yet(entra, team, parts)
    if not parts:
        return
    body = entra.dialect.add_members([entra.linked(part) for part in parts])
    subject = parts[0] if len(parts) == 1 else ""
    answer = yield entra.patch(entra.group(team, subject), Intent.GROUP_UPDATE, "Update group [add members]", body)
    if answer.ok:
        team.sent.update(parts)
        team.joining.clear()


@sequence(
    "Update group [remove members]",
    on=(RemoveMember,),
    evidence="captured",
    source=sources.MEMBER_REMOVAL,
    seen="2025",
)
def remove_members(entra: Entra, team: TeamEntry, _cast: Cast) -> Steps:
    """The member goes by value (without the flag) or by a filter in the path (with it)."""
    parts = [part for part in team.leaving if entra.linked(part)]
    if not parts:
        return
    body = entra.dialect.remove_members([entra.linked(part) for part in parts])
    subject = parts[0] if len(parts) == 1 else ""
    title = "Update group [remove members]"
    answer = yield entra.patch(entra.group(team, subject), Intent.GROUP_UPDATE, title, body)
    if answer.ok:
        team.sent.difference_update(parts)
        team.leaving.clear()


@sequence(
    "Delete group",
    on=(UnlinkGroup, DeleteGroup),
    evidence="captured",
    source=sources.LEAVER_ORDER,
    seen="2025",
)
def delete_group(entra: Entra, team: TeamEntry, _cast: Cast) -> Steps:
    """A group that leaves the scope is read, and then deleted, not disabled."""
    if not team.anchor:
        return
    if not entra.teams_mapping.delete:
        entra.tell(log.skipped(f"{team.name}: Delete is not ticked among the target object actions"))
        team.anchor = ""
        return
    current = yield from _read(entra, team)
    if current.resource:
        current = yield entra.delete(entra.group(team), Intent.GROUP_DELETE, "Delete group")
        team.anchor = "" if current.ok else team.anchor
    if current.status == 404:
        team.anchor = ""


def sequence_for(team: TeamEntry) -> Sequence:
    """What a cycle does about one group: it looks at how things stand, not at what the administrator did."""
    if team.gone:
        return delete_group
    return update_group if team.anchor else provision_group


def note(entra: Entra, change: TeamChange) -> bool:
    """Let a Change of a group happen in the directory; whether it concerns this job at all."""
    team = entra.team(change)
    if team is None or not isinstance(change, OF_GROUPS):
        return False
    match change:
        case PushGroup() | LinkGroup():
            team.pushed, team.gone = True, False
            team.begin()
        case UnlinkGroup(delete=False):
            # The portal has no such choice: the administrator lets the group mapping go first.
            team.pushed, team.anchor = False, ""
        case UnlinkGroup() | DeleteGroup():
            team.pushed, team.gone = False, True
        case _:
            team.become(regrouped(team.team, change))
    return team.pushed or team.gone


def _read(entra: Entra, team: TeamEntry) -> Ask[Exchange]:
    title = "Get group by id, without its members"
    answer = yield entra.get(entra.group(team), Intent.GROUP_READ, title, query=WITHOUT_MEMBERS)
    return answer


def _to_add(entra: Entra, team: TeamEntry) -> list[str]:
    return [part for part in team.joining if entra.linked(part)]


def _not_yet(entra: Entra, team: TeamEntry, parts: list[str]) -> Ask[list[str]]:
    """Those who are no members yet, by the question that an older client asked about each; without it, all."""
    if not entra.setup.asks_members_first:
        return parts
    missing = []
    for part in parts:
        wanted = f"id eq {_quoted(team.anchor)} and members eq {_quoted(entra.linked(part))}"
        query = f"filter={quote_plus(wanted, errors='replace')}&attributes=id"
        title = "Check whether somebody is a member"
        answer = yield entra.get(collection("Groups", part), Intent.GROUP_LOOKUP, title, query=query, tag="membership")
        if page_of(answer) == []:
            missing.append(part)
    return missing


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
