"""Statements that are run again and again: written once, handed straight to the driver."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.base import Executable


@dataclass(frozen=True)
class _Ready:
    """A statement in the words of one driver. ``order`` is None where values are taken by name,
    ``fixed`` are those that it brings along."""

    sql: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    incoming: tuple[tuple[str, Callable[[Any], Any]], ...]
    outgoing: tuple[Callable[[Any], Any] | None, ...]
    row: Callable[..., Any]


class Prepared:
    """A statement whose values are all bindparams.

    SQLAlchemy writes it and knows the types; building, looking up and wrapping it for each request would cost more
    than running it does.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, dialect: Dialect, connection: Any, values: Mapping[str, Any]) -> list[Any]:
        """The rows of a SELECT, as named tuples, from a connection of the driver."""
        ready, cursor = self._execute(dialect, connection, values)
        try:
            found = cursor.fetchall()
        finally:
            cursor.close()
        if not any(ready.outgoing):
            return [ready.row(*row) for row in found]
        return [
            ready.row(
                *(value if read is None else read(value) for read, value in zip(ready.outgoing, row, strict=True))
            )
            for row in found
        ]

    def run(self, dialect: Dialect, connection: Any, values: Mapping[str, Any]) -> int:
        """Run it, and tell how many rows were concerned."""
        _, cursor = self._execute(dialect, connection, values)
        concerned = int(cursor.rowcount)
        cursor.close()
        return concerned

    def _execute(self, dialect: Dialect, connection: Any, values: Mapping[str, Any]) -> tuple[_Ready, Any]:
        ready = self._ready.get(dialect.name) or self._prepare(dialect)
        given = {**ready.fixed, **values}
        for name, write in ready.incoming:
            given[name] = write(given[name])
        cursor = connection.cursor()
        try:
            cursor.execute(ready.sql, given if ready.order is None else [given[name] for name in ready.order])
        except BaseException:
            cursor.close()
            raise
        return ready, cursor

    def _prepare(self, dialect: Dialect) -> _Ready:
        compiled: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        incoming = []
        for name, bound in compiled.binds.items():
            write = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if write is not None:
                incoming.append((name, write))
        columns = list(getattr(self._statement, "selected_columns", ()))
        ready = _Ready(
            compiled.string,
            tuple(compiled.positiontup) if compiled.positional else None,
            {name: bound.effective_value for name, bound in compiled.binds.items() if not bound.required},
            tuple(incoming),
            tuple(c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns),
            namedtuple("Row", [str(c.key) for c in columns]),
        )
        self._ready[dialect.name] = ready
        return ready
