"""Keeps what is opened rarely compressed: gzip in base64, many fragments to a chunk, on disk until it is written."""

from __future__ import annotations

import base64
import json
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

CHUNK = 1_500_000
"""About how many characters of HTML are compressed together: one chunk is unpacked whole when it is needed."""

VOLUME = 12_000_000
"""About how many bytes of packed chunks make a volume: what one page of a report in several files holds."""


@dataclass(frozen=True)
class Chunk:
    """A non-executable block of the page: ``data`` is the base64 of gzipped JSON."""

    name: str
    data: str


class Slot(NamedTuple):
    """Where a packed fragment lies: ``fragment`` names it inside the chunk ``chunk``."""

    fragment: str
    chunk: str


class _Place(NamedTuple):
    start: int
    size: int
    volume: int


class Packer:
    """Takes fragments and gives them back in chunks. Finished chunks wait in a temporary file, not in memory.

    ``name`` begins the name of each chunk. A volume ends where ``turn`` is called after it has grown to ``volume``
    bytes: what has to stay together is added between two turns.
    """

    def __init__(self, name: str, volume: int = 0) -> None:
        self._name = name
        self._limit = volume or VOLUME
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the packer; gone when it is dropped
        self._places: list[_Place] = []
        self._open: dict[str, str] = {}
        self._weight = 0
        self._fragments = 0
        self._volume_size = 0
        self.volume = 0
        self.size = 0
        """Bytes of all finished chunks."""

    def add(self, html: str) -> Slot:
        """Take a fragment and say where it will be found."""
        if self._weight and self._weight + len(html) > CHUNK:
            self._close()
        name = f"f{self._fragments}"
        self._fragments += 1
        self._open[name] = html
        self._weight += len(html)
        return Slot(name, f"{self._name}{len(self._places)}")

    def turn(self) -> None:
        """Begin a new volume if this one is full."""
        if self._volume_size + self._weight // 8 < self._limit:
            return
        self._close()
        if self._volume_size:
            self.volume, self._volume_size = self.volume + 1, 0

    def chunks(self, volume: int | None = None) -> Iterator[Chunk]:
        """The chunks of one volume, or all of them, read one at a time. Nothing may be added any more."""
        self._close()
        for number, place in enumerate(self._places):
            if volume is None or place.volume == volume:
                self._spool.seek(place.start)
                yield Chunk(f"{self._name}{number}", self._spool.read(place.size).decode("ascii"))

    def finish(self) -> int:
        """Close the last chunk and return how many volumes there are (0 when nothing was packed)."""
        self._close()
        return self._places[-1].volume + 1 if self._places else 0

    def _close(self) -> None:
        if not self._open:
            return
        data = packed(self._open).encode("ascii")
        self._spool.seek(self.size)
        self._spool.write(data)
        self._places.append(_Place(self.size, len(data), self.volume))
        self.size += len(data)
        self._volume_size += len(data)
        self._open, self._weight = {}, 0


def packed(value: Any) -> str:
    """JSON, gzipped without a time of its own (the same run makes the same file), in base64."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    squeeze = zlib.compressobj(6, zlib.DEFLATED, 31)
    return base64.b64encode(squeeze.compress(data) + squeeze.flush()).decode("ascii")
