"""Earlier runs: a folder of run directories, reached by names that cannot lead out of it."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from harness.model.run import Run
from harness.record import RecordError
from harness.stage import retell

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\.[A-Za-z0-9_-]{1,50}){0,3}")
"""What a run directory may be called here: no separator, nothing hidden, no way up."""

LARGEST_SUMMARY = 64 * 1024 * 1024
_REMEMBERED = 4


class Unknown(KeyError):
    """No run of that name is kept here."""


@dataclass(frozen=True)
class Summary:
    """One line of the list. ``verdict`` is "" for a run that never came to one."""

    id: str
    at: str
    verdict: str
    sentence: str
    idps: tuple[str, ...]
    base_url: str


class Store:
    """The run directories directly inside ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._told: OrderedDict[tuple[str, int], Run] = OrderedDict()
        self._lock = Lock()

    def new_id(self, idp: str) -> str:
        return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{idp.partition(':')[0]}"

    def directory(self, name: str) -> Path:
        """The directory of a run. Raises Unknown for every name that is none, whatever it looks like."""
        if not ID.fullmatch(name):
            raise Unknown(name)
        path = self.root / name
        if path.is_symlink() or not path.is_dir() or path.resolve().parent != self.root.resolve():
            raise Unknown(name)
        return path

    def run(self, name: str) -> Run:
        """The run, judged from its record. Raises Unknown, RecordError."""
        directory = self.directory(name)
        record = directory / "events.jsonl"
        stamp = (name, record.stat().st_mtime_ns if record.exists() else 0)
        with self._lock:
            if stamp in self._told:
                self._told.move_to_end(stamp)
                return self._told[stamp]
        run = retell(directory)
        with self._lock:
            self._told[stamp] = run
            while len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)
        return run

    def summaries(self) -> list[Summary]:
        """All runs, the newest first. What cannot be read is listed as such."""
        return sorted(self._found(), key=lambda one: (one.at, one.id), reverse=True)

    def _found(self) -> Iterator[Summary]:
        if not self.root.is_dir():
            return
        for path in self.root.iterdir():
            try:
                directory = self.directory(path.name)
            except Unknown:
                continue
            if (directory / "run.json").is_file():
                yield _summary(directory)
            elif (directory / "events.jsonl").is_file():
                at = datetime.fromtimestamp((directory / "events.jsonl").stat().st_mtime, UTC)
                yield Summary(path.name, at.isoformat(timespec="seconds"), "", "It was not played to its end.", (), "")


def _summary(directory: Path) -> Summary:
    path = directory / "run.json"
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    unreadable = Summary(directory.name, at, "", "Its run.json cannot be read.", (), "")
    if path.stat().st_size > LARGEST_SUMMARY:
        return unreadable
    try:
        told = json.loads(path.read_bytes())
        meta = told.get("meta", {})
        return Summary(
            directory.name,
            str(meta.get("concluded_at") or at),
            str(told["verdict"]),
            str(told.get("sentence", "")),
            tuple(str(idp) for idp in told.get("idps", ())),
            str(told.get("target", {}).get("base_url", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return unreadable


__all__ = ["RecordError", "Store", "Summary", "Unknown"]
