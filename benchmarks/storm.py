"""Storms: how many requests one core sends, against Locust's own fast client sending a constant; what a second worker
adds; whether people weigh anything; and the planner.

Client and service are processes of their own, and only the client's processor time counts, so that other work on the
machine changes little. The service answers constants of the size that a real one would send.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from benchmarks.figure import Figure, at_least, at_most
from harness.load.crowd import Crowd, cast, pages
from harness.load.exporting import export
from harness.load.forecast import Rules
from harness.load.order import Order
from harness.load.paper import Paper
from harness.load.processes import Processes
from harness.load.reports import memory_mb
from harness.load.sampling import Sampler
from harness.load.work import Work
from harness.model.exchange import Response, Trouble
from harness.model.step import Step
from harness.plan import vendors

TENANTS, PEOPLE = 20, 250
SECONDS = 8
GOAL = 0.7
WORKERS_GOAL = 1.7
PLANNED = 80_000
FEW, MANY = 1_000, 50_000
MEMORY_GOAL = 1.1

FLOOR = """
import json, time
from locust import FastHttpUser, events, task

HEADERS = {"Authorization": "Bearer constant", "Content-Type": "application/scim+json; charset=utf-8"}
PATCH_OP = b"urn:ietf:params:scim:api:messages:2.0:PatchOp"
BODY = b'{"schemas":["' + PATCH_OP + b'"],"Operations":[{"op":"replace","value":{"active":false}}]}'
began = []

@events.test_start.add_listener
def begin(**_):
    began.append(time.process_time())

@events.quitting.add_listener
def end(environment, **_):
    cpu = time.process_time() - began[0]
    print(json.dumps({"requests": environment.stats.total.num_requests, "cpu_s": cpu}), flush=True)

class Floor(FastHttpUser):
    @task
    def both(self):
        self.client.get("/scim/v2/Users?filter=constant", headers=HEADERS, name="lookup")
        self.client.patch("/scim/v2/Users/constant", data=BODY, headers=HEADERS, name="deactivate")
