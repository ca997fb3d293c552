"""meta: what a resource is, where it lives, and since when (RFC 7643 §3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from harness.checks.reading import endpoint, entries, member, people, projected, seen, shows_people, spelt, text, unread
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.schemas.generate import DATE_TIME


def _has_whole_people(exchange: Exchange) -> bool:
    return shows_people(exchange) and not projected(exchange)


@judges("RFC7643-3.1-12", when=_has_whole_people)
def every_person_has_meta(exchange: Exchange) -> Iterator[Finding]:
    for pointer, person in people(exchange):
        meta = member(person, "meta")
        for name in ("resourceType", "location"):
            if not text(member(meta, name)):
                yield Finding(
                    expected=["a string that the service has set"],
                    actual=member(meta, name),
                    at=f"{pointer}/meta/{name}",
                    hint="meta tells a client what a resource is and where it lives.",
                )


@judges("HTTP-META-01", when=_has_whole_people)
def a_person_says_when_it_came_and_changed(exchange: Exchange) -> Iterator[Finding]:
    """Not demanded of each resource in so many words; but the service assigns them, and clients compare them."""
    for pointer, person in people(exchange):
        meta = member(person, "meta")
        for name in ("created", "lastModified") if isinstance(meta, dict) else ():
            if member(meta, name) is None:
                yield Finding(
                    expected=["a date and time"],
                    actual=None,
                    at=f"{pointer}/meta/{name}",
                    hint="A client sees by it what is new to it.",
                )


def _times(exchange: Exchange) -> Iterator[tuple[str, Any]]:
    for pointer, resource in entries(exchange):
        meta = member(resource, "meta")
        for name in ("created", "lastModified"):
            value = member(meta, name)
            if value is not None:
                yield f"{pointer}/meta/{spelt(meta, name)}", value


@judges("RFC7643-3.1-14", when=lambda exchange: any(True for _ in _times(exchange)))
def times_are_written_as_date_and_time(exchange: Exchange) -> Iterator[Finding]:
    for pointer, value in _times(exchange):
        if not _is_time(value):
            yield Finding(
                expected=["a string such as 2026-01-31T09:30:00Z"],
                actual=value,
                at=pointer,
                likeness="number" if isinstance(value, int | float) else "",
                hint="Not a number of seconds, and not a date alone.",
            )


@judges("HTTP-TIME-01", when=lambda exchange: any(_is_time(value) for _, value in _times(exchange)))
def times_carry_their_zone(exchange: Exchange) -> Iterator[Finding]:
    for pointer, value in _times(exchange):
        if _is_time(value) and not re.search(r"(Z|[+-]\d\d:\d\d)$", value):
            yield Finding(
                expected=["a time that ends in Z or in an offset"],
                actual=value,
                at=pointer,
                hint="Without a zone the same text is another moment for every client.",
            )


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not re.match(DATE_TIME, value):
        return False
    day = re.match(r"(?!0000)(\d{4})-(\d\d)-(\d\d)T", value)
    try:
        # Years that Python's calendar does not know are legal.
        return day is None or bool(date(*(int(part) for part in day.groups())))
    except ValueError:
        return False


def _located(exchange: Exchange) -> Iterator[tuple[str, str, list[str]]]:
    """Where each resource says that it is, and the last words of such an address: its id, or else its name."""
    for pointer, resource in entries(exchange):
        location, own = text(member(member(resource, "meta"), "location")), text(member(resource, "id"))
        if location and own:
            names = [own, text(member(resource, "userName")), text(member(resource, "displayName"))]
            yield f"{pointer}/meta/location", location, [name for name in names if name]


def _tells_a_place(exchange: Exchange) -> bool:
    followed = exchange.tag == "ids.location" and not unread(exchange)
    return followed or any(True for _ in _located(exchange))


@judges("RFC7643-3.1-17", when=_tells_a_place)
def a_location_leads_to_the_resource_itself(exchange: Exchange) -> Iterator[Finding]:
    """By its words, by the headers that repeat it, and, where a probe went there, by what was found (C22).

    An address is the service's to form: one with the name in it is as good, when it leads there.
    """
    if exchange.tag == "ids.location" and not exchange.ok:
        yield Finding(
            expected=["200 with the person whose meta.location this is"],
            actual=seen(exchange),
            likeness="followed",
            hint="The address that the service itself gave leads nowhere.",
        )
    for pointer, location, own in _located(exchange):
        way = [unquote(s) for s in _path(location).split("/") if s]
        if not set(way[-1:]) <= set(own) or way[-2:-1] != [endpoint(exchange)]:
            yield Finding(
                expected=[f"an address that ends in /{endpoint(exchange)}/{own[0]}"],
                actual=location,
                at=pointer,
                likeness="elsewhere",
                hint="meta.location is where a client reads this resource again.",
            )
    yield from _contradicting_headers(exchange)


def _contradicting_headers(exchange: Exchange) -> Iterator[Finding]:
    location = text(member(member(exchange.resource, "meta"), "location"))
    for name in ("Location", "Content-Location"):
        sent = exchange.header(name)
        if location and sent and _plain(exchange, sent) != _plain(exchange, location):
            yield Finding(
                expected=[location],
                actual=sent,
                at=name,
                hint=f"{name} and meta.location are the same address.",
            )


def _path(location: str) -> str:
    try:
        return urlsplit(location).path
    except ValueError:
        return ""


def _plain(exchange: Exchange, location: str) -> str:
    try:
        return urljoin(exchange.request.url, location).partition("?")[0].rstrip("/")
    except ValueError:
        return location
