"""Assigning, updating and deactivating people, in the order of Okta's SCIM 2.0 reference.

The functions that work on one person return the exchange at which they failed, or None when the service agreed.
"""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import (
    Assign,
    Disable,
    Edit,
    HardDelete,
    Reassign,
    RenamePerson,
    SoftDelete,
    SyncPassword,
    Unassign,
)
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import changes, merged, new_password, new_user, okta_profile, replacing
from simulators.okta.members import join_late
from simulators.okta.state import AppUser, Failure, Task, Work
from simulators.render import Ask, identifier


@sequence(
    "Create users",
    on=(Assign, Reassign),
    evidence="captured",
    source=sources.LAB_2026,
    seen="2026-10",
)
def assign_user(okta: Okta, change: Assign | Reassign, cast: Cast) -> Steps:
    """Okta looks for the user, links and aligns the one it finds, or creates one."""
    okta.tasks.forget(change.part, Work.DEPROVISION)
    yield from provision(okta, cast[change.part], cast)


def provision(okta: Okta, member: Member, cast: Cast) -> Ask[None]:
    """Bring a person in, and into the pushed groups that they belong to. What fails becomes a task.

    The link (External ID) is kept only when every call worked: a person whose assignment failed half-way is not
    linked, and will not be deactivated later.
    """
    failed = yield from _bring_in(okta, member, okta.user(member))
    okta.settle(Task(Work.PROVISION, member.part), failed)
    if failed is None:
        yield from join_late(okta, member, cast)


def _bring_in(okta: Okta, member: Member, user: AppUser) -> Ask[Failure]:
    stale = okta.setup.stale_user_name and user.off
    name = user.found_as if stale else okta.user_name(user)
    user.found_as = user.found_as or name
    search = yield okta.get(
        okta.users(member), Intent.LOOKUP, "Determine if the user exists", query=okta.only("userName", name)
    )
    found = okta.found(search)
    if found is None or (len(found) > 1 and not okta.setup.first_match):
        return search
    if found:
        external_id = identifier(found[0])
        if not external_id or (user.off and not okta.features.deactivate and found[0].get("active") is False):
            return search
        inactive = okta.setup.activate_inactive and found[0].get("active") is False
        returning = (user.off or inactive) and okta.features.deactivate
        failed = yield from _align(okta, member, external_id, returning)
        if failed is None:
            user.link(external_id)
        return failed
    if not okta.features.create:
        return search
    values = okta.setup.mapping.values(okta_profile(user.person), creating=True)
    created = yield okta.post(okta.users(member), Intent.CREATE, "Create the user", new_user(values, user.person))
    if not identifier(created.resource):
        return created
    user.link(identifier(created.resource))
    return None


def _align(okta: Okta, member: Member, external_id: str, returning: bool) -> Ask[Failure]:
    """Bring an existing account into line: active again when Okta had deactivated it, then the profile."""
    if returning:
        failed = yield from set_active(okta, member, external_id, True)
        if failed is not None:
            return failed
    if okta.features.update:
        return (yield from push_profile(okta, member, external_id, stale=returning and okta.setup.stale_active))
    return None


@sequence(
    "Update a specific user (PUT)",
    on=(Edit, RenamePerson),
    evidence="captured",
    source=sources.LAB_2026,
    seen="2026-10",
)
def update_user(okta: Okta, change: Edit | RenamePerson, cast: Cast) -> Steps:
    """A changed profile is pushed to linked users when Update User Attributes is on and the change is mapped."""
    user = okta.user(cast[change.part])
    if okta.reaches(user) and user.edited and okta.features.update:
        yield from update(okta, cast[change.part])


def update(okta: Okta, member: Member) -> Ask[None]:
    """Push the profile of a linked person. What fails becomes a task."""
    external_id = okta.user(member).external_id
    if external_id:
        failed = yield from push_profile(okta, member, external_id)
        okta.settle(Task(Work.PROFILE, member.part), failed)


