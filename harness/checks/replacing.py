"""PUT: what is owned changes, what is not is passed over in silence, and nobody comes into being."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.moments import answered
from harness.checks.patch_refusals import read_only_faults, stored_groups
from harness.checks.patching import one, pair, put_refused, unchanged
from harness.checks.state import differences, is_active, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.transcript import Moment, Transcript

MARK = "scimulator-put-"
NOT_SERVED = (403, 404, 405)
REFUSED_COLLECTION = (405, 501, 404, 403, 400)


def _tried(tag: str) -> Callable[[Transcript], bool]:
    return lambda transcript: pair(transcript, tag) is not None


def _succeeded(tag: str) -> Callable[[Transcript], bool]:
    return lambda transcript: (found := pair(transcript, tag)) is not None and found[0].ok


@judges("RFC7644-3.5-01", probe="replacing", when=lambda transcript: one(transcript, "put.same") is not None)
def put_is_served(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "put.same")
    assert answer is not None
    if answer.status in NOT_SERVED or answer.status >= 500:
        yield Finding(
            expected=["HTTP 200"],
            actual=f"HTTP {answer.status}",
            hint="Serve PUT on people: Okta's wizard apps deactivate in no other way.",
            exchange=answer.id,
        )


def _served(tag: str) -> Callable[[Transcript], bool]:
    return lambda t: (
        (found := pair(t, tag)) is not None
        and (found[0].ok or (found[0].status not in NOT_SERVED and found[0].status < 500))
    )


@judges("RFC7644-3.1-05", probe="replacing", when=_served("put.same"))
def writing_back_what_was_read_changes_nothing(transcript: Transcript) -> Iterator[Finding]:
    """Nor is it refused for the read-only members that it repeats."""
    before, found = one(transcript, "put.before"), pair(transcript, "put.same")
    assert before is not None
    assert found is not None
    if not found[0].ok:
        yield Finding(
            expected=["HTTP 200"],
            actual=f"HTTP {found[0].status}",
            hint="Ignore what you own in a PUT: clients write back all that they read.",
            exchange=found[0].id,
            likeness="refused",
        )
    for difference in differences(before.resource, found[1].resource):
        yield Finding(
            expected=[f"{difference.pointer} as it was read: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint="A client that reads and writes back must not change anything by it.",
            exchange=found[1].id,
            likeness=difference.pointer,
        )


@judges("RFC7644-3.5.1-01", probe="replacing", when=_succeeded("put.changed"))
def a_put_stores_what_the_client_owns(transcript: Transcript) -> Iterator[Finding]:
    found = pair(transcript, "put.changed")
    assert found is not None
    got = member(found[1].resource, "externalId")
    if got != f"{MARK}changed":
        yield Finding(
            expected=[f'"externalId": "{MARK}changed"'],
            actual=got,
            at="/externalId",
            hint="The PUT was answered with success: store the attributes that the client may write.",
            exchange=found[1].id,
        )


def _twice(transcript: Transcript) -> bool:
    return _succeeded("put.changed")(transcript) and _tried("put.again")(transcript)


@judges("RFC7644-3.5.1-11", probe="replacing", when=_twice)
def the_same_put_twice_is_the_same(transcript: Transcript) -> Iterator[Finding]:
    first, second = pair(transcript, "put.changed"), pair(transcript, "put.again")
    assert first is not None
    assert second is not None
    if not second[0].ok:
        yield Finding(
            expected=[f"HTTP {first[0].status}, as the first time"],
            actual=f"HTTP {second[0].status}",
            hint="Okta writes the same twice: once to activate, once to push the profile.",
            exchange=second[0].id,
            likeness="refused",
        )
    for difference in differences(first[1].resource, second[1].resource):
        yield Finding(
            expected=[f"{difference.pointer} as after the first time: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint="A PUT that changes nothing leaves the state as it is.",
            exchange=second[1].id,
            likeness=difference.pointer,
        )


@judges("RFC7644-3.5.1-04", probe="replacing", when=lambda t: _served("put.same")(t) and _tried("put.foreign")(t))
def read_only_values_in_a_put_are_ignored(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """Unlike PATCH: the rest of the PUT is carried out."""
    found = pair(transcript, "put.foreign")
    assert found is not None
    if not found[0].ok:
        yield Finding(
            expected=["HTTP 200, and the read-only values unchanged"],
            actual=f"HTTP {found[0].status}",
            hint="Pass over id, meta and whatever else the client does not own: IdPs send back all that they read.",
            exchange=found[0].id,
            likeness="refused",
        )
    if profile.refuses("update") and member(found[1].resource, "displayName") == f"{MARK}name":
        yield Finding(
            expected=["the display name as before"],
            actual=member(found[1].resource, "displayName"),
            at="/displayName",
            hint="The profile says that clients do not write names: ignore the value.",
            exchange=found[1].id,
            likeness="/displayName",
        )


@judges("RFC7643-7-M01", probe="replacing", when=_tried("put.foreign"))
def read_only_attributes_never_change_by_put(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    before, found = one(transcript, "put.before"), pair(transcript, "put.foreign")
    if before is not None and found is not None:
        yield from read_only_faults(before.resource, found[1].resource, profile, found[1].id)


@judges("RFC7643-3.1-04", probe="replacing", when=_tried("put.foreign"))
def an_id_from_the_client_is_ignored(transcript: Transcript) -> Iterator[Finding]:
    yield from _kept(transcript, ("id",), "The id is the service's own: never take it from a client.")


@judges("RFC7643-3.1-13", probe="replacing", when=_tried("put.foreign"))
def meta_from_the_client_is_ignored(transcript: Transcript) -> Iterator[Finding]:
    for path in (("meta", "created"), ("meta", "resourceType")):
        yield from _kept(transcript, path, "meta is the service's own: ignore what a client sends.")


def _kept(transcript: Transcript, path: tuple[str, ...], hint: str) -> Iterator[Finding]:
    before, found = one(transcript, "put.before"), pair(transcript, "put.foreign")
    if before is None or found is None:
        return
    for exchange in found:
        old, new = member(before.resource, *path), member(exchange.resource, *path)
        if exchange.resource and differences(old, new):
            at = "/" + "/".join(path)
            yield Finding(expected=[str(old)], actual=new, at=at, hint=hint, exchange=exchange.id, likeness=at)
            return


@judges("RFC7643-4.1.2-08", probe="replacing", when=_tried("put.groups"))
def groups_of_a_person_cannot_be_put(transcript: Transcript) -> Iterator[Finding]:
    found = pair(transcript, "put.groups")
    assert found is not None
    if f"{MARK}group" in str(member(found[1].resource, "groups")):
        yield stored_groups(found[1])


def _put_of_a_word(transcript: Transcript) -> bool:
    return _tried("put.broken")(transcript) and _tried("put.without")(transcript)


@judges("RFC7644-3.5.1-12", probe="replacing", when=lambda t: _put_of_a_word(t) and one(t, "put.broken").is_error)  # type: ignore[union-attr]
def a_failed_put_changes_nothing(transcript: Transcript) -> Iterator[Finding]:
    before, found = pair(transcript, "put.without"), pair(transcript, "put.broken")
    assert before is not None
    assert found is not None
    for difference in differences(before[1].resource, found[1].resource):
        yield Finding(
            expected=["the person as before the refused PUT"],
            actual=str(difference),
            at=difference.pointer,
            hint="Check everything before anything is stored.",
            exchange=found[1].id,
            likeness=difference.pointer,
        )


@judges("RFC7644-3.5.1-12", when=put_refused)
def a_refused_put_changes_nothing(moment: Moment) -> Iterator[Finding]:
    """The person reads as before when every write of the IdP was refused."""
    yield from unchanged(moment)


@judges("RFC7643-4.1.1-14", probe="replacing", when=_put_of_a_word)
def a_word_is_never_stored_as_active(transcript: Transcript) -> Iterator[Finding]:
    before, found = pair(transcript, "put.without"), pair(transcript, "put.broken")
    assert before is not None
    assert found is not None
    now = member(found[1].resource, "active")
    if found[0].ok or (is_active(before[1].resource) and now is not True):
        yield Finding(
            expected=["HTTP 400, and true as before"],
            actual=f"HTTP {found[0].status}, and {as_json(now)}",
            at="/active",
            hint='Refuse a value of active that is neither a boolean nor the word for one, with "invalidValue".',
            exchange=found[1].id,
        )


def _left_out(transcript: Transcript) -> bool:
    found, before = pair(transcript, "put.without"), pair(transcript, "put.groups")
    return found is not None and found[0].ok and before is not None and is_active(before[1].resource)


@judges("RFC7644-3.5.1-02", "STATE-06", probe="replacing", when=_left_out)
def a_put_without_active_switches_nobody_off(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """The RFC lets a service clear what a PUT leaves out; where only active is SCIM's, that locks people out."""
    found = pair(transcript, "put.without")
    assert found is not None
    if not is_active(found[1].resource):
        yield Finding(
            expected=["true, as before"],
            actual=member(found[1].resource, "active"),
            at="/active",
            hint="Keep active when a PUT does not name it: a profile push must not lock anybody out.",
            exchange=found[1].id,
            requirement="STATE-06" if profile.family == "deprovisioning" else "RFC7644-3.5.1-02",
        )


