"""Signs about groups."""

from __future__ import annotations

from collections.abc import Iterable

from harness.intake.dialects import product_of
from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole


@of_trouble
@sign
def group_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A request about a group failed"""
    return seen.group and seen.failed and seen.status != 401


@of_trouble
@sign
def group_refused_by_entra(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A request of Entra about a group failed"""
    return seen.group and seen.failed and _refuses(seen) and _sent_by(seen, picture) == "entra"


@of_trouble
@sign
def group_refused_by_okta(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A pushed group failed at Okta"""
    return (
        seen.failed
        and _refuses(seen)
        and (
            (seen.group and _sent_by(seen, picture) == "okta")
            or seen.said("okta-group-create", "okta-group-membership", "okta-group-failed-on")
        )
    )


def _refuses(seen: Look) -> bool:
    """Whether it is a refusal, and not a key that is not taken, a limit, or a service that fell over."""
    return seen.status not in (401, 429) and (seen.status < 500 or seen.status == 501)


def _sent_by(seen: Look, picture: Picture) -> str:
    """The IdP of a request; one that does not give its sender away comes from whom the others came from."""
    return seen.idp or (picture.idp if seen.recorded and seen.exchange and not product_of(seen.exchange) else "")


@of_trouble
@sign
def group_write_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says of a group that was to be written that it has no groups"""
    return seen.write and group_unsupported(seen, person, picture)


@of_trouble
@sign
def group_called_malformed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A group was refused as if its request were malformed"""
    return seen.group and seen.write and seen.failed and seen.status == 400 and not _about_a_member(seen)


@of_trouble
@sign
def group_unsupported(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that it has no groups"""
    return seen.group and seen.status in (403, 404, 405, 501) and not _about_a_member(seen)


@of_trouble
@sign
def group_refusal_unreadable(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra takes the refusal of a group for a broken endpoint"""
    return seen.group and seen.said("entra-incompatible")


def _about_a_member(seen: Look) -> bool:
    return seen.said("okta-group-member-unknown") or seen.names(
        r"users? not found", r"members? .{0,40}(?:not found|unknown|exist)", r"unknown members?"
    )


@of_trouble
@sign
def member_unknown(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service does not know a member of the group"""
    return seen.group and seen.failed and _about_a_member(seen)


@of_trouble
@sign
def group_gone(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The group was deleted at the service"""
    if seen.said("okta-group-missing"):
        return True
    return (
        seen.group
        and seen.status == 404
        and person is not None
        and (person.did["group-create:ok"] > 0 or person.did["group-update:ok"] > 0)
        # Who has no groups at all says so of each of them.
        and not seen.names("groups are", "no groups", "not (?:supported|served|offered)")
    )


@sign
def group_confirmed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service confirmed a change of a group"""
    return seen.group and seen.went == "ok" and seen.act in ("group-create", "group-update")


@sign
def groups_are_claimed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service lists groups among what it offers"""
    if seen.exchange is None or seen.act != "discover" or not seen.exchange.ok:
        return False
    return "resourcetypes" in seen.exchange.path.casefold() and any(
        str(r.get("name") or r.get("id")).casefold() == "group" for r in seen.exchange.resources
    )


@sign
def group_assigned(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A group was assigned to the app"""
    return seen.act == "assign-group" or (
        seen.event is not None and "application_assignment" in seen.event.kind.casefold()
    )


@whole
def one_group_pushed_and_assigned(picture: Picture) -> Iterable[Look]:
    """The same group is pushed and assigned"""
    assigned = {
        look.event.group.casefold() for look in _examples(picture, "group-assigned") if look.event and look.event.group
    }
    for name in ("group-confirmed", "group-refused"):
        for look in _examples(picture, name):
            if look.event is not None and look.event.group.casefold() in assigned:
                yield look


def _examples(picture: Picture, name: str) -> list[Look]:
    trace = picture.signs.get(name)
    return trace.examples if trace else []
