"""Streams: large JSON files read value by value, and where they break."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from harness.intake.importer import Progress

CHUNK = 64 * 1024
LONGEST_LINE = 32 * 1024 * 1024
"""A longer line of a log is left out: no gateway writes such, and memory is not endless."""


class Broken(Exception):
    """The JSON cannot be read further. ``place`` says where in the file, as near as is known."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


class Utf8:
    """Reads a file as UTF-8 without its mark; bytes that are none become U+FFFD. Tells how far it has read."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file, self._progress = file, progress
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
            text = self._decoder.decode(chunk, not chunk)
            if text or not chunk:
                return text.encode("utf-8", "replace")


def items(path: Path, prefix: str, progress: Progress, *, floats: bool = False) -> Iterator[Any]:
    """The values at ``prefix`` (ijson's notation: "log.entries.item"), one at a time. Raises Broken, OSError.

    Numbers with a fraction are Decimals, which no number can break; with ``floats`` they are what JSON readers give.
    """
    # Imported here: only who reads large JSON needs it.
    import ijson

    with path.open("rb") as file:
        stream = Utf8(file, progress)
        try:
            yield from ijson.items(stream, prefix, buf_size=CHUNK, multiple_values=True, use_float=floats)
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
            raise Broken(_plain(error), f"near byte {stream.done}") from error


def _plain(error: Exception) -> str:
    """The first line of a parser's message: the others show a piece of the content, which may be a secret."""
    words = str(error).strip().splitlines()
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
