"""Evidence: what a finding has in common with others, as signs that can be compared; pure, and blind to values."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from functools import cache

from harness.model.exchange import Exchange, Phase, Role
from harness.model.finding import Finding
from harness.model.step import Effect
from harness.model.transcript import Transcript

Sign = tuple[str, ...]


class Strength(enum.IntEnum):
    """How much a shared sign says about a shared root."""

    FAINT = 1
    """The same kind of request: says something only within one theme."""
    PLAIN = 2
    """The same member, header or answer."""
    STRONG = 3
    """The very same exchange, or the write that it looks back on."""


_VALUES = re.compile(r'"[^"]*"|\'[^\']*\'|\S*\d\S*')
_SHARED = frozenset({"resources", "operations", "data", "meta", "name"})
"""Members that hold others: two findings below them need not have anything to do with each other."""


def signs(finding: Finding, transcript: Transcript) -> Mapping[Sign, Strength]:
    """The signs of one finding: the exchange, the write before it, the answer, the member or header that is wrong."""
    found: dict[Sign, Strength] = {}

    def add(strength: Strength, *sign: str) -> None:
        found[sign] = max(strength, found.get(sign, strength))

    add(Strength.PLAIN, "manner", finding.requirement, pointer(finding.at), finding.likeness)
    for sign in _members(finding):
        add(Strength.PLAIN, *sign)
    exchange = transcript.exchange(finding.exchange)
    if exchange is None:
        return found
    add(Strength.FAINT, "request", *request_shape(exchange), str(exchange.status // 100))
    if exchange.role is Role.PROBE:
        add(Strength.FAINT, "scenario", exchange.scenario)
    back = writes_before(exchange, transcript)
    for write in back:
        add(Strength.PLAIN, "looks back on", write.id)
    for concerned in (exchange, *back):
        add(Strength.STRONG, "exchange", concerned.id)
        add(Strength.FAINT, "does", concerned.method.lower())
        add(Strength.FAINT, "does", _collection(concerned).strip("/").lower())
        if answer := unusual_answer(concerned):
            add(Strength.PLAIN, "answer", *answer)
    return found


def pointer(at: str) -> str:
    """A JSON Pointer or header name without the numbers of elements."""
    return "/".join("*" if part.isdigit() else part for part in at.split("/"))


def _members(finding: Finding) -> Iterable[Sign]:
    """The member or header that a finding is about; for a declaration, the feature that it declares."""
    parts = [p.lower() for p in finding.at.split("/") if p and not p.isdigit()]
    if finding.at and not finding.at.startswith("/"):
        yield ("header", finding.at.lower())
        if finding.likeness:
            yield ("does", finding.likeness.lower())
    for part in dict.fromkeys((*parts[:1], *parts[-1:])):
        if part not in _SHARED:
            yield ("member", part)
    if parts and parts[-1] == "supported":
        yield ("does", parts[0])
    if not parts and any('"active"' in str(expected) for expected in finding.expected):
        yield ("member", "active")


@cache
def _shape(query: str) -> str:
    return "&".join(sorted({part.partition("=")[0] for part in query.split("&")}))


def request_shape(exchange: Exchange) -> tuple[str, str, str]:
    """Method, path template and names of the query parameters."""
    return exchange.method, exchange.template.partition("?")[0], _shape(exchange.query)


def _collection(exchange: Exchange) -> str:
    """ "/Users" for "/Users/{id}" and "/Users?filter"."""
    return "/" + exchange.template.partition("?")[0].strip("/").partition("/")[0]


def writes_before(exchange: Exchange, transcript: Transcript) -> tuple[Exchange, ...]:
    """The writes whose effect an exchange looks at: those of its Change, or the last one of a probe."""
    if exchange.effect is not Effect.READ:
        return ()
    if exchange.moment >= 0:
        if exchange.phase is not Phase.AFTER:
            return ()
        return tuple(
            x
            for x in transcript.exchanges
            if x.moment == exchange.moment and x.phase is Phase.DURING and x.effect is not Effect.READ
        )
    writes = [
        x
        for x in transcript.exchanges
        if x.ordinal < exchange.ordinal and x.effect is not Effect.READ and x.role is not Role.SETUP
    ]
    return tuple(writes[-1:])


def unusual_answer(exchange: Exchange) -> tuple[str, ...]:
    """What makes an answer that is no success recognisable elsewhere; () for a success.

    A client's mistake is known by its words. The words of a server error are mostly the same for everything, so there
    the collection counts as well.
    """
    if exchange.trouble is not None:
        return ("trouble", exchange.trouble.kind.value)
    body = exchange.json if isinstance(exchange.json, dict) else {}
    error = any(str(s).endswith(":Error") for s in _list(body.get("schemas")))
    if 200 <= exchange.status < 300:
        return ("error told as success",) if error else ()
    if exchange.status >= 500:
        return (str(exchange.status), _collection(exchange))
    words = body.get("detail") or exchange.body[:80].decode("utf-8", "replace")
    return (str(exchange.status), str(body.get("scimType", "")), _VALUES.sub("*", str(words))[:80])


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
