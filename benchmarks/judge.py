"""The judge: how many exchanges a second, against reading the same bytes with json.loads; and in two processes.

What is judged are runs of the default plan against the embedded reference server, read back from their directories:
one alone, and further ones with other people, of which the judge has seen the like.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure, at_least, at_most
from harness import record
from harness.blindfold import StandIn, answer, traits
from harness.bundle import profile_from_json
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.crew import judge_all
from harness.garbage import seldom
from harness.judge import decided, in_use, judge
from harness.model.check import Check, Scope
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.transcript import Transcript

GOAL = 4.0
WORKERS_GOAL = 1.7
ROUNDS = 7
PAIRS = 3
TIMES = 40
CORES = 2

SEEDS = (1, 2, 3)

_READ: list[record.Recording] = []
"""The recordings that are judged; the first one alone, where no other is named."""


def measure() -> Iterator[Figure]:
    """Each figure with its goal."""
    _READ.clear()
    lines = []
    with tempfile.TemporaryDirectory() as place:
        for seed in SEEDS:
            directory = Path(place) / str(seed)
            command = [sys.executable, "-m", "harness.cli", "run", "-q", "--report", "junit"]
            command += ["--seed", str(seed), "--out", str(directory)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
            _READ.append(record.read(directory))
            lines.append((directory / "exchanges.jsonl").read_bytes().splitlines())
    exchanges = sum(len(t.exchanges) for t in _transcripts())
    with seldom():
        rounds = [(_floor(lines[0]), *_judged(_checks())) for _ in range(ROUNDS)]
        floor, ours, again = _middle(rounds)
        further = [(sum(map(_floor, lines[1:])), _others()) for _ in range(ROUNDS)]
        other_floor, others = _middle(further)
        more = sum(len(t.exchanges) for read in _READ[1:] for t in read.transcripts.values())
        yield at_most(
            f"judge, {exchanges:,} exchanges by {len(_checks())} checks",
            f"{exchanges / ours:,.0f} exchanges a second of CPU",
            f"json.loads of the same bytes {exchanges / floor:,.0f}",
            ours / floor,
            GOAL,
            _what_binds(exchanges, floor, again),
        )
        bare = _bare()
        yield at_most(
            f"judge, {more:,} further exchanges about other people",
            f"{more / others:,.0f} exchanges a second of CPU",
            f"json.loads of the same bytes {more / other_floor:,.0f}",
            others / other_floor,
            GOAL,
            "what exchanges have in common was learnt before. What is left are the checks that have to look at the "
            "values of each answer, and at each Change and scenario as a whole: their calls, made again with "
            f"everything parsed and nothing around them, take {bare / other_floor:.1f} floors by themselves. To parse "
            "the answers, to tell what they are like, and the verdicts take the rest",
        )
        pairs = [(_together(1), _together(2)) for _ in range(PAIRS)]
    (one, put_together), (two, _) = map(min, zip(*pairs, strict=True))
    yield at_least(
        f"judge, two processes against one, {TIMES * exchanges:,} exchanges",
        f"{TIMES * exchanges / two:,.0f} exchanges a second",
        f"one process {TIMES * exchanges / one:,.0f}",
        one / two,
        WORKERS_GOAL,
        "by processor time, as long as it takes on two cores that do nothing else. Not shared out is what puts the "
        f"verdicts together ({put_together:.2f} s beside {one:.2f} s), and each process learns for itself what is "
        f"common to exchanges that are alike ({ours - again:.2f} s): the quicker the rest, the more these count",
    )


def _middle(rounds: list[tuple[float, ...]]) -> tuple[float, ...]:
    """The round in which ours, the second figure, took the median of times the floor, the first one.

    The machine's speed moves: what was measured right after each other is compared.
    """
    return sorted(rounds, key=lambda one: one[1] / one[0])[len(rounds) // 2]


def _transcripts() -> list[Transcript]:
    return list(_READ[0].transcripts.values())


def _checks() -> list[Check]:
    return list(in_use(profile_from_json(_READ[0].started["profile"]), load_catalogue(), all_checks().values()))


def _floor(lines: list[bytes]) -> float:
    began = time.process_time()
    for line in lines:
        value = json.loads(line)
        for side in ("request", "response"):
            body = (value[side] or {}).get("body") or {}
            text = body.get("text", "")
            if text[:1] in ("{", "["):
                try:
                    json.loads(text)
                except ValueError:
                    continue
    return time.process_time() - began


def _what_binds(exchanges: int, floor: float, again: float) -> str:
    """Where the time goes, by judging with some of the checks alone, and the least that so many calls take."""
    said = min(_said() for _ in range(ROUNDS))
    read = min(_read() for _ in range(ROUNDS))
    larger, of_resources, of_exchanges = (
        min(_judged(checks)[0] for _ in range(ROUNDS)) - said * len(checks) / len(_checks())
        for checks in _by_subject(_checks())
    )
    functions, built_in = _calls()
    idle = min(_idle(functions, built_in) for _ in range(ROUNDS))
    told = {
        "verdicts": said,
        "parsing answers and telling what kind they are": read,
        "checks of each exchange": of_exchanges - read,
        "checks of each resource": of_resources - read,
        "checks of Changes and whole scenarios": larger,
    }
    stages = ", ".join(f"{what} {spent / floor:.1f}" for what, spent in told.items())
    return (
        f"in floors: {stages} (with parsing where nobody else needs it). The work is flat: for each exchange "
        f"{functions / exchanges:.0f} Python functions are called and {built_in / exchanges:.0f} built-in ones, and as "
        f"many calls of functions that do nothing take {idle / floor:.1f} floors by themselves. When the same answers "
        f"come again, judging them takes {again / floor:.1f} floors: exchanges that are alike are looked at once, "
        "Changes and scenarios each time, for no two are alike"
    )


def _by_subject(checks: list[Check]) -> tuple[list[Check], list[Check], list[Check]]:
    """Those that look at Changes and scenarios, at each resource, and at each exchange."""
    return (
        [check for check in checks if check.scope is not Scope.EXCHANGE],
        [check for check in checks if check.each is not None],
        [check for check in checks if check.scope is Scope.EXCHANGE and check.each is None],
    )


def _said() -> float:
    """The processor time that the verdicts take when nothing was looked at."""
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    checks = in_use(profile, requirements, all_checks().values())
    began = time.process_time()
    for transcript in _transcripts():
        decided(transcript, {}, profile, requirements, checks)
    return time.process_time() - began


def _read() -> float:
    """The processor time until it is known what kind of exchange each one is."""
    began = time.process_time()
    for transcript in _transcripts():
        for exchange in transcript.observed:
            traits(exchange)
            answer(exchange)
        for exchange in transcript.exchanges:
            exchange.forget()
    return time.process_time() - began


def _judged(checks: list[Check]) -> tuple[float, float]:
    """The processor time that judging every transcript takes, for the first time and when all is known."""
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    first, then = (_passed(profile, requirements, checks) for _ in range(2))
    return first, then


def _passed(
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: list[Check],
    read: record.Recording | None = None,
) -> float:
    began = time.process_time()
    for transcript in (read or _READ[0]).transcripts.values():
        judge(transcript, profile, requirements, checks)
        for exchange in transcript.exchanges:
            exchange.forget()
    return time.process_time() - began


def _others() -> float:
    """The processor time that the further runs take after the first one has been judged."""
    requirements, profile, checks = load_catalogue(), profile_from_json(_READ[0].started["profile"]), _checks()
    _passed(profile, requirements, checks)
    return sum(_passed(profile, requirements, checks, read) for read in _READ[1:])


def _bare() -> float:
    """The processor time of the calls of conditions and checks in the further runs, without everything around them."""
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    made: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = []

    def noted(function: Callable[..., Any]) -> Callable[..., Any]:
        def note(*given: Any, **named: Any) -> Any:
            if not isinstance(given[0], StandIn):
                made.append((function, given, named))
            return function(*given, **named)

        return note

    when: dict[Any, Any] = {check.when: noted(check.when) for check in _checks()}
    checks = [replace(check, when=when[check.when], function=noted(check.function)) for check in _checks()]
    _passed(profile, requirements, checks)
    made.clear()
    for read in _READ[1:]:
        for transcript in read.transcripts.values():
            judge(transcript, profile, requirements, checks)
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for function, given, named in made:
            found = function(*given, **named)
            if isinstance(found, Iterator):
                deque(found, 0)
        spent.append(time.process_time() - began)
    for read in _READ[1:]:
        for transcript in read.transcripts.values():
            for exchange in transcript.exchanges:
                exchange.forget()
    return min(spent)


def _calls() -> tuple[int, int]:
    """How many functions judging every transcript calls: of Python, and built-in ones."""
    counted = Counter[str]()

    def count(_frame: object, event: str, _argument: object) -> None:
        counted[event] += 1

    sys.setprofile(count)
    try:
        _judged_once()
    finally:
        sys.setprofile(None)
    return counted["call"], counted["c_call"]


def _judged_once() -> None:
    _passed(profile_from_json(_READ[0].started["profile"]), load_catalogue(), _checks())


def _idle(functions: int, built_in: int) -> float:
    """The processor time of so many calls that do nothing."""
    one: list[object] = [None]
    began = time.process_time()
    for _ in range(functions):
        _nothing(one)
    for _ in range(built_in):
        len(one)
    return time.process_time() - began


def _nothing(_given: object) -> tuple[()]:
    return ()


def _together(workers: int) -> tuple[float, float]:
    """Seconds until so many processes have judged everything many times over, on two cores of their own, and the
    seconds of this process in it.

    Not by the clock: other work on the machine counts there. The processes take longer to start than a single run takes
    to judge.
    """
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    checks = in_use(profile, requirements, all_checks().values())
    transcripts = [t for _ in range(TIMES) for t in _transcripts()]
    began, before = time.process_time(), _spent()
    judge_all(transcripts, profile, requirements, checks, workers)
    theirs, mine = _spent() - before, time.process_time() - began
    return max(theirs / workers, (theirs + mine) / CORES), mine


def _spent() -> float:
    """The processor time of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
