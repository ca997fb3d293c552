"""The database: one engine, short transactions, nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from reference_server.store import engines
from reference_server.store.prepared import Prepared
from reference_server.store.troubles import StoreGone, unusable


class Database:
    """Opens ``url``: ``sqlite://`` in memory, ``sqlite:///FILE``, or ``postgresql://USER:PASSWORD@HOST/NAME``.

    The tables are made or brought up to date (``migrate=False``: they have to be already). ``threads`` is how many
    connections are kept. ``transaction()`` may be nested; the outermost one commits, and an exception rolls all of it
    back. Raises StoreError.
    """

    def __init__(self, url: str = "sqlite://", *, migrate: bool = True, threads: int = 8) -> None:
        self.url = engines.store_url(url)
        self._sqlite = self.url.get_backend_name() == "sqlite"
        self.in_memory = self._sqlite and self.url.database in (None, "", ":memory:")
        self._threads = threads
        self._engine = self._open()
        self._here = threading.local()
        self._opened: list[Any] = []
        self._opened_lock = threading.Lock()
        # SQLite has one writer, and an in-memory database one connection: threads take turns.
        self._turn = threading.RLock() if self._sqlite else None
        if self.in_memory:
            with self._engine.connect() as connection:
                engines.make_tables(connection.connection.driver_connection)
        else:
            from reference_server.store.migrating import bring_up_to_date, check

            (bring_up_to_date if migrate else check)(self)

    def _open(self) -> Engine:
        if not self._sqlite:
            return engines.postgresql(self.url, self._threads)
        if self.in_memory:
            pattern, compiled = engines.in_memory()
            opened = Engine(pattern.pool.recreate(), pattern.dialect, pattern.url)
            return opened.execution_options(compiled_cache=compiled)
        engine = create_engine(
            self.url, connect_args={"check_same_thread": False}, pool_size=self._threads, hide_parameters=True
        )
        event.listen(engine, "connect", engines.prepare_file)
        event.listen(engine, "begin", self._begin)
        return engine

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return str(self._engine.dialect.name)

    @contextmanager
    def direct(self) -> Iterator[None]:
        """A transaction that writes, for ``rows`` and ``run`` alone: without what SQLAlchemy puts around one.

        Inside of a running transaction it is part of that one. Raises StoreGone.
        """
        if self._running() is not None:
            yield
            return
        with self._turn if self._turn is not None else nullcontext():
            driver = self._begun()
            self._here.driver, self._here.writes = driver, True
            try:
                yield
                with self._driver_errors():
                    driver.commit()
            except BaseException:
                # On a connection that is gone there is nothing left to undo.
                with suppress(self._dbapi.Error):
                    driver.rollback()
                raise
            finally:
                self._here.driver, self._here.writes = None, False

    def _begun(self) -> Any:
        """This thread's own connection, with a transaction begun on it."""
        begin = "BEGIN IMMEDIATE" if self._sqlite and not self.in_memory else "BEGIN"
        if not self._sqlite:
            try:
                driver = self._reader()
                driver.execute(begin)
                return driver
            except self._dbapi.Error as problem:
                if not unusable(problem):
                    raise
                # Nothing was asked yet: perhaps the database was started anew since this connection was made.
                self._drop_reader()
        with self._driver_errors():
            driver = self._reader()
            driver.execute(begin)
            return driver

    def _running(self) -> Any:
        """The connection of the driver on which this thread has a transaction; None without one."""
        running: Connection | None = getattr(self._here, "connection", None)
        return getattr(self._here, "driver", None) if running is None else running.connection.dbapi_connection

    @property
    def locks(self) -> bool:
        """Whether rows that are read now have to be locked: inside of a transaction that writes, on PostgreSQL."""
        return not self._sqlite and bool(getattr(self._here, "writes", False))

    @contextmanager
    def transaction(self, *, writes: bool = False) -> Iterator[Connection]:
        """A connection inside a transaction; the running one when this thread is already in one.

        ``writes`` says that it is going to write: then nobody else changes meanwhile what it reads.
        """
        running: Connection | None = getattr(self._here, "connection", None)
        if running is not None:
            yield running
            return
        assert getattr(self._here, "driver", None) is None, "what is done directly is done by prepared statements alone"
        self._here.writes = writes
        turn = self._turn if self._turn is not None and (writes or self.in_memory) else nullcontext()
        with turn, self._engine.begin() as connection:
            self._here.connection = connection
            try:
                yield connection
            finally:
                self._here.connection = None
                self._here.writes = False

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one state of things, whatever others write meanwhile."""
        if self._sqlite:
            with self.transaction() as connection:
                yield connection
            return
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection

    def rows(self, statement: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """The rows of a SELECT: inside of the running transaction, else by itself. Raises StoreGone."""
        running: Connection | None = getattr(self._here, "connection", None)
        if running is not None:
            with self._driver_errors(running):
                return statement.rows(self._engine.dialect, running.connection.dbapi_connection, values)
        driver = getattr(self._here, "driver", None)
        if driver is not None:
            with self._driver_errors():
                return statement.rows(self._engine.dialect, driver, values)
        with self._turn if self.in_memory and self._turn is not None else nullcontext():
            try:
                return statement.rows(self._engine.dialect, self._reader(), values)
            except self._dbapi.Error as problem:
                if not unusable(problem):
                    raise
                # What only reads may be asked again: perhaps the database was started anew meanwhile.
                self._drop_reader()
            with self._driver_errors():
                return statement.rows(self._engine.dialect, self._reader(), values)

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        """Run a writing statement; how many rows it concerned. Raises StoreGone, and IntegrityError of the driver."""
        running: Connection | None = getattr(self._here, "connection", None)
        with self.direct(), self._driver_errors(running):
            return statement.run(self._engine.dialect, self._running(), values)

    @property
    def breach(self) -> type[Exception]:
        """What the driver raises when a constraint is broken."""
        return self._dbapi.IntegrityError  # type: ignore[no-any-return]

    @property
    def _dbapi(self) -> Any:
        return self._engine.dialect.loaded_dbapi

    @contextmanager
    def _driver_errors(self, connection: Connection | None = None) -> Iterator[None]:
        try:
            yield
        except self._dbapi.Error as problem:
            if not unusable(problem):
                raise
            if connection is None:
                self._drop_reader()
            elif self._engine.dialect.is_disconnect(problem, connection.connection.dbapi_connection, None):
                connection.invalidate(problem)
            raise StoreGone(_first_line(problem)) from problem

    def _reader(self) -> Any:
        """A connection of the driver that belongs to this thread and is never inside a transaction."""
        reader = getattr(self._here, "reader", None)
        if reader is None:
            with self._driver_errors():
                if self.in_memory:
                    reader = self._engine.raw_connection().dbapi_connection
                else:
                    arguments, options = self._engine.dialect.create_connect_args(self.url)
                    more = engines.OPTIONS if not self._sqlite else {"check_same_thread": False}
                    reader = self._dbapi.connect(*arguments, **{**options, **more})
                    if self._sqlite:
                        engines.prepare_file(reader, None)
                    else:
                        reader.autocommit = True
            self._here.reader = reader
            if not self.in_memory:
                with self._opened_lock:
                    self._opened.append(reader)
        return reader

    def _drop_reader(self) -> None:
        reader = getattr(self._here, "reader", None)
        self._here.reader = None
        if reader is not None and not self.in_memory:
            with self._opened_lock:
                self._opened.remove(reader)
            with suppress(self._dbapi.Error):
                reader.close()

    def attempt(self, connection: Connection, *, needed: bool = True) -> AbstractContextManager[Any]:
        """Encloses a statement that may break a constraint, so that the transaction can go on without it."""
        # SQLite undoes a failed statement by itself; PostgreSQL gives the whole transaction up without a savepoint.
        return nullcontext() if self._sqlite or not needed else connection.begin_nested()

    def close(self) -> None:
        with self._opened_lock:
            opened, self._opened = self._opened, []
        for reader in opened:
            reader.close()
        self._here = threading.local()
        self._engine.dispose()

    def _begin(self, connection: Connection) -> None:
        # A transaction that reads first and writes later fails when another process wrote in between: it asks at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if getattr(self._here, "writes", False) else "BEGIN")


def _first_line(problem: BaseException) -> str:
    return str(problem).strip().partition("\n")[0][:300]
