"""Streams: large JSON files read value by value, and where they break."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from harness.intake.importer import Progress

CHUNK = 64 * 1024
DEEPEST = 500
"""No archive of traffic is nested deeper; a body is a text in it."""
_END = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
LONGEST_LINE = 32 * 1024 * 1024
"""A longer line of a log is left out: no gateway writes such, and memory is not endless."""


class Broken(Exception):
    """The JSON cannot be read further. ``place`` says where in the file, as near as is known."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


class Utf8:
    """Reads a file as UTF-8 without its mark; bytes that are none become U+FFFD. Tells how far it has read.

    ``read`` raises TooDeep before a parser sees JSON that is nested deeper than DEEPEST: names of places grow with the
    depth, and memory with its square.
    """

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file, self._progress = file, progress
        self._open, self._looked = 0, False
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self.done = 0

    def read(self, size: int = CHUNK) -> bytes:
        """The next piece, b"" at the end. ``size`` is of the file, not of what comes out."""
        if size == 0:
            return b""
        while True:
            chunk = self._file.read(max(size, CHUNK))
            self.done += len(chunk)
            self._progress(self.done)
            self._watch(chunk)
            text = self._decoder.decode(chunk, not chunk)
            if text or not chunk:
                return text.encode("utf-8", "replace")

    def _watch(self, chunk: bytes) -> None:
        """Brackets inside of texts count here, too: only when they seem to nest deep is it worth a look."""
        if self._looked:
            return
        opened = chunk.count(b"[") + chunk.count(b"{") - chunk.count(b"]") - chunk.count(b"}")
        self._open = max(0, self._open + opened)
        if self._open > DEEPEST:
            self._looked = True
            here = self._file.tell()
            self._file.seek(0)
            deep = deepest(self._file)
            self._file.seek(here)
            if deep > DEEPEST:
                raise TooDeep(f"it is nested more than {DEEPEST} deep")


class TooDeep(ValueError):
    """JSON that is nested so deep that nobody has written it to be read."""


def deepest(file: IO[bytes]) -> int:
    """How deep the JSON in a file is nested, texts left aside; it stops counting beyond DEEPEST."""
    depth = most = 0
    inside, left = False, b""
    while chunk := file.read(CHUNK):
        data = left + chunk
        # A backslash at the end belongs to the character that follows.
        odd = (len(data) - len(data.rstrip(b"\\"))) % 2
        left, data = (data[-1:], data[:-1]) if odd else (b"", data)
        if inside:
            end = _END.match(data)
            if end is None:
                continue
            data = data[end.end() :]
        rest, mark, _ = _STRING.sub(b"", data).partition(b'"')
        inside = bool(mark)
        for bracket in rest.translate(None, _NO_BRACKETS):
            depth += 1 if bracket in b"[{" else -1
            most = max(most, depth)
        if most > DEEPEST:
            break
    return most


def items(path: Path, prefix: str, progress: Progress) -> Iterator[Any]:
    """The values at ``prefix`` (ijson's notation: "log.entries.item"), one at a time. Raises Broken, OSError."""
    # Imported here: only who reads large JSON needs it.
    import ijson

    with path.open("rb") as file:
        stream = Utf8(file, progress)
        try:
            # Without use_float, ijson 3.6 kills the process at a number of more than 4,300 digits.
            yield from ijson.items(stream, prefix, buf_size=CHUNK, multiple_values=True, use_float=True)
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
            raise Broken(_plain(error), f"near byte {stream.done}") from error


def _plain(error: Exception) -> str:
    """The first line of a parser's message: the others show a piece of the content, which may be a secret."""
    words = str(error).strip().splitlines()
    if words and "premature EOF" in words[0]:
        return "it ends in the middle"
    return words[0][:200] if words else type(error).__name__


def lines(path: Path, progress: Progress) -> Iterator[tuple[int, str | None]]:
    """The lines of a text with their numbers from 1; None in place of one that is too long. Raises OSError."""
    done = 0
    with path.open("rb") as file:
        number, skipping = 0, False
        while line := file.readline(LONGEST_LINE):
            done += len(line)
            ended = line.endswith(b"\n")
            if not skipping:
                number += 1
                progress(done)
            if not ended and len(line) >= LONGEST_LINE:
                if not skipping:
                    yield number, None
                skipping = True
                continue
            if not skipping:
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
            skipping = False


def json_or_none(text: str | bytes) -> Any:
    """The value of a JSON text; None when it is none, or nested too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
