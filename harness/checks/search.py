"""Searching by POST to .search: a question, not a create (RFC 7644 §3.4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.declared import always_returned
from harness.checks.filters import REFUSED
from harness.checks.http import NOT_OFFERED, one
from harness.checks.reading import (
    attributes_of,
    member,
    names,
    page,
    people,
    seen,
    text,
    total,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _asked_twice(transcript: Transcript) -> tuple[Exchange, Exchange] | None:
    """The same question by GET, which worked, and by POST."""
    plain, posted = one(transcript, "search.plain"), one(transcript, "search.post")
    return (plain, posted) if plain is not None and posted is not None and plain.ok and plain.is_list else None


@judges("RFC7644-3.4.3-01", probe="search", when=lambda transcript: _asked_twice(transcript) is not None)
def a_search_answers_like_a_query(transcript: Transcript) -> Iterator[Finding]:
    both = _asked_twice(transcript)
    if both is None:
        return
    plain, posted = both
    if posted.status != 200 or not posted.is_list:
        yield Finding(
            expected=["200 with the list that the same question got by GET"],
            actual=seen(posted),
            exchange=posted.id,
            likeness="created" if posted.status == 201 else str(posted.status),
            hint="POST to .search asks; it never creates anybody.",
        )
    elif sorted(names(posted)) != sorted(names(plain)) or total(posted) != total(plain):
        yield Finding(
            expected=[f"totalResults {total(plain)}, as by GET"],
            actual=f"totalResults {total(posted)}",
            at="/Resources",
            exchange=posted.id,
            likeness="other people",
            hint="The filter stands in the body and means the same there.",
        )


@judges("RFC7644-3.4.3-02", "HTTP-SEARCH-01", when=lambda x: x.tag == "search.no-schemas" and not unread(x))
def a_search_names_itself(exchange: Exchange) -> Iterator[Finding]:
    """To answer such a body all the same is careless, to create somebody from it or to fail is wrong."""
    if exchange.status not in (*REFUSED, *NOT_OFFERED):
        lenient = exchange.status == 200 and exchange.is_list
        yield Finding(
            expected=["400"],
            actual=f"200 with {total(exchange)} people" if lenient else seen(exchange),
            requirement="HTTP-SEARCH-01" if lenient else "RFC7644-3.4.3-02",
            likeness="answered" if lenient else str(exchange.status),
            hint="The body did not say that it is a SearchRequest.",
        )


@judges("RFC7644-3.4.3-05", when=lambda x: x.tag == "search.bad-filter" and not unread(x))
def a_search_refuses_a_bad_filter(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in (*REFUSED, *NOT_OFFERED):
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"'],
            actual=f"200 with {total(exchange)} people" if exchange.ok else seen(exchange),
            likeness="taken" if exchange.ok else str(exchange.status),
            hint="The grammar is the same in a body as in an address.",
        )


def _works(transcript: Transcript, tag: str) -> Exchange | None:
    """The answer to a further search, when the plain one works: only then it tells something."""
    both, answer = _asked_twice(transcript), one(transcript, tag)
    works = both is not None and both[1].status == 200 and names(both[1]) == names(both[0]) and bool(names(both[0]))
    return answer if works and answer is not None and not unread(answer) else None


@judges("RFC7644-3.4.3-03", probe="search", when=lambda transcript: _works(transcript, "search.attributes") is not None)
def a_search_chooses_attributes_by_a_list(transcript: Transcript) -> Iterator[Finding]:
    answer = _works(transcript, "search.attributes")
    if answer is None:
        return
    beyond = [
        (pointer, name)
        for pointer, person in people(answer)
        for name in attributes_of(person)
        if name not in {"schemas", "meta", "username"} | always_returned(transcript)
    ]
    nameless = [pointer for pointer, person in people(answer) if not text(member(person, "userName"))]
    if not answer.ok or beyond or nameless:
        pointer, name = beyond[0] if beyond else (next(iter(nameless), ""), "userName")
        yield Finding(
            expected=["200 with id and userName"],
            actual=f"{name} too" if beyond else "no userName" if answer.ok else seen(answer),
            at=f"{pointer}/{name}" if answer.ok else "",
            exchange=answer.id,
            likeness="more" if beyond else "less" if answer.ok else str(answer.status),
            hint='In a body it is "attributes": ["userName"], an array of names.',
        )


_COUNTS = ("search.count-zero", "search.count-negative", "search.zero")


@judges("RFC7644-3.4.3-04", probe="search", when=lambda t: any(_works(t, tag) is not None for tag in _COUNTS))
def a_search_reads_its_numbers_as_a_query_does(transcript: Transcript) -> Iterator[Finding]:
    for tag in _COUNTS:
        answer = _works(transcript, tag)
        if answer is None:
            continue
        known = total(one(transcript, "search.plain") or answer)
        shown = len(page(answer))
        right = (shown == 0) if tag != "search.zero" else shown == known
        if not answer.ok or total(answer) != known or not right:
            yield Finding(
                expected=[f"200 with totalResults {known} and {'nobody' if tag != 'search.zero' else 'the person'}"],
                actual=f"totalResults {total(answer)}, {shown} resources" if answer.ok else seen(answer),
                at="/Resources" if answer.ok else "",
                exchange=answer.id,
                likeness=tag,
                hint="startIndex and count are whole numbers in the body, with the rules of a query.",
            )


def _offers_filters(transcript: Transcript) -> tuple[Exchange, Exchange] | None:
    """A lookup by GET that worked, and the same by POST."""
    plain, posted = one(transcript, "search.plain"), one(transcript, "search.post")
    return (plain, posted) if plain is not None and plain.ok and plain.is_list and posted is not None else None


@judges("RFC7644-3.4.3-08", probe="search", when=lambda transcript: _offers_filters(transcript) is not None)
def whoever_can_be_looked_up_can_be_searched_by_post(transcript: Transcript) -> Iterator[Finding]:
    both = _offers_filters(transcript)
    if both is not None and both[1].status in NOT_OFFERED:
        yield Finding(
            expected=["200, as by GET"],
            actual=seen(both[1]),
            exchange=both[1].id,
            likeness=str(both[1].status),
            hint="Names of people in addresses end up in logs; a search by POST keeps them in the body.",
        )
