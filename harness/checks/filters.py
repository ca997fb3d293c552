"""Filters: the right person and nobody else, however the lookup is spelt (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from harness.checks.http import one
from harness.checks.reading import (
    asked,
    entries,
    holds,
    mapping,
    member,
    page,
    people,
    queries,
    seen,
    text,
    total,
    unread,
)
from harness.model.addressed import COLLECTIONS
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.transcript import Transcript

REFUSED = (400, 422)
"""Refusals of a bad request. 422 is a warning of its own, and not a second one here."""

UNSUPPORTED = (*REFUSED, 403, 501)
"""Answers with which a legal filter may be declined: 400 is right, the others are only tolerated."""

_SIMPLE = re.compile(
    r'\s*(?:urn:[^"\s]+:)?(userName|displayName|externalId|id|name\.familyName)\s+eq\s+("(?:[^"\\]|\\.)*")\s*',
    re.IGNORECASE | re.DOTALL,
)


def person(transcript: Transcript) -> dict[str, Any]:
    """The person whom the probe looks for, as read before the first filter; {} when nobody is there."""
    for exchange in transcript.tagged("filters.person"):
        for _, found in people(exchange):
            return found
    return {}


def finds(answer: Exchange, transcript: Transcript) -> bool:
    return holds(answer, person(transcript))


def declined(answer: Exchange) -> bool:
    return answer.status in UNSUPPORTED


def _simple(exchange: Exchange) -> tuple[str, str] | None:
    """Attribute and value of a filter that is one plain comparison, or None."""
    return _compared(text(asked(exchange).get("filter")))


@lru_cache(maxsize=1024)
def _compared(asked_for: str) -> tuple[str, str] | None:
    match = _SIMPLE.fullmatch(asked_for)
    if match is None:
        return None
    try:
        return match[1], str(json.loads(match[2], strict=False))
    except ValueError:
        return None


def _alike(first: str, second: str) -> bool:
    """Equal in every way that a service may rightly compare: case, width and composition (C35)."""
    return _folded(first) == _folded(second)


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).casefold().strip()


def _has_simple_answer(exchange: Exchange) -> bool:
    return exchange.ok and queries(exchange, *COLLECTIONS) and _simple(exchange) is not None and exchange.is_list


@judges("RFC7644-3.4.2.2-01", when=_has_simple_answer)
def only_matching_people_are_found(exchange: Exchange) -> Iterator[Finding]:
    """Every lookup of the run, the IdP's included: whoever is returned has the value that was asked for."""
    simple = _simple(exchange)
    for pointer, entry in entries(exchange) if simple else ():
        name, value = simple or ("", "")
        shown: Any = entry
        for step in name.split("."):
            shown = member(shown, step)
        if isinstance(shown, str) and not _alike(shown, value):
            yield Finding(
                expected=[f"only whoever has {name} {as_json(value)}"],
                actual=shown,
                at=f"{pointer}/{name.replace('.', '/')}",
                likeness=name.lower(),
                hint="An IdP takes the first match for its person and deactivates it: this is somebody else.",
            )


