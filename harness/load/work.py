"""Work: one worker's part of a storm. Jobs begin at their times; inside a job the IdP's own rules hold.

It knows no network and no clock of its own: both are ports, so that a test can let hours pass in no time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from harness.load.crowd import Job, pages
from harness.load.order import Order
from harness.load.own import marking, takes_out
from harness.load.records import Record
from harness.load.sampling import Sampler
from harness.load.tally import Tally
from harness.load.telling import Telling
from harness.model.answering import exchanged
from harness.model.exchange import Exchange, Response, Trouble
from harness.model.idp import Vendor
from harness.model.pace import Standing
from harness.model.sequence import Steps
from harness.model.step import Intent, Step
from simulators.render import retry_after

ENDS = (Intent.DEACTIVATE, Intent.DELETE)
MINUTE = 60.0
MEETS = 100
"""One leaver in so many is changed by somebody else at the moment of the removal; the first of every job is."""

LINKING = 10
"""How often linking is tried again before the layoff goes on without those people."""

TOO_LONG = 3600.0
"""Seconds of a Retry-After beyond which nobody waits in a storm."""


class Ports(Protocol):
    """What a worker needs of the world. ``now`` is in seconds since the storm began."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def send(self, step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        """The answer or the trouble, and the bytes of both ways."""
        ...

    def together(self, calls: Iterable[Callable[[], None]]) -> None:
        """Make all calls at the same time and wait for the last."""
        ...


class Stopped(Exception):
    """Nothing more may be sent: somebody pulled the switch, or a limit was reached. The text says which."""


@dataclass
class Work:
    """One worker. ``run`` plays all its jobs; ``records`` hold what became of them, by number."""

    order: Order
    vendors: dict[str, Vendor]
    ports: Ports
    sampler: Sampler
    tally: Tally = field(default_factory=Tally)
    records: dict[int, Record] = field(default_factory=dict)
    stopped: str = ""
    finished_jobs: int = 0
    _next_slot: float = 0.0

    def jobs(self) -> list[Job]:
        """This worker's jobs in the order in which they begin."""
        order = self.order
        return sorted(order.crowd.jobs(order.worker, order.workers), key=lambda job: job.begins)

    def stop(self, why: str) -> None:
        """Send nothing more. What is under way is waited for."""
        self.stopped = self.stopped or why

    def run(self) -> None:
        """Play every job at its time."""
        for job in self.jobs():
            self.records[job.number] = Record(job)
        self.ports.together(lambda job=job: self._job(job) for job in self.jobs())  # type: ignore[misc]

    def _job(self, job: Job) -> None:
        record = self.records[job.number]
        try:
            self._wait(job.begins - self.ports.now())
            record.began = self.ports.now()
            record.late_s = max(0.0, record.began - job.begins)
            self.tally.began(record.began, record.late_s)
            pace = self.vendors[job.idp].pace
            lanes = self.order.lanes or pace.lanes
            self.ports.together(lambda lane=lane: self._lane(record, lane, lanes) for lane in range(lanes))  # type: ignore[misc]
        except Stopped as stop:
            self.stop(str(stop))
        record.finished = self.ports.now()
        self.finished_jobs += 1

    def _lane(self, record: Record, lane: int, lanes: int) -> None:
        job, vendor = record.job, self.vendors[record.job.idp]
        track = Lane(self, record, lanes / (self.order.per_second or vendor.pace.per_second))
        open_ends: list[Telling] = []
        try:
            for page in pages(job, lane, lanes):
                if record.slowed:
                    break
                telling = Telling(vendor, page, self.order.leaver)
                self._link(record, track, telling)
                track.play(telling, telling.leave())
                if self._standing(record, telling).waiting:
                    open_ends.append(telling)
            self._come_back(record, track, open_ends)
        except Stopped as stop:
            self.stop(str(stop))
        for telling in open_ends:
            record.waiting += telling.standing.waiting

    def _link(self, record: Record, track: Lane, telling: Telling) -> None:
        """Let the IdP know its people. By the day of a layoff it has long done so: what fails is asked for again."""
        track.play(telling, telling.link())
        for attempt in range(LINKING):
            standing = telling.standing
            if standing.settled and not standing.given_up:
                return
            self._wait(max(attempt * 0.2, track.not_before - self.ports.now()))
            track.play(telling, telling.again())
        standing = telling.standing
        record.unlinked += standing.waiting + standing.given_up

    def _standing(self, record: Record, telling: Telling) -> Standing:
        """How a page stands after its first telling; the job is slowed when it fails too often, as its IdP has it."""
        standing = telling.standing
        record.failed += standing.waiting + standing.given_up
        record.given_up += standing.given_up
        pace = self.vendors[record.job.idp].pace
        record.slowed = record.slowed or standing.slowed or pace.slows(record.failed, record.job.people)
        return standing

    def _come_back(self, record: Record, track: Lane, open_ends: list[Telling]) -> None:
        """Let the IdP's clock run, compressed, until nothing is left to come back to or patience has run out."""
        until = self.ports.now() + self.order.patience_s
        while open_ends:
            minutes = min(telling.standing.returns_in or 0.0 for telling in open_ends)
            seconds = max(minutes * MINUTE / self.order.compress, track.not_before - self.ports.now())
            if self.ports.now() + seconds > until:
                return
            self._wait(seconds)
            for telling in list(open_ends):
                record.retries += 1
                before = telling.standing
                track.play(telling, telling.later(minutes))
                after = telling.standing
                record.given_up += max(0, after.given_up - before.given_up)
                if after.settled:
                    open_ends.remove(telling)
            if not any(telling.standing.slowed for telling in open_ends):
                record.slowed = ""

    def _wait(self, seconds: float) -> None:
        """Sleep, in pieces short enough to hear the switch. Raises Stopped."""
        until = self.ports.now() + seconds
        while True:
            if self.stopped:
                raise Stopped(self.stopped)
            left = until - self.ports.now()
            if left <= 0:
                return
            self.ports.sleep(min(left, 0.5))

    def admit(self) -> None:
        """Wait until one more request may be sent. Raises Stopped."""
        if self.stopped:
            raise Stopped(self.stopped)
        order = self.order
        if order.max_requests and self.tally.requests + self.tally.own >= order.max_requests:
            raise Stopped(f"the limit of {order.max_requests:,} requests of this worker was reached (--max-requests)")
        if order.max_rate:
            slot = max(self._next_slot, self.ports.now())
            self._next_slot = slot + 1 / order.max_rate
            if slot > self.ports.now():
                self._wait(slot - self.ports.now())


