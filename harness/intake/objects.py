"""The records of a JSON file that may be huge, cut off, paged, one to a line, or damaged in the middle.

One record at a time is held. A record is an object: of a list, of a line, of the list inside an answer of an API
(``{"value": [...]}``), or a row of a query's result (``{"tables": [{"columns": [...], "rows": [...]}]}``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

CHUNK = 1 << 18
LARGEST = 32 << 20
"""How many characters one record may have."""

PATIENCE = 100
"""After so many damaged places nothing more is tried."""

_WASTE = 128 << 20
"""And after so many characters that were looked at in vain, which keeps hostile files from taking for ever."""

LISTS = ("value", "records", "Records", "events", "logs", "data", "result", "results", "items", "tables")
"""Members of an API's answer that hold the records, in what people hand in."""

_SPACE = re.compile(r"[\s,\x1e\ufeff]*")
_OUTSIDE = re.compile(r"[\s,\[\]\x1e\ufeff]*")
_MEMBER = r'"[^"\\]{1,80}"\s*:\s*(?:"(?:[^"\\]|\\.){0,2000}"|[-+.\w]{1,40}|\{[^{}]{0,2000}\})\s*,\s*'
_WRAPPER = re.compile(rf'\{{\s*(?:{_MEMBER}){{0,30}}"(?:{"|".join(LISTS)})"\s*:\s*\[\s*(?=[\[{{\]])')
_CANDIDATE = re.compile(r'[}\]\n,]\s*(?=\{\s*")')
_CUT = 48
"""An error so near to the end of what was read may only mean that there is more to come."""


@dataclass(frozen=True)
class Found:
    """One object and where it stood. ``doubtful``: it comes after a damaged place and may be a piece of another."""

    place: str
    value: dict[str, Any]
    doubtful: bool = False


@dataclass(frozen=True)
class Damage:
    """What could not be read, and where."""

    place: str
    message: str


@dataclass(frozen=True)
class Rest:
    """The members of an API's answer beside its list: whether there is a further page, for one."""

    place: str
    value: dict[str, Any]


class _Broken(Exception):
    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message


