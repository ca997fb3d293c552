"""The same over a socket, where a service can also break the rules of HTTP and of time."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.model.verdict import Conclusion, Outcome
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load
from harness.settings import Settings
from harness.stage import Stage

pytestmark = pytest.mark.socket
TIMEOUT = 0.2
PEOPLE = ("ada@nonsense.example", "ben@nonsense.example")


def _answer(connection: socket.socket, body: bytes, *headers: str) -> None:
    head = "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: application/scim+json", *headers, "", ""))
    connection.sendall(head.encode() + body)


def _forever(connection: socket.socket, chunk: bytes, pause: float = 0.0) -> None:
    """Until the other side has had enough; bounded all the same."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        connection.sendall(chunk)
        if pause:
            time.sleep(pause)


def endless(connection: socket.socket) -> None:
    _answer(connection, b"", "Transfer-Encoding: chunked")
    _forever(connection, b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def dripping(connection: socket.socket) -> None:
    _answer(connection, b"", "Content-Length: 100000")
    _forever(connection, b"x", TIMEOUT / 4)


def headers_without_end(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    _forever(connection, b"X-More: " + b"y" * 1000 + b"\r\n")


WRONGS: dict[str, Callable[[socket.socket], None]] = {
    "hangs up": lambda _connection: None,
    "says nothing": lambda connection: time.sleep(TIMEOUT * 3),
    "speaks another protocol": lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "sends less than it says": lambda connection: _answer(connection, b'{"id":', "Content-Length: 500"),
    "sends chunks of no length": lambda connection: _answer(connection, b"zz\r\n{}\r\n", "Transfer-Encoding: chunked"),
    "never ends its answer": endless,
    "drips": dripping,
    "never ends its headers": headers_without_end,
}


@contextmanager
def serving(wrong: Callable[[socket.socket], None]) -> Iterator[str]:
    """The base URL of a service that answers the first look, and everybody's look-up, rightly; then it goes wrong."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                asked = self.request.recv(65536).decode("latin-1")
                if "startIndex=1&count=1 " in asked:
                    body = json.dumps({"totalResults": 0, "Resources": []}).encode()
                    _answer(self.request, body, f"Content-Length: {len(body)}", "Connection: close")
                else:
                    wrong(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/scim/v2"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_service_that_breaks_the_rules_of_http_is_given_up_in_good_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("SCIMULATOR_TOKEN", "nonsense-token")
    profile = load("marketbeam")
    with serving(WRONGS[wrong]) as base_url:
        settings = Settings(target=base_url, timeout=TIMEOUT, accounts=PEOPLE, allow=("write",))
        stage = Stage(settings, profile, tmp_path)
        wanted = plan(
            profile, Selection(idps=("okta:oin",), stories=("connection", "leaver", "tokens")), vendors(), all_probes()
        )
        began = time.monotonic()
        stage.begin(wanted)
        for scenario in wanted:
            stage.verdicts(scenario)
        stage.finish()
        run = stage.conclude()
        took = time.monotonic() - began
    assert len(run.results) == 3
    assert run.conclusion in (Conclusion.INCOMPLETE, Conclusion.NON_CONFORMANT)
    assert Outcome.PASSED not in {result.outcome for result in run.results}
    assert took < 60


def test_the_command_says_incomplete_of_a_service_that_hangs_up(tmp_path: Path) -> None:
    with serving(WRONGS["hangs up"]) as base_url:
        command = [sys.executable, "-m", "harness.cli", "run", "--target", base_url, "--out", str(tmp_path / "run")]
        options = ["--story", "connection", "--idp", "okta:oin", "--timeout", "1"]
        done = subprocess.run(
            command + options,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "SCIMULATOR_TOKEN": "nonsense-token"},
        )
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 3, done.stdout + done.stderr
    assert json.loads((tmp_path / "run" / "run.json").read_text())["verdict"] == "incomplete"
