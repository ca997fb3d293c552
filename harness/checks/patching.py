"""PATCH: the operations that have to work, each seen in a later read, and the answer that they get."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.moments import WRITES, answered, state_after, state_before
from harness.checks.state import differences, instant, is_inactive, member, unassigned
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.transcript import Moment, Transcript

MARK = "scimulator-patch-"
"""What the probe's values begin with (the same word as in the probe, written out: a judge shares nothing with it)."""


def one(transcript: Transcript, tag: str) -> Exchange | None:
    """The first answered exchange with this tag, or None."""
    return next((x for x in transcript.tagged(tag) if answered(x)), None)


def pair(transcript: Transcript, tag: str) -> tuple[Exchange, Exchange] | None:
    """A write and the read that follows it, when both tell something."""
    write, read = one(transcript, tag), one(transcript, f"{tag}.read")
    return (write, read) if write is not None and read is not None and read.resource else None


def _stores(transcript: Transcript) -> bool:
    """Whether externalId can be written at all: without that, nothing can be said about the forms of writing it."""
    stored = pair(transcript, "patch.unset")
    return stored is not None and member(stored[1].resource, "externalId") == f"{MARK}unset"


def _tried(tag: str) -> Callable[[Transcript], bool]:
    return lambda transcript: pair(transcript, tag) is not None


def _tried_where_it_stores(tag: str) -> Callable[[Transcript], bool]:
    return lambda transcript: _stores(transcript) and pair(transcript, tag) is not None


def _applied(transcript: Transcript, tag: str, value: object, hint: str) -> Iterator[Finding]:
    found = pair(transcript, tag)
    assert found is not None
    write, read = found
    got = member(read.resource, "externalId")
    if write.ok and (got == value or (unassigned(value) and unassigned(got))):
        return
    expected = "no externalId" if unassigned(value) else f'"externalId": "{value}"'
    yield Finding(
        expected=[f"HTTP 200 or 204, and then {expected}"],
        actual=f'HTTP {write.status}, and then "externalId": {as_json(got)}',
        at="/externalId",
        hint=hint,
        exchange=read.id if write.ok else write.id,
        likeness="not-stored" if write.ok else f"{write.status // 100}xx",
    )


@judges("RFC7644-3.5.2.3-04", probe="patching", when=_tried("patch.unset"))
def replace_sets_an_attribute_that_had_no_value(transcript: Transcript) -> Iterator[Finding]:
    yield from _applied(transcript, "patch.unset", f"{MARK}unset", "Treat such a replace as an add.")


@judges("RFC7644-3.5.2.1-03", probe="patching", when=_tried_where_it_stores("patch.add"))
def add_overwrites_a_single_value(transcript: Transcript) -> Iterator[Finding]:
    hint = "An add on an attribute with one value replaces it: Entra adds whatever an answer did not show."
    yield from _applied(transcript, "patch.add", f"{MARK}add", hint)


@judges("RFC7644-3.5.2.1-02", probe="patching", when=_tried_where_it_stores("patch.add-pathless"))
def add_without_a_path_takes_an_object(transcript: Transcript) -> Iterator[Finding]:
    hint = "Without a path, add each member of the value object."
    yield from _applied(transcript, "patch.add-pathless", f"{MARK}add-pathless", hint)


@judges("RFC7644-3.5.2.3-01", probe="patching", when=_tried_where_it_stores("patch.pathless"))
def replace_without_a_path_takes_an_object(transcript: Transcript) -> Iterator[Finding]:
    hint = "Without a path, replace each member of the value object: it is how Okta's catalogue apps deactivate."
    yield from _applied(transcript, "patch.pathless", f"{MARK}pathless", hint)


