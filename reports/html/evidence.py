"""The answer that shows a finding, cut down to the place that matters: what was expected there, and what came."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.model.exchange import NO_JSON, Exchange
from harness.model.finding import Finding
from harness.model.step import Effect, Place
from reports.html.jsonlines import Line, concerns, laid_out
from reports.text import clipped, shortened, shown

BEFORE, AFTER = 3, 2
"""So many lines of the answer stand before and after the place."""

LONG = 12
"""A value of more lines than this is cut."""

WIDTH = 240
"""A longer line is cut: the exchange shows the rest."""

READABLE = 64 * 1024
"""A longer body is not laid out for an excerpt."""

CHANGES = 8
"""So many members that changed are listed."""

_MEMBER = re.compile(r'\s*"(?:[^"\\]|\\.)*"\s*:')


@dataclass(frozen=True)
class Piece:
    """One line. ``kind`` is "context", "expected", "actual" or "gap" (lines left out)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Changed:
    """A member that differs between two reads of one resource, both values as text."""

    pointer: str
    before: str
    after: str


@dataclass(frozen=True)
class Evidence:
    """``pieces`` are the excerpt. ``changes`` are what differs from an earlier read of the same resource.

    ``compared`` is the exchange of that earlier read, None when there was none. ``write`` is the last write to the same
    resource before a read: what the read looks back on.
    """

    pieces: tuple[Piece, ...]
    changes: tuple[Changed, ...] = ()
    compared: Exchange | None = None
    write: Exchange | None = None

    @property
    def wrote(self) -> str:
        """What the write sent and what came back, in one line."""
        if self.write is None:
            return ""
        sent = shortened((self.write.request.body or b"").decode("utf-8", "backslashreplace"), WIDTH)
        detail = self.write.json.get("detail") if isinstance(self.write.json, dict) and self.write.is_error else ""
        came = f"HTTP {self.write.status}" if self.write.answered else "no answer"
        return f"{sent or '(no body)'} → {came}{f': {shortened(shown(detail), WIDTH)}' if detail else ''}"


def evidence(finding: Finding, exchange: Exchange, transcript: Sequence[Exchange]) -> Evidence:
    """The excerpt for a finding, and what changed since the resource was last read in this transcript."""
    earlier = _earlier(exchange, transcript)
    changes = tuple(_changes(earlier.resource, exchange.resource)) if earlier else ()
    return Evidence(tuple(_pieces(finding, exchange)), changes[:CHANGES], earlier, _write(exchange, transcript))


def _pieces(finding: Finding, exchange: Exchange) -> Iterator[Piece]:
    yield _start(exchange)
    at = finding.at
    if exchange.response is None:
        yield from _expected(finding)
        return
    if at and not at.startswith("/"):
        yield from _expected(finding)
        values = [f"{name}: {value}" for name, value in exchange.response.headers if name.lower() == at.lower()]
        yield from (Piece("actual", shortened(text, WIDTH)) for text in values or [f"(no header {at})"])
    elif at and exchange.json is not NO_JSON and len(exchange.body) <= READABLE:
        yield from _around(finding, laid_out(exchange.body.decode("utf-8")))
    else:
        yield from _expected(finding)
        yield Piece("actual", shortened(shown(finding.actual), WIDTH))


def _start(exchange: Exchange) -> Piece:
    if exchange.response is None:
        kind = exchange.trouble.kind.value if exchange.trouble else "nothing was recorded"
        return Piece("actual", f"(no answer: {kind})")
    return Piece("context", shortened(f"HTTP {exchange.status} {exchange.response.reason}", 80))


def _around(finding: Finding, lines: list[Line]) -> Iterator[Piece]:
    marked = [i for i, line in enumerate(lines) if concerns(line, finding.at)]
    if marked:
        first, last = marked[0], marked[-1]
        if first > BEFORE:
            yield Piece("gap", "…")
        yield from _context(lines, max(0, first - BEFORE), first)
        yield from _expected(finding, lines[first].text)
        cut = lines[first : last + 1][:LONG]
        yield from (Piece("actual", clipped(line.text, WIDTH)) for line in cut)
        if last - first >= LONG:
            yield Piece("gap", f"… {last + 1 - first - LONG} more lines of it")
        yield from _context(lines, last + 1, min(len(lines), last + 1 + AFTER))
        if last + 1 + AFTER < len(lines):
            yield Piece("gap", "…")
        return
    # The place is not there: show where it would be.
    home, _, name = finding.at.rpartition("/")
    inside = [i for i, line in enumerate(lines) if home == "" or concerns(line, home)]
    begin = inside[0] if inside else 0
    if begin:
        yield Piece("gap", "…")
    yield from _context(lines, begin, min(len(lines), begin + BEFORE))
    indent = "  " * (finding.at.count("/") if inside else 1)
    yield from _expected(finding, f'{indent}"{_token(name)}": ')
    yield Piece("actual", f"{indent}(no {_token(name)} here)")
    if begin + BEFORE < len(lines):
        yield Piece("gap", "…")


def _context(lines: list[Line], first: int, last: int) -> Iterator[Piece]:
    yield from (Piece("context", clipped(line.text, WIDTH)) for line in lines[first:last])


def _expected(finding: Finding, like: str = "") -> Iterator[Piece]:
    """What would have been right. Where it is a JSON value it is spelt like the line that it stands against."""
    indent = like[: len(like) - len(like.lstrip())]
    member = _MEMBER.match(like)
    for one in list(finding.expected)[:4]:
        text = shortened(str(one), WIDTH)
        if _MEMBER.match(text):
            yield Piece("expected", f"{indent}{text}")
        elif member and _literal(text):
            yield Piece("expected", f"{member[0]} {text}")
        else:
            yield Piece("expected", f"{indent}{text}")


def _literal(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _token(name: str) -> str:
    return shortened(name.replace("~1", "/").replace("~0", "~"), 120)


def _earlier(exchange: Exchange, transcript: Sequence[Exchange]) -> Exchange | None:
    """The last read of the same resource before this one."""
    if exchange.method != "GET" or not exchange.resource:
        return None
    found = None
    for one in transcript:
        if one.ordinal >= exchange.ordinal:
            break
        if one.method == "GET" and one.path == exchange.path and one.query == exchange.query and one.resource:
            found = one
    return found


def _write(exchange: Exchange, transcript: Sequence[Exchange]) -> Exchange | None:
    """The last write to the same resource before a read."""
    found = None
    for one in transcript:
        if exchange.method != "GET" or one.ordinal >= exchange.ordinal:
            break
        if one.effect is not Effect.READ and one.place is Place.SCIM and one.path == exchange.path:
            found = one
    return found


def _changes(before: Any, after: Any, pointer: str = "") -> Iterable[Changed]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            if pointer == "" and name == "meta":
                continue  # meta changes with every write: that says nothing
            yield from _changes(before.get(name, _ABSENT), after.get(name, _ABSENT), f"{pointer}/{_step(name)}")
    elif isinstance(before, list) and isinstance(after, list):
        for i in range(max(len(before), len(after))):
            was, is_now = (side[i] if i < len(side) else _ABSENT for side in (before, after))
            yield from _changes(was, is_now, f"{pointer}/{i}")
    elif before != after or type(before) is not type(after):
        yield Changed(pointer, *("(absent)" if side is _ABSENT else _brief(side) for side in (before, after)))


_ABSENT = object()


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _brief(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False), 120)
