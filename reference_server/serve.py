"""Running a server for real: on waitress, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from waitress.server import create_server  # type: ignore[import-untyped]

from reference_server.http import BODY_LIMIT

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer

LARGEST_REQUEST = 64 * BODY_LIMIT
"""Up to here a body is taken in, so that a too large one gets a SCIM answer instead of a cut connection."""


class Listener:
    """A server on a socket. ``host`` and ``port`` are those bound; ``run`` blocks until ``stop`` is called."""

    def __init__(self, server: ReferenceServer, host: str = "127.0.0.1", port: int = 0, threads: int = 8) -> None:
        self._waitress = create_server(
            server.wsgi,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            max_request_body_size=LARGEST_REQUEST,
            clear_untrusted_proxy_headers=True,
        )
        self.host = host
        self.port = int(self._waitress.effective_port)
        self._stopping = threading.Event()

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def run(self) -> None:
        """Serve until told to stop; requests under way are finished."""
        while not self._stopping.is_set():
            self._waitress.asyncore.loop(timeout=0.2, map=self._waitress._map, count=1)
        self._waitress.task_dispatcher.shutdown()
        self._waitress.close()

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):  # It may have seen the word and closed before it is woken.
            self._waitress.pull_trigger()


def serve(
    server: ReferenceServer,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[str, int], None] = lambda _host, _port: None,
) -> None:
    """Serve until SIGTERM or SIGINT, then stop gracefully. ``on_ready(host, port)`` is called once it listens.

    Port 0 takes a free one. Raises OSError when the address cannot be bound. Call it from the main thread.
    """
    listener = Listener(server, host, port)

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