def push_profile(okta: Okta, member: Member, external_id: str, *, stale: bool = False) -> Ask[Failure]:
    """Read, merge, write back; or one PATCH, where the app was set up so.

    ``stale``: the write still says that the person is inactive, as Okta does it after a quick return.
    """
    user, address = okta.user(member), okta.user_at(member, external_id)
    values = okta.setup.mapping.values(okta_profile(user.person), creating=False)
    intent = Intent.DEACTIVATE if stale else Intent.UPDATE
    inactive = {"active": False} if stale else {}
    if okta.setup.patch_profile:
        body = replacing(**changes(values, user.cleared, okta.setup.empty), **inactive)
        answer = yield okta.patch(address, intent, "Push the profile: update a specific user (PATCH)", body)
    else:
        current = yield okta.get(address, Intent.READ, "Retrieve a specific user")
        if not current.ok or not isinstance(current.json, dict):
            return current
        body = merged(current.json, values, user.cleared, okta.setup.empty, user.person) | inactive
        answer = yield okta.put(address, intent, "Push the profile: update a specific user (PUT)", body)
    if not answer.ok:
        return answer
    user.edited, user.cleared = False, frozenset()
    return None


@sequence(
    "Sync passwords",
    on=(SyncPassword,),
    evidence="documented",
    source=sources.REFERENCE,
    seen="2024-08",
    omits="the mode that sends the Okta password itself: what is sent is always made up",
)
def sync_password(okta: Okta, change: SyncPassword, cast: Cast) -> Steps:
    """A new password goes to linked users when Sync Password is on."""
    user = okta.user(cast[change.part])
    user.passwords += 1
    if okta.reaches(user) and okta.features.sync_password:
        yield from push_password(okta, cast[change.part])


def push_password(okta: Okta, member: Member) -> Ask[None]:
    """Write the password, by PATCH (whose form is inferred) or by GET and PUT. What fails becomes a task."""
    user = okta.user(member)
    if user.external_id:
        password = new_password(user.person, user.passwords)
        words = (Intent.UPDATE, "Push the password")
        failed = yield from _write(okta, member, user.external_id, words, {"password": password})
        okta.settle(Task(Work.PASSWORD, member.part), failed)


@sequence(
    "Deactivate users",
    on=(Unassign, Disable, SoftDelete, HardDelete),
    evidence="captured",
    source=sources.CAPTURE_2018,
    seen="2026-10",
    omits="an app that was itself made inactive",
)
def deactivate_user(okta: Okta, change: Unassign | Disable | SoftDelete | HardDelete, cast: Cast) -> Steps:
    """Okta never deletes a user: it sets active to false, by PATCH (catalogue apps) or by GET and PUT (wizard apps).

    Every way of leaving ends the assignment first, in Okta, whatever the service answers. So it happens once: a user
    who is deleted after having been deactivated causes no further call, and neither does one who was never linked.
    """
    yield from leave(okta, cast[change.part])


def leave(okta: Okta, member: Member) -> Ask[str]:
    """End the assignment, and tell the service. Returns the External ID that the person had."""
    external_id = okta.user(member).drop()
    okta.tasks.forget(member.part, Work.PROVISION, Work.PROFILE, Work.PASSWORD)
    if external_id and okta.features.deactivate:
        yield from deprovision(okta, member, external_id)
    return external_id


def deprovision(okta: Okta, member: Member, external_id: str) -> Ask[None]:
    """Deactivate a person who is no longer assigned. What fails becomes a task, with the id that Okta has dropped."""
    failed = yield from set_active(okta, member, external_id, False)
    okta.settle(Task(Work.DEPROVISION, member.part, external_id), failed)


def set_active(okta: Okta, member: Member, external_id: str, active: bool) -> Ask[Failure]:
    """Write ``active`` in the way of the app type."""
    return (yield from _write(okta, member, external_id, _WORDS[active], {"active": active}))


def _write(
    okta: Okta, member: Member, external_id: str, words: tuple[Intent, str], attributes: dict[str, object]
) -> Ask[Failure]:
    address = okta.user_at(member, external_id)
    if okta.patches:
        answer = yield okta.patch(address, *words, replacing(**attributes))
        return None if answer.ok else answer
    current = yield okta.get(address, Intent.READ, "Retrieve a specific user")
    # A list that came by mistake is an object too, and goes back as the "user": Okta looks at nothing in it.
    if not current.ok or not isinstance(current.json, dict):
        return current
    answer = yield okta.put(address, *words, current.json | attributes)
    return None if answer.ok else answer


_WORDS = {
    True: (Intent.REACTIVATE, "Activate the user: active is set to true"),
    False: (Intent.DEACTIVATE, "Deactivate the user: active is set to false"),
}
