"""Known failures: a file that says which breach is accepted, why, by whom and until when."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from harness.model.known import Known, KnownEntry, KnownState
from harness.model.requirement import Level
from harness.model.run import ScenarioResult
from harness.model.verdict import Outcome, Verdict

HOLDS = timedelta(days=90)
"""How long an entry holds that a run has written."""

_EXCUSED = (Outcome.FAILED, Outcome.WARNED)
_NEEDED = ("requirement", "scenario", "reason", "owner")
_OPEN = "to be said: why is this accepted?"
_NOBODY = "to be said: who mends it?"

HEAD = """\
# Known failures: breaches that are accepted for a while. `scimulator run --known FILE` reports them as known instead of
# failed; `--update-known` writes what a run has found into this file and takes out what is not broken any more.
# requirement and scenario are globs; until is the last day on which an entry holds.
"""


class KnownError(ValueError):
    """The file of known failures is wrong; the message names file and entry, what was found and what was expected."""


def load(path: Path) -> tuple[KnownEntry, ...]:
    """Read a file of known failures. Raises KnownError."""
    try:
        return parse(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise KnownError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise KnownError(f"{path}: is not UTF-8: {error}") from error


def parse(text: str, where: str) -> tuple[KnownEntry, ...]:
    """Entries from a TOML document. Raises KnownError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnownError(f"{where}: not TOML: {error}") from error
    if unknown := document.keys() - {"known"}:
        raise KnownError(f"{where}: unknown {', '.join(sorted(unknown))}; every entry begins with [[known]]")
    tables = document.get("known", [])
    if not isinstance(tables, list):
        raise KnownError(f"{where}: [known] has to be [[known]], once for each entry")
    return tuple(_entry(table, f"{where}: entry {number}") for number, table in enumerate(tables, 1))


def _entry(table: Mapping[str, Any], where: str) -> KnownEntry:
    for name in _NEEDED:
        value = table.get(name)
        texts = value if name == "scenario" and isinstance(value, list) else [value]
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise KnownError(f"{where}: expected {name} = a text that is not empty, found {value!r}")
    if unknown := table.keys() - {*_NEEDED, "until"}:
        raise KnownError(f"{where}: unknown {', '.join(sorted(unknown))}; there are {', '.join(_NEEDED)} and until")
    scenario = table["scenario"]
    return KnownEntry(
        requirement=table["requirement"],
        scenarios=tuple(scenario) if isinstance(scenario, list) else (scenario,),
        reason=table["reason"],
        owner=table["owner"],
        until=_day(table.get("until"), where),
    )


def _day(value: object, where: str) -> date | None:
    try:
        if value is None or type(value) is date:
            return value
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise KnownError(f"{where}: expected until = a day like 2027-01-31, found {value!r}")


def mark(verdicts: Iterable[Verdict], entries: Sequence[KnownEntry]) -> tuple[Verdict, ...]:
    """The verdicts, with breaches that an entry lists called known. A vendor's expectation is noted as before."""
    return tuple(_marked(verdict, entries) for verdict in verdicts) if entries else tuple(verdicts)


def _marked(verdict: Verdict, entries: Sequence[KnownEntry]) -> Verdict:
    if verdict.outcome not in _EXCUSED:
        return verdict
    entry = next((e for e in entries if e.lists(verdict.requirement, verdict.scenario)), None)
    if entry is None:
        return verdict
    until = f" until {entry.until.isoformat()}" if entry.until else ""
    return verdict._replace(outcome=Outcome.KNOWN, reason=f"known{until}: {entry.reason} ({entry.owner})")


def states(
    entries: Sequence[KnownEntry],
    results: Iterable[ScenarioResult],
    today: date,
    requirements: Container[str],
    *,
    whole: bool = True,
) -> tuple[Known, ...]:
    """What became of each entry. ``whole`` is False for a part of a run: what is not met there may be in another."""
    judged: dict[tuple[str, str], bool] = {}
    for result in results:
        for v in result.verdicts:
            if (
                v.outcome not in (Outcome.NOT_APPLICABLE, Outcome.NOT_RUN, Outcome.ERROR)
                and v.level is not Level.VENDOR
            ):
                pair = (v.requirement, v.scenario)
                judged[pair] = judged.get(pair, False) or bool(v.findings)
    return tuple(Known(entry, _state(entry, judged, today, requirements, whole)) for entry in entries)


