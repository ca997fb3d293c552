"""The command as a user runs it, in a process of its own, and the reference server on a real socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "harness.cli"]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str
    directory: Path

    @property
    def run(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.directory / "run.json").read_text("utf-8"))
        return read

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [
            json.loads(line)
            for path in sorted(self.directory.glob(f"{name}*.jsonl"))
            for line in path.read_text("utf-8").splitlines()
        ]


@dataclass(frozen=True)
class Served:
    base_url: str
    api_key: str
    pid: int


@pytest.fixture
def scimulator(tmp_path: Path) -> Callable[..., Done]:
    def run(*arguments: str, cwd: Path | None = None, timeout: float = 120, **environment: str) -> Done:
        directory = tmp_path / "run"
        command = [*COMMAND, *arguments]
        if arguments[0] == "run" and "--out" not in arguments:
            command += ["--out", str(directory)]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCIMULATOR", "PYTEST_", "COLUMNS"))}
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=cwd or tmp_path,
            env={**kept, "NO_COLOR": "1", **environment},
        )
        return Done(done.returncode, done.stdout, done.stderr, directory)

    return run


@pytest.fixture
def serving(tmp_path: Path) -> Callable[..., Any]:
    """Start `scimulator serve` on a free port and stop it by its pid."""

    @contextmanager
    def start(*arguments: str) -> Iterator[Served]:
        command = [*COMMAND, "serve", "--port", "0", "--json", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path)
        try:
            assert process.stdout is not None
            about = json.loads(process.stdout.readline())
            yield Served(about["base_url"], about["api_key"], about["pid"])
        finally:
            process.terminate()
            assert process.wait(10) == 0

    return start


def verdicts(run: dict[str, Any]) -> dict[str, Any]:
    """What has to be equal wherever and however the same scenarios are played."""
    return {
        "verdict": run["verdict"],
        "counts": run["counts"],
        "scenarios": {s["id"]: (s["outcome"], s["requests"]) for s in run["scenarios"]},
        "findings": sorted(f["id"] for f in run["findings"]),
    }


@pytest.fixture
def comparable() -> Callable[[dict[str, Any]], dict[str, Any]]:
    return verdicts


@pytest.fixture
def echoing() -> Iterator[str]:
    """A service on loopback that gives back whatever it is sent, in every place it can."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one packet: of two, the second waits for the other side

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            key = self.headers.get("Authorization", "")
            answer = {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 1,
                "id": "u-1",
                "detail": f"you sent {key} and {body}",
                "Resources": [{"id": "u-1", "userName": key, "displayName": key[::-1][::-1]}],
            }
            data = json.dumps(answer).encode()
            self.send_response_only(200 if self.command == "GET" else 400)
            self.send_header("Content-Type", "application/scim+json")
            self.send_header("X-Your-Key", key)
            self.send_header("Set-Cookie", f"key={key.split()[-1] if key else ''}")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve

        def log_message(self, *_: object) -> None:
            """Keep the test output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/scim/v2"
    server.shutdown()
    server.server_close()