@dataclass
class Lane:
    """One request after the other, ``gap`` seconds apart or as soon as the last one was answered."""

    work: Work
    record: Record
    gap: float
    due: float = 0.0
    not_before: float = 0.0
    held: dict[str, float] = field(default_factory=dict)

    def play(self, telling: Telling, steps: Steps) -> None:
        """Send what comes out of a telling and put in what came of it. Raises Stopped."""
        answer: Exchange | None = None
        while True:
            try:
                step = next(steps) if answer is None else steps.send(answer)
            except StopIteration:
                return
            answer = self._exchange(telling, step)

    def _exchange(self, telling: Telling, step: Step) -> Exchange:
        work, record, ports = self.work, self.record, self.work.ports
        now = ports.now()
        if self.due > now:
            work._wait(self.due - now)
        self.due = max(self.due, now) + self.gap
        work.admit()
        began = ports.now()
        if self.held and self.held.pop(step.subject, 0.0) > began + 0.001:
            record.early += 1
        key = work.order.keys[record.job.number]
        meets = work.order.ours and step.method == "PATCH" and step.intent in ENDS and _number(step) % MEETS == 0
        if meets:
            response, trouble, size = self._meeting(step, key)
        else:
            response, trouble, size = ports.send(step, key)
        ended = ports.now()
        exchange = exchanged(step, response, trouble)
        work.tally.answered(ended, step.intent.value, exchange.status, (ended - began) * 1000, size)
        work.sampler.look(record.job, exchange, (ended - began) * 1000)
        if exchange.ok:
            self._noted(telling, step, exchange, ended)
        elif exchange.status == 429:
            self._throttled(step, exchange, ended)
        return exchange

    def _noted(self, telling: Telling, step: Step, exchange: Exchange, at: float) -> None:
        record = self.record
        if step.intent in ENDS:
            if record.acknowledge(_number(step)):
                self.work.tally.second(at).ended += 1
            if record.repeat is None:
                record.repeat = step
        elif record.job.group and takes_out(step):
            page = telling.page
            for number in (_number(step),) if step.subject else range(page.first, page.last):
                record.take_out(number)
        elif step.intent is Intent.LOOKUP:
            wanted = telling.cast[step.subject].person.user_name.casefold()
            for resource in exchange.resources:
                name = resource.get("userName")
                if isinstance(name, str) and name.casefold() != wanted:
                    if len(record.strangers) < 5:
                        record.strangers.append(name)
                elif not record.somebody and isinstance(resource.get("id"), str):
                    record.somebody = resource["id"]

    def _throttled(self, step: Step, exchange: Exchange, at: float) -> None:
        record = self.record
        record.throttled += 1
        seconds = retry_after(exchange)
        if seconds is None:
            record.without_wait += 1
            return
        record.waits += 1
        self.held[step.subject] = at + seconds
        self.not_before = max(self.not_before, at + min(seconds, TOO_LONG))

    def _meeting(self, step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        """Send the removal, and at the same moment another change of the same person by somebody else."""
        number = _number(step)
        marked = f"storm-{self.record.job.number}-{number}"
        answers: dict[str, tuple[Response | None, Trouble | None, int]] = {}

        def removal() -> None:
            answers["removal"] = self.work.ports.send(step, key)

        def mark() -> None:
            answers["mark"] = self.work.ports.send(marking(step.path, marked), key)

        self.work.ports.together((removal, mark))
        self.work.tally.own += 1
        (taken, _, _), (other, _, _) = answers["removal"], answers["mark"]
        if taken is not None and other is not None and taken.status < 300 and other.status < 300:
            self.record.met[number] = marked
        return answers["removal"]


def _number(step: Step) -> int:
    """The number of the leaver whom a step is about."""
    return int(step.subject.rpartition("-")[2])
