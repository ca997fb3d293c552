"""How long a month of Entra's cycles over a thousand people takes, what a hundred thousand steps weigh, and how long
Okta takes to let a thousand people go.

The floor is what no simulator can go below: encoding and parsing the same number of answers of the same shape. Both
run in the same process, against an answerer in memory.
"""

from __future__ import annotations

import json
import multiprocessing
import time
import tracemalloc
from collections.abc import Iterator
from itertools import count

from benchmarks.figure import Figure, at_least
from harness.model.account import Cast, Member
from harness.model.answering import exchanged
from harness.model.change import Assign, Change, Disable, TimePasses, Unassign
from harness.model.exchange import Exchange, Response
from harness.model.idp import IdP
from harness.model.person import Person
from harness.model.step import LIST_RESPONSE, USER, Step
from simulators.entra import ENTRA, Setup, connect
from simulators.entra.mapping import FULL
from simulators.okta import OKTA

LEGACY = ENTRA.variants[0].name
PEOPLE = 1_000
MONTH = 30 * 24 * 60
STEPS = 100_000
SECONDS = 10.0
"""The longest that a month may take."""
SHARED = 20_000
"""So many people go in one layoff that is dealt out to processes, as the workers of a storm deal it out."""
WORKERS_GOAL = 1.7
MEGABYTES = 100.0
"""The most that the steps may weigh while they are played."""


class Answerer:
    """A service in memory that finds, shows and switches off people; it never fails."""

    def __init__(self, cast: Cast) -> None:
        self.ids = {member.person.user_name: member.part for member in cast}
        self.active = dict.fromkeys(self.ids.values(), True)
        self.names = {part: name for name, part in self.ids.items()}

    def __call__(self, step: Step) -> Response:
        part = step.path.rpartition("/")[2]
        if step.method == "PATCH":
            self.active[part] = b"False" not in (step.body or b"") and b"false" not in (step.body or b"")
            return Response(204)
        if part != "Users":
            return Response(200, body=json.dumps(self.user(part)).encode())
        name = step.query.partition("%22")[2].partition("%22")[0].replace("%40", "@")
        found = [self.user(self.ids[name])] if name in self.ids else []
        listing = {"schemas": [LIST_RESPONSE], "totalResults": len(found), "Resources": found}
        return Response(200, body=json.dumps(listing).encode())

    def user(self, part: str) -> dict[str, object]:
        return {"schemas": [USER], "id": part, "userName": self.names[part], "active": self.active[part]}


def crowd(size: int) -> Cast:
    """So many people, each of whom plays a part of their own."""
    members = []
    for number in range(size):
        name = f"person-{number}@rehearsal.example"
        members.append(Member(f"p{number}", Person(f"{number:032x}", name, "Ada", f"Number-{number}", name)))
    return Cast(tuple(members))


def played(changes: Iterator[Change], cast: Cast, job: IdP, limit: int = 10**9) -> int:
    """Play changes to an end, or ``limit`` steps of them; returns the number of steps."""
    answerer, sent = Answerer(cast), 0
    for change in changes:
        steps = job.react(change, cast)
        answer: Exchange | None = None
        while True:
            try:
                step = next(steps) if answer is None else steps.send(answer)
            except StopIteration:
                break
            sent += 1
            if sent >= limit:
                return sent
            answer = exchanged(step, answerer(step))
    return sent


