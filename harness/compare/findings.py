"""Two run directories side by side: findings by their stable ids, scenarios by theirs, exchanges by what they ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.compare.exchanges import compare_exchanges
from harness.compare.spelling import settled
from harness.model.comparison import Comparison, Difference, Fate, Side, weight
from harness.model.verdict import Outcome
from harness.record import RecordError

_UNPLAYED = (Outcome.NOT_RUN, Outcome.ERROR)
Key = tuple[str, str, str, str]


def compare(before: Path, after: Path) -> Comparison:
    """Compare two run directories. Raises RecordError when one of them is not a judged run."""
    first, second = _summary(before), _summary(after)
    same_people = first["seed"] == second["seed"]
    was_played, is_played = _played(first), _played(second)
    return Comparison(
        before=_side(before, first),
        after=_side(after, second),
        differences=tuple(_differences(first, second, is_played)),
        exchanges=tuple(compare_exchanges(before, after, same_people=same_people)),
        lost=tuple(sorted(was_played - is_played)),
        added=tuple(sorted(is_played - was_played)),
        notices=tuple(_notices(first, second)),
    )


def _summary(directory: Path) -> dict[str, Any]:
    path = directory / "run.json"
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        hint = f"; scimulator judge {directory} makes one" if any(directory.glob("events*.jsonl")) else ""
        raise RecordError(f"{directory} holds no run.json: expected the directory of a judged run{hint}") from error
    except (OSError, ValueError) as error:
        raise RecordError(f"{path} cannot be read: {error}") from error
    if not isinstance(value, dict) or value.get("schema") != "scimulator/run/1":
        raise RecordError(f"{path}: expected the schema scimulator/run/1; was it written by another tool or version?")
    return value


def _side(directory: Path, run: Mapping[str, Any]) -> Side:
    return Side(
        name=directory.name or str(directory.resolve().name),
        verdict=run["verdict"],
        sentence=run["sentence"],
        profile=run["profile"],
        base_url=run["target"]["base_url"],
        tool=run["tool"],
        seed=run["seed"],
        at=str(run.get("meta", {}).get("concluded_at", "")),
    )


def _played(run: Mapping[str, Any]) -> set[str]:
    return {s["id"] for s in run["scenarios"] if Outcome(s["outcome"]) not in _UNPLAYED}


def _notices(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[str]:
    for name, values in {
        "profile": (first["profile"], second["profile"]),
        "version of scimulator": (first["tool"], second["tool"]),
        "target": (first["target"]["base_url"], second["target"]["base_url"]),
    }.items():
        if values[0] != values[1]:
            yield f"The {name} differs: {values[0]} before, {values[1]} after."
    if first["seed"] != second["seed"]:
        yield "The seeds differ, so other people were played: of the exchanges only status and media type are compared."


def _differences(first: Mapping[str, Any], second: Mapping[str, Any], played: set[str]) -> Iterator[Difference]:
    old, new = ({_key(f): f for f in run["findings"]} for run in (first, second))
    told = [(_difference(old.get(key), new.get(key), played), key) for key in old.keys() | new.keys()]
    told.sort(key=lambda pair: (-max(weight(pair[0].before), weight(pair[0].after)), pair[1]))
    yield from (difference for difference, _ in told)


def _key(finding: Mapping[str, Any]) -> Key:
    # Six hex digits collide one day; with the rest of what the id is made of they do not.
    return finding["scenario"], finding["requirement"], finding["check"], finding["id"]


def _difference(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, played: set[str]) -> Difference:
    shown = new or old
    assert shown is not None
    return Difference(
        fate=_fate(old, new, played),
        id=shown["id"],
        requirement=shown["requirement"],
        section=shown["section"],
        level=shown["level"],
        check=shown["check"],
        scenario=shown["scenario"],
        before=Outcome(old["outcome"]) if old else None,
        after=Outcome(new["outcome"]) if new else None,
        expected=tuple(shown["expected"]),
        actual_before=str(old["actual"]) if old else "",
        actual_after=str(new["actual"]) if new else "",
        exchange_before=old["exchange"] if old else "",
        exchange_after=new["exchange"] if new else "",
        remedy=shown["remedy"],
    )


def _fate(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, played: set[str]) -> Fate:
    if new is None:
        assert old is not None
        return Fate.FIXED if old["scenario"] in played else Fate.GONE
    if old is None:
        return Fate.NEW
    told = [(f["outcome"], [settled(str(e)) for e in f["expected"]], settled(str(f["actual"]))) for f in (old, new)]
    return Fate.STILL if told[0] == told[1] else Fate.CHANGED
