"""The reference server beside others: requests a second and a core, of whole processes over loopback.

What is compared is processor time of the service (user and system, its children included) for each answered request,
in rounds that take turns; so it matters little what else the machine does.

Two workers are compared with one by what the busier of them needs for the same requests: this is the time that would
pass by the clock where each has a core of its own. Here the client and PostgreSQL take the cores that they would need.
What processor time cannot show is waiting, so the sessions of PostgreSQL are looked at meanwhile: a share of looks that
finds one waiting for a lock of another is taken off.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figure import Figure, at_least
from benchmarks.peers import TOKEN, scim2_server
from benchmarks.postgresql import postgresql

PEERS = Path(__file__).parent.parent / "tests" / "peers"
PEOPLE = 200
LANES = 4
ROUNDS = 5
PAIRS = 7
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
            status, body = _send(connection, self.key, "POST", f"{self.base}/Users", json.dumps(person).encode())
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
                status, body = _send(connection, self.key, *self.request(kind, number))
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


def _send(connection: http.client.HTTPConnection, key: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
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
                    yield at_least(what, value, against, theirs / us, 1.0)
                else:
                    yield Figure(what, value, against, theirs / us)
    yield from _workers(size)


def _workers(size: int) -> Iterator[Figure]:
    """Two workers on PostgreSQL against one."""
    busiest: dict[int, list[float]] = {1: [], 2: []}
    with postgresql(durable=True) as database, ExitStack() as stack:
        services = {}
        for workers in busiest:
            url = database.create(f"scim_{workers}")
            service = stack.enter_context(ours(url, "--workers", str(workers), name=f"{workers} workers"))
            service.fill()
            services[workers] = service
        looks = _Looks(database.url)
        for _ in range(PAIRS):
            for workers, service in services.items():
                before = service.each_s()
                with looks if workers == 2 else nullcontext():
                    for kind in ("GET", "PATCH"):
                        service.play(kind, size, lanes=16, kept=5)
                spent = [now - then for now, then in zip(service.each_s(), before, strict=True)]
                busiest[workers].append(max(spent) / (2 * size) * 1000)
    one, two = (statistics.median(busiest[workers]) for workers in (1, 2))
    # Processor time swells with what else the machine does: what was measured side by side is compared.
    pairs = [alone / busier for alone, busier in zip(busiest[1], busiest[2], strict=True)]
    ratio = statistics.median(pairs) * (1 - looks.waiting)
    why = (
        f"a request costs {one:.2f} ms of the only worker, and the busier of two spends {two:.2f} ms for each one that "
        f"both answer together; of {looks.count} looks at PostgreSQL's sessions {looks.found} found one waiting for a "
        "lock. The workers share the listening socket and the database, and nothing else; what is missing to 2 is that "
        "connections do not fall to both in equal parts"
    )
    value = f"{1000 / two * (1 - looks.waiting):,.0f}/s with a core each"
    yield at_least(
        "reference server on PostgreSQL, two workers", value, f"one worker, {1000 / one:,.0f}/s", ratio, 1.7, why
    )


_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scimulator' AND wait_event_type = 'Lock'
"""


class _Looks:
    """Looks at the sessions of a database again and again while it is entered: how many ``found`` one that waits for a
    lock. ``waiting`` is their share."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.count = self.found = 0

    @property
    def waiting(self) -> float:
        return self.found / self.count if self.count else 0.0

    def __enter__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def __exit__(self, *_problem: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._over.wait(0.02):
                row = connection.execute(_WAITING).fetchone()
                self.count += 1
                self.found += row is not None and row[0] > 0
