"""Keeps what is opened rarely compressed inside the page: gzip in base64, several fragments to a chunk."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass

CHUNK = 1_500_000
"""About how many characters of HTML are compressed together: one chunk is unpacked whole when it is needed."""


@dataclass(frozen=True)
class Chunk:
    """A non-executable block of the page: ``data`` is the base64 of gzipped JSON {fragment name: HTML}."""

    name: str
    data: str


class Packer:
    """Collects fragments and remembers which anchors lie in which of them."""

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._open: dict[str, str] = {}
        self._size = 0
        self._where: dict[str, str] = {}
        self._fragments = 0

    def add(self, html: str, anchors: Iterable[str]) -> tuple[str, str]:
        """Take a fragment; returns its name and the name of the chunk that will hold it."""
        if self._size and self._size + len(html) > CHUNK:
            self._close()
        name = f"f{self._fragments}"
        self._fragments += 1
        self._open[name] = html
        self._size += len(html)
        self._where.update(dict.fromkeys(anchors, name))
        return name, f"c{len(self._chunks)}"

    def chunks(self) -> tuple[Chunk, ...]:
        """All chunks, and one named "index" that maps anchors to fragments; none at all when nothing was packed."""
        self._close()
        if not self._chunks:
            return ()
        return (*self._chunks, Chunk("index", _pack(self._where)))

    def _close(self) -> None:
        if self._open:
            self._chunks.append(Chunk(f"c{len(self._chunks)}", _pack(self._open)))
        self._open, self._size = {}, 0


def _pack(value: dict[str, str]) -> str:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    # A fixed time of zero: the same run makes the same file.
    return base64.b64encode(gzip.compress(data, compresslevel=9, mtime=0)).decode("ascii")