@judges("RFC7643-2.1-01", probe="patching", when=_tried_where_it_stores("patch.name-case"))
def attribute_names_have_no_letter_case(transcript: Transcript) -> Iterator[Finding]:
    hint = "Compare attribute names without regard to letter case."
    yield from _applied(transcript, "patch.name-case", f"{MARK}name-case", hint)
    active = one(transcript, "patch.active-case")
    if active is not None and active.is_error:
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {active.status}",
            hint=hint,
            exchange=active.id,
            likeness="active",
        )


@judges("RFC7643-2.3.8-01", probe="patching", when=_tried_where_it_stores("patch.member-order"))
def the_order_of_members_means_nothing(transcript: Transcript) -> Iterator[Finding]:
    hint = "Read the members of a JSON object by name: Entra sends Operations before schemas at times."
    yield from _applied(transcript, "patch.member-order", f"{MARK}member-order", hint)


@judges("RFC7644-3.5.2-10", probe="patching", when=_tried_where_it_stores("patch.in-order"))
def operations_are_applied_in_order(transcript: Transcript) -> Iterator[Finding]:
    hint = "Apply the operations one after the other, each to the result of the one before."
    yield from _applied(transcript, "patch.in-order", f"{MARK}in-order-2", hint)


@judges("RFC7644-3.5.2.2-02", probe="patching", when=_tried_where_it_stores("patch.remove"))
def remove_unassigns_a_single_value(transcript: Transcript) -> Iterator[Finding]:
    hint = "After a remove the attribute has no value: leave it out of the answer, or show null."
    yield from _applied(transcript, "patch.remove", None, hint)


@judges("RFC7644-3.5.2.1-07", probe="patching", when=_tried_where_it_stores("patch.add-again"))
def adding_what_is_there_succeeds(transcript: Transcript) -> Iterator[Finding]:
    hint = "Answer with success and change nothing: an IdP repeats itself after a time-out."
    yield from _applied(transcript, "patch.add-again", f"{MARK}add", hint)


def _added_twice(transcript: Transcript) -> bool:
    first, second = pair(transcript, "patch.add"), pair(transcript, "patch.add-again")
    return bool(first and second and first[0].ok and second[0].ok and instant(_changed_at(first[1])))


def _changed_at(exchange: Exchange) -> object:
    return member(exchange.resource, "meta", "lastModified")


@judges("RFC7644-3.5.2.1-08", probe="patching", when=_added_twice)
def adding_what_is_there_moves_no_time(transcript: Transcript) -> Iterator[Finding]:
    first, second = pair(transcript, "patch.add"), pair(transcript, "patch.add-again")
    assert first is not None
    assert second is not None
    if instant(_changed_at(first[1])) != instant(_changed_at(second[1])):
        yield Finding(
            expected=[str(_changed_at(first[1]))],
            actual=_changed_at(second[1]),
            at="/meta/lastModified",
            hint="Compare before you write, and leave lastModified alone when nothing changed.",
            exchange=second[1].id,
        )


@judges(
    "RFC7644-3.9-06",
    probe="patching",
    when=lambda transcript: bool((answer := one(transcript, "patch.attributes")) and answer.resource),
)
def a_write_answers_with_the_attributes_that_were_asked_for(transcript: Transcript) -> Iterator[Finding]:
    """Only externalId was asked for; a person has more than what is always returned."""
    answer = one(transcript, "patch.attributes")
    assert answer is not None
    more = [n for n in ("displayName", "emails", "name") if not unassigned(member(answer.resource, n))]
    if more:
        yield Finding(
            expected=["externalId, and what is returned always"],
            actual=", ".join(more),
            at=f"/{more[0]}",
            hint="Obey attributes= in the answer to a write as in any other.",
            exchange=answer.id,
        )


@judges(
    "RFC7644-3.5.2-13",
    probe="patching",
    when=lambda transcript: bool((answer := one(transcript, "patch.attributes")) and answer.ok),
)
def asking_for_attributes_gets_an_answer_with_a_body(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "patch.attributes")
    assert answer is not None
    if answer.status != 200 or not answer.resource:
        yield Finding(
            expected=["HTTP 200 with the attributes that were asked for"],
            actual=f"HTTP {answer.status}",
            hint="204 is right for a plain PATCH only: with attributes= the client wants to see them.",
            exchange=answer.id,
        )


