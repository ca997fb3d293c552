"""Reactivation: somebody who comes back is active again, as the same person; and nobody comes back by accident."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import keeps_user_name, reactivation, read_after, state_after, state_before
from harness.checks.state import is_active, is_inactive, member, written
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import Intent
from harness.model.transcript import Moment


def _asked_and_read(moment: Moment) -> bool:
    read = state_after(moment)
    return reactivation(moment) is not None and read is not None


@judges("PROF-D-09", when=_asked_and_read)
def a_reactivation_does_what_it_says(moment: Moment, profile: Profile) -> Iterator[Finding]:
    """Where reactivation is claimed the person is active again; where it is not, the refusal is a clear one."""
    asked, read = reactivation(moment), state_after(moment)
    assert asked is not None
    assert read is not None
    yield from reactivation_faults(asked, read, profile)


def reactivation_faults(asked: Exchange, read: Exchange, profile: Profile) -> Iterator[Finding]:
    """What is wrong with the answer to a reactivation, given how the person reads afterwards."""
    claimed = profile.supports("reactivate")
    if asked.ok and not is_active(read.resource):
        yield Finding(
            expected=['"active": true after the success'] if claimed else ["an error, or a person who is active"],
            actual=_state(read),
            at="/active",
            hint="The reactivation was answered with success, but the person is not active: somebody who comes back "
            "is locked out, and the IdP believes otherwise.",
            exchange=read.id,
            likeness="still-inactive",
        )
    elif claimed and not asked.ok and not says_it_in_words(asked) and not asks_for_more(asked):
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {asked.status}",
            hint="Obey active true for a person who was deactivated: the profile claims reactivation.",
            exchange=asked.id,
            likeness="refused",
        )
    elif profile.refuses("reactivate") and asked.ok:
        yield Finding(
            expected=['HTTP 400 with scimType "mutability"', "HTTP 403"],
            actual=f"HTTP {asked.status}",
            hint="The profile says that nobody is reactivated by SCIM, but the service does it. Correct one of them.",
            exchange=asked.id,
            likeness="undeclared",
        )
    elif profile.refuses("reactivate") and asked.status not in (400, 403, 405, 501):
        yield Finding(
            expected=['HTTP 400 with scimType "mutability"', "HTTP 403"],
            actual=f"HTTP {asked.status}",
            hint="Say clearly that nobody is reactivated by SCIM.",
            exchange=asked.id,
            likeness="refusal",
        )
    if not asked.ok and is_active(read.resource) and profile.refuses("reactivate"):
        yield Finding(
            expected=["a person who is still inactive"],
            actual=_state(read),
            at="/active",
            hint="The request was refused, but the person is active again.",
            exchange=read.id,
            likeness="active-all-the-same",
        )


def says_it_in_words(exchange: Exchange) -> bool:
    """Whether active is sent as a string: to be accepted with the same meaning, or refused (contested, C10)."""
    return isinstance(written(exchange).get("active"), str)


def asks_for_more(exchange: Exchange) -> bool:
    """Whether a PATCH writes more than active and externalId, which may cost it the whole request (contested, C44)."""
    return exchange.method == "PATCH" and bool(set(written(exchange)) - {"active", "externalid"})


def _state(read: Exchange) -> object:
    return "HTTP 404" if read.status == 404 else member(read.resource, "active")


def _is_lookup_of_someone_inactive(moment: Moment) -> bool:
    before = state_before(moment)
    quiet = not moment.asked(Intent.REACTIVATE, Intent.DELETE)
    wrote_active = any("active" in written(x) for x in moment.during)
    return bool(before and is_inactive(before.resource) and quiet and not wrote_active and _readable_after(moment))


def _readable_after(moment: Moment) -> bool:
    read = read_after(moment)
    return read is not None and bool(read.resource)


@judges("PROF-D-10", when=_is_lookup_of_someone_inactive)
def nothing_but_a_reactivation_reactivates(moment: Moment) -> Iterator[Finding]:
    """Lookups, reads, profile pushes and group work leave an inactive person inactive."""
    read = read_after(moment)
    assert read is not None
    if not is_inactive(read.resource):
        yield Finding(
            expected=["false, as before"],
            actual=member(read.resource, "active"),
            at="/active",
            hint="The IdP sent nothing about active, yet the person is active again: a leaver has come back unseen.",
            exchange=read.id,
            likeness="silent",
        )


def _found_again(moment: Moment) -> bool:
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    linked = moment.part in moment.cast and moment.cast[moment.part].account is not None
    return linked and lookup is not None and bool(lookup.resources) and keeps_user_name(moment)


@judges("RFC7643-3.1-03", when=_found_again)
def a_person_keeps_the_id_whatever_happens(moment: Moment) -> Iterator[Finding]:
    """By filter and by id it is the same id as before the Change."""
    member_of_cast = moment.cast[moment.part]
    assert member_of_cast.account is not None
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    assert lookup is not None
    name = member_of_cast.person.user_name.casefold()
    for resource in lookup.resources:
        got = member(resource, "id")
        if str(member(resource, "userName")).casefold() == name and got != member_of_cast.account.id:
            yield Finding(
                expected=[member_of_cast.account.id],
                actual=got,
                at="/Resources/0/id",
                hint="The same user name now has another id: the IdP goes on writing to the old one.",
                exchange=lookup.id,
                likeness="filter",
            )
    read = read_after(moment)
    if read is not None and read.resource and member(read.resource, "id") != member_of_cast.account.id:
        yield Finding(
            expected=[member_of_cast.account.id],
            actual=member(read.resource, "id"),
            at="/id",
            hint="A resource says the id under which it is read.",
            exchange=read.id,
            likeness="read",
        )
