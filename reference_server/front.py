"""The front of a server that is run for real: ids of requests, the log, the figures, and whether it is well."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from reference_server import tracing
from reference_server.hooks import ACCESS, SIGN_IN
from reference_server.http import Environ, StartResponse
from reference_server.journal import Journal
from reference_server.routes import BASE, CORE_ENDPOINTS, segments

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer
    from reference_server.figures import Figures

HEALTH = "/healthz"
READY = "/readyz"
METRICS = "/metrics"
OPENAPI = "/openapi.json"


class Front:
    """A WSGI application around that of a server. ``figures`` may be left out: then /metrics is not served."""

    def __init__(self, server: ReferenceServer, journal: Journal, figures: Figures | None = None) -> None:
        self._server = server
        self._journal = journal
        self._figures = figures
        self._own: dict[str, Callable[[], tuple[str, str, bytes]]] = {
            HEALTH: self._health,
            READY: self._ready,
            OPENAPI: self._openapi,
        }
        if figures is not None:
            self._own[METRICS] = self._metrics
        self._description = b""
        self.stopping = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        own = self._own.get(environ.get("PATH_INFO", ""))
        if own is not None and environ.get("REQUEST_METHOD") in ("GET", "HEAD"):
            return _plain(environ, start_response, *own())
        trace = tracing.Trace(tracing.accepted(environ.get("HTTP_X_REQUEST_ID", "")))
        token = tracing.current.set(trace)
        began = time.perf_counter()
        told: list[str] = []

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told[:] = [status]
            return start_response(status, [*headers, ("X-Request-Id", trace.request_id)], *rest)

        try:
            return self._server.wsgi(environ, started)
        finally:
            tracing.current.reset(token)
            self._noted(environ, trace, int(told[0][:3]) if told else 500, time.perf_counter() - began)

    def _noted(self, environ: Environ, trace: tracing.Trace, status: int, seconds: float) -> None:
        method, place = environ.get("REQUEST_METHOD", ""), template(environ.get("PATH_INFO", ""))
        if self._figures is not None:
            self._figures.answered(method, place, status, seconds)
        self._journal.request(trace, method, place, environ.get("QUERY_STRING", ""), status, seconds)

    def _health(self) -> tuple[str, str, bytes]:
        return "200 OK", "application/json", b'{"status": "ok"}'

    def _ready(self) -> tuple[str, str, bytes]:
        problem = "stopping" if self.stopping else ""
        if not problem:
            try:
                with self._server.database.transaction() as connection:
                    connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                problem = "the store cannot be reached"
        status = "503 Service Unavailable" if problem else "200 OK"
        return status, "application/json", json.dumps({"status": problem or "ready"}).encode()

    def _openapi(self) -> tuple[str, str, bytes]:
        # Made once, when somebody asks: the models of a preset take tens of milliseconds.
        if not self._description:
            from reference_server.description import describe

            self._description = json.dumps(describe(self._server.preset, self._server.public_url)).encode()
        return "200 OK", "application/json", self._description

    def _metrics(self) -> tuple[str, str, bytes]:
        assert self._figures is not None
        return "200 OK", self._figures.media_type, self._figures.page()


def note_callers(server: ReferenceServer) -> None:
    """Let the trace of each request know whose it is."""

    @server.behaviour.admit.around
    def noted(proceed: Any, request: Any) -> Any:
        caller = proceed(request)
        trace = tracing.current.get()
        if trace is not None:
            trace.tenant, trace.key_id = caller.tenant, caller.key_id
        return caller


def template(path: str) -> str:
    """The kind of address of a path, without anything that names somebody: "/scim/v2/Users/{id}"."""
    parts = segments(path)
    if parts[: len(BASE)] != BASE or len(parts) == len(BASE):
        path = "/" + "/".join(parts)
        return path if path in (SIGN_IN, ACCESS) else "other"
    below = parts[len(BASE) :]
    known = next((e for e in _KNOWN if e.casefold() == below[0].casefold()), None)
    if known is None:
        return "other"
    rest = "" if len(below) == 1 else "/.search" if below[1] == ".search" else "/{id}"
    return "/" + "/".join((*BASE, known)) + rest


_KNOWN = (*CORE_ENDPOINTS, "ServiceProviderConfig", "ResourceTypes", "Schemas", "Bulk", "Me", ".search")


def _plain(
    environ: Environ, start_response: StartResponse, status: str, media_type: str, body: bytes
) -> Iterable[bytes]:
    headers = [("Content-Type", media_type), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response(status, headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]
