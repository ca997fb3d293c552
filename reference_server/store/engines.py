"""How SQLite and PostgreSQL are opened: the URL of a store, what each connection is told, how long it may take."""

from __future__ import annotations

import sqlite3
import time
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import LRUCache

from reference_server.store.tables import metadata
from reference_server.store.troubles import StoreError

CONNECT_S = 5
"""How long a connection to PostgreSQL may take, and how long a request waits for a free one."""
STATEMENT_S = 30
"""After so long PostgreSQL gives a statement up."""
BUSY_MS = 10_000
"""How long SQLite waits for another process that writes."""
SILENCE_MS = 10_000
"""A connection on which PostgreSQL confirms nothing for so long is given up."""


OPTIONS = {
    "connect_timeout": CONNECT_S,
    "application_name": "scimulator",
    "options": f"-c statement_timeout={STATEMENT_S}s -c timezone=UTC",
    "tcp_user_timeout": SILENCE_MS,
}


def store_url(text: str) -> URL:
    """The URL of a store, with the driver that is used. Raises StoreError."""
    try:
        url = make_url(text)
    except ArgumentError as problem:
        raise StoreError(
            f"the store has to be sqlite:///FILE or postgresql://USER@HOST/NAME, not {text!r}"
        ) from problem
    kind = url.get_backend_name()
    if kind == "postgres":
        url, kind = url.set(drivername="postgresql"), "postgresql"
    if kind not in ("sqlite", "postgresql"):
        raise StoreError(
            f"people are kept in SQLite or PostgreSQL, not in {kind}: use sqlite:///FILE or postgresql://..."
        )
    return url.set(drivername="postgresql+psycopg") if kind == "postgresql" else url


def postgresql(url: URL, threads: int) -> Engine:
    try:
        import psycopg  # noqa: F401 - asked for here, to say what is missing
    except ImportError as problem:
        raise StoreError("PostgreSQL needs a driver: pip install 'scimulator[serve]'") from problem
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=threads,
        max_overflow=2,
        pool_timeout=CONNECT_S,
        connect_args=OPTIONS,
    )


@cache
def in_memory() -> tuple[Engine, Any]:
    """An engine to make others like, and what they have compiled: a rehearsal opens a hundred of them."""
    pattern = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    with pattern.connect():
        pass  # The dialect learns at its first connection what the database can do.
    pattern.dispose()
    return pattern, LRUCache(500)


@cache
def _empty_tables() -> sqlite3.Connection:
    """A database in memory that holds the tables and nobody: to be copied, which is quicker than making them."""
    empty: sqlite3.Connection = sqlite3.connect(":memory:", check_same_thread=False)
    made = create_engine("sqlite://", creator=lambda: empty, poolclass=StaticPool)
    metadata.create_all(made, checkfirst=False)
    return empty


def make_tables(connection: Any) -> None:
    """Give a new database in memory its tables; the connection is one of sqlite3."""
    _empty_tables().backup(connection)


def prepare_file(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # Where transactions begin is said by us, not guessed by the driver.
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _write_ahead(cursor)
    # What was acknowledged survives a power cut too.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log, which lets readers go on while somebody writes."""
    until = time.monotonic() + BUSY_MS / 1000
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            # While others open the same new file SQLite does not wait here, whatever its time-out says.
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
