"""What a plain socket server receives is what the transcript says: request line, every header in order, the body."""

from __future__ import annotations

import io
import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.casting import Casting
from harness.directory import Directory
from harness.model.account import Source
from harness.model.exchange import Role
from harness.model.secret import Secret
from harness.model.step import Effect
from harness.model.target import Target
from harness.plan import Selection, plan, vendors
from harness.play import Player
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.wire.guard import Guard
from harness.wire.session import Session
from reference_server.app import ReferenceServer

pytestmark = pytest.mark.socket

SPEAKERS = [f"{vendor.name}:{variant.name}" for vendor in vendors().values() for variant in vendor.variants]
STORIES = ("connection", "leaver-deleted", "group-life", "unknown-at-service")
"""Together they hold every method, query and header that an IdP sends."""
PASSWORD = re.compile(rb'("password":")[^"]*')


@dataclass(frozen=True)
class Captured:
    """One request as its bytes came in. ``headers`` are pairs, in order, without a look at what they say."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Tap(socketserver.ThreadingTCPServer):
    """Writes down what comes in, byte for byte, and has a WSGI application answer it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, application: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.application = application
        self.captured: list[Captured] = []


class _Connection(socketserver.StreamRequestHandler):
    server: Tap

    def handle(self) -> None:
        while line := self.rfile.readline().decode("latin-1").rstrip("\r\n"):
            headers = []
            while header := self.rfile.readline().decode("latin-1").rstrip("\r\n"):
                name, _, value = header.partition(": ")
                headers.append((name, value))
            length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
            body = self.rfile.read(length)
            self.server.captured.append(Captured(line, tuple(headers), body))
            self.wfile.write(self._answer(line, headers, body))

    def _answer(self, line: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
        method, target, _ = line.split(" ")
        path, _, query = target.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "CONTENT_LENGTH": str(len(body)),
        }
        for name, value in headers:
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        said: list[Any] = []
        chunks = self.server.application(environ, lambda status, sent, _=None: said.append((status, sent)))
        content = b"".join(chunks)
        status, sent = said[-1]
        lines = [f"HTTP/1.1 {status}", *(f"{n}: {v}" for n, v in sent if n.lower() != "content-length")]
        head = "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""])
        return head.encode("latin-1") + content


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    server = ReferenceServer(preset="full")
    yield server
    server.close()


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_the_capture_equals_the_transcript(speaker: str, server: ReferenceServer, tmp_path: Path) -> None:
    tenant = server.add_tenant(f"Tenant of {speaker}", "it@rehearsal.example")
    with Tap(server.wsgi) as tap:
        threading.Thread(target=tap.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{tap.server_address[1]}{server.base_path}"
        target = Target(base, Secret(tenant.api_key, "the test"), effects=frozenset(Effect))
        session = Session(target)
        guard = Guard(target, tmp_path / "ledger.jsonl")
        casting = Casting(Directory(7), Source.SCIM, permit=guard.permit)
        recorder = Recorder(tmp_path / "run")
        player = Player(session, guard, casting, recorder, vendors())
        scenarios = plan(load_profile("full"), Selection(idps=(speaker,), stories=STORIES), vendors(), {})
        told = [x for scenario in scenarios for x in player.play(scenario).transcript.exchanges]
        session.close()
        recorder.close()
        tap.shutdown()
    assert len(told) == len(tap.captured)
    asked = [(x, raw) for x, raw in zip(told, tap.captured, strict=True) if x.role is Role.IDP]
    assert {x.method for x, _ in asked} >= {"GET", "POST", "PATCH"} - ({"PATCH"} if speaker == "okta:aiw" else set())
    for exchange, raw in asked:
        where = f"{exchange.id}, {exchange.title}"
        path = exchange.path + (f"?{exchange.query}" if exchange.query else "")
        assert raw.line == f"{exchange.method} {server.base_path}{path} HTTP/1.1", where
        assert raw.headers[0][0] == "Host", where
        sent = [(name, value) for name, value in raw.headers if name not in ("Host", "Content-Length")]
        kept = [(n, v.replace("[redacted:token]", tenant.api_key)) for n, v in exchange.request.headers]
        assert sent == kept, where
        # A password is a secret, even one that was invented.
        assert PASSWORD.sub(rb"\1[redacted:value]", raw.body) == (exchange.request.body or b""), where
