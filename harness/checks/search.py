"""Searching by POST to .search: a question, not a create (RFC 7644 §3.4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.filters import REFUSED
from harness.checks.http import NOT_OFFERED, one
from harness.checks.reading import (
    ids,
    seen,
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
    elif sorted(ids(posted)) != sorted(ids(plain)) or total(posted) != total(plain):
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
