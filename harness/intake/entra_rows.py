"""Rows of the portal's provisioning log as LogEvents, with the steps and properties that belong to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any

from harness.intake.texts import clean, flat, nested, untouched, utc
from harness.model.sighting import LogEvent

Step = tuple[str, str, str, str, str]
"""Name, outcome, description, kind, details."""

_BATCH = 5_000
_SIDES = {
    "steps": ("name", "status", "description", "kind", "details"),
    "changes": ("name", "old", "new", "", ""),
}
"""What is kept of a row of each side file, in the order of the columns of the table."""
_IDS = ("changeId", "cycleId", "jobId", "id", "tenantId")
_NAMED = {
    "category": "errorCategory",
    "action_advice": "recommendedAction",
    "duration": "durationInMilliseconds",
    "sourceName": "sourceIdentity.displayName",
    "targetName": "targetIdentity.displayName",
    "targetType": "targetIdentity.identityType",
    "targetSystem": "targetSystem.displayName",
    "details": "additionalDetails",
}


class Side:
    """The rows of the two side files by change id: in memory while they are few, else in a nameless temporary file."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=FILE;"
            "CREATE TABLE side(change, part, a, b, c, d, e);"
            "CREATE TABLE seen(change PRIMARY KEY) WITHOUT ROWID; BEGIN"
        )
        self._waiting: dict[str, list[tuple[str, ...]]] = {"side": [], "seen": []}
        self.filled: set[str] = set()

    def __enter__(self) -> Side:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._base.close()

    def taker(self, part: str, where: dict[str, int]) -> Callable[[Sequence[str]], bool]:
        """A function that keeps one row of a side file; False for a row without a change id."""
        change = where["changeId"]
        picks = [where.get(name, -1) for name in _SIDES[part]]
        self.filled.add(part)

        def take(cells: Sequence[str]) -> bool:
            have = len(cells)
            if change >= have or not cells[change].strip():
                return False
            key = cells[change].strip().lower()
            self._keep("side", (key, part, *[cells[pick] if 0 <= pick < have else "" for pick in picks]))
            return True

        return take

    def _keep(self, table: str, row: tuple[str, ...]) -> None:
        waiting = self._waiting[table]
        waiting.append(row)
        if len(waiting) >= _BATCH:
            self._write(table)

    def _write(self, table: str) -> None:
        waiting = self._waiting[table]
        if waiting:
            marks = ",".join("?" * len(waiting[0]))
            self._base.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", waiting)  # noqa: S608 - our names
            waiting.clear()

    def ready(self) -> None:
        """Everything is in; from now on it is asked for."""
        self._write("side")
        if self.filled:
            self._base.execute("CREATE INDEX side_change ON side(change)")

    def has(self, change: str) -> bool:
        """Whether anything is kept of a change."""
        steps, changes = self._rows(change.strip().lower())
        return bool(steps or changes)

    def of(self, change: str) -> tuple[list[Step], list[tuple[str, str, str]]]:
        """The steps and the modified properties of one change, in the order of their files."""
        key = change.lower()
        if self.filled:
            self._keep("seen", (key,))
        return self._rows(key)

    def _rows(self, key: str) -> tuple[list[Step], list[tuple[str, str, str]]]:
        steps: list[Step] = []
        changes: list[tuple[str, str, str]] = []
        if self.filled:
            asked = "SELECT part, a, b, c, d, e FROM side WHERE change = ? ORDER BY rowid"
            for part, *cells in self._base.execute(asked, (key,)):
                a, b, c, d, e = cells if untouched("\n".join(cells)) else map(clean, cells)
                if part == "steps":
                    steps.append((a, b, c, d, e))
                else:
                    changes.append((a, b, c))
        return steps, changes

    def lost(self) -> int:
        """How many changes have rows here and none in the log."""
        self._write("seen")
        asked = "SELECT count(*) FROM (SELECT change FROM side EXCEPT SELECT change FROM seen)"
        found: Any = self._base.execute(asked).fetchone()
        return int(found[0])

    def orphans(self) -> Iterator[tuple[str, LogEvent]]:
        """What the side files tell when there is no log: an event for each change, in the order of the files."""
        asked = "SELECT change FROM side GROUP BY change ORDER BY min(part = 'changes'), min(rowid)"
        for (key,) in self._base.execute(asked):
            steps, changes = self._rows(key)
            outcome = next((status for _, status, *_ in reversed(steps) if status), "")
            yield key, _event({}, steps, changes, {"changeId": key}, outcome, {})


class Reader:
    """Makes events of the rows of a log whose columns are known."""

    def __init__(self, where: dict[str, int], headings: Sequence[str], side: Side) -> None:
        self._where = where
        self._side = side
        named = set(where.values())
        self._others = [(n, clean(h)) for n, h in enumerate(headings) if n not in named and h]

    def event(self, cells: Sequence[str]) -> tuple[str, LogEvent] | None:
        """When it happened (UTC) and the event; None for a row in which neither an action nor a status stands."""
        have = len(cells)
        if not untouched("\n".join(cells)):
            cells = [clean(cell) for cell in cells]
        told = {name: cells[n] for name, n in self._where.items() if n < have and cells[n]}
        if not told.get("action") and not told.get("status"):
            return None
        ids = {name: told[name] for name in _IDS if name in told}
        steps, changes = self._side.of(told["changeId"]) if "changeId" in told else ([], [])
        details = {_NAMED[name]: text for name, text in told.items() if name in _NAMED}
        details |= {heading: cells[n] for n, heading in self._others if n < have and cells[n]}
        return utc(told.get("at")), _event(told, steps, changes, ids, told.get("status", ""), details)


def _event(
    told: dict[str, str],
    steps: list[Step],
    changes: list[tuple[str, str, str]],
    ids: dict[str, str],
    outcome: str,
    details: dict[str, str],
) -> LogEvent:
    names = [told.get("sourceName", ""), told.get("targetName", "")]
    for name, _, _, kind, more in steps:
        for key, text in flat(nested(more), name or "step") if more and more != "{}" else ():
            details[key] = text
            if key.endswith("ReportableIdentifier"):
                names.append(text)
        if kind:
            details[f"{name or 'step'}.type"] = kind
    group = "group" in told.get("sourceType", told.get("targetType", "")).lower()
    shown = next((text for text in names if text), "")
    login = next((text for text in names if "@" in text), "") or shown or told.get("sourceId", "")
    return LogEvent(
        idp="entra",
        kind=told.get("action", ""),
        outcome=outcome,
        code=told.get("code", ""),
        text=told.get("reason", ""),
        person="" if group else login,
        group=(shown or told.get("sourceId", "")) if group else "",
        source_id=told.get("sourceId", ""),
        target_id=told.get("targetId", ""),
        app=told.get("app", ""),
        actor=told.get("actor", ""),
        steps=tuple((name, status, description) for name, status, description, _, _ in steps),
        changes=tuple(changes),
        ids=ids,
        details=details,
    )