def month(cast: Cast) -> Iterator[Change]:
    """Everybody is assigned, the first cycle goes over them; each hour somebody is disabled; the month goes by."""
    yield from (Assign(member.part, rushed=True) for member in cast)
    for hour in range(MONTH // 60):
        yield Disable(cast.members[hour % len(cast.members)].part, rushed=True)
        yield TimePasses(minutes=60)


def layoff(cast: Cast) -> Iterator[Change]:
    """Everybody gets the app, and everybody loses it."""
    yield from (Assign(member.part) for member in cast)
    yield from (Unassign(member.part) for member in cast)


def endless(cast: Cast) -> Iterator[Change]:
    yield from (Assign(member.part, rushed=True) for member in cast)
    for number in count():
        yield TimePasses(minutes=40)
        yield Disable(cast.members[number % len(cast.members)].part)
        yield Assign(cast.members[number % len(cast.members)].part)


def figures() -> dict[str, float]:
    """ "seconds" and "steps" of a month, "floor" for as many answers, their "ratio", and "megabytes" at the peak."""
    cast = crowd(PEOPLE)
    before = time.process_time()
    steps = played(month(cast), cast, connect(LEGACY, Setup()))
    seconds = time.process_time() - before
    floor = floor_of(cast, steps)
    tracemalloc.start()
    planned = played(endless(cast), cast, connect(LEGACY, Setup(mapping=FULL)), STEPS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert planned == STEPS
    return {"seconds": seconds, "steps": steps, "floor": floor, "ratio": seconds / floor, "megabytes": peak / 1e6}


def floor_of(cast: Cast, steps: int) -> float:
    """The seconds of CPU for encoding and parsing so many answers."""
    body = json.dumps(Answerer(cast).user("p0")).encode()
    before = time.process_time()
    for _ in range(steps):
        json.loads(json.dumps(json.loads(body)).encode())
    return time.process_time() - before


def okta_figures(variant: str) -> dict[str, float]:
    """The same for Okta's layoff, in one app type: "seconds", "steps", "floor", "ratio"."""
    cast = crowd(PEOPLE)
    before = time.process_time()
    steps = played(layoff(cast), cast, OKTA.connect(variant))
    seconds = time.process_time() - before
    floor = floor_of(cast, steps)
    return {"seconds": seconds, "steps": steps, "floor": floor, "ratio": seconds / floor}


def _share(part: tuple[int, int]) -> tuple[int, float]:
    """One process's people let go by Okta: how many steps, and the processor time that they took."""
    index, workers = part
    before, steps = time.process_time(), 0
    for first in range(index * PEOPLE, SHARED, workers * PEOPLE):
        cast = crowd(min(PEOPLE, SHARED - first))
        steps += played(layoff(cast), cast, OKTA.connect(OKTA.variants[0].name))
    return steps, time.process_time() - before


def together(workers: int) -> tuple[int, float]:
    """The steps of a layoff, and how long the busiest of so many processes took for its share."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        shares = pool.map(_share, [(index, workers) for index in range(workers)])
    return sum(steps for steps, _ in shares), max(seconds for _, seconds in shares)


def measure() -> Iterator[Figure]:
    """Each figure with its goal."""
    taken = figures()
    yield Figure(
        f"a month of Entra cycles over {PEOPLE} people, {taken['steps']:.0f} steps",
        f"{taken['seconds']:.2f} s of CPU",
        f"encoding and parsing as many answers {taken['floor']:.3f} s",
        taken["ratio"],
        f"under {SECONDS:.0f} s",
        taken["seconds"] < SECONDS,
        "a step is a generator resumed, an answer looked at, a body built and encoded in the vendor's order",
    )
    yield Figure(
        f"{STEPS} steps, generated one after the other",
        f"{taken['megabytes']:.1f} MB at the peak",
        goal=f"under {MEGABYTES:.0f} MB",
        met=taken["megabytes"] < MEGABYTES,
    )
    for variant in OKTA.variants:
        taken = okta_figures(variant.name)
        yield Figure(
            f"Okta ({variant.name}) lets {PEOPLE} people go, {taken['steps']:.0f} steps",
            f"{taken['seconds']:.2f} s of CPU",
            f"encoding and parsing as many answers {taken['floor']:.3f} s",
            taken["ratio"],
        )
    (steps, one), (_, two) = together(1), together(2)
    yield at_least(
        f"a layoff of {SHARED:,} people, planned by two processes",
        f"{steps / two:,.0f} steps a second",
        f"one process {steps / one:,.0f}",
        one / two,
        WORKERS_GOAL,
        "by the processor time of the busier one: nothing is shared, each makes its own people one after the other",
    )
