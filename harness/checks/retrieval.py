"""Reading one person: by the id, and by nothing else (RFC 7644 §3.4, §3.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.http import one
from harness.checks.reading import (
    attributes_of,
    below,
    member,
    people,
    reads_one,
    seen,
    text,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

ELSEWHERE = ("ids.location", "ids.suffix", "ids.swapped", "ids.user-name", "ids.unknown", "ids.odd", "ids.injection")
"""Reads by what is no id of anybody: other clauses are about them."""


def _reads_somebody(exchange: Exchange) -> bool:
    if not reads_one(exchange, "Users") or exchange.tag in ELSEWHERE or exchange.tag.startswith("token."):
        return False
    return not unread(exchange) and (exchange.ok or exchange.tag == "ids.known")


@judges("RFC7644-3.4.1-01", when=_reads_somebody)
def a_person_is_read_by_id(exchange: Exchange) -> Iterator[Finding]:
    """Whoever reads: a 200 holds the person who was asked for. That the person is there, a probe has seen before."""
    if exchange.status != 200 or text(member(exchange.resource, "id")) != below(exchange):
        yield Finding(
            expected=[f"200 with the person whose id is {below(exchange)}"],
            actual=seen(exchange),
            at="/id" if exchange.ok else "",
            likeness="another" if exchange.ok else str(exchange.status),
            hint="What stands behind /Users/ is the id, as it came in id.",
        )


@judges("RFC7644-3.4.1-02", when=lambda x: x.tag in ("ids.unknown", "ids.odd") and (x.ok or not unread(x)))
def an_unknown_id_is_not_found(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 404:
        yield Finding(
            expected=["404"],
            actual=seen(exchange),
            likeness=exchange.tag,
            hint=f"{exchange.title}: nobody has this id, whatever it looks like.",
        )


@judges("RFC7644-3.4-02", when=lambda x: x.tag == "ids.user-name" and not unread(x))
def a_user_name_in_place_of_the_id_finds_nobody(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 404:
        yield Finding(
            expected=["404"],
            actual=seen(exchange),
            likeness="found" if exchange.ok else str(exchange.status),
            hint="Only the id stands in the path. A name that changes hands would lead to somebody else.",
        )


def _twice(transcript: Transcript) -> tuple[Exchange, Exchange] | None:
    """Two reads of the same person directly after each other. Only our own person: nobody else changes that one."""
    first, second = one(transcript, "ids.known"), one(transcript, "ids.again")
    if first is None or second is None or first.subject not in transcript.cast:
        return None
    return (first, second) if first.resource and second.resource else None


@judges("RFC7644-3.4-03", probe="ids", when=lambda transcript: _twice(transcript) is not None)
def reading_changes_nothing(transcript: Transcript) -> Iterator[Finding]:
    pair = _twice(transcript)
    for name in ("lastModified", "version") if pair else ():
        before, after = (member(member(x.resource, "meta"), name) for x in pair or ())
        if before != after:
            yield Finding(
                expected=[before],
                actual=after,
                at=f"/meta/{name}",
                exchange=pair[1].id if pair else "",
                hint="Nothing was written between two reads: clients take a new value for a change.",
            )


def _both_ways(transcript: Transcript) -> tuple[Exchange, dict[str, object], dict[str, object]] | None:
    """The same person read by id and found in a list, next to each other."""
    known, listed = one(transcript, "ids.known"), one(transcript, "ids.listed")
    if known is None or listed is None or not known.resource:
        return None
    for _, person in people(listed):
        if member(person, "id") == member(known.resource, "id"):
            return listed, attributes_of(known.resource), attributes_of(person)
    return None


@judges("RFC7644-3.4-01", probe="ids", when=lambda transcript: _both_ways(transcript) is not None)
def a_list_shows_the_same_attributes_as_a_read(transcript: Transcript) -> Iterator[Finding]:
    both = _both_ways(transcript)
    if both is None:
        return
    listed, by_id, in_list = both
    for name in sorted(by_id.keys() ^ in_list.keys()):
        yield Finding(
            expected=["the same attributes in the list as by id, for no others were asked for"],
            actual=f"{name} only {'by id' if name in by_id else 'in the list'}",
            at=f"/Resources/0/{name}",
            exchange=listed.id,
            likeness=name,
            hint="An import reads the list, a sync reads by id: they must see the same person.",
        )
