"""The reference server beside others: requests a second and a core, of whole processes over loopback.

What is compared is processor time of the service (user and system, its children included) for each answered request,
in rounds that take turns; so it matters little what else the machine does.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figure import Figure, at_least
from benchmarks.peers import TOKEN, scim2_server

PEERS = Path(__file__).parent.parent / "tests" / "peers"
PEOPLE = 200
LANES = 4
ROUNDS = 5
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
FLOOR = """
import sys
from waitress.server import create_server
body = b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1", "userName": "u@a.example"}'
def answer(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/scim+json"), ("Content-Length", str(len(body)))])
    return [body]
import logging
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
server = create_server(answer, host="127.0.0.1", port=0, threads=8, ident=None)
print(server.effective_port, flush=True)
server.run()
"""


@dataclass
class Service:
    """A running service: where it is, with which key, which process it is, and the ids of its people."""

    name: str
    port: int
    base: str
    key: str
    pid: int
    ids: list[str] = field(default_factory=list)

    def request(self, kind: str, number: int) -> tuple[str, str, bytes]:
        person = self.ids[number % len(self.ids)] if self.ids else "1"
        if kind == "GET":
            return "GET", f"{self.base}/Users/{person}", b""
        if kind == "filter":
            return "GET", f"{self.base}/Users?filter=userName%20eq%20%22{_name(number % PEOPLE)}%22", b""
        operation = {"op": "replace", "path": "active", "value": number // PEOPLE % 2 == 1}
        body = {"schemas": [PATCH_OP], "Operations": [operation]}
        return "PATCH", f"{self.base}/Users/{person}", json.dumps(body).encode()

    def fill(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number in range(PEOPLE):
            name = _name(number)
            person = {
                "schemas": [USER], "userName": name, "active": True, "externalId": f"e{number}",
                "name": {"givenName": "Given", "familyName": f"Family {number}"}, "displayName": f"Given {number}",
                "emails": [{"value": name, "type": "work", "primary": True}],
            }  # fmt: skip
            status, body = send(connection, self.key, "POST", f"{self.base}/Users", json.dumps(person).encode())
            assert status == 201, f"{self.name} made nobody: {status} {body[:200]!r}"
            self.ids.append(json.loads(body)["id"])
        connection.close()

    def processor_s(self) -> float:
        """Seconds of processor time so far, children included."""
        return sum(_processor_s(pid) for pid in (self.pid, *_children(self.pid)))

    def each_s(self) -> list[float]:
        """Seconds of processor time so far, of each of its workers."""
        return [_processor_s(pid) for pid in _children(self.pid) or [self.pid]]

    def play(self, kind: str, count: int, lanes: int = LANES, kept: int = 10**9) -> None:
        """Send so many requests in several lanes, each on a connection that is kept for ``kept`` of them."""
        problems: list[str] = []

        def lane(first: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            for turn, number in enumerate(range(first, count, lanes), 1):
                if turn % kept == 0:
                    connection.close()  # It opens again by itself, at whichever worker takes it.
                status, body = send(connection, self.key, *self.request(kind, number))
                if status not in (200, 204):
                    problems.append(f"{self.name}: {kind} was answered with {status}: {body[:200]!r}")
            connection.close()

        threads = [threading.Thread(target=lane, args=(first,)) for first in range(lanes)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert not problems, problems[0]


def _name(number: int) -> str:
    return f"person{number}@people.example"


def send(connection: http.client.HTTPConnection, key: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/scim+json"}
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _processor_s(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        found = [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return found + [below for child in found for below in _children(child)]
    return []


@contextmanager
def _started(command: Sequence[str | Path], where: Path) -> Iterator[tuple[str, int]]:
    """The first line that a service prints, and its process id; it is stopped at the end."""
    process = subprocess.Popen(
        command,
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PEER_TOKEN": TOKEN},
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def ours(store: str, *more: str, name: str = "reference server") -> Iterator[Service]:
    command = [
        sys.executable, "-m", "harness.cli", "serve", "--preset", "full", "--port", "0", "--json", "--store", store,
        *more,
    ]  # fmt: skip
    with _started(command, Path.cwd()) as (line, pid):
        about = json.loads(line)
        port = int(about["base_url"].rpartition("/scim")[0].rpartition(":")[2])
        yield Service(name, port, "/scim/v2", about["api_key"], pid)


def _peers(stack: ExitStack) -> list[Service]:
    """The others, in memory: those that can be started here."""
    found = []
    base_url, pid = stack.enter_context(_scim2_server())
    found.append(Service("scim2-server", int(base_url.split(":")[2].partition("/")[0]), "/v2", TOKEN, pid))
    line, pid = stack.enter_context(_started([sys.executable, "service.py"], PEERS / "django_scim2"))
    if line:
        found.append(Service("django-scim2", int(line), "/scim/v2", TOKEN, pid))
    place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    for file in ("package.json", "server.mjs"):
        shutil.copy(PEERS / "scimmy" / file, place)
    if shutil.which("npm"):
        quiet = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
        if subprocess.run(quiet, cwd=place, capture_output=True, timeout=300, check=False).returncode == 0:
            line, pid = stack.enter_context(_started(["node", "server.mjs"], place))
            found.append(Service("scimmy-routers", int(line), "/scim/v2", TOKEN, pid))
    return found


@contextmanager
def _scim2_server() -> Iterator[tuple[str, int]]:
    with scim2_server() as base_url:
        here = _children(os.getpid())
        yield base_url, here[-1]


def _milliseconds(services: Sequence[Service], kind: str, count: int) -> dict[str, float]:
    """Milliseconds of processor time for one request of a kind, by service: the median of rounds in turn."""
    spent: dict[str, list[float]] = {service.name: [] for service in services}
    for _ in range(ROUNDS):
        for service in services:
            before = service.processor_s()
            service.play(kind, count)
            spent[service.name].append((service.processor_s() - before) / count * 1000)
    return {name: statistics.median(values) for name, values in spent.items()}


def measure(size: int = 400) -> Iterator[Figure]:
    """``size`` is how many requests of each kind are sent in a round."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mine = stack.enter_context(ours(f"sqlite:///{place / 'people.db'}"))
        peers = _peers(stack)
        line, pid = stack.enter_context(_started([sys.executable, "-c", FLOOR], place))
        floor = Service("floor", int(line), "/scim/v2", TOKEN, pid)
        for service in (mine, *peers):
            service.fill()
            service.play("GET", 100)
        for kind in ("GET", "filter", "PATCH"):
            spent = _milliseconds([mine, *peers, floor], kind, size)
            us = spent.pop("reference server")
            for name, theirs in spent.items():
                what = f"reference server on durable SQLite, {kind} a second and a core"
                other = "a constant answer" if name == "floor" else name
                value, against = f"{1000 / us:,.0f}/s", f"{other}, {1000 / theirs:,.0f}/s"
                if name == "scim2-server":
                    yield at_least(what, value, against, theirs / us, 1.0, _WHY[kind].format(commit=_commit_ms(place)))
                else:
                    yield Figure(what, value, against, theirs / us)


_WHY = {
    "GET": "waitress, the key, one row by its index, and the stored document as JSON: no models are made of it",
    "filter": "as for GET: a comparison of userName, externalId or id alone is read without the grammar of filters",
    "PATCH": "one transaction that holds the row, swaps its version and notes the change; what SQLite takes for it, "
    "UPDATE, INSERT and a COMMIT that is on the disk, is {commit:.2f} ms of this",
}


def _commit_ms(place: Path, count: int = 200) -> float:
    """Milliseconds of processor time that a durable change with its note costs in bare SQLite."""
    connection = sqlite3.connect(place / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, document TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT OR REPLACE INTO people VALUES (1, '')")
    before = time.process_time()
    for number in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE people SET document = ? WHERE id = 1", (f"{number:500}",))
        connection.execute("INSERT INTO notes (text) VALUES (?)", (f"{number:200}",))
        connection.execute("COMMIT")
    spent = time.process_time() - before
    connection.close()
    return spent / count * 1000
