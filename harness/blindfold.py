"""Blindfold: stand-ins for many exchanges at once, which say what all of these have in common and refuse the rest.

A condition or a check that is asked of a stand-in and answers without having been refused says the same of every
exchange that it stands for. So nothing has to be declared that could turn out to be untrue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NoReturn, cast

from harness.checks.reading import ENTRIES, TELLER, listed, shown, teller
from harness.model.addressed import PARTS, SEARCH, parts
from harness.model.blank import Anything, Something, Unsaid
from harness.model.exchange import NO_JSON, Exchange, joined
from harness.model.partial import NotRecorded
from harness.schemas.outline import Outline, filled

Traits = tuple[Any, ...]
"""Of an exchange: who sent it and why, and last the traits that anybody's exchange could have."""

Headers = tuple[tuple[str, str], ...]

ALIKE = ("content-type", "cache-control", "www-authenticate", "allow")
"""Response headers that a service sends with the same value again and again."""

BY_RESOURCE = ("location", "content-location", "etag")
"""Response headers that differ from resource to resource, and with the body."""

_NAMED = (*BY_RESOURCE, "date", "retry-after", "access-control-allow-origin", "preference-applied", "set-txn")
"""Response headers of which many exchanges have in common that they are absent."""

_SENT = ("authorization", "accept", "content-type")
"""Request headers that a client sends with the same value again and again."""


class _Segment(Something):
    """Stands for an id in a path, which is never ".search": that is a trait of its own."""

    def __eq__(self, other: object) -> bool:
        if other == SEARCH:
            return False
        raise Unsaid

    __hash__ = Something.__hash__


class _Path(Something):
    """Stands for a path of two segments or more of which the last is not ".search"."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str) and "/" not in other.strip("/"):
            return False
        raise Unsaid

    __hash__ = Something.__hash__


class AnotherTag(Something):
    """Stands for every tag but those that it was ``compared`` with."""

    def __init__(self) -> None:
        self.compared: list[str] = []

    def __eq__(self, other: object) -> bool:
        if type(other) is not str:
            raise Unsaid
        self.compared.append(other)
        return False

    __hash__ = Something.__hash__
    __bool__ = Something._refuse


class _Body(Something):
    """Stands for the bytes of an answer that holds JSON."""

    def strip(self) -> _Body:
        return self


class _Entries:
    """Stands for one resource or more in an answer."""

    def __iter__(self) -> Iterator[tuple[Anything, Anything]]:
        yield Anything(), Anything()
        raise Unsaid


class StandIn:
    """An exchange of which only this much is known."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)

    def __getattr__(self, name: str) -> NoReturn:
        raise Unsaid(name)


def traits(exchange: Exchange) -> Traits:
    """What many exchanges have in common without a look at their bodies: from whom, how, where to, and what came."""
    path = parts(exchange)
    alike = _is_alike(path)
    return (
        exchange.role,
        exchange.phase,
        exchange.intent,
        exchange.effect,
        teller(exchange),
        (
            exchange.place,
            exchange.notes,
            exchange.request.method,
            exchange.response.status if exchange.response else 0,
            path if alike else (path[0], len(path)),
            exchange.path if alike else bool(exchange.path),
            bool(exchange.query),
            *_parameters(exchange),
            _of_headers(exchange),
        ),
    )


_NUMBERS = ("count", "startindex")
"""Query parameters that many requests give the same value."""


def _parameters(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """The query parameters, without the values of which each request has its own."""
    given = exchange.parameters
    return tuple([(name, value if name in _NUMBERS else "") for name, value in given.items()]) if given else ()


def _is_alike(path: tuple[str, ...]) -> bool:
    """Whether a path names no single resource, so that many exchanges have the very same."""
    return len(path) < 2 or path[-1] == SEARCH


def _of_headers(exchange: Exchange) -> tuple[Any, Any]:
    """The headers of an exchange that it has in common with others, and None for a side that was not recorded."""
    if type(exchange) is Exchange:
        return _sent(exchange.request.headers), _received(exchange.response.headers if exchange.response else ())
    return _recorded(exchange.sent_header, _sent, exchange.request.headers), _recorded(
        exchange.header, _received, exchange.response.headers if exchange.response else ()
    )


def _recorded(read: Callable[[str], object], told: Callable[[Headers], Any], headers: Headers) -> Any:
    try:
        read("Content-Type")
    except NotRecorded:
        return None
    return told(headers)


@lru_cache(maxsize=4096)
def _sent(headers: Headers) -> tuple[str | None, ...]:
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name.lower(), value)
    return tuple(first.get(name) for name in _SENT)


@lru_cache(maxsize=4096)
def _received(headers: Headers) -> tuple[tuple[str | None, ...], tuple[bool, ...]]:
    given = joined(headers)
    return tuple(given.get(name) for name in ALIKE), tuple(name in given for name in _NAMED)