"""


def measure(size: int = TENANTS) -> Iterator[Figure]:
    """Each figure with its goal. ``size`` is the number of tenants of the storm."""
    with tempfile.TemporaryDirectory() as place, _service() as port:
        floor = _floor(Path(place), port)
        ours = _storm(Path(place), port, size)
        pair = _storm(Path(place), port, size, workers=2)
    yield at_least(
        f"storm, {ours['requests']:,.0f} requests of okta:oin, for a second of one core",
        f"{ours['rate']:,.0f} requests",
        f"Locust's FastHttpUser sending a constant {floor['rate']:,.0f}",
        ours["rate"] / floor["rate"],
        GOAL,
        "each request is a sequence resumed, a body encoded, an answer parsed, and what it means noted",
    )
    yield at_least(
        "storm, two workers and a master against one worker, for a second of each worker's core",
        f"{pair['rate']:,.0f} requests",
        f"one worker {ours['rate']:,.0f}",
        pair["rate"] / ours["rate"],
        WORKERS_GOAL,
        "the processor time of the workers alone counts: whether two of them have a core each is the machine's affair",
    )
    few, many = _megabytes(FEW), _megabytes(MANY)
    yield at_most(
        f"storm, memory of a worker that lets {MANY:,} people go",
        f"{many:.0f} MB",
        f"{FEW:,} people {few:.0f} MB",
        many / few,
        MEMORY_GOAL,
        "a page of fifty is forgotten before the next; what stays is a bit for each person",
    )
    one, two = _planned(1), _planned(2)
    yield Figure("planner, every request of a storm on paper, one process", f"{one:,.0f} steps a second")
    yield at_least(
        "planner, two processes against one",
        f"{two:,.0f} steps a second",
        f"one process {one:,.0f}",
        two / one,
        WORKERS_GOAL,
        "measured by the clock: other work on the machine counts",
    )


def _floor(place: Path, port: int) -> dict[str, float]:
    file = place / "floor.py"
    file.write_text(FLOOR)
    command = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        str(file),
        "--headless",
        "-u",
        "20",
        "-r",
        "20",
        "--skip-log-setup",
    ]
    command += ["-t", f"{SECONDS}s", "--host", f"http://127.0.0.1:{port}", "--only-summary"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    told = next(json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    return {**told, "rate": told["requests"] / told["cpu_s"]}


def _storm(place: Path, port: int, tenants: int, workers: int = 1) -> dict[str, float]:
    """ "requests", and "rate": how many for a second of the processor, added up over the workers."""
    crowd = Crowd(tenants, PEOPLE, (("okta", "oin"),))
    keys = dict.fromkeys(range(tenants), "constant")
    order = Order(crowd, f"http://127.0.0.1:{port}/scim/v2", keys, lanes=1, per_second=1e6)
    processes = Processes(order, place, lambda _line: None)
    processes.start(workers)
    while processes.running and not processes.reported:
        time.sleep(0.1)
    processes.end()
    reports = json.loads(processes.result.read_text())["reports"]
    processes.result.unlink()
    assert len(reports) == workers, f"{len(reports)} of {workers} workers have reported"
    requests = [report["tally"]["requests"] for report in reports]
    return {"requests": sum(requests), "rate": sum(n / r["cpu_s"] for n, r in zip(requests, reports, strict=True))}


def _megabytes(people: int) -> float:
    """The most memory that a process has had which let so many people of one tenant go, on paper."""
    command = [sys.executable, "-m", "benchmarks.storm", str(people)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, timeout=900).stdout)


class _OnPaper:
    """The ports of a worker without a network: a clock that moves by itself, and a service that is asked at once."""

    def __init__(self) -> None:
        self._at = 0.0
        self._paper = Paper(cast(next(pages(Crowd(1, 1, (("okta", "oin"),)).job(0)))))

    def now(self) -> float:
        return self._at

    def sleep(self, seconds: float) -> None:
        self._at += seconds

    def send(self, step: Step, _key: str) -> tuple[Response | None, Trouble | None, int]:
        self._at += 0.001
        if step.query:
            people = cast(next(pages(Crowd(1, 1, (("okta", "oin"),)).job(0))), unquote_plus(step.query).split('"')[1])
            self._paper = Paper(people)
        return self._paper(step), None, 1000

    def together(self, calls: Iterable[Callable[[], None]]) -> None:
        for call in calls:
            call()


def _let_go(people: int) -> float:
    crowd = Crowd(1, people, (("okta", "oin"),))
    order = Order(crowd, "http://127.0.0.1/scim/v2", {0: "constant"}, lanes=1, per_second=1e6)
    work = Work(order, vendors(), _OnPaper(), Sampler(order.base_url, order.sample))
    work.run()
    assert work.tally.ended == people, work.tally
    return memory_mb()


def _planned(workers: int) -> float:
    """Steps a second of so many processes, each of which writes its part of the jobs down; the best of three."""
    crowd, best = Crowd(40, PLANNED // 40 // 2, (("okta", "oin"),)), 0.0
    for _ in range(3):
        with tempfile.TemporaryDirectory() as place:
            began = time.perf_counter()
            steps = export(crowd, {}, Rules(), Path(place), workers)
            best = max(best, steps / (time.perf_counter() - began))
    return best


@contextmanager
def _service() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.storm"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


class _Constant(asyncio.Protocol):
    """Answers each request on a connection with what a person looks like; reads no more of it than it has to."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            head, _, rest = self._rest.partition(b"\r\n\r\n")
            lower = head.lower()
            length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self._rest = rest[length:]
            target = head.partition(b" ")[2].partition(b" ")[0].decode()
            name = unquote_plus(target).partition('"')[2].partition('"')[0]
            body = self._answers["listed"].replace(b"@NAME@", name.encode()) if name else self._answers["user"]
            self._transport.write(  # type: ignore[attr-defined]
                b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: %d\r\n\r\n%s"
                % (len(body), body)
            )


def _answers() -> dict[str, bytes]:
    from harness.model.step import Effect, Intent, Step

    people = cast(next(pages(Crowd(1, 1, (("okta", "oin"),)).job(0))))
    name = people.members[0].person.user_name
    paper = Paper(people)
    listed = paper(Step("", "GET", "/Users", Effect.READ, Intent.LOOKUP, query=f'filter=userName+eq+"{name}"')).body
    user = json.dumps(json.loads(listed)["Resources"][0]).encode()
    return {"listed": listed.replace(name.encode(), b"@NAME@"), "user": user}


async def _serve() -> None:
    answers = _answers()
    server = await asyncio.get_running_loop().create_server(lambda: _Constant(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(_let_go(int(sys.argv[1])))
    else:
        asyncio.run(_serve())
