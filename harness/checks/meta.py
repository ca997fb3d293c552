"""meta: what a resource is, where it lives, and since when (RFC 7643 §3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from harness.checks.each import Resource, judges_people, judges_resources
from harness.checks.reading import endpoint, entries, member, seen, spelt, text, unread
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.schemas.generate import DATE_TIME


@judges_people("RFC7643-3.1-12", whole=True)
def every_person_has_meta(person: Resource) -> Iterator[Finding]:
    meta = member(person, "meta")
    for name in ("resourceType", "location"):
        if not text(member(meta, name)):
            yield Finding(
                expected=["a string that the service has set"],
                actual=member(meta, name),
                at=f"/meta/{name}",
                hint="meta tells a client what a resource is and where it lives.",
            )


@judges_people("HTTP-META-01", whole=True)
def a_person_says_when_it_came_and_changed(person: Resource) -> Iterator[Finding]:
    """Not demanded of each resource in so many words; but the service assigns them, and clients compare them."""
    meta = member(person, "meta")
    for name in ("created", "lastModified") if isinstance(meta, dict) else ():
        if member(meta, name) is None:
            yield Finding(
                expected=["a date and time"],
                actual=None,
                at=f"/meta/{name}",
                hint="A client sees by it what is new to it.",
            )


def _times(resource: Resource) -> Iterator[tuple[str, Any]]:
    meta = member(resource, "meta")
    for name in ("created", "lastModified"):
        value = member(meta, name)
        if value is not None:
            yield f"/meta/{spelt(meta, name)}", value


@judges_resources("RFC7643-3.1-14", when=lambda resource: any(True for _ in _times(resource)))
def times_are_written_as_date_and_time(resource: Resource) -> Iterator[Finding]:
    for pointer, value in _times(resource):
        if not _is_time(value):
            yield Finding(
                expected=["a string such as 2026-01-31T09:30:00Z"],
                actual=value,
                at=pointer,
                likeness="number" if isinstance(value, int | float) else "",
                hint="Not a number of seconds, and not a date alone.",
            )


@judges_resources("HTTP-TIME-01", when=lambda resource: any(_is_time(value) for _, value in _times(resource)))
def times_carry_their_zone(resource: Resource) -> Iterator[Finding]:
    for pointer, value in _times(resource):
        if _is_time(value) and not re.search(r"(Z|[+-]\d\d:\d\d)$", value):
            yield Finding(
                expected=["a time that ends in Z or in an offset"],
                actual=value,
                at=pointer,
                hint="Without a zone the same text is another moment for every client.",
            )


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _is_written_as_time(value)


@lru_cache(maxsize=4096)
def _is_written_as_time(value: str) -> bool:
    if not re.match(DATE_TIME, value):
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
        way = _way(location)
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
        if location and sent and sent != location and _plain(exchange, sent) != _plain(exchange, location):
            yield Finding(
                expected=[location],
                actual=sent,
                at=name,
                hint=f"{name} and meta.location are the same address.",
            )


@lru_cache(maxsize=4096)
def _way(location: str) -> list[str]:
    try:
        return [unquote(s) for s in urlsplit(location).path.split("/") if s]
    except ValueError:
        return []


def _plain(exchange: Exchange, location: str) -> str:
    try:
        return urljoin(exchange.request.url, location).partition("?")[0].rstrip("/")
    except ValueError:
        return location