@judges("RFC7644-3.2-02", "RFC7644-3.5.1-09", probe="replacing", when=lambda t: one(t, "put.nobody") is not None)
def a_put_never_creates(transcript: Transcript) -> Iterator[Finding]:
    answer, read = one(transcript, "put.nobody"), one(transcript, "put.nobody.read")
    assert answer is not None
    if answer.status != 404:
        yield Finding(
            requirement="RFC7644-3.5.1-09",
            expected=["HTTP 404"],
            actual=f"HTTP {answer.status}",
            hint="Look the person up first: an id that nobody has is not found.",
            exchange=answer.id,
        )
    if answer.ok or (read is not None and read.ok):
        yield Finding(
            requirement="RFC7644-3.2-02",
            expected=["nobody under this id, before and after"],
            actual=f"HTTP {answer.status} to the PUT, and HTTP {read.status if read is not None else 0} to the GET",
            hint="Only POST creates.",
            exchange=answer.id,
        )


@judges("RFC7644-3.5.1-10", when=lambda exchange: exchange.tag == "put.collection" and answered(exchange))
def a_put_on_the_collection_is_refused(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in REFUSED_COLLECTION:
        yield Finding(
            expected=[f"HTTP {status}" for status in REFUSED_COLLECTION],
            actual=f"HTTP {exchange.status}",
            hint="PUT addresses one resource: refuse it on /Users.",
        )
