"""Importer: knows one file format by its beginning and reads it as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from harness.model.sighting import Complaint, Sighting

HEAD = 64 * 1024
"""How many bytes of a file an importer sees to recognise it."""

Progress = Callable[[int], None]
"""Is told how many bytes have been read so far."""


@dataclass(frozen=True)
class Importer:
    """``recognises(name, head)`` gives 0 (not mine) to 100 (certainly mine) for a file's name and its first HEAD bytes.

    ``read(path, progress)`` yields as it goes and never holds the whole file; whatever is wrong with the content comes
    out as a Complaint with its place, never as an exception. OSError is the caller's to tell. ``together`` reads
    files that complete each other, where a format has such; then it is asked instead, also for a single one.
    ``completes(head)`` is whether a file of those only completes another, and tells of nothing at a time of its own.
    """

    name: str
    title: str
    recognises: Callable[[str, bytes], int]
    read: Callable[[Path, Progress], Iterator[Sighting | Complaint]]
    together: Callable[[tuple[Path, ...], Progress], Iterator[Sighting | Complaint]] | None = None
    completes: Callable[[bytes], bool] | None = None


@cache
def importers() -> tuple[Importer, ...]:
    """Every installed importer, by name."""
    found = [point.load() for point in entry_points(group="scimulator.importers")]
    return tuple(sorted(found, key=lambda importer: importer.name))
