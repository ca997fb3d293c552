"""meta: what a resource is, where it lives, and since when (RFC 7643 §3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from harness.checks.each import Resource, judges_people, judges_resources
from harness.checks.reading import endpoint, entries, member, plainly_ends_in, seen, spelt, text, unread
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.schemas.date_time import carries_zone, is_date_time


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
        if not is_date_time(value):
            yield Finding(
                expected=["a string such as 2026-01-31T09:30:00Z"],
                actual=value,
                at=pointer,
                likeness="number" if isinstance(value, int | float) else "",
                hint="Not a number of seconds, and not a date alone.",
            )


@judges_resources("HTTP-TIME-01", when=lambda resource: any(is_date_time(value) for _, value in _times(resource)))
def times_carry_their_zone(resource: Resource) -> Iterator[Finding]:
    for pointer, value in _times(resource):
        if is_date_time(value) and not carries_zone(value):
            yield Finding(
                expected=["a time that ends in Z or in an offset"],
                actual=value,
                at=pointer,
                hint="Without a zone the same text is another moment for every client.",
            )


def _located(exchange: Exchange) -> Iterator[tuple[str, str, str, Resource]]:
    """Where each resource says that it is, its id, and the resource."""
    for pointer, resource in entries(exchange):
        location, own = text(member(member(resource, "meta"), "location")), text(member(resource, "id"))
        if location and own:
            yield f"{pointer}/meta/location", location, own, resource


def _names(resource: Resource) -> set[str]:
    """The last words of the address of a resource: its id, or else its name."""
    return {text(member(resource, name)) for name in ("id", "userName", "displayName")} - {""}


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
    here = endpoint(exchange)
    for pointer, location, own, resource in _located(exchange):
        if plainly_ends_in(location, here, own):
            continue
        way = _way(location)
        if not set(way[-1:]) <= _names(resource) or way[-2:-1] != [here]:
            yield Finding(
                expected=[f"an address that ends in /{here}/{own}"],
                actual=location,
                at=pointer,
                likeness="elsewhere",
                hint="meta.location is where a client reads this resource again.",
            )
    yield from _contradicting_headers(exchange)


def _contradicting_headers(exchange: Exchange) -> Iterator[Finding]:
    location = text(member(member(exchange.resource, "meta"), "location"))
    for name in ("Location", "Content-Location"):
        sent = exchange.header(name) if location else None
        if sent and sent != location and _plain(exchange, sent) != _plain(exchange, location):
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
