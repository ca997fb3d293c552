"""The database: one engine, short transactions, nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import LRUCache

from reference_server.store.tables import metadata


class Database:
    """Opens ``url`` (``sqlite://`` in memory, ``sqlite:///FILE``) and makes the tables.

    ``transaction()`` may be nested; the outermost one commits, and an exception rolls all of it back.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        parsed = make_url(url)
        self._sqlite = parsed.get_backend_name() == "sqlite"
        self._in_memory = self._sqlite and parsed.database in (None, "", ":memory:")
        self._engine = self._open(url)
        self._here = threading.local()
        # SQLite has one writer, and an in-memory database one connection: threads take turns.
        self._turn = threading.RLock() if self._sqlite else None
        metadata.create_all(self._engine, checkfirst=not self._in_memory)

    def _open(self, url: str) -> Engine:
        if not self._sqlite:
            return create_engine(url)
        if self._in_memory:
            pattern, compiled = _in_memory()
            opened = Engine(pattern.pool.recreate(), pattern.dialect, pattern.url)
            return opened.execution_options(compiled_cache=compiled)
        engine = create_engine(url, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_file)
        return engine

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection inside a transaction; the running one when this thread is already in one."""
        running: Connection | None = getattr(self._here, "connection", None)
        if running is not None:
            yield running
            return
        with self._turn or nullcontext(), self._engine.begin() as connection:
            self._here.connection = connection
            try:
                yield connection
            finally:
                self._here.connection = None

    def attempt(self, connection: Connection) -> AbstractContextManager[Any]:
        """Encloses a statement that may break a constraint, so that the transaction can go on without it."""
        # SQLite undoes a failed statement by itself; PostgreSQL gives the whole transaction up without a savepoint.
        return nullcontext() if self._sqlite else connection.begin_nested()

    def close(self) -> None:
        self._engine.dispose()


@cache
def _in_memory() -> tuple[Engine, Any]:
    """An engine to make others like, and what they have compiled: a rehearsal opens a hundred of them."""
    pattern = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    with pattern.connect():
        pass  # The dialect learns at its first connection what the database can do.
    pattern.dispose()
    return pattern, LRUCache(500)


def _prepare_file(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
