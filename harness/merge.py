"""Merge: the run directories of all shards of one plan become one run directory, or the merge is refused."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from harness import record
from harness.model.run import Run
from harness.record import Recorder, RecordError

_SAME = {
    "profile": "profile",
    "base_url": "target",
    "seed": "seed",
    "tool": "version of scimulator",
    "preset": "preset",
    "defects": "defects",
}
_OF_THE_WHOLE = ("scenarios", "idps", "meta", "shard", "event", "at")


def merge(shards: Sequence[Path], out: Path, retell: Callable[[Path], Run], command: str) -> Run:
    """Write the merged record into ``out`` and judge it with ``retell``.

    Raises RecordError, and leaves nothing behind, when the directories are not all shards of one plan, when one is
    missing or given twice, or when scenarios, counts and findings do not add up.
    """
    starts = [_start(directory) for directory in shards]
    _fit(shards, starts)
    if out.exists() and any(out.iterdir()):
        raise RecordError(f"{out} is not empty: choose another --out for the merged run")
    try:
        _write(shards, starts, out, command)
        run = retell(out)
        _adds_up(shards, run, retell)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    return run


def _start(directory: Path) -> dict[str, Any]:
    for line in record.lines(directory, "events"):
        if line.get("event") == "run_started":
            return line
    raise RecordError(f"{directory} holds no events.jsonl with a run_started: expected a run directory")


def _fit(shards: Sequence[Path], starts: Sequence[dict[str, Any]]) -> None:
    for directory, start in zip(shards, starts, strict=True):
        if "shard" not in start:
            raise RecordError(f"{directory} is a whole run: only runs made with --shard can be merged")
        if start.get("unreachable"):
            raise RecordError(f"{directory} could not reach its target: run this shard again")
    of = starts[0]["shard"]["of"]
    places: dict[int, Path] = {}
    for directory, start in zip(shards, starts, strict=True):
        index = start["shard"]["index"]
        if index in places:
            raise RecordError(f"shard {index}/{of} was given twice: {places[index]} and {directory}")
        places[index] = directory
        for name, means in _SAME.items():
            values = [_named(one, name) for one in (starts[0], start)]
            if values[0] != values[1]:
                told = [one["name"] if isinstance(one, dict) else one for one in values]
                raise RecordError(f"{directory} has another {means} than {shards[0]}: {told[1]} against {told[0]}")
        if start["shard"]["whole"] != starts[0]["shard"]["whole"] or start["shard"]["of"] != of:
            raise RecordError(
                f"{directory} belongs to another plan than {shards[0]}: run all shards with one selection"
            )
    missing = [f"{index}/{of}" for index in range(1, of + 1) if index not in places]
    if missing:
        raise RecordError(
            f"not all shards are there: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        )


def _named(start: dict[str, Any], name: str) -> object:
    return start.get(name, start.get("meta", {}).get(name))


def _write(shards: Sequence[Path], starts: Sequence[dict[str, Any]], out: Path, command: str) -> None:
    first = starts[0]
    order = {key["id"]: index for index, key in enumerate(first["shard"]["whole"])}
    # In the order of the plan, as the run as a whole would name them.
    spoken = dict.fromkeys(key["idp"] for key in first["shard"]["whole"] if key["idp"])
    recorder = Recorder(out)
    try:
        recorder.event(
            "run_started",
            **{name: value for name, value in first.items() if name not in _OF_THE_WHOLE},
            scenarios=first["shard"]["whole"],
            idps=list(spoken),
            meta={**first["meta"], "command": command},
        )
        events = [line for directory in shards for line in record.lines(directory, "events")]
        played = [line for line in events if line.get("event") in ("scenario_started", "scenario_finished")]
        for line in sorted(played, key=lambda line: order.get(_scenario(line), len(order))):
            recorder.again(line)
        if sum(line.get("event") == "run_finished" for line in events) == len(shards):
            recorder.event("run_finished")
    finally:
        recorder.close()
    for kind in ("exchanges", "ledger"):
        with (out / f"{kind}.jsonl").open("ab") as target:
            for source in _sources(shards, kind):
                with gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb") as file:
                    shutil.copyfileobj(file, target)


def _scenario(line: dict[str, Any]) -> str:
    return str(line.get("scenario") or line.get("key", {}).get("id", ""))


def _sources(shards: Sequence[Path], kind: str) -> Iterator[Path]:
    for directory in shards:
        yield from sorted([*directory.glob(f"{kind}*.jsonl"), *directory.glob(f"{kind}*.jsonl.gz")])


def _adds_up(shards: Sequence[Path], run: Run, retell: Callable[[Path], Run]) -> None:
    """Nothing may be lost on the way, and nothing counted twice: compare with what each shard has said of itself."""
    counts: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for directory in shards:
        try:
            said = json.loads((directory / "run.json").read_bytes())
            counts.update(said["counts"])
            findings.update(f["id"] for f in said["findings"])
        except FileNotFoundError:
            told = retell(directory)
            counts.update(told.counts)
            findings.update(finding.id for _, finding in told.findings)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RecordError(f"{directory / 'run.json'} cannot be read: {error}") from error
    if +counts != +Counter(run.counts):
        raise RecordError(f"the counts do not add up: the shards say {dict(+counts)}, together they give {run.counts}")
    if findings != Counter(finding.id for _, finding in run.findings):
        raise RecordError("the findings of the shards are not those of the merged run; were they made by one version?")
