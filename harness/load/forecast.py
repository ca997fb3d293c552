"""Forecast: what a storm will send, how long it takes and what it risks, worked out on paper.

The same sequences are played against a service on paper, one page for each IdP and app type; every further page of the
same length sends as much, so nothing grows with the number of people. Where every page is to be played, ``whole`` does
it, which is what other programs can be fed with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.load.crowd import Crowd, Job, Page, Speaker, page_size, pages
from harness.load.paper import Paper, weight
from harness.load.telling import Telling
from harness.model.answering import exchanged
from harness.model.idp import Vendor
from harness.model.pace import Pace
from harness.model.sequence import Evidence
from harness.model.step import Step

LATENCY_S = 0.02
"""Seconds that one answer takes, unless something else is given: what a rehearsal on one machine showed."""


@dataclass(frozen=True)
class Rules:
    """What is assumed of the IdPs and of the service.

    ``lanes`` and ``per_second`` take the place of what an IdP's own pace says; None leaves it. ``latency_s`` is how
    long an answer takes, ``capacity`` how many requests a second the service answers (0: as many as come),
    ``max_rate`` how many a second are sent at most (0: no limit). ``errors`` is the share of leavers at whom the
    service fails in each attempt. ``compress`` is how many times faster the IdP's clock runs than ours.
    """

    lanes: int | None = None
    per_second: float | None = None
    latency_s: float = LATENCY_S
    capacity: float = 0.0
    max_rate: float = 0.0
    errors: float = 0.0
    compress: float = 1.0

    def lanes_of(self, pace: Pace) -> int:
        return self.lanes or pace.lanes

    def rate_of(self, pace: Pace) -> float:
        return self.per_second or pace.per_second


@dataclass
class Load:
    """How much something sends: requests, and bytes both ways, heads included."""

    requests: int = 0
    bytes: int = 0

    def plus(self, other: Load, times: int = 1) -> None:
        self.requests += other.requests * times
        self.bytes += other.bytes * times


@dataclass(frozen=True)
class Forecast:
    """``duration_s`` is from the first intended beginning to the last answer; ``idp_minutes`` what retries take on the
    IdP's own clock. ``quarantined`` are the jobs that would be slowed down, for ``reasons``; ``breaks_at`` is the
    smallest number of failing leavers in one job that leads there, by speaker, None where no number does. ``latency_s``
    is how long an answer was taken to last.
    """

    crowd: Crowd
    requests: int
    bytes: int
    duration_s: float
    by_speaker: dict[Speaker, Load] = field(default_factory=dict)
    retries: int = 0
    idp_minutes: int = 0
    quarantined: int = 0
    reasons: tuple[str, ...] = ()
    breaks_at: dict[Speaker, int | None] = field(default_factory=dict)
    latency_s: float = LATENCY_S

    @property
    def peak_per_second(self) -> float:
        return self.requests / self.duration_s if self.duration_s else float(self.requests)


def forecast(crowd: Crowd, vendors: dict[str, Vendor], rules: Rules | None = None) -> Forecast:
    """Work out a storm. Takes as long for a million people as for a hundred."""
    rules = rules or Rules()
    by_job = {speaker: _job(crowd, speaker, vendors[speaker[0]], rules) for speaker in crowd.speakers}
    by_speaker: dict[Speaker, Load] = {}
    total, retries, minutes, quarantined = Load(), 0, 0, 0
    reasons: dict[str, None] = {}
    breaks_at: dict[Speaker, int | None] = {}
    for speaker, load in by_job.items():
        pace, jobs = vendors[speaker[0]].pace, crowd.count(speaker)
        by_speaker[speaker] = Load()
        by_speaker[speaker].plus(load, jobs)
        breaks_at[speaker] = _breaks_at(pace, crowd.people)
        failing = round(crowd.people * rules.errors)
        if reason := pace.slows(failing, crowd.people):
            quarantined += jobs
            reasons[reason] = None
        again, lasts = _retries(pace, crowd.people, rules.errors)
        share = again / crowd.people
        again_load = Load(round(load.requests * share), round(load.bytes * share))
        retries += again_load.requests * jobs
        total.plus(again_load, jobs)
        minutes = max(minutes, lasts)
        total.plus(by_speaker[speaker])
    seconds = max(
        (job.begins + _lasts(by_job[job.speaker], job, vendors[job.idp].pace, rules) for job in crowd.jobs()),
        default=0.0,
    )
    seconds += minutes * 60 / rules.compress
    limits = [limit for limit in (rules.capacity, rules.max_rate) if limit]
    if limits:
        seconds = max(seconds, total.requests / min(limits))
    return Forecast(
        crowd,
        total.requests,
        total.bytes,
        round(seconds, 3),
        by_speaker,
        retries,
        minutes,
        quarantined,
        tuple(reasons),
        breaks_at,
        rules.latency_s,
    )


def whole(
    crowd: Crowd, vendors: dict[str, Vendor], rules: Rules | None = None, worker: int = 0, workers: int = 1
) -> Iterator[tuple[Job, float, Step]]:
    """Every single request of the jobs of one worker: whose it is, when it is due in seconds, and the step itself."""
    rules = rules or Rules()
    for job in crowd.jobs(worker, workers):
        pace = vendors[job.idp].pace
        apart = max(1 / rules.rate_of(pace), rules.latency_s / rules.lanes_of(pace))
        for number, step in enumerate(_steps(job, vendors[job.idp])):
            yield job, job.begins + number * apart, step


def _steps(job: Job, vendor: Vendor) -> Iterator[Step]:
    for page in pages(job):
        for step, _ in _played(Telling(vendor, page)):
            yield step


def _played(telling: Telling) -> Iterator[tuple[Step, int]]:
    """The steps of one page, each with the bytes of it and its answer."""
    paper, steps = Paper(telling.cast, telling.page.job.people), telling.steps()
    try:
        step = next(steps)
        while True:
            answer = paper(step)
            yield step, weight(step, answer)
            step = steps.send(exchanged(step, answer))
    except StopIteration:
        return


def _job(crowd: Crowd, speaker: Speaker, vendor: Vendor, rules: Rules) -> Load:
    """What one job sends: a full page as often as there are full pages, and the rest."""
    job, load = Job(0, *speaker, 0.0, crowd.people, crowd.group), Load()
    size = page_size(job, rules.lanes_of(vendor.pace))
    full, rest = divmod(crowd.people, size)
    # The last of its kind: the numbers of the people have as many digits as most of them have.
    if full:
        load.plus(_page(vendor, Page(job, (full - 1) * size, full * size)), full)
    if rest:
        load.plus(_page(vendor, Page(job, full * size, crowd.people)))
    return load


def _page(vendor: Vendor, page: Page) -> Load:
    load = Load()
    for _, weighs in _played(Telling(vendor, page)):
        load.plus(Load(1, weighs))
    return load


def _lasts(load: Load, job: Job, pace: Pace, rules: Rules) -> float:
    """Seconds of one job: by its rate, or by the answers that its lanes wait for, whichever takes longer."""
    lanes = rules.lanes_of(pace)
    size = page_size(job, lanes)
    # The first lane has as many pages as any: what it sends takes longest.
    longest = min(-(-math.ceil(job.people / size) // lanes) * size, job.people)
    requests = load.requests / job.people * longest
    apart = max(lanes / rules.rate_of(pace), rules.latency_s)
    return max(requests - 1, 0.0) * apart + rules.latency_s


def _retries(pace: Pace, people: int, errors: float) -> tuple[int, int]:
    """How many leavers one job tries again, in all its cycles, and minutes on the IdP's clock until nobody is left."""
    if not pace.cycle or not 0 < errors < 1:
        return 0, 0
    left, again, minutes, gap = people * errors, 0, 0, pace.cycle
    while left >= 0.5 and minutes < 28 * 24 * 60:
        again += round(left)
        minutes += gap
        gap = min(gap * 2, 24 * 60)
        left *= errors
    return again, minutes