# All or nothing.


def _refused_together(transcript: Transcript) -> bool:
    return _stores(transcript) and any(
        (found := pair(transcript, tag)) and found[0].is_error for tag in ("patch.atomic", "patch.atomic-readonly")
    )


@judges("RFC7644-3.5.2-11", probe="patching", when=_refused_together)
def a_patch_is_applied_whole_or_not_at_all(transcript: Transcript) -> Iterator[Finding]:
    """After an error the good operation of the request has not been applied either."""
    for tag in ("atomic", "atomic-readonly"):
        found = pair(transcript, f"patch.{tag}")
        if found is None or not found[0].is_error:
            continue
        if member(found[1].resource, "externalId") == f"{MARK}{tag}" or is_inactive(found[1].resource):
            yield _half(found[0], found[1], tag)
            return
    last = one(transcript, "patch.broken.read")
    kept = member(last.resource, "externalId") if last is not None else None
    for exchange in transcript.exchanges:
        name = exchange.tag.removeprefix("patch.broken.")
        if last is not None and exchange.is_error and name != exchange.tag and kept == f"{MARK}{name}":
            yield _half(exchange, last, name)


def _half(write: Exchange, read: Exchange, likeness: str) -> Finding:
    return Finding(
        expected=["nothing is applied when an operation fails"],
        actual=f'HTTP {write.status}, and then "externalId": {as_json(member(read.resource, "externalId"))}, '
        f'"active": {as_json(member(read.resource, "active"))}',
        hint="Check all operations before the first is stored, or roll back: the client believes nothing was done.",
        exchange=read.id,
        likeness=likeness,
    )


def _mixed_with_the_id(transcript: Transcript) -> bool:
    found = pair(transcript, "patch.atomic-readonly")
    return found is not None and found[0].ok


@judges("RFC7644-3.5.2-11", probe="patching", when=_mixed_with_the_id)
def a_patch_of_the_id_is_not_passed_over(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """Only a declared tolerance lets the good half of a request through."""
    found = pair(transcript, "patch.atomic-readonly")
    assert found is not None
    if not profile.tolerates("mixed-patch"):
        yield Finding(
            expected=["HTTP 400, and nothing applied"],
            actual=f"HTTP {found[0].status}",
            hint='Refuse the request whole, or declare the tolerance "mixed-patch" when the half is meant.',
            exchange=found[0].id,
            likeness="undeclared",
        )


def _patch_refused(moment: Moment) -> bool:
    return _refused(moment, "PATCH")


def _refused(moment: Moment, method: str) -> bool:
    writes = [x for x in moment.during if x.method in WRITES and x.subject == moment.part]
    refused = (
        bool(writes) and all(x.is_error and answered(x) for x in writes) and any(x.method == method for x in writes)
    )
    before, after = state_before(moment), state_after(moment)
    return refused and before is not None and after is not None and bool(after.resource)


@judges("RFC7644-3.5.2-11", when=_patch_refused)
def a_refused_patch_changes_nothing(moment: Moment) -> Iterator[Finding]:
    """The person reads as before when every write of the IdP was refused."""
    yield from unchanged(moment)


def unchanged(moment: Moment) -> Iterator[Finding]:
    """What is different about the person of a Moment although nothing was confirmed."""
    before, after = state_before(moment), state_after(moment)
    assert before is not None
    assert after is not None
    for difference in differences(before.resource, after.resource):
        yield Finding(
            expected=[f"{difference.pointer} as before the refused request: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint="The IdP was told that nothing happened: apply all of a request, or nothing.",
            exchange=after.id,
            likeness=difference.pointer,
        )


def put_refused(moment: Moment) -> bool:
    return _refused(moment, "PUT")
