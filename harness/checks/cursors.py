"""Paging by cursor, where a service offers it (RFC 9865)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harness.checks.declared import configuration
from harness.checks.http import one
from harness.checks.paging import everybody, quiet
from harness.checks.reading import (
    asked,
    elsewhere,
    endpoint,
    mapping,
    member,
    names,
    number,
    page,
    seen,
    text,
    total,
)
from harness.checks.sorting import value_at
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

PROBE = "paging"
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")


def _offered(transcript: Transcript) -> dict[str, Any]:
    """What the configuration says of paging when it offers cursors, else {}."""
    pagination = mapping(member(configuration(transcript), "pagination"))
    return pagination if member(pagination, "cursor") is True else {}


def answers(transcript: Transcript, *tags: str) -> list[Exchange]:
    found = [one(transcript, f"paging.{tag}") for tag in tags] if _offered(transcript) else []
    return [x for x in found if x is not None and not elsewhere(x)]


def asks(*tags: str) -> Any:
    return lambda transcript: bool(answers(transcript, *tags))


def _behind(answer: Exchange, name: str = "nextCursor") -> Any:
    return mapping(answer.json).get(name)


def _refused(answer: Exchange, hint: str) -> Finding:
    return Finding(
        expected=["200 with a page: the configuration says that cursors are supported"],
        actual=seen(answer),
        exchange=answer.id,
        likeness=f"{answer.tag} {answer.status}",
        hint=hint,
    )


@judges("RFC9865-2-01", probe=PROBE, when=asks("cursor", "cursor-bare"))
def an_empty_cursor_means_the_first_page(transcript: Transcript) -> Iterator[Finding]:
    order = quiet(transcript, 1)
    for answer in answers(transcript, "cursor", "cursor-bare"):
        if not answer.ok:
            yield _refused(answer, "A client begins with an empty cursor.")
        elif order and len(order) == everybody(transcript) and not set(names(answer)) <= set(order):
            yield Finding(
                expected=["the first page of the people that the list shows"],
                actual=names(answer),
                at="/Resources",
                exchange=answer.id,
                likeness="others",
                hint="Without a value the parameter asks for the first page.",
            )
    both = [x for x in answers(transcript, "cursor", "cursor-bare") if x.ok]
    if order and len(both) == 2 and names(both[0]) != names(both[1]):
        yield Finding(
            expected=["the same page as with an empty value"],
            actual=names(both[1]),
            at="/Resources",
            exchange=both[1].id,
            likeness="bare",
            hint="cursor and cursor= are the same.",
        )


def _walk(transcript: Transcript) -> list[Exchange]:
    walk = [x for x in transcript.tagged("paging.cursor-walk") if x.answered] if _offered(transcript) else []
    return [] if any(elsewhere(x) or not x.ok for x in walk) else walk


@judges("RFC9865-2-02", probe=PROBE, when=lambda t: bool(_walk(t)) and everybody(t) > 0)
def every_page_but_the_last_leads_on(transcript: Transcript) -> Iterator[Finding]:
    walk, known = _walk(transcript), everybody(transcript)
    shown = 0
    for answer in walk:
        shown += len(page(answer))
        leads_on = text(_behind(answer)) != ""
        if leads_on != (shown < known):
            yield Finding(
                expected=["nextCursor: there is more" if shown < known else "no nextCursor on the last page"],
                actual=_behind(answer),
                at="/nextCursor",
                exchange=answer.id,
                likeness="more" if leads_on else "less",
                hint=f"{shown} of {known} people have been shown.",
            )
            return


def _cursors(exchange: Exchange) -> Iterator[tuple[str, Any]]:
    for name in ("nextCursor", "previousCursor"):
        value = mapping(exchange.json).get(name)
        if value is not None and exchange.ok and exchange.is_list:
            yield name, value


@judges("RFC9865-2-03", when=lambda exchange: any(True for _ in _cursors(exchange)))
def a_cursor_needs_no_escaping(exchange: Exchange) -> Iterator[Finding]:
    for name, value in _cursors(exchange):
        if not UNRESERVED.fullmatch(text(value)):
            yield Finding(
                expected=["letters, digits, and - . _ ~ alone"],
                actual=value,
                at=f"/{name}",
                likeness=name,
                hint="Clients put it into an address as it is.",
            )


@judges("RFC9865-2-04", probe=PROBE, when=asks("cursor"))
def the_first_page_leads_nowhere_back(transcript: Transcript) -> Iterator[Finding]:
    for answer in answers(transcript, "cursor"):
        if answer.ok and _behind(answer, "previousCursor") is not None:
            yield Finding(
                expected=["no previousCursor"],
                actual=_behind(answer, "previousCursor"),
                at="/previousCursor",
                exchange=answer.id,
                hint="There is nothing before the first page.",
            )


@judges("RFC9865-2-05", probe=PROBE, when=asks("cursor", "cursor-zero", "cursor-negative"))
def a_page_by_cursor_keeps_to_its_count(transcript: Transcript) -> Iterator[Finding]:
    for answer in (*answers(transcript, "cursor", "cursor-zero", "cursor-negative"), *_walk(transcript)):
        most = max(number(_count(answer)) or 0, 0)
        if answer.ok and len(page(answer)) > most:
            yield Finding(
                expected=[f"{most} people at most"],
                actual=f"{len(page(answer))} people",
                at="/Resources",
                exchange=answer.id,
                likeness=answer.tag,
                hint="count means the same as in paging by index.",
            )
        elif not answer.ok and answer.tag != "paging.cursor":
            yield _refused(answer, "0 and negative counts ask how many there are.")


def _count(answer: Exchange) -> int:
    try:
        return int(text(asked(answer).get("count")) or "0")
    except ValueError:
        return 0


def _whole_walk(transcript: Transcript) -> list[Exchange]:
    walk = _walk(transcript)
    order = quiet(transcript, 2)
    return walk if walk and order and len(order) == everybody(transcript) and not text(_behind(walk[-1])) else []


@judges("RFC9865-2-06", probe=PROBE, when=lambda transcript: bool(_whole_walk(transcript)))
def cursors_cover_everybody_once(transcript: Transcript) -> Iterator[Finding]:
    walk = _whole_walk(transcript)
    turned = [name for answer in walk for name in names(answer)]
    if sorted(turned) != sorted(quiet(transcript, 2)):
        yield Finding(
            expected=["everybody of the whole list, each once"],
            actual=f"{len(set(turned))} different people in {len(turned)} places on {len(walk)} pages",
            at="/Resources",
            exchange=walk[-1].id,
            hint="Following the cursors to the end must show everybody once.",
        )


@judges("RFC9865-2.2-01", probe=PROBE, when=asks("cursor-sorted"))
def pages_by_cursor_are_sorted(transcript: Transcript) -> Iterator[Finding]:
    for answer in answers(transcript, "cursor-sorted"):
        names = [value_at(mapping(entry), "userName") for entry in page(answer)]
        if not answer.ok:
            yield _refused(answer, "Sorting and cursors are both offered.")
        elif [n.casefold() for n in names] != sorted(n.casefold() for n in names):
            yield Finding(
                expected=["people by userName"],
                actual=names[:5],
                at="/Resources",
                exchange=answer.id,
                likeness="order",
                hint="sortBy holds for pages by cursor too.",
            )


def _left_open(transcript: Transcript) -> Exchange | None:
    """The answer to a request that names neither way, where both are offered and one is named as the default."""
    both = member(_offered(transcript), "index") is True and text(
        member(_offered(transcript), "defaultPaginationMethod")
    )
    answer = next(iter(answers(transcript, "neither")), None)
    return answer if both and answer is not None and answer.ok and (total(answer) or 0) > 1 else None


@judges("RFC9865-2.4-01", probe=PROBE, when=lambda transcript: _left_open(transcript) is not None)
def the_default_way_of_paging_is_the_one_that_is_named(transcript: Transcript) -> Iterator[Finding]:
    answer, named = _left_open(transcript), text(member(_offered(transcript), "defaultPaginationMethod"))
    if answer is None:
        return
    by_cursor = _behind(answer) is not None
    if named in ("cursor", "index") and by_cursor != (named == "cursor"):
        yield Finding(
            expected=["a page with nextCursor" if named == "cursor" else "a page without nextCursor"],
            actual=_behind(answer),
            at="/nextCursor",
            exchange=answer.id,
            hint=f"defaultPaginationMethod is {named}.",
        )


@judges("RFC9865-3-01", probe=PROBE, when=asks("cursor-search"))
def a_search_by_post_pages_by_cursor(transcript: Transcript) -> Iterator[Finding]:
    for answer in answers(transcript, "cursor-search"):
        if answer.status in (404, 501):
            continue  # A service without searches by POST is another clause's matter.
        more = everybody(transcript) > 1
        if not answer.ok or len(page(answer)) > 1 or (more and not text(_behind(answer))):
            yield Finding(
                expected=["200 with one person and nextCursor"],
                actual=seen(answer),
                at="/nextCursor" if answer.ok else "",
                exchange=answer.id,
                likeness="page" if answer.ok else str(answer.status),
                hint="cursor stands in the body and means the same there.",
            )


def _tells_of_paging(exchange: Exchange) -> bool:
    told = endpoint(exchange) == "ServiceProviderConfig" and exchange.ok
    return told and member(exchange.json, "pagination") is not None


@judges("RFC9865-4-01", when=_tells_of_paging)
def the_ways_of_paging_are_told_in_full(exchange: Exchange) -> Iterator[Finding]:
    pagination = member(exchange.json, "pagination")
    wrong: list[tuple[str, str]] = []
    for name in ("cursor", "index"):
        if not isinstance(member(pagination, name), bool):
            wrong.append((name, "true or false"))
    default = member(pagination, "defaultPaginationMethod")
    if default is not None and default not in ("cursor", "index"):
        wrong.append(("defaultPaginationMethod", "cursor or index"))
    for name in ("defaultPageSize", "maxPageSize", "cursorTimeout"):
        value = member(pagination, name)
        if value is not None and (number(value) is None or (number(value) or 0) < 1):
            wrong.append((name, "a whole number from 1 on"))
    for name, expected in wrong:
        yield Finding(
            expected=[expected],
            actual=member(pagination, name),
            at=f"/pagination/{name}",
            likeness=name,
            hint="Clients choose by it how to read the list.",
        )