class Objects:
    """Iterates over a stream of text once."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._decode = json.JSONDecoder(strict=False).raw_decode
        self._text = ""
        self._at = 0
        self._ended = False
        self._line, self._counted = 1, 0
        self._number = self._pages = 0
        self._open = 0
        self._plain = self._doubtful = False
        self._damaged = self._wasted = 0

    def __iter__(self) -> Iterator[Found | Damage | Rest]:
        while self._damaged < PATIENCE and self._wasted < _WASTE:
            start = self._at
            try:
                mark = self._outside()
                if not mark:
                    if self._open > 0 and not self._doubtful:
                        yield Damage(self._where(), "the file ends before its list does: it was cut off")
                    return
                if mark == "{":
                    yield from self._one()
                elif self._doubtful:
                    if not self._resume(self._at + 1):
                        return
                elif self._open <= 0 and self._number == 0:
                    yield Damage(self._where(), f"expected JSON, found {self._text[self._at : self._at + 20]!r}")
                    return
                else:
                    raise _Broken(self._at, "expected an object")
            except _Broken as broken:
                if self._number == 0 and self._ended and broken.at >= len(self._text):
                    yield Damage(self._where(), "the file ends in the middle of its first record: it was cut off")
                    return
                yield Damage(self._where(broken.at), self._told(broken))
                self._damaged += 1
                self._wasted += max(0, broken.at - start)
                if not self._resume(broken.at):
                    return
        yield Damage(self._where(), "too much of the file is damaged; the rest of it was not read")

    def _told(self, broken: _Broken) -> str:
        if self._ended and broken.at >= len(self._text) - 1:
            return "the file ends in the middle of a record: it was cut off"
        return f"this is not valid JSON: {broken.message}"

    def _one(self) -> Iterator[Found | Rest]:
        """One object outside of any: a record, or the answer of an API around many."""
        self._more_to(4096)
        if not self._plain and _WRAPPER.match(self._text, self._at):
            yield from self._wrapper()
            return
        # Who writes one record to a line does not go on with pages of an API.
        self._plain = True
        line = self._line_at(self._at)
        value = self._value()
        self._number += 1
        yield Found(f"record {self._number} (line {line})", value, self._doubtful)

    def _wrapper(self) -> Iterator[Found | Rest]:
        """The answer of an API, member by member, so that its list is never held."""
        where = self._where()
        self._pages += 1
        rest: dict[str, Any] = {}
        for name in self._members():
            if name in LISTS and self._peek() == "[":
                yield from self._tables() if name == "tables" else self._list(name)
            else:
                rest[name] = self._value()
        yield Rest(where, rest)

    def _members(self) -> Iterator[str]:
        """The names of an object's members; after each of them the caller takes the value."""
        self._at += 1
        while self._peek() != "}":
            name = self._value()
            if not isinstance(name, str) or self._peek() != ":":
                raise _Broken(self._at, "expected a member with a name")
            self._at += 1
            self._peek()
            yield name
        self._at += 1

    def _list(self, name: str) -> Iterator[Found]:
        page = f"page {self._pages}, " if self._pages > 1 else ""
        for number, value in enumerate(self._elements()):
            if isinstance(value, dict):
                self._number += 1
                yield Found(f"{page}{name}[{number}]", value, self._doubtful)

    def _elements(self) -> Iterator[Any]:
        self._at += 1
        while self._peek() != "]":
            yield self._value()
        self._at += 1

    def _tables(self) -> Iterator[Found]:
        """Rows of a query's result become objects by the names of their columns."""
        self._at += 1
        while self._peek() == "{":
            columns: list[str] = []
            for name in self._members():
                if name == "rows" and self._peek() == "[":
                    for number, row in enumerate(self._elements()):
                        if isinstance(row, list):
                            self._number += 1
                            yield Found(f"rows[{number}]", dict(zip(columns, row, strict=False)), self._doubtful)
                else:
                    told = self._value()
                    if name == "columns" and isinstance(told, list):
                        columns = [str(c.get("name") if isinstance(c, dict) else c) for c in told]
        if self._peek() == "]":
            self._at += 1

    def _value(self) -> Any:
        """The JSON value that begins here; more is read until it is whole."""
        self._peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except RecursionError:
                raise _Broken(self._at + 1, "it is nested too deeply") from None
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or len(self._text) - error.pos < _CUT
                if cut and not self._ended:
                    self._more()
                    continue
                at = len(self._text) if error.msg.startswith("Unterminated") else error.pos
                raise _Broken(max(at, self._at + 1), error.msg) from None
            except ValueError as error:
                raise _Broken(self._at + 1, str(error)) from None
            if end == len(self._text) and not self._ended:
                self._more()
                continue
            self._at = end
            return value

    def _peek(self) -> str:
        """The next character that is no white space and no comma; a _Broken at the end of the file."""
        mark = self._skip(_SPACE)
        if not mark:
            raise _Broken(len(self._text), "the file ends here")
        return mark

    def _outside(self) -> str:
        """The next character outside of any record, "" at the end; brackets are counted on the way."""
        while True:
            self._more_to(1)
            match = _OUTSIDE.match(self._text, self._at)
            end = match.end() if match else self._at
            self._open += self._text.count("[", self._at, end) - self._text.count("]", self._at, end)
            self._at = end
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""

    def _skip(self, blank: re.Pattern[str]) -> str:
        while True:
            self._more_to(1)
            match = blank.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""

    def _resume(self, at: int) -> bool:
        """Go to the next place behind ``at`` where an object may begin; False when there is none."""
        self._at = min(at, len(self._text))
        self._doubtful = True
        while True:
            match = _CANDIDATE.search(self._text, max(0, self._at - 1))
            if match:
                self._at = match.end()
                return True
            if self._ended:
                return False
            self._at = max(self._at, len(self._text) - 1)
            self._more()

    def _more_to(self, characters: int) -> None:
        while len(self._text) - self._at < characters and not self._ended:
            self._more()

    def _more(self) -> None:
        """Read on, let go of what was consumed; twice as much each time, so that no long record is read anew often."""
        kept = len(self._text) - self._at
        if kept > LARGEST:
            raise _Broken(len(self._text), f"a record is longer than {LARGEST >> 20} million characters")
        read = self._stream.read(max(CHUNK, kept))
        self._line_at(self._at)
        self._counted -= self._at
        self._text = self._text[self._at :] + read
        self._at = 0
        self._ended = not read

    def _line_at(self, at: int) -> int:
        if at > self._counted:
            self._line += self._text.count("\n", self._counted, at)
            self._counted = at
        return self._line

    def _where(self, at: int | None = None) -> str:
        return f"line {self._line_at(min(self._at if at is None else at, len(self._text)))}"
