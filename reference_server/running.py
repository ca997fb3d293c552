"""A server that is run for real, put together: one process or several, limits, log and figures."""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from reference_server.app import ReferenceServer
from reference_server.front import Front, note_callers
from reference_server.journal import Journal
from reference_server.serve import Listener, serve
from reference_server.store.troubles import StoreError, StoreGone

if TYPE_CHECKING:
    from reference_server.limits import Buckets

THREADS = 8
STORE_WAIT_S = 0.5
"""Seconds between two attempts of a worker to open a store that is gone."""


@dataclass(frozen=True)
class Setup:
    """How a server is run. ``rate`` is requests a second for each tenant, 0 for any; ``burst`` how many at once."""

    preset: str = "marketbeam"
    defects: tuple[str, ...] = ()
    store: str = "sqlite://"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    workers: int = 1
    rate: float = 0
    burst: int = 50
    log: str = "problems"
    migrate: bool = True


class Running:
    """Opens the store; ``server`` may be used to make tenants before ``run``. Raises what ReferenceServer raises."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._cursors = secrets.token_bytes(32)
        self._journal = Journal(setup.log)
        self._buckets: Buckets | None = None
        if setup.rate:
            from reference_server.limits import Buckets

            self._buckets = Buckets(setup.rate, setup.burst)
        self.server = self._make(migrate=setup.migrate)
        if setup.workers > 1 and self.server.database.in_memory:
            self.server.close()
            raise StoreError("several workers need a store that they share: --store sqlite:///FILE or postgresql://...")

    def run(self, on_ready: Callable[[str, int], None]) -> int:
        """Serve until SIGTERM or SIGINT; the exit code. Raises OSError when the address cannot be bound."""
        self._journal.listen()
        if self._setup.workers == 1:
            front = self._front(self.server)
            serve(self.server, self._setup.host, self._setup.port, on_ready, wsgi=front)
            return 0
        from reference_server.workers import Workers, bound_socket

        with (
            bound_socket(self._setup.host, self._setup.port) as bound,
            tempfile.TemporaryDirectory(prefix="scimulator-figures-") as figures,
        ):
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures
            # What the workers inherit must not hold connections of this process.
            self.server.close()

            def work(_number: int, goes_on: Callable[[], bool]) -> None:
                server = self.made_for_a_worker(goes_on)
                front = self._front(server)
                listener = Listener(server, self._setup.host, threads=THREADS, wsgi=front, bound=bound)

                def stop(_signal: int, _frame: FrameType | None) -> None:
                    front.stopping = True
                    listener.stop()

                signal.signal(signal.SIGTERM, stop)
                # Ctrl-C reaches every process of the terminal; it is the parent that says when to stop.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                listener.run(goes_on)
                server.close()

            return Workers(work, self._setup.workers, self._journal).run(
                lambda: on_ready(self._setup.host, int(bound.getsockname()[1]))
            )

    def made_for_a_worker(self, goes_on: Callable[[], bool]) -> ReferenceServer:
        """The server of one worker. The store was there when the parent looked: one that is gone now is waited for, or
        a database that starts again would take the whole service with it. Raises StoreError when it is to stop.
        """
        while True:
            try:
                return self._make(migrate=False)
            except (StoreError, StoreGone, SQLAlchemyError) as problem:
                if not goes_on():
                    raise StoreError("the store is gone") from problem
                self._journal.event("worker waits for the store", "error", {"exception": type(problem).__name__})
                time.sleep(STORE_WAIT_S)

    def _make(self, *, migrate: bool) -> ReferenceServer:
        setup = self._setup
        server = ReferenceServer(
            setup.preset,
            setup.defects,
            setup.store,
            public_url=setup.public_url,
            migrate=migrate,
            cursor_secret=self._cursors,
        )
        note_callers(server)
        if self._buckets is not None:
            from reference_server.limits import limit

            limit(server.behaviour, self._buckets)
        return server

    def _front(self, server: ReferenceServer) -> Front:
        from reference_server.figures import Figures

        return Front(server, self._journal, Figures())
