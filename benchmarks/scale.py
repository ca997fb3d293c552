"""The reference server grown: two workers on PostgreSQL beside one, and many people beside few.

Two workers are compared with one by what the busier of them needs for the same requests: this is the time that would
pass by the clock where each has a core of its own. Here the client and PostgreSQL take the cores that they would need.
What processor time cannot show is waiting, so the sessions of PostgreSQL are looked at meanwhile: a share of looks that
finds one waiting for a lock of another is taken off.
"""

from __future__ import annotations

import http.client
import json
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path

from benchmarks.figure import Figure, at_least, at_most
from benchmarks.memory import peak_mb
from benchmarks.postgresql import postgresql
from benchmarks.reference_server import ours, send
from reference_server.app import ReferenceServer
from reference_server.seeding import seed

PAIRS = 7
LANES = 16
FEW, MANY = 1_000, 100_000


def measure(size: int = 400) -> Iterator[Figure]:
    """``size`` is how many requests of each kind are sent in a round."""
    yield from _workers(size)
    yield from _memory()


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
                        service.play(kind, size, lanes=LANES, kept=2)
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


def _memory() -> Iterator[Figure]:
    """How much memory the server holds with many people, after reads, pages, look-ups and writes."""
    held = {}
    for people in (FEW, MANY):
        with tempfile.TemporaryDirectory() as place:
            store = f"sqlite:///{Path(place) / 'people.db'}"
            server = ReferenceServer("full", store_url=store)
            (seeded,) = seed(server, 1, people)
            server.close()
            with ours(store, name=f"{people} people") as service:
                service.key = seeded.api_key
                connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)
                for start in (1, people // 2, people - 200):
                    path = f"{service.base}/Users?startIndex={start}&count=200"
                    status, body = send(connection, service.key, "GET", path, b"")
                    assert status == 200, body[:200]
                    service.ids += [person["id"] for person in json.loads(body)["Resources"]]
                connection.close()
                for kind in ("GET", "filter", "PATCH"):
                    service.play(kind, 400)
                held[people] = peak_mb(service.pid)
    yield at_most(
        f"memory of the server with {MANY:,} people",
        f"{held[MANY]:.0f} MB",
        f"with {FEW:,}, {held[FEW]:.0f} MB",
        held[MANY] / held[FEW],
        1.25,
        "people stay in the store: SQLite keeps 2 MB of pages for each connection, of which every thread has one",
    )
