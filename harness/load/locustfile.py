"""What Locust runs: its workers, the messages between them and their master, and the one client of a storm.

Started as ``python -m locust -f THIS FILE`` in a process of its own, and never imported: Locust changes whoever does
that. The master is told its order over a pipe, hands each worker its part, and writes down what they report. A worker
that is lost ends the storm: its part of the people is not known, so nothing can be said of the whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import gevent
import gevent.event
import gevent.pool
from locust import User, events, runners, task
from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from harness.load import reports
from harness.load.census import Taker
from harness.load.greenlets import Client, Green
from harness.load.messages import ORDER_FD, RESULT, STOP_FILE, WORKERS
from harness.load.order import Order, order_from_json, order_to_json
from harness.load.sampling import Sampler
from harness.load.work import Stopped, Work
from harness.plan import set_up, vendors
from harness.profiles import load as load_profile
from harness.validation import compiled

# A busy machine is slow to send heartbeats; a worker that is really gone shows by its process or by this.
runners.HEARTBEAT_LIVENESS = 60
runners.WorkerNode.__init__.__defaults__ = (runners.STATE_INIT, runners.HEARTBEAT_LIVENESS)


def warm_up() -> None:
    """Load now what takes long to load: later it would keep a worker from answering its master."""
    vendors()
    for name in ("ListResponse", "Error", "User"):
        compiled(name)


warm_up()


class Hand:
    """One worker: hears the master, plays its part, reports."""

    def __init__(self, environment: Any) -> None:
        self.runner = environment.runner
        self.order = gevent.event.AsyncResult()
        self.go = gevent.event.Event()
        self.ask = gevent.event.Event()
        self.work: Work | None = None
        for name, hear in (("storm-order", self._order), ("storm-go", self._go), ("storm-ask", self._ask)):
            self.runner.register_message(name, hear)
        self.runner.register_message("storm-stop", self._stop)

    def _order(self, msg: Any, **_: Any) -> None:
        self.order.set(order_from_json(msg.data))

    def _go(self, **_: Any) -> None:
        self.go.set()

    def _ask(self, **_: Any) -> None:
        self.ask.set()

    def _stop(self, msg: Any, **_: Any) -> None:
        if self.work is not None:
            self.work.stop(str(msg.data))
        self.go.set()
        self.ask.set()

    def tell(self, name: str, data: dict[str, Any] | None = None) -> None:
        self.runner.send_message(name, {"worker": os.getpid(), **(data or {})})

    def play(self) -> None:
        """The whole of a worker's part."""
        self.tell("storm-hello")
        order: Order = self.order.get()
        idps = set_up(vendors(), order.setups)
        client = Client(order)
        ports = Green(client, order.connections)
        sampler = Sampler(order.base_url, order.sample, order.keys, load_profile(order.profile), order.worker)
        self.work = work = Work(order, idps, ports, sampler)
        ports.stopped = lambda: work.stopped
        takers = {job.number: Taker(order, ports.send, ports.sleep) for job in work.jobs()}
        try:
            censuses = reports.before(takers, _each)
        except Stopped:
            censuses = {}
        self.tell("storm-ready", {"index": order.worker})
        self.go.wait()
        ports.began, cpu = time.monotonic(), time.process_time()
        ports.sent, ports.took_s = 0, 0.0
        telling = gevent.spawn(self._tell_now_and_then, work)
        work.run()
        telling.kill()
        cpu, service = time.process_time() - cpu, (ports.sent, ports.took_s)
        self._progress(work)
        self.tell("storm-played", {"finished": ports.now()})
        self.ask.wait()
        # Somebody may pull the switch while everybody is asked: then nothing is said of how they stand.
        with contextlib.suppress(Stopped):
            if not work.stopped:
                reports.after(work, takers, censuses, _each)
        self.tell("storm-report", reports.report(work, takers, censuses, cpu, service))
        client.close()

    def _tell_now_and_then(self, work: Work) -> None:
        while True:
            gevent.sleep(1)
            self._progress(work)

    def _progress(self, work: Work) -> None:
        tally = work.tally
        self.tell(
            "storm-progress",
            {"requests": tally.requests, "ended": tally.ended, "jobs": work.finished_jobs, "index": work.order.worker},
        )


def _each(keys: Iterable[int], call: Callable[[int], None], at_once: int = 8) -> None:
    pool = gevent.pool.Pool(at_once)
    for greenlet in [pool.spawn(call, key) for key in keys]:
        greenlet.get()