def _breaks_at(pace: Pace, people: int) -> int | None:
    """The smallest number of failing leavers that slows the job down; more of them never speed it up again."""
    if not pace.slows(people, people):
        return None
    low, high = 0, people
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if pace.slows(middle, people) else (middle, high)
    return high


def assumptions(crowd: Crowd, vendors: dict[str, Vendor], rules: Rules) -> list[str]:
    """In words, what of a forecast rests on an assumption and not on a source."""
    told = []
    for idp in dict.fromkeys(idp for idp, _ in crowd.speakers):
        pace = vendors[idp].pace
        lanes, rate = rules.lanes_of(pace), rules.rate_of(pace)
        known = {True: "given", False: "assumed"}
        how_many = known[rules.lanes is not None] if pace.lanes_evidence is Evidence.INFERRED else "documented"
        how_fast = known[rules.per_second is not None] if pace.rate_evidence is Evidence.INFERRED else "documented"
        if rules.per_second is not None:
            how_fast = "given"
        told.append(
            f"{vendors[idp].title}: {rate:g} requests a second for each job ({how_fast}), "
            f"{lanes} at the same time ({how_many})"
        )
    answers = f"{rules.capacity:g} a second (given)" if rules.capacity else "as many a second as come"
    told.append(f"The service: an answer in {rules.latency_s * 1000:g} ms, {answers} (--latency, --capacity)")
    return told
