"""Running a server for real: on waitress, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress.server import create_server  # type: ignore[import-untyped]

from reference_server.http import BODY_LIMIT

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer

LARGEST_REQUEST = 64 * BODY_LIMIT
"""Up to here a body is taken in, so that a too large one gets a SCIM answer instead of a cut connection."""
MOST_CONNECTIONS = 4000
SILENT_S = 60
"""A connection on which nothing comes for so long is closed."""
GRACE_S = 20
"""For how long requests under way are waited for when the server stops."""


class Listener:
    """A server on a socket. ``host`` and ``port`` are those bound; ``run`` blocks until ``stop`` is called.

    ``wsgi`` is served in place of the server's own application, on ``bound`` in place of a new socket.
    """

    def __init__(
        self,
        server: ReferenceServer,
        host: str = "127.0.0.1",
        port: int = 0,
        threads: int = 8,
        *,
        wsgi: Any = None,
        bound: socket.socket | None = None,
    ) -> None:
        where: dict[str, Any] = {"host": host, "port": port} if bound is None else {"sockets": [bound]}
        # Requests that wait for a thread are no problem; it would be told for each of them.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._waitress = create_server(
            server.wsgi if wsgi is None else wsgi,
            threads=threads,
            ident=None,
            max_request_body_size=LARGEST_REQUEST,
            clear_untrusted_proxy_headers=True,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=SILENT_S,
            asyncore_use_poll=True,
            backlog=1024,
            **where,
        )
        self.host = host
        self.port = int(self._waitress.effective_port)
        self._stopping = threading.Event()

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Serve until told to stop, or until ``goes_on`` says no; requests under way are finished."""
        while not self._stopping.is_set() and goes_on():
            self._turn(0.2)
        self._waitress.accepting = False
        until = time.monotonic() + GRACE_S
        while self._under_way() and time.monotonic() < until:
            self._turn(0.05)
        self._waitress.task_dispatcher.shutdown()
        self._waitress.close()

    def _turn(self, timeout: float) -> None:
        self._waitress.asyncore.loop(timeout=timeout, use_poll=True, map=self._waitress._map, count=1)

    def _under_way(self) -> bool:
        return any(c.requests or c.total_outbufs_len for c in list(self._waitress.active_channels.values()))

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):  # It may have seen the word and closed before it is woken.
            self._waitress.pull_trigger()


def serve(
    server: ReferenceServer,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[str, int], None] = lambda _host, _port: None,
    *,
    wsgi: Any = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then stop gracefully. ``on_ready(host, port)`` is called once it listens.

    Port 0 takes a free one. ``wsgi`` is served in place of the server's own application. Raises OSError when the
    address cannot be bound. Call it from the main thread.
    """
    listener = Listener(server, host, port, wsgi=wsgi)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        listener.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        on_ready(listener.host, listener.port)
        listener.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        server.close()