def answer(exchange: Exchange) -> tuple[object, ...]:
    """What many exchanges have in common in their bodies; () where the body was not recorded."""
    try:
        body = exchange.json
        kind = "none" if body is NO_JSON else "object" if body and isinstance(body, dict) else "other"
        return kind, exchange.is_list, bool(exchange.resource), bool(shown(exchange))
    except NotRecorded:
        return ()


def plainly(exchange: Exchange) -> dict[str, Any]:
    """What is known of an exchange by the last of its traits and its kind of answer: whoever sent it, whatever for."""
    path = parts(exchange)
    alike = _is_alike(path)
    known = {name: getattr(exchange, name) for name in _PLAIN}
    known["request"] = StandIn(method=exchange.method)
    known["response"] = None if exchange.response is None else StandIn(status=exchange.status)
    known[PARTS] = path if alike else (path[0], *(_Segment() for _ in path[1:]))
    if exchange.path:
        known["path"] = exchange.path if alike else _Path()
    known["query"] = Something() if exchange.query else ""
    known["parameters"] = {name: value or Anything() for name, value in _parameters(exchange)}
    sent, received = _of_headers(exchange)
    if sent is not None:
        known["sent_header"] = _reader(dict(zip(_SENT, sent, strict=True)))
    if received is not None:
        known["media_type"] = exchange.media_type
        known[_HEADERS] = _headers(received)
        known["header"] = _reader(known[_HEADERS])
    if told := answer(exchange):
        kind, is_list, resource, entries = told
        known |= {"is_list": is_list, "resource": Something() if resource else {}}
        known[ENTRIES] = _Entries() if entries else ()
        if kind != "other":
            known["json"] = NO_JSON if kind == "none" else Something()
    return known


PLAINEST = ("place", "request", "response", "method", "status", "answered", "ok", "is_error", PARTS, "path")
"""What follows of the last of the traits from the place, the method, the status and the path."""


def plainest(its: Traits) -> tuple[object, ...]:
    """These, of the last of the traits of an exchange."""
    place, _, method, status, path, whole, *_ = its
    return place, method, status, path, whole


_HEADERS = "_blindfold_headers"

_PLAIN = ("place", "notes", "meets_another", "method", "status", "answered", "ok", "is_error")
"""What follows from the last of the traits and nothing else."""


def _headers(received: tuple[tuple[str | None, ...], tuple[bool, ...]]) -> dict[str, Any]:
    values, present = received
    others = {name: Anything() if there else None for name, there in zip(_NAMED, present, strict=True)}
    return dict(zip(ALIKE, values, strict=True)) | others


def _reader(known: dict[str, Any]) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        try:
            return known[name.lower()]
        except KeyError:
            raise Unsaid(name) from None

    return read


def stand_in(exchange: Exchange, plain: dict[str, Any]) -> StandIn:
    """Stands for every exchange with the traits and the kind of answer of this one, of which ``plain`` is known."""
    who = {name: getattr(exchange, name) for name in ("role", "phase", "intent", "effect")}
    return StandIn(**plain, **who, **{TELLER: teller(exchange)})


def by_body(exchange: Exchange) -> tuple[object, ...]:
    """What tells exchanges apart that have the same traits: all that one knows whom ``with_body`` made."""
    return (
        exchange.body,
        exchange.path,
        "" if exchange.path else exchange.request.url,
        *_own(exchange).values(),
    )


def _own(exchange: Exchange) -> dict[str, str | None]:
    given = joined(exchange.response.headers) if exchange.response else {}
    return {name: given.get(name) for name in BY_RESOURCE}


def with_outline(plain: dict[str, Any], outline: Outline) -> StandIn:
    """Stands for every exchange of which this much is known, and whose answer has this outline; NO_JSON for no body.

    Raises Unsaid where the outline does not tell what kind of answer it is.
    """
    empty = outline is NO_JSON
    seen = StandIn(**{**plain, "json": outline if empty else filled(outline), "body": b"" if empty else _Body()})
    known = seen.__dict__
    # Worked out from the outline, not taken from the exchange: what holds of one has to hold of all.
    for name in ("is_list", "resource", "resources"):
        known[name] = getattr(Exchange, name).func(seen)
    known[ENTRIES] = listed(cast("Exchange", seen))
    return seen


def with_body(exchange: Exchange, plain: dict[str, Any]) -> StandIn:
    """Stands for every exchange with the same body at the same path, of which this much is known already."""
    known = dict(plain)
    known["path"], known["body"], known["json"] = exchange.path, exchange.body, exchange.json
    known["is_list"], known["resource"], known["resources"] = exchange.is_list, exchange.resource, exchange.resources
    known[PARTS], known[ENTRIES] = parts(exchange), shown(exchange)
    known["response"] = exchange.response and StandIn(status=exchange.status, body=exchange.body)
    known["header"] = _reader({**plain[_HEADERS], **_own(exchange)})
    return StandIn(**known)
