"""Addresses, caches and limits: what every answer gives away or asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from harness.checks.moments import is_scim_error
from harness.checks.reading import shows_people
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile

URIS = ("location", "$ref")
_USER_INFO = re.compile(rb'//[^/?#"]*@')


def _addresses(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """The addresses inside a body, with their JSON Pointers."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in URIS and isinstance(inner, str):
                yield f"{pointer}/{name}", inner
            else:
                yield from _addresses(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _addresses(inner, f"{pointer}/{index}")


def _shows_addresses(exchange: Exchange) -> bool:
    return exchange.header("Location") is not None or (
        bool(exchange.resources) and next(_addresses(exchange.json), None) is not None
    )


@judges("RFC7644-7.1-01", when=_shows_addresses)
def addresses_hold_no_credentials(exchange: Exchange) -> Iterator[Finding]:
    header = exchange.header("Location")
    found = [("Location", header)] if header else []
    # A body without such an address need not be walked through; with a backslash it may be spelt in another way.
    inside = _addresses(exchange.json) if _may_hold_user_info(exchange.body) else ()
    for pointer, address in (*found, *inside):
        if "@" in address and "@" in _authority(address):
            yield Finding(
                expected=["an address without a user name and password"],
                actual=address,
                at=pointer,
                hint="Whoever sees the address sees the password: build addresses from scheme, host and path.",
                likeness="userinfo",
            )
            return


def _may_hold_user_info(body: bytes) -> bool:
    return _USER_INFO.search(body) is not None or b"\\" in body


def _authority(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _shared(exchange: Exchange) -> bool:
    return exchange.method == "GET" and shows_people(exchange) and exchange.header("Cache-Control") is not None


@judges("SEC-CACHE-01", when=_shared)
def people_are_kept_out_of_shared_caches(exchange: Exchange) -> Iterator[Finding]:
    """No header at all is left alone: an answer to a request with Authorization is not shared by default (RFC 9111)."""
    told = (exchange.header("Cache-Control") or "").lower()
    if any(word in told for word in ("public", "s-maxage")) and "no-store" not in told and "private" not in told:
        yield Finding(
            expected=["no-store", "private"],
            actual=told,
            at="Cache-Control",
            hint="Do not allow shared caches to keep people.",
        )


@judges("SEC-RATE-01", when=lambda exchange: exchange.status == 429)
def too_many_requests_say_when_to_come_back(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.header("Retry-After") or not is_scim_error(exchange):
        yield Finding(
            expected=["Retry-After, and a SCIM error body"],
            actual=f"Retry-After {as_json(exchange.header('Retry-After'))}, {exchange.media_type or 'no body'}",
            at="Retry-After",
            hint="Without the time to wait an identity provider guesses, or gives up on the whole cycle.",
        )


def _large(exchange: Exchange) -> bool:
    return exchange.tag == "bodies.large"


@judges("SEC-SIZE-01", when=_large)
def a_large_body_does_no_harm(exchange: Exchange) -> Iterator[Finding]:
    """A megabyte of white space behind a change: whoever takes it is not wrong."""
    if exchange.status >= 500:
        yield Finding(
            expected=["HTTP 413", "HTTP 400", "HTTP 200 or 204"],
            actual=f"HTTP {exchange.status}",
            hint="Look at Content-Length before reading, and answer 413.",
        )


NEEDED = frozenset({"schemas", "id", "externalid", "username", "displayname", "name", "emails", "active", "meta"})


@judges("RFC7643-9.3-01", when=shows_people)
def only_what_is_needed_is_shown(exchange: Exchange, profile: Profile) -> Iterator[Finding]:
    """Where SCIM only ends access: what identifies the person, and nothing beside it."""
    if profile.family != "deprovisioning":
        return
    attributes = tuple(profile.attributes)
    for person in exchange.resources:
        more = [name for name in _beyond(attributes, tuple(person)) if person[name] not in (None, [], {})]
        if more:
            needed = _needed(attributes)
            yield Finding(
                expected=["only " + ", ".join(sorted(needed))],
                actual=more,
                at=f"/{more[0]}",
                hint="Leave out what nobody needs who only ends access; or name it in the profile's attributes.",
                likeness=",".join(more),
            )
            return


def _needed(attributes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower() for name in attributes) or NEEDED


@lru_cache(maxsize=4096)
def _beyond(attributes: tuple[str, ...], names: tuple[str, ...]) -> list[str]:
    """The names of members that are not among those that a profile needs, sorted."""
    needed = _needed(attributes)
    return sorted(name for name in names if name.lower() not in needed)
