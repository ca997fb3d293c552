"""Needed: which exchanges of a scenario have to be sent again so that one of them shows its finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from harness.evidence import writes_before
from harness.model.exchange import Exchange, Role
from harness.model.step import Effect
from harness.model.transcript import Transcript

SHORTEST = 8
"""An id shorter than this may stand in a text by chance and is not followed."""

_PEOPLE = ("/Users", "/Groups", "/Bulk", "/.search", "/Me")


def needed(transcript: Transcript, exchange: Exchange) -> tuple[Exchange, ...]:
    """The exchange, the writes that it looks back on, and whatever made the ids that stand in these, in order."""
    writes = writes_before(exchange, transcript)
    wanted = {x.ordinal: x for x in (*_state_before((*writes, exchange)[0], transcript), *writes, exchange)}
    makers = _makers(transcript)
    waiting = list(wanted.values())
    while waiting:
        here = waiting.pop()
        words = text(here)
        for value, maker in makers.items():
            if maker.ordinal < here.ordinal and maker.ordinal not in wanted and value in words:
                wanted[maker.ordinal] = maker
                waiting.append(maker)
    if asks_for_many(exchange):
        # How many people there are matters to a list, whoever they are.
        wanted |= {x.ordinal: x for x in transcript.by(Role.SETUP)}
    return tuple(x for _, x in sorted(wanted.items()))


def _state_before(write: Exchange, transcript: Transcript) -> tuple[Exchange, ...]:
    """The write at the same address before a write: it brought the person into the state that the other one met."""
    if write.effect is Effect.READ:
        return ()
    earlier = [
        x
        for x in transcript.exchanges
        if x.ordinal < write.ordinal
        and x.effect is not Effect.READ
        and x.role not in (Role.SETUP, Role.WITNESS)
        and x.path == write.path
    ]
    return tuple(earlier[-1:])


def earlier_read(transcript: Transcript, exchange: Exchange, chosen: tuple[Exchange, ...]) -> Exchange | None:
    """The last read of the same address before the first write among the chosen ones."""
    writes = [x.ordinal for x in chosen if x.ordinal < exchange.ordinal and x.role is not Role.SETUP]
    before = min(writes, default=exchange.ordinal)
    reads = [
        x
        for x in transcript.exchanges
        if x.ordinal < before
        and (x.method, x.path, x.query) == (exchange.method, exchange.path, exchange.query)
        and x.ok
    ]
    return reads[-1] if reads else None


def asks_for_many(exchange: Exchange) -> bool:
    """Whether the answer is about a whole collection."""
    template = exchange.template.partition("?")[0]
    return template in _PEOPLE or template.endswith("/.search")


def text(exchange: Exchange) -> str:
    """Everything of a request in which an id can stand, decoded."""
    body = (exchange.request.body or b"").decode("utf-8", "replace")
    headers = " ".join(value for _, value in exchange.request.headers)
    return f"{unquote_plus(exchange.request.url)} {headers} {body}"


def ids(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """JSON Pointer and value of each id in an answer: of the resource, or of the resources of a list."""
    body = exchange.json
    if not isinstance(body, dict):
        return
    yield from _id(body, "")
    page = body.get("Resources")
    for number, resource in enumerate(page if isinstance(page, list) else []):
        yield from _id(resource, f"/Resources/{number}")


def _id(resource: Any, pointer: str) -> Iterator[tuple[str, str]]:
    value = resource.get("id") if isinstance(resource, dict) else None
    if isinstance(value, str) and len(value) >= SHORTEST:
        yield f"{pointer}/id", value


def _makers(transcript: Transcript) -> dict[str, Exchange]:
    """Who first told an id, and who first brought a user name into being."""
    makers: dict[str, Exchange] = {}
    for exchange in transcript.exchanges:
        for _, value in ids(exchange):
            makers.setdefault(value, exchange)
        sent = exchange.sent
        if exchange.role is Role.SETUP and isinstance(sent, dict) and isinstance(sent.get("userName"), str):
            makers.setdefault(sent["userName"], exchange)
    return makers
