"""Text out of a file that went through somebody's spreadsheet: the encoding is told by its bytes, never by a name."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO

HEAD = 64 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str:
    """The encoding of a file by its first bytes: a byte order mark, the zeros of UTF-16, else UTF-8 or Windows-1252.

    Only ASCII in between says nothing: such a file is read as UTF-8.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[:1024]
    if len(sample) >= 8:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if odd > len(sample) // 4 and even < odd // 4:
            return "utf-16-le"
        if even > len(sample) // 4 and odd < even // 4:
            return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decoded(head: bytes) -> str:
    """The beginning of a file as text; what cannot be read is replaced, and nothing is raised."""
    decoder = codecs.getincrementaldecoder(encoding_of(head))("replace")
    return decoder.decode(head).lstrip("\ufeff")


def text_of(file: BinaryIO, name: str = "", newline: str | None = "") -> TextIO:
    """A stream of text over a seekable stream of bytes; unreadable bytes become U+FFFD. ``name`` forces an encoding."""
    head = file.read(HEAD)
    file.seek(0)
    return io.TextIOWrapper(file, encoding=name or encoding_of(head), errors="replace", newline=newline)


def read_text(path: Path, limit: int) -> str:
    """The whole of a small file, at most ``limit`` bytes of it. Raises OSError."""
    with path.open("rb") as file:
        data = file.read(limit)
    return data.decode(encoding_of(data[:HEAD]), "replace").lstrip("\ufeff")


class Counted(io.RawIOBase):
    """Bytes of a file, with somebody told now and then how many have been read."""

    STEP = 1 << 20

    def __init__(self, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self._file = file
        self._progress = progress
        self._told = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        at = self._file.tell()
        if at - self._told >= self.STEP or (not data and at != self._told):
            self._told = at
            self._progress(at)
        return len(data)
