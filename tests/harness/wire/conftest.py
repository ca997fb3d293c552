from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from harness.model.secret import Secret
from harness.model.step import TOKEN, Effect, Intent, Step
from harness.model.target import Target

KEY = "canary-7f3a9c-api-key"

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def target() -> Callable[..., Target]:
    def make(base_url: str = "https://app.example/scim/v2", **options: Any) -> Target:
        return Target(base_url=base_url, token=Secret(KEY, "the test"), **options)

    return make


@pytest.fixture
def step() -> Callable[..., Step]:
    def make(method: str = "GET", path: str = "/Users", **options: Any) -> Step:
        options.setdefault("effect", Effect.READ if method in ("GET", "HEAD") else Effect.WRITE)
        options.setdefault("headers", (("Authorization", f"Bearer {TOKEN}"), ("Accept", "application/scim+json")))
        return Step(title="a step", method=method, path=path, intent=Intent.READ, **options)

    return make


@pytest.fixture
def service() -> Iterator[Callable[..., str]]:
    """Start HTTP servers on loopback that answer as told; gives back their origin."""
    running: list[ThreadingHTTPServer] = []

    def start(answer: Answer, *, tls: ssl.SSLContext | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve

            def log_message(self, *_: object) -> None:
                """Keep the test output quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that hangs up is what some tests are about."""

        server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(server)
        scheme = "https" if tls is not None else "http"
        return f"{scheme}://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
