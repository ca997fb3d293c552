"""Record: writes down what happens while it happens, and reads it back, also after a crash."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from harness.codec import (
    cast_from_json,
    change_from_json,
    exchange_from_json,
    exchange_to_json,
    key_from_json,
    outlook_from_json,
    verdict_from_json,
)
from harness.model.exchange import Exchange
from harness.model.outlook import Outlook
from harness.model.scenario import ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Verdict
from harness.veil import Veil

SCHEMA_EVENTS = "scimulator/events/1"


class RecordError(Exception):
    """A run directory cannot be written or read; the message says which file and why."""


class Recorder:
    """Appends to a run directory, one JSON line at a time. ``worker`` keeps the files of parallel workers apart.

    Each line is handed to the operating system before ``event`` or ``exchange`` returns, so a killed run can be read
    up to its last line.
    """

    def __init__(self, directory: Path, worker: str = "", veil: Veil | None = None) -> None:
        self.directory = directory
        self._veil = veil
        suffix = f"-{worker}" if worker else ""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._events: BinaryIO = (directory / f"events{suffix}.jsonl").open("ab", buffering=0)
            self._exchanges: BinaryIO = (directory / f"exchanges{suffix}.jsonl").open("ab", buffering=0)
        except OSError as error:
            raise RecordError(f"the run directory {directory} cannot be written: {error}") from error

    def event(self, event: str, **data: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._write(self._events, {"event": event, "at": at, **(self._veil.event(data) if self._veil else data)})

    def again(self, line: Mapping[str, Any]) -> None:
        """Write down an event of another record as it stands there, with its own time."""
        self._write(self._events, line)

    def exchange(self, exchange: Exchange) -> None:
        line = exchange_to_json(exchange)
        self._write(self._exchanges, self._veil.exchange(line) if self._veil else line)

    def _write(self, file: BinaryIO, line: Mapping[str, Any]) -> None:
        data = json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        try:
            file.write(data)
        except OSError as error:
            raise RecordError(
                f"{self.directory}: the record cannot be written: {error.strerror}; is the disk full?"
            ) from error

    def close(self) -> None:
        self._events.close()
        self._exchanges.close()


@dataclass
class Recording:
    """What a run directory holds: the plan, and the transcripts of the scenarios that were begun.

    ``unreadable`` counts lines that could not be read (the last line of a killed run, damaged files).
    """

    directory: Path
    started: dict[str, Any] = field(default_factory=dict)
    transcripts: dict[str, Transcript] = field(default_factory=dict)
    problems: dict[str, dict[str, Any]] = field(default_factory=dict)
    verdicts: dict[str, tuple[Verdict, ...]] = field(default_factory=dict)
    outlooks: dict[str, Outlook] = field(default_factory=dict)
    finished: bool = False
    unreadable: int = 0

    @property
    def veiled(self) -> bool:
        """Whether people stand in it under pseudonyms: then it cannot be judged again, but holds its verdicts."""
        return bool(self.started.get("meta", {}).get("redaction"))

    @property
    def planned(self) -> tuple[ScenarioKey, ...]:
        if self.started.get("open_ended"):
            # Nobody knows beforehand who will come: what was begun is what there is.
            return tuple(transcript.scenario for transcript in self.transcripts.values())
        return tuple(key_from_json(k) for k in self.started.get("scenarios", ()))


def read(directory: Path) -> Recording:
    """Read a run directory, whole or cut short. Raises RecordError when there is no record at all."""
    recording = Recording(directory)
    events = _files(directory, "events")
    if not events:
        raise RecordError(f"{directory} holds no events.jsonl: expected a run directory made by scimulator")
    begun: dict[str, dict[str, Any]] = {}
    ended: dict[str, dict[str, Any]] = {}
    for line in _lines(events, recording):
        match line.get("event"):
            case "run_started":
                recording.started = recording.started or line
            case "scenario_started":
                begun[line["key"]["id"]] = line
            case "scenario_finished":
                ended[line["scenario"]] = line
            case "scenario_judged":
                recording.verdicts[line["scenario"]] = tuple(
                    verdict_from_json(line["scenario"], verdict) for verdict in line["verdicts"]
                )
                if "outlook" in line:
                    recording.outlooks[line["scenario"]] = outlook_from_json(line["outlook"])
            case "run_finished":
                recording.finished = True
    if not recording.started:
        raise RecordError(f"{directory}: events.jsonl does not begin with run_started; is it from another tool?")
    exchanges: dict[str, dict[int, Exchange]] = {}
    for line in _lines(_files(directory, "exchanges"), recording):
        try:
            exchange = exchange_from_json(line)
        except (KeyError, ValueError, TypeError):
            recording.unreadable += 1
            continue
        exchanges.setdefault(exchange.scenario, {})[exchange.ordinal] = exchange
    for scenario, line in begun.items():
        end = ended.get(scenario)
        played = exchanges.get(scenario, {})
        recording.transcripts[scenario] = Transcript(
            scenario=key_from_json(line["key"]),
            base_url=line["base_url"],
            exchanges=tuple(played[i] for i in sorted(played)),
            changes=tuple(change_from_json(c) for c in line.get("changes", ())),
            cast=cast_from_json((end or line).get("cast", {})),
            complete=bool(end and end.get("complete")),
            stopped=(end or {}).get("stopped", "") if end else "the run was interrupted here",
        )
        if end and end.get("problem"):
            recording.problems[scenario] = end
    return recording


def copy(directory: Path, into: Path) -> None:
    """Copy the record of a run into another directory, which must not hold one. Raises RecordError."""
    files = [*_files(directory, "events"), *_files(directory, "exchanges")]
    if not files:
        raise RecordError(f"{directory} holds no events.jsonl: expected a run directory made by scimulator")
    if any(_files(into, "events")):
        raise RecordError(f"{into} holds a run already: name another directory with --out")
    try:
        into.mkdir(parents=True, exist_ok=True)
        for path in files:
            shutil.copyfile(path, into / path.name)
    except OSError as error:
        raise RecordError(f"{directory} cannot be copied to {into}: {error.strerror or error}") from error


def lines(directory: Path, kind: str, into: Recording | None = None) -> Iterator[dict[str, Any]]:
    """The readable lines of a run directory of one kind ("events", "exchanges"). Raises RecordError.

    ``into`` counts those that cannot be read.
    """
    yield from _lines(_files(directory, kind), into or Recording(directory))


def _files(directory: Path, kind: str) -> list[Path]:
    return sorted([*directory.glob(f"{kind}*.jsonl"), *directory.glob(f"{kind}*.jsonl.gz")])


def _lines(files: Iterable[Path], recording: Recording) -> Iterator[dict[str, Any]]:
    for path in files:
        try:
            with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
                for line in file:
                    try:
                        value = json.loads(line)
                    except (ValueError, RecursionError):
                        recording.unreadable += 1
                        continue
                    if isinstance(value, dict):
                        yield value
        except (OSError, EOFError) as error:
            raise RecordError(f"{path} cannot be read: {error}") from error


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file in one step. Raises RecordError."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old one or the new one, never half of it. Raises RecordError."""
    data = text.encode("utf-8", "backslashreplace")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise RecordError(f"{path} cannot be written: {error.strerror or error}") from error
