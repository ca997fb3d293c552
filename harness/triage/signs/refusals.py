"""Signs about what the service refuses of people: creations, profiles, values, the form of a body."""

from __future__ import annotations

from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import inferred, of_trouble, sign


@of_trouble
@sign
def creation_called_malformed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A creation was refused as if its request were malformed"""
    return seen.act == "create" and not seen.group and seen.failed and seen.status == 400


@of_trouble
@sign
def profile_push_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused a change of the profile"""
    return seen.act == "update" and not seen.group and seen.failed and seen.status in (400, 403, 405, 409, 422, 501)


@inferred
@of_trouble
@sign
def password_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused a password"""
    return seen.said("okta-while-pushing-password")


@of_trouble
@sign
def value_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused a value"""
    return seen.failed and (
        seen.status in (413, 422) or seen.said("scim-mutability", "scim-sensitive", "entra-unprocessable")
    )


@of_trouble
@sign
def media_type_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service does not take the form of JSON in which both IdPs write"""
    return seen.status == 415
