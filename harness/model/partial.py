"""What a recording lacks: an exchange that was not written down whole, and how a judge is kept from guessing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from harness.model.exchange import Exchange

LACKS = "not recorded: "
"""How the note begins that names what of an exchange was not recorded, in words and separated by commas."""


class NotRecorded(Exception):
    """A check asked for something that the recording does not hold: it has nothing to look at here."""


def note_of(missing: Iterable[str]) -> str:
    """The note of an exchange that lacks something."""
    return LACKS + ", ".join(missing)


def lacks(exchange: Exchange) -> frozenset[str]:
    """What of an exchange was not recorded: "response body", "request headers"."""
    return frozenset(
        word
        for note in exchange.notes
        if note.startswith(LACKS)
        for word in note.removeprefix(LACKS).split(", ")
        if word
    )


class Partial(Exchange):
    """An Exchange that raises NotRecorded when it is asked for what its recording lacks."""

    def _hold(self, what: str) -> None:
        if what in lacks(self):
            raise NotRecorded(what)

    @property
    def body(self) -> bytes:
        self._hold("response body")
        return super().body

    @property
    def json(self) -> Any:
        self._hold("response body")
        return super().json

    @property
    def is_list(self) -> bool:
        self._hold("response body")
        return super().is_list

    @property
    def resource(self) -> dict[str, Any]:
        self._hold("response body")
        return super().resource

    @property
    def resources(self) -> list[dict[str, Any]]:
        self._hold("response body")
        return super().resources

    def header(self, name: str) -> str | None:
        self._hold("response headers")
        return super().header(name)

    @property
    def media_type(self) -> str:
        self._hold("response headers")
        return super().media_type

    @property
    def sent(self) -> Any:
        self._hold("request body")
        return super().sent

    def sent_header(self, name: str) -> str | None:
        self._hold("request headers")
        return super().sent_header(name)


def guarded(exchange: Exchange) -> Exchange:
    """The exchange as a check may see it: the same when everything was recorded, else one that says what it lacks."""
    if not lacks(exchange):
        return exchange
    return Partial(**{field.name: getattr(exchange, field.name) for field in fields(exchange)})