class Head:
    """The master: hands out orders, lets all begin together, gathers what is reported, and writes it down."""

    def __init__(self, environment: Any, order: Order, workers: int) -> None:
        self.environment = environment
        self.runner = environment.runner
        self.order = order
        self.workers = workers
        self.places: dict[str, int] = {}
        self.ready: set[str] = set()
        self.played: dict[str, float] = {}
        self.reports: dict[str, dict[str, Any]] = {}
        self.progress: dict[str, dict[str, Any]] = {}
        self.lost = ""
        self.broken = ""
        self.stopped = ""
        self.began = 0.0
        self.written = False
        for name in ("hello", "ready", "progress", "played", "report", "broken"):
            self.runner.register_message(f"storm-{name}", getattr(self, f"_{name}"))
        gevent.spawn(self._watch)

    def _hello(self, msg: Any, **_: Any) -> None:
        client = self._client(msg)
        place = self.places.setdefault(client, len(self.places))
        if place >= self.workers:
            return
        self._send("storm-order", order_to_json(self.order.for_worker(place, self.workers)), client)

    def _ready(self, msg: Any, **_: Any) -> None:
        self.ready.add(self._client(msg))
        if len(self.ready) == self.workers:
            self.began = time.monotonic()
            self._all("storm-go")

    def _progress(self, msg: Any, **_: Any) -> None:
        self.progress[self._client(msg)] = msg.data
        total = {name: sum(p[name] for p in self.progress.values()) for name in ("requests", "ended", "jobs")}
        _say({"event": "progress", "seconds": round(time.monotonic() - self.began, 1), **total})

    def _played(self, msg: Any, **_: Any) -> None:
        self.played[self._client(msg)] = msg.data["finished"]
        if len(self.played) == self.workers:
            if not self.stopped:
                _say({"event": "census"})
            self._all("storm-ask")

    def _report(self, msg: Any, **_: Any) -> None:
        self.reports[self._client(msg)] = msg.data
        if len(self.reports) == self.workers:
            gevent.spawn(self._end)

    def _broken(self, msg: Any, **_: Any) -> None:
        sys.stderr.write(msg.data["why"])
        self.broken = msg.data["why"].strip().splitlines()[-1]
        gevent.spawn(self._end)

    def _watch(self) -> None:
        """Look for the switch, and for workers that are gone."""
        stop_file = os.environ.get(STOP_FILE, "")
        while not self.written:
            gevent.sleep(0.2)
            if stop_file and not self.stopped and Path(stop_file).exists():
                self.stopped = "it was stopped by hand"
                self._all("storm-stop", self.stopped)
                if not self.ready:
                    self._end()
            if isinstance(self.runner, MasterRunner) and self.places:
                here = {client.id for client in self.runner.clients.all if client.state != runners.STATE_MISSING}
                gone = [place for client, place in self.places.items() if client not in here | self.reports.keys()]
                if gone:
                    self.lost = f"worker {gone[0] + 1} of {self.workers} was lost, and its tenants with it"
                    self._end()

    def _end(self) -> None:
        if self.written:
            return
        self.written = True
        result = {
            "reports": [self.reports[client] for client in sorted(self.reports, key=lambda c: self.places[c])],
            "workers": self.workers,
            "lost": self.lost,
            "broken": self.broken,
            "stopped": self.stopped or next((r["stopped"] for r in self.reports.values() if r["stopped"]), ""),
            "memory_mb": reports.memory_mb(),
        }
        Path(os.environ[RESULT]).write_text(json.dumps(result), "utf-8")
        _say({"event": "end"})
        self.runner.quit()

    def _client(self, msg: Any) -> str:
        return str(msg.node_id)

    def _send(self, name: str, data: Any, client: str) -> None:
        if isinstance(self.runner, MasterRunner):
            self.runner.send_message(name, data, client)
        else:
            self.runner.send_message(name, data)

    def _all(self, name: str, data: Any = None) -> None:
        self.runner.send_message(name, data)


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class Storm(User):
    """The one user of each worker: the storm has its own actors, which are provisioning jobs."""

    @task
    def play(self) -> None:
        try:
            HANDS[0].play()
        except Exception:
            # Locust would begin anew, for ever: our own fault ends the storm, and is told.
            HANDS[0].tell("storm-broken", {"why": traceback.format_exc()})
        raise StopUser


HANDS: list[Hand] = []


def begin(environment: Any, **_: Any) -> None:
    runner = environment.runner
    if not isinstance(runner, WorkerRunner):
        with os.fdopen(int(os.environ[ORDER_FD]), "rb") as pipe:
            order = order_from_json(json.loads(pipe.read()))
        Head(environment, order, int(os.environ.get(WORKERS, "1")))
    if not isinstance(runner, MasterRunner):
        HANDS.append(Hand(environment))


events.init.add_listener(begin)
