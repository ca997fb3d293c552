"""Deletion: gone means gone; and where it is not offered, the person stays as they are."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import answered, deletion, id_in_path, read_after, state_after, state_before
from harness.checks.oracles import Refusal, refusal_faults
from harness.checks.patching import one
from harness.checks.state import differences, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript


def _deletes_somebody(exchange: Exchange) -> bool:
    ours = exchange.role is Role.IDP or exchange.tag == "delete.person"
    deleted = exchange.method == "DELETE" and bool(id_in_path(exchange)) and exchange.status != 404
    return ours and deleted and answered(exchange)


@judges("STATE-05", when=_deletes_somebody)
def a_deletion_that_is_claimed_is_carried_out(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok:
        yield Finding(
            expected=["HTTP 204 without a body"],
            actual=f"HTTP {exchange.status}",
            hint="The profile claims deletion: carry it out and answer 204.",
        )


@judges("RFC7644-3.6-01", when=lambda exchange: exchange.tag == "delete.nobody" and answered(exchange))
def nobody_cannot_be_deleted(exchange: Exchange) -> Iterator[Finding]:
    """404, or the refusal that everybody gets; never a success."""
    if exchange.ok:
        yield Finding(
            expected=["HTTP 404"],
            actual=f"HTTP {exchange.status}",
            hint="Look the person up first.",
            likeness="nobody",
        )


@judges("RFC7644-3.6-01", when=lambda exchange: _deletes_somebody(exchange) and exchange.ok)
def a_deletion_is_answered_with_204(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 204:
        yield Finding(
            expected=["HTTP 204 without a body"],
            actual=f"HTTP {exchange.status}",
            hint="Answer a deletion that was carried out with 204.",
            likeness="status",
        )
    elif exchange.body:
        yield Finding(
            expected=["HTTP 204 without a body"],
            actual=f"{len(exchange.body)} bytes",
            hint="A 204 has no body.",
            likeness="body",
        )


def _deleted_and_read(moment: Moment) -> bool:
    asked = deletion(moment)
    return asked is not None and asked.ok and read_after(moment) is not None and state_after(moment) is not None


@judges("RFC7644-3.6-02", when=_deleted_and_read)
def a_deleted_person_is_not_found_by_id(moment: Moment) -> Iterator[Finding]:
    read = state_after(moment)
    assert read is not None
    if read.status != 404:
        yield _still_there(read)


@judges("RFC7644-3.6-02", when=lambda exchange: exchange.tag.startswith("delete.afterwards") and answered(exchange))
def nothing_works_on_a_deleted_person(exchange: Exchange) -> Iterator[Finding]:
    """GET, PUT, PATCH and DELETE on the id all give 404."""
    if exchange.status != 404:
        yield _still_there(exchange, exchange.method)


def _signed_in_afterwards(moment: Moment) -> bool:
    later = moment.seen_after(moment.part, Intent.READ, "after-sign-in")
    return _deleted_and_read(moment) and later is not None and answered(later)


@judges("RFC7644-3.6-02", when=_signed_in_afterwards)
def signing_in_does_not_bring_a_deleted_person_back(moment: Moment) -> Iterator[Finding]:
    """Whoever signs in again may get a new account; the old id stays gone."""
    later = moment.seen_after(moment.part, Intent.READ, "after-sign-in")
    assert later is not None
    if later.ok:
        yield _still_there(later, "sign-in")


def _still_there(exchange: Exchange, method: str = "GET") -> Finding:
    return Finding(
        expected=["HTTP 404"],
        actual=f"HTTP {exchange.status}",
        hint="The deletion was confirmed: answer 404 to everything under this id from then on.",
        exchange=exchange.id,
        likeness=method,
    )


@judges("RFC7644-3.6-05", when=_deleted_and_read)
def a_deletion_is_more_than_a_deactivation(moment: Moment) -> Iterator[Finding]:
    read = state_after(moment)
    assert read is not None
    if is_inactive(read.resource):
        yield Finding(
            expected=["HTTP 404"],
            actual='HTTP 200 with "active": false',
            at="/active",
            hint="Keeping the row is fine, showing it is not: a deleted person answers 404 everywhere.",
            exchange=read.id,
        )


def _deleted_and_looked_for(moment: Moment) -> bool:
    asked = deletion(moment)
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    return asked is not None and asked.ok and lookup is not None and lookup.ok


@judges("RFC7644-3.6-03", when=_deleted_and_looked_for)
def a_deleted_person_is_in_no_list(moment: Moment) -> Iterator[Finding]:
    account = moment.cast[moment.part].account if moment.part in moment.cast else None
    for exchange in moment.after:
        if exchange.intent not in (Intent.LOOKUP, Intent.LIST) or exchange.subject != moment.part or account is None:
            continue
        if any(member(r, "id") == account.id for r in exchange.resources):
            yield _listed(exchange)


@judges("RFC7644-3.6-03", when=lambda exchange: exchange.tag == "delete.lookup" and exchange.ok)
def a_deleted_person_is_not_found_by_filter(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    """Somebody else of that name, whom the service let in beside the first, is no deleted person."""
    made = one(transcript, "create.valid")
    deleted = member(made.resource, "id") if made is not None else None
    if any(member(r, "id") == deleted for r in exchange.resources):
        yield _listed(exchange)


def _listed(exchange: Exchange) -> Finding:
    return Finding(
        expected=["no deleted person among the resources"],
        actual="the deleted person",
        at="/Resources",
        hint="Leave deleted people out of lists, searches and totals.",
        exchange=exchange.id,
        likeness=exchange.intent.value,
    )


@judges("RFC7644-3.6-04", when=lambda exchange: exchange.tag == "delete.create-again")
def a_deleted_name_can_be_used_again(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status == 409:
        yield Finding(
            expected=["HTTP 201"],
            actual="HTTP 409",
            hint="Do not count a deleted person when a user name is checked for uniqueness.",
        )


def _refused_in_a_probe(transcript: Transcript) -> bool:
    return one(transcript, "refuse.delete") is not None


@judges("RFC7644-3.6-07", probe="refused-deletion", when=_refused_in_a_probe)
def somebody_active_survives_a_refused_deletion(transcript: Transcript) -> Iterator[Finding]:
    """A proper no, and the person is as before: still active, too."""
    asked = one(transcript, "refuse.delete")
    assert asked is not None
    yield from refusal_faults(asked, Refusal.SERVED)
    before, after = one(transcript, "refuse.before"), one(transcript, "refuse.after")
    if asked.ok or before is None or after is None or not before.resource:
        return
    for difference in differences(before.resource, after.resource) if after.resource else ():
        yield Finding(
            expected=["the person as before the refused deletion"],
            actual=str(difference),
            at=difference.pointer,
            hint="A refused deletion changes nothing, above all not active.",
            exchange=after.id,
            likeness=difference.pointer,
        )


def _refused_deletion(moment: Moment) -> bool:
    asked = deletion(moment)
    return asked is not None and asked.status != 404


@judges("RFC7644-3.6-07", when=_refused_deletion)
def a_deletion_that_is_not_offered_is_refused(moment: Moment, profile: Profile) -> Iterator[Finding]:
    """A proper no, and the person stays as they are: inactive, where they were deactivated before."""
    asked = deletion(moment)
    assert asked is not None
    if asked.ok:
        if profile.refuses("delete"):
            yield from refusal_faults(asked, Refusal.SERVED)
        return
    yield from refusal_faults(asked, Refusal.SERVED)
    before, after = state_before(moment), state_after(moment)
    if before is None or after is None:
        return
    if after.status == 404:
        yield Finding(
            expected=["the person is still there"],
            actual="HTTP 404",
            hint="The deletion was refused, and carried out all the same.",
            exchange=after.id,
            likeness="gone",
        )
        return
    for difference in differences(before.resource, after.resource):
        yield Finding(
            expected=["the person as before the refused deletion"],
            actual=str(difference),
            at=difference.pointer,
            hint="A refused deletion changes nothing, above all not active.",
            exchange=after.id,
            likeness=difference.pointer,
        )