def _state(
    entry: KnownEntry, judged: Mapping[tuple[str, str], bool], today: date, requirements: Container[str], whole: bool
) -> KnownState:
    named = not set(entry.requirement) & set("*?[")
    if named and entry.requirement not in requirements:
        return KnownState.STALE
    met = [broken for pair, broken in judged.items() if entry.lists(*pair)]
    if any(met):
        return KnownState.EXPIRED if entry.until is not None and entry.until < today else KnownState.USED
    return KnownState.STALE if met and whole else KnownState.UNMET


def doubts(known: Iterable[Known]) -> tuple[str, ...]:
    """One sentence for each kind of disorder in the file."""
    told = []
    for state, says in (
        (KnownState.EXPIRED, "has expired and is still broken"),
        (KnownState.STALE, "lists nothing that is broken any more"),
    ):
        named = [f"{k.entry.requirement} in {_where(k.entry)}" for k in known if k.state is state]
        if named:
            more = f" (and {len(named) - 3} more)" if len(named) > 3 else ""
            told.append(f"The file of known failures {says}: {'; '.join(named[:3])}{more}.")
    return tuple(told)


def _where(entry: KnownEntry) -> str:
    return entry.scenarios[0] if len(entry.scenarios) == 1 else f"{len(entry.scenarios)} scenarios"


def updated(known: Sequence[Known], results: Iterable[ScenarioResult], today: date) -> tuple[KnownEntry, ...]:
    """The entries that a run leaves: stale ones go, expired ones hold again, new breaches come in."""
    kept = [
        replace(k.entry, until=today + HOLDS) if k.state is KnownState.EXPIRED else k.entry
        for k in known
        if k.state is not KnownState.STALE
    ]
    new: dict[str, list[str]] = {}
    for result in results:
        for verdict in result.verdicts:
            if verdict.outcome in _EXCUSED and not any(e.lists(verdict.requirement, verdict.scenario) for e in kept):
                scenarios = new.setdefault(verdict.requirement, [])
                if verdict.scenario not in scenarios:
                    scenarios.append(verdict.scenario)
    made = [
        KnownEntry(name, tuple(sorted(scenarios)), _OPEN, _NOBODY, today + HOLDS)
        for name, scenarios in sorted(new.items())
    ]
    return (*kept, *made)


def text(entries: Iterable[KnownEntry]) -> str:
    """The entries as a TOML document that ``parse`` reads back."""
    return HEAD + "".join(f"\n{_table(entry)}" for entry in entries)


def _table(entry: KnownEntry) -> str:
    one = len(entry.scenarios) == 1
    lines = [
        "[[known]]",
        f"requirement = {_quoted(entry.requirement)}",
        f"scenario = {_quoted(entry.scenarios[0]) if one else _listed(entry.scenarios)}",
        f"reason = {_quoted(entry.reason)}",
        f"owner = {_quoted(entry.owner)}",
    ]
    if entry.until is not None:
        lines.append(f"until = {entry.until.isoformat()}")
    return "\n".join(lines) + "\n"


def _listed(texts: Iterable[str]) -> str:
    return "[\n" + "".join(f"  {_quoted(text)},\n" for text in texts) + "]"


def _quoted(text: str) -> str:
    # The escapes of a JSON string are those of a basic string of TOML, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def entry_to_json(entry: KnownEntry) -> dict[str, Any]:
    return {
        "requirement": entry.requirement,
        "scenario": list(entry.scenarios),
        "reason": entry.reason,
        "owner": entry.owner,
        "until": entry.until.isoformat() if entry.until else None,
    }


def entry_from_json(value: Mapping[str, Any]) -> KnownEntry:
    until = date.fromisoformat(value["until"]) if value["until"] else None
    return KnownEntry(value["requirement"], tuple(value["scenario"]), value["reason"], value["owner"], until)
