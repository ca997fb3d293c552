"""Inside a job the IdP's own rules hold: its rate, its retries, its quarantine. Time is virtual here."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from harness.load.crowd import Crowd, cast, pages
from harness.load.order import Order
from harness.load.paper import Paper
from harness.load.sampling import Sampler
from harness.load.work import Work
from harness.model.exchange import Response, Trouble, TroubleKind
from harness.model.step import Step
from harness.plan import vendors

OIN, LEGACY = ("okta", "oin"), ("entra", "default")


class Virtual:
    """A clock that only moves when somebody sleeps, and a service on paper that ``answer`` may spoil."""

    def __init__(self, crowd: Crowd, answer: Callable[[Step, float], Response | Trouble | None]) -> None:
        self.at = 0.0
        self.sent: list[tuple[float, Step]] = []
        self._answer = answer
        self._papers = {job.number: Paper(cast(next(pages(job)))) for job in crowd.jobs()}

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def send(self, step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        self.sent.append((self.at, step))
        spoilt = self._answer(step, self.at)
        if isinstance(spoilt, Trouble):
            return None, spoilt, 0
        return spoilt or self._papers[int(key)](step), None, 100

    def together(self, calls: Iterable[Callable[[], None]]) -> None:
        for call in calls:
            call()


def played(
    crowd: Crowd, answer: Callable[[Step, float], Any] = lambda _step, _at: None, **order: Any
) -> tuple[Work, Virtual]:
    ports = Virtual(crowd, answer)
    keys = {number: str(number) for number in range(crowd.tenants)}
    given = Order(crowd, "http://127.0.0.1/scim/v2", keys, **{"lanes": 1, **order})
    work = Work(given, vendors(), ports, Sampler("", 10))
    work.run()
    return work, ports


def test_requests_of_a_job_are_as_far_apart_as_its_rate_says() -> None:
    _, ports = played(Crowd(1, 10, (LEGACY,)))
    moments = [at for at, _ in ports.sent]
    assert len(moments) == 30
    assert [round(b - a, 3) for a, b in itertools.pairwise(moments)] == [0.04] * 29


def test_a_job_begins_at_its_time_and_its_lateness_is_told() -> None:
    crowd = Crowd(3, 5, (OIN,), ramp=100.0)
    work, _ = played(crowd)
    assert all(record.began >= record.job.begins for record in work.records.values())
    # One after the other on this clock: the second begins late where the first has not ended by then.
    assert all(record.late_s == pytest.approx(record.began - record.job.begins) for record in work.records.values())


def test_every_leaver_is_acknowledged_exactly_once() -> None:
    work, ports = played(Crowd(2, 12, (OIN, LEGACY)))
    assert [record.ended for record in work.records.values()] == [12, 12]
    assert work.tally.ended == 24
    assert work.tally.requests == len(ports.sent)


def test_okta_comes_back_after_429_with_retry_after_and_not_before() -> None:
    refused: Counter[str] = Counter()

    def answer(step: Step, _at: float) -> Response | None:
        if step.method == "PATCH" and not refused[step.path]:
            refused[step.path] += 1
            return Response(429, headers=(("Retry-After", "7"),))
        return None

    work, ports = played(Crowd(1, 5, (OIN,)), answer)
    (record,) = work.records.values()
    assert (record.throttled, record.ended, record.early, record.given_up) == (5, 5, 0, 0)
    tries: dict[str, list[float]] = {}
    for at, step in ports.sent:
        if step.method == "PATCH":
            tries.setdefault(step.path, []).append(at)
    assert all(second - first >= 7 for first, second in tries.values())


def test_okta_does_not_come_back_to_a_500() -> None:
    work, ports = played(Crowd(1, 5, (OIN,)), lambda step, _: Response(500) if step.method == "PATCH" else None)
    (record,) = work.records.values()
    assert (record.ended, record.failed, record.given_up) == (0, 5, 5)
    assert len(ports.sent) == 10


def test_entra_comes_back_in_a_later_cycle_on_its_own_clock() -> None:
    refused: Counter[str] = Counter()

    def answer(step: Step, _at: float) -> Response | None:
        if step.method == "PATCH" and not refused[step.path]:
            refused[step.path] += 1
            return Response(500)
        return None

    work, ports = played(Crowd(1, 5, (LEGACY,)), answer, compress=600.0)
    (record,) = work.records.values()
    assert (record.ended, record.failed, record.given_up, record.waiting) == (5, 5, 0, 0)
    first, second = (at for at, step in ports.sent if step.method == "PATCH" and step.subject == "leaver-0")
    assert second - first >= 40 * 60 / 600


def test_patience_ends_and_who_is_left_is_told() -> None:
    spoilt = lambda step, _: Response(500) if step.method == "PATCH" else None  # noqa: E731
    work, ports = played(Crowd(1, 5, (LEGACY,)), spoilt, patience_s=30.0)
    (record,) = work.records.values()
    assert (record.ended, record.waiting) == (0, 5)
    assert ports.at < 60


def test_a_refused_key_slows_an_entra_job_at_once() -> None:
    work, ports = played(
        Crowd(1, 200, (LEGACY,)), lambda step, _: Response(401) if step.method == "PATCH" else None, patience_s=1.0
    )
    (record,) = work.records.values()
    assert record.slowed == "EncounteredQuarantineException"
    # The page that was begun is the last one: nobody else of this tenant is tried while the job is held back.
    assert len({step.subject for _, step in ports.sent}) == 50


def test_linking_is_asked_for_again_until_it_works() -> None:
    failed: Counter[str] = Counter()

    def answer(step: Step, _at: float) -> Response | None:
        if step.method == "GET" and failed[step.query] < 3:
            failed[step.query] += 1
            return Response(503)
        return None

    for speaker in (OIN, LEGACY):
        failed.clear()
        work, _ = played(Crowd(1, 5, (speaker,)), answer)
        (record,) = work.records.values()
        assert (record.ended, record.unlinked) == (5, 0)


def test_no_answer_is_a_failure_of_the_way_and_not_an_acknowledgement() -> None:
    lost = Trouble(TroubleKind.TIMEOUT, "no answer in time")
    work, _ = played(Crowd(1, 3, (OIN,)), lambda step, _: lost if step.method == "PATCH" else None)
    (record,) = work.records.values()
    assert record.ended == 0
    assert work.tally.statuses == {"200": 3, "0": 3}


def test_a_limit_of_requests_stops_the_storm() -> None:
    work, ports = played(Crowd(2, 50, (OIN,)), max_requests=20)
    assert len(ports.sent) == 20
    assert "limit of 20 requests" in work.stopped


def test_a_limit_of_the_rate_holds_for_all_jobs_together() -> None:
    _, ports = played(Crowd(4, 10, (OIN,)), max_rate=10.0, per_second=1000.0)
    moments = sorted(at for at, _ in ports.sent)
    assert all(b - a >= 0.099 for a, b in itertools.pairwise(moments))


def test_the_switch_stops_everything_that_has_not_been_sent() -> None:
    crowd = Crowd(1, 50, (OIN,))
    ports = Virtual(crowd, lambda _step, _at: None)
    work = Work(Order(crowd, "http://127.0.0.1", {0: "0"}, lanes=1), vendors(), ports, Sampler("", 10))
    ports._answer = lambda _step, at: work.stop("by hand") if at > 0.5 else None  # type: ignore[func-returns-value]
    work.run()
    assert work.stopped == "by hand"
    assert len(ports.sent) < 20


def test_a_stranger_in_a_lookup_is_noticed() -> None:
    stranger = b'{"totalResults": 1, "Resources": [{"id": "1", "userName": "leaver-0@tenant-9.example"}]}'
    work, _ = played(Crowd(1, 1, (OIN,)), lambda step, _: Response(200, body=stranger) if step.query else None)
    assert work.records[0].strangers == ["leaver-0@tenant-9.example"]
