"""Assigning, updating and deactivating people, in the order of Okta's SCIM 2.0 reference."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import Assign, Disable, Edit, HardDelete, Reassign, SoftDelete, Unassign
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import found_in, merged, new_user, only, replacing
from simulators.render import Ask, identifier


@sequence("Create users", on=(Assign, Reassign), evidence="documented", source=sources.REFERENCE)
def assign_user(okta: Okta, member: Member, _cast: Cast) -> Steps:
    """Okta looks for the user, links and aligns the one it finds, or creates one.

    The first match wins. The link (External ID) is kept only when every call worked: a person whose assignment failed
    half-way is not linked, and will not be deactivated later.
    """
    person = okta.profile(member)
    search = yield okta.get(
        okta.users(member), Intent.LOOKUP, "Determine if the user exists", query=only("userName", person.user_name)
    )
    found = found_in(search)
    if found is None:
        return
    if found:
        external_id = identifier(found[0])
        if external_id and (yield from align(okta, member, external_id)):
            okta.link(member, external_id)
    elif okta.features.create:
        created = yield okta.post(okta.users(member), Intent.CREATE, "Create the user", new_user(person))
        external_id = identifier(created.resource)
        if external_id:
            okta.link(member, external_id)


def align(okta: Okta, member: Member, external_id: str) -> Ask[bool]:
    """Bring an existing account into line: active again when Okta had deactivated it, then the profile."""
    if okta.was_deactivated(member):
        if not okta.features.deactivate:
            return False
        if not (yield from set_active(okta, member, external_id, True)):
            return False
    if okta.features.update:
        return (yield from push_profile(okta, member, external_id))
    return True


@sequence("Update a specific user (PUT)", on=(Edit,), evidence="captured", source=sources.CAPTURE_2018)
def update_user(okta: Okta, member: Member, _cast: Cast) -> Steps:
    """A changed profile is pushed to linked users when Update User Attributes is on."""
    okta.edit(member)
    external_id = okta.external_id(member)
    if external_id and okta.features.update:
        yield from push_profile(okta, member, external_id)


@sequence(
    "Deactivate users",
    on=(Unassign, Disable, SoftDelete, HardDelete),
    evidence="captured",
    source=sources.CAPTURE_2018,
)
def deactivate_user(okta: Okta, member: Member, _cast: Cast) -> Steps:
    """Okta never deletes a user: it sets active to false, by PATCH (catalogue apps) or by GET and PUT (wizard apps).

    Every way of leaving ends the assignment first, in Okta, whatever the service answers. So it happens once: a user
    who is deleted after having been deactivated causes no further call, and neither does one who was never linked.
    """
    external_id = okta.drop(member)
    if external_id and okta.features.deactivate:
        yield from set_active(okta, member, external_id, False)


def set_active(okta: Okta, member: Member, external_id: str, active: bool) -> Ask[bool]:
    """Write ``active`` in the way of the app type. Returns whether the service said yes."""
    intent, title = _WORDS[active]
    user = okta.user(member, external_id)
    if okta.patches:
        answer = yield okta.patch(user, intent, title, replacing(active=active))
        return answer.ok
    current = yield okta.get(user, Intent.READ, "Retrieve a specific user")
    # A list that came by mistake is an object too, and goes back as the "user": Okta looks at nothing but active.
    if not current.ok or not isinstance(current.json, dict):
        return False
    answer = yield okta.put(user, intent, title, current.json | {"active": active})
    return answer.ok


def push_profile(okta: Okta, member: Member, external_id: str) -> Ask[bool]:
    """Read, merge, write back. Returns whether the service said yes."""
    user = okta.user(member, external_id)
    current = yield okta.get(user, Intent.READ, "Retrieve a specific user")
    if not current.ok or not isinstance(current.json, dict):
        return False
    body = merged(current.json, okta.profile(member))
    answer = yield okta.put(user, Intent.UPDATE, "Push the profile: update a specific user (PUT)", body)
    return answer.ok


_WORDS = {
    True: (Intent.REACTIVATE, "Activate the user: active is set to true"),
    False: (Intent.DEACTIVATE, "Deactivate the user: active is set to false"),
}
