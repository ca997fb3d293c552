"""Backup and restore: the rows of every table as JSON lines, gzipped; the same file for SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from reference_server.store.database import Database
from reference_server.store.migrating import HEAD
from reference_server.store.tables import Instant, metadata
from reference_server.store.troubles import StoreError

FORM = "scimulator/store/1"
_AT_ONCE = 500


def backup(database: Database, file: Path) -> dict[str, int]:
    """Write every row into ``file``, which appears as a whole or not at all; the number of rows by table.

    What is written is one state of things, also while others write. Keys stand in it as hashes, as in the store.
    """
    counts: dict[str, int] = {}
    unfinished = file.with_name(file.name + ".part")
    with database.snapshot() as connection:
        # Whoever reads the file could try the hashes; it is the owner's alone.
        with (
            os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
            gzip.open(raw, "wt", encoding="utf-8") as lines,
        ):
            lines.write(json.dumps({"form": FORM, "step": HEAD}) + "\n")
            for table in metadata.sorted_tables:
                counts[table.name] = 0
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
                    lines.write(json.dumps({"table": table.name, "row": dict(row)}, default=_plain) + "\n")
                    counts[table.name] += 1
            lines.write(json.dumps({"end": counts}) + "\n")
        unfinished.replace(file)
    return counts


def restore(database: Database, file: Path) -> dict[str, int]:
    """Fill an empty store: everything or nothing. Raises StoreError for a file that is none or not whole."""
    counts = {table.name: 0 for table in metadata.sorted_tables}
    with database.transaction(writes=True) as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise StoreError("the store is not empty: restore into a new one, then point the server at it")
        waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in counts}
        for name, row in _rows(file):
            waiting[name].append(row)
            counts[name] += 1
            if len(waiting[name]) >= _AT_ONCE:
                _insert(connection, waiting)
        _insert(connection, waiting)
        if database.dialect == "postgresql":
            for name in ("resources", "audit"):
                # Rows came with their numbers; the counter has to go on behind them.
                behind = f"SELECT setval(pg_get_serial_sequence('{name}', 'seq'), (SELECT coalesce(max(seq), 0) + 1 FROM {name}), false)"  # noqa: E501, S608
                connection.execute(text(behind))
    return counts


def _insert(connection: Any, waiting: dict[str, list[dict[str, Any]]]) -> None:
    for table in metadata.sorted_tables:
        if waiting[table.name]:
            connection.execute(insert(table), waiting[table.name])
            waiting[table.name] = []


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    seen = dict.fromkeys(metadata.tables, 0)
    instants = {t.name: [c.name for c in t.columns if isinstance(c.type, Instant)] for t in metadata.sorted_tables}
    ended = None
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            head = json.loads(next(lines, "{}"))
            if head.get("form") != FORM:
                raise StoreError(f"{file} is no backup of scimulator's")
            if head["step"] > HEAD:
                raise StoreError(f"{file} was made by a newer scimulator (step {head['step']}): update this one")
            for line in lines:
                entry = json.loads(line)
                if "end" in entry:
                    ended = entry["end"]
                    continue
                name, row = entry["table"], entry["row"]
                for column in instants[name]:
                    if row.get(column) is not None:
                        row[column] = datetime.datetime.fromisoformat(row[column])
                seen[name] += 1
                yield name, row
    except (OSError, EOFError, ValueError, KeyError) as problem:
        if isinstance(problem, StoreError):
            raise
        raise StoreError(f"{file} cannot be read as a backup: it is damaged or not whole") from problem
    if ended != seen:
        raise StoreError(f"{file} is not whole: its end is missing; nothing was restored")


def _plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no place in a backup")
