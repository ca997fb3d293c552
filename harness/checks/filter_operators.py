"""Operators and types in filters: what each comparison of the table finds (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.common import UUID
from harness.checks.filters import declined, finds, not_found, person, variants
from harness.checks.http import one
from harness.checks.reading import ids, known_as, listing, member, page, people, seen, text
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _answered(*tags: str) -> Callable[[Transcript], bool]:
    return lambda t: any(not declined(x) for x in variants(t, *tags))


def _usable(transcript: Transcript, *tags: str) -> list[Exchange]:
    return [x for x in variants(transcript, *tags) if not declined(x)]


@judges("RFC7644-3.4.2.2-07", probe="filters", when=_answered("filters.display"))
def a_text_is_compared_whole(transcript: Transcript) -> Iterator[Finding]:
    for answer in _usable(transcript, "filters.display"):
        yield from not_found(answer, transcript, "displayName eq with the person's own displayName.")


@judges("RFC7644-3.4.2.2-10", probe="filters", when=_answered("filters.id"))
def a_person_is_found_by_id(transcript: Transcript) -> Iterator[Finding]:
    for answer in _usable(transcript, "filters.id"):
        yield from not_found(answer, transcript, "id eq with the person's own id.")
        if answer.ok and len(page(answer)) > 1:
            yield Finding(
                expected=["one person"],
                actual=f"{len(page(answer))} people",
                at="/Resources",
                exchange=answer.id,
                likeness="several",
                hint="An id has one bearer.",
            )


_STATES = {"filters.active-true": True, "filters.active-false": False}


@judges("RFC7644-3.4.2.2-08", probe="filters", when=_answered(*_STATES))
def active_people_are_told_from_inactive_ones(transcript: Transcript) -> Iterator[Finding]:
    for answer in _usable(transcript, *_STATES):
        for pointer, entry in people(answer):
            shown = member(entry, "active")
            if shown is (not _STATES[answer.tag]):
                yield Finding(
                    expected=[str(_STATES[answer.tag]).lower()],
                    actual=shown,
                    at=f"{pointer}/active",
                    exchange=answer.id,
                    likeness=answer.tag,
                    hint="active eq true and active eq false part the people in two.",
                )
        is_there = member(person(transcript), "active") is _STATES[answer.tag]
        if is_there and not (answer.ok and page(answer)):
            yield Finding(
                expected=["200 with at least the person who was read before"],
                actual=seen(answer) if not answer.ok else "nobody",
                at="/Resources" if answer.ok else "",
                exchange=answer.id,
                likeness="nobody",
                hint="The literals true and false stand without quotation marks.",
            )


@judges("RFC7644-3.4.2.2-19", probe="filters", when=_answered("filters.and-true", "filters.and-false"))
def and_needs_both(transcript: Transcript) -> Iterator[Finding]:
    active = member(person(transcript), "active")
    for answer in _usable(transcript, "filters.and-true", "filters.and-false"):
        if active is (answer.tag == "filters.and-true"):
            yield from not_found(answer, transcript, "Both comparisons are true of this person.")
        elif active is not None and page(answer):
            yield Finding(
                expected=["nobody: one of the two comparisons is false"],
                actual=f"{len(page(answer))} people",
                at="/Resources",
                exchange=answer.id,
                likeness="half",
                hint="and is true only where both sides are.",
            )


@judges("RFC7644-3.4.2.2-21", probe="filters", when=_answered("filters.not", "filters.not-tight"))
def not_turns_the_answer_round(transcript: Transcript) -> Iterator[Finding]:
    """With and without the space before the bracket; declining one of the spellings is no fault (C16)."""
    for answer in _usable(transcript, "filters.not", "filters.not-tight"):
        if (not answer.ok and answer.status != 404) or finds(answer, transcript):
            yield Finding(
                expected=["everybody but the person"],
                actual="the person" if answer.ok else seen(answer),
                at="/Resources" if answer.ok else "",
                exchange=answer.id,
                likeness=answer.tag,
                hint="not ( ... ) shows exactly those whom the brackets do not match.",
            )


@judges("RFC7644-3.4.2.2-27", "RFC7644-3.12-05", probe="filters", when=_answered("filters.family", "filters.complex"))
def parts_of_a_name_are_compared_and_the_whole_is_not(transcript: Transcript) -> Iterator[Finding]:
    for answer in _usable(transcript, "filters.family"):
        yield from not_found(answer, transcript, "name.familyName eq with the person's own family name.")
    for answer in _usable(transcript, "filters.complex"):
        empty = answer.ok and not page(answer)
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"'],
            actual="nobody" if empty else f"{len(page(answer))} people" if answer.ok else seen(answer),
            exchange=answer.id,
            requirement="RFC7644-3.12-05" if empty else "RFC7644-3.4.2.2-27",
            likeness="complex",
            hint="name is an object and has no value of its own to compare.",
        )


_EXACTNESS = ("filters.family-case", "filters.id-case")


@judges("RFC7643-7-C02", "HTTP-ID-01", probe="filters", when=_answered(*_EXACTNESS))
def letter_case_counts_where_the_schema_says_so(transcript: Transcript) -> Iterator[Finding]:
    own = known_as(person(transcript))
    plain = one(transcript, "filters.family")
    for answer in _usable(transcript, "filters.family-case"):
        if plain is not None and plain.ok and finds(plain, transcript) and not _family_is_exact(transcript):
            hint = "Names are not case-exact: the same person is found in any letter case."
            yield from not_found(answer, transcript, hint)
    for answer in _usable(transcript, "filters.id-case"):
        if answer.ok and own in ids(answer):
            yield Finding(
                expected=["nobody: id is case-exact"],
                actual=own,
                at="/Resources/0/id",
                exchange=answer.id,
                requirement="HTTP-ID-01" if UUID.fullmatch(own) else "RFC7643-7-C02",
                likeness="id",
                hint="id is compared letter for letter.",
            )


def _family_is_exact(transcript: Transcript) -> bool:
    for exchange in transcript.tagged("filters.schema"):
        for entry in listing(member(exchange.json, "attributes")):
            if text(member(entry, "name")).lower() == "name":
                parts = listing(member(entry, "subAttributes"))
                return any(
                    text(member(p, "name")).lower() == "familyname" and member(p, "caseExact") is True for p in parts
                )
    return False
