"""What a request addresses: the segments of its path below the base of the service."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote, urlsplit

from harness.model.exchange import Exchange

DISCOVERY = ("ServiceProviderConfig", "ResourceTypes", "Schemas")
COLLECTIONS = ("Users", "Groups")
SEARCH = ".search"
_ENDPOINTS = (*COLLECTIONS, *DISCOVERY, "Me", "Bulk", SEARCH)

PARTS = "_addressed_parts"
"""Under which an exchange remembers what hundreds of checks ask of it. ``Exchange.forget`` lets go of it."""


def parts(exchange: Exchange) -> tuple[str, ...]:
    """The path below the SCIM base, decoded; from the first known endpoint on where the base is not known."""
    known: tuple[str, ...] | None = exchange.__dict__.get(PARTS)
    if known is None:
        known = _segments(exchange.path, "" if exchange.path else exchange.request.url)
        exchange.__dict__[PARTS] = known
    return known


@lru_cache(maxsize=4096)
def _segments(path: str, url: str) -> tuple[str, ...]:
    if path:
        return tuple(unquote(s) for s in path.split("/") if s)
    whole = tuple(unquote(s) for s in urlsplit(url).path.split("/") if s)
    start = next((i for i, s in enumerate(whole) if s in _ENDPOINTS), 0)
    return whole[start:]
