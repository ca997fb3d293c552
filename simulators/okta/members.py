"""Writing the members of a pushed group: single changes, and the whole membership.

The functions return the exchange at which they failed, or None when the service agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harness.model.account import Cast, Member
from harness.model.step import Intent, Step
from simulators.okta.app import Okta
from simulators.okta.mapping import operations, removal, replacing, whole_group
from simulators.okta.state import Failure, PushedGroup, Task, Work
from simulators.render import Ask

RENAME = "Update the group name"


def is_pushed(okta: Okta, push: PushedGroup) -> bool:
    """Whether changes of the team reach the service: pushed before, and the push is not paused."""
    return push.pushed and bool(push.group_id) and okta.features.push_groups


def listed(okta: Okta, push: PushedGroup, cast: Cast) -> list[dict[str, Any]]:
    """The members as Okta lists them: linked and active people only, without ``type`` and ``$ref``."""
    members = (cast[part] for part in push.team.members if part in cast)
    return [_listing(okta, member) for member in members if okta.reaches(okta.user(member))]


def _listing(okta: Okta, member: Member) -> dict[str, Any]:
    """One member: the service's id, and the Okta username with its own capitals."""
    user = okta.user(member)
    return {"value": user.external_id, "display": None if okta.setup.null_display else user.person.user_name}


def rename(okta: Okta, push: PushedGroup) -> Step:
    """The PATCH with the group's name. The read-only id inside the value is Okta's habit."""
    body = replacing(id=push.group_id, displayName=push.team.name)
    return okta.patch(okta.group(push), Intent.GROUP_UPDATE, RENAME, body)


def write_members(okta: Okta, push: PushedGroup, cast: Cast) -> Ask[Failure]:
    """Overwrite the whole membership: PATCH (catalogue apps), or GET and PUT (wizard apps)."""
    members = listed(okta, push, cast)
    if okta.setup.whole_push and okta.patches_groups:
        value = {"members": members, "id": push.group_id, "displayName": push.team.name}
        body: dict[str, Any] = {"Operations": [{"op": "replace", "value": value}]}
        answer = yield okta.patch(okta.group(push), Intent.GROUP_UPDATE, "Replace the group membership", body)
    elif okta.patches_groups:
        if okta.features.rename_groups:
            renamed = yield rename(okta, push)
            if not renamed.ok:
                return renamed
        body = operations({"op": "replace", "path": "members", "value": members})
        answer = yield okta.patch(okta.group(push), Intent.GROUP_UPDATE, "Replace the group membership", body)
    else:
        current = yield okta.get(okta.group(push), Intent.GROUP_READ, "Retrieve specific group details")
        if not current.ok:
            return current
        body = whole_group(push.group_id, push.team.name, members)
        title = "Update specific group membership (PUT)"
        answer = yield okta.put(okta.group(push), Intent.GROUP_UPDATE, title, body)
    if not answer.ok:
        return answer
    push.told = tuple(member["value"] for member in members)
    return None


def change_members(
    okta: Okta, push: PushedGroup, cast: Cast, joining: Sequence[Member], leaving: Sequence[str], part: str = ""
) -> Ask[None]:
    """Tell the service who joined, and the ids of those who left. What fails becomes a task of the whole push.

    Catalogue apps send the name along, changed or not, and then a PATCH for every so many changes: one removal a
    person, then one addition with everybody in it.
    """
    failed = yield from _change(okta, push, cast, joining, leaving, part)
    okta.settle(Task(Work.PUSH, team=push.team.role), failed)


def _change(
    okta: Okta, push: PushedGroup, cast: Cast, joining: Sequence[Member], leaving: Sequence[str], part: str
) -> Ask[Failure]:
    if not okta.patches_groups:
        return (yield from write_members(okta, push, cast))
    if okta.features.rename_groups:
        renamed = yield rename(okta, push)
        if not renamed.ok:
            return renamed
    for batch in _batches([*leaving, *(_listing(okta, member) for member in joining)], okta.setup.batch):
        body = operations(*_operations(batch))
        title = "Update the group membership"
        answer = yield okta.patch(okta.group(push, part), Intent.GROUP_UPDATE, title, body)
        if not answer.ok:
            return answer
    joined = (okta.user(member).external_id for member in joining)
    push.told = tuple(dict.fromkeys((*(x for x in push.told if x not in leaving), *joined)))
    return None


def _batches(changes: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(changes), size):
        yield changes[start : start + size]


def _operations(batch: list[Any]) -> Iterator[dict[str, Any]]:
    """One operation for each id that leaves, and one for all who join."""
    joining = [change for change in batch if isinstance(change, dict)]
    yield from (removal(change) for change in batch if isinstance(change, str))
    if joining:
        yield {"op": "add", "path": "members", "value": joining}


def join_late(okta: Okta, member: Member, cast: Cast) -> Ask[None]:
    """Who becomes a user of the app after their team was pushed is added to its group then."""
    external_id = okta.user(member).external_id
    for push in list(okta.pushes.values()) if okta.setup.late_members else ():
        if is_pushed(okta, push) and member.part in push.team.members and external_id not in push.told:
            yield from change_members(okta, push, cast, [member], [], member.part)