@judges("RFC7644-3.4.2.2-01", when=lambda x: x.tag == "filters.exact" and not unread(x))
def a_known_person_is_found(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    yield from not_found(exchange, transcript, "Looking a person up by userName is what every client begins with.")


def not_found(answer: Exchange, transcript: Transcript, hint: str) -> Iterator[Finding]:
    if (
        answer.ok
        and not isinstance(mapping(answer.json).get("Resources"), list)
        and (total(answer) or not answer.is_list)
    ):
        return  # No list, or one whose people stand under another name: that is the finding.
    if answer.ok and (total(answer) or 0) > len(page(answer)) > 0:
        return  # More people match than one page holds: the person may be on another one.
    if not answer.ok or not finds(answer, transcript):
        yield Finding(
            expected=[f"200 with the person {text(member(person(transcript), 'id'))}"],
            actual=f"200 with {len(page(answer))} others" if answer.ok else seen(answer),
            at="/Resources" if answer.ok else "",
            exchange=answer.id,
            likeness=answer.tag,
            hint=hint,
        )


def reads_filters(transcript: Transcript) -> bool:
    """Whether a filter that matches nobody finds nobody. A service that ignores all filters has one fault, not ten."""
    nobody = one(transcript, "filters.none")
    # Where the question was lost on the way, nothing is known either.
    return not page(nobody) if nobody is not None else not transcript.tagged("filters.none")


def works(transcript: Transcript) -> bool:
    """Whether the plain lookup finds the person, and nobody else is found by another: only then a variant tells."""
    exact = one(transcript, "filters.exact")
    return (
        reads_filters(transcript)
        and exact is not None
        and exact.ok
        and bool(person(transcript))
        and finds(exact, transcript)
    )


def variants(transcript: Transcript, *tags: str) -> list[Exchange]:
    answers = [one(transcript, tag) for tag in tags] if works(transcript) else []
    return [x for x in answers if x is not None]


@judges("RFC7644-3.4.2.2-02", probe="filters", when=lambda t: bool(variants(t, "filters.name-case")))
def names_in_a_filter_have_no_letter_case(transcript: Transcript) -> Iterator[Finding]:
    for answer in variants(transcript, "filters.name-case"):
        yield from not_found(answer, transcript, "USERNAME is the same attribute as userName.")


@judges("RFC7644-3.4.2.2-03", probe="filters", when=lambda t: bool(variants(t, "filters.operator-case")))
def operators_have_no_letter_case(transcript: Transcript) -> Iterator[Finding]:
    for answer in variants(transcript, "filters.operator-case"):
        yield from not_found(answer, transcript, "EQ is the same operator as eq.")


@judges("RFC7643-4.1.1-03", probe="filters", when=lambda t: bool(variants(t, "filters.value-case")))
def a_user_name_is_found_in_any_letter_case(transcript: Transcript) -> Iterator[Finding]:
    for answer in variants(transcript, "filters.value-case"):
        hint = "The IdP may hold the name in another case than sign-in brought it: then the leaver is not found."
        yield from not_found(answer, transcript, hint)


_QUALIFIED = ("filters.urn", "filters.urn-case")


@judges("RFC7644-3.4.2.2-29", probe="filters", when=lambda t: bool(variants(t, *_QUALIFIED)))
def a_name_with_its_urn_is_the_same_name(transcript: Transcript) -> Iterator[Finding]:
    for answer in variants(transcript, *_QUALIFIED):
        yield from not_found(answer, transcript, "The URN in front only says which schema the attribute is from.")


@judges("RFC7644-1.2-01", probe="filters", when=lambda t: bool(variants(t, "filters.percent", "filters.double")))
def an_address_is_decoded_once(transcript: Transcript) -> Iterator[Finding]:
    for answer in variants(transcript, "filters.percent"):
        yield from not_found(answer, transcript, "A letter that is percent-encoded is that letter (RFC 3986 §2.3).")
    for answer in variants(transcript, "filters.double"):
        if answer.ok and finds(answer, transcript):
            yield Finding(
                expected=["nobody: the user name has a percent sign in it"],
                actual="the person",
                at="/Resources",
                exchange=answer.id,
                likeness="twice",
                hint="The query was decoded twice: what a client has escaped comes to life.",
            )


@judges("RFC7644-3.4.2.2-31", probe="filters", when=lambda t: bool(variants(t, "filters.escaped", "filters.quote")))
def escapes_in_a_value_are_decoded(transcript: Transcript) -> Iterator[Finding]:
    for answer in variants(transcript, "filters.escaped"):
        yield from not_found(answer, transcript, "A value is a JSON string: \\u0061 is the letter a.")
    for answer in variants(transcript, "filters.quote"):
        # A 403 may come from a gateway that dislikes the sign; a 404 is the finding of another clause.
        if answer.status not in (403, 404) and (not answer.ok or page(answer)):
            yield Finding(
                expected=["200 with nobody"],
                actual=f"{len(page(answer))} people" if answer.ok else seen(answer),
                exchange=answer.id,
                likeness="quote",
                hint='\\" inside the value is a quotation mark and does not end it.',
            )
