"""The judge: how many exchanges a second, against reading the same bytes with json.loads; and in two processes.

What is judged is a run of the default plan against the embedded reference server, read back from its directory.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.figure import Figure, at_least, at_most
from harness import record
from harness.bundle import profile_from_json
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.crew import judge_all
from harness.judge import decided, in_use, judge
from harness.model.check import Check
from harness.model.transcript import Transcript

GOAL = 4.0
WORKERS_GOAL = 1.7
ROUNDS = 3
TIMES = 10
CORES = 2

_READ: list[record.Recording] = []
"""The recording that is judged."""


def measure() -> Iterator[Figure]:
    """Each figure with its goal."""
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place) / "run"
        command = [sys.executable, "-m", "harness.cli", "run", "-q", "--report", "junit", "--out", str(directory)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
        _READ[:] = [record.read(directory)]
        lines = (directory / "exchanges.jsonl").read_bytes().splitlines()
    exchanges = sum(len(t.exchanges) for t in _transcripts())
    floor = min(_floor(lines) for _ in range(ROUNDS))
    ours = min(_judged() for _ in range(ROUNDS))
    asked = min(_judged(silent=True) for _ in range(ROUNDS))
    said = min(_said() for _ in range(ROUNDS))
    checks = len(_checks())
    yield at_most(
        f"judge, {exchanges:,} exchanges by {checks} checks",
        f"{exchanges / ours:,.0f} exchanges a second of CPU",
        f"json.loads of the same bytes {exchanges / floor:,.0f}",
        ours / floor,
        GOAL,
        f"{said / floor:.1f} floors go into a verdict of each check on each scenario, however short it is, "
        f"{(asked - said) / floor:.1f} into parsing and into asking which of the checks have something to look at, "
        f"and {(ours - asked) / floor:.1f} into the checks that have: a Python function that does nothing costs a "
        "hundredth of a floor, and about twenty of them look at each answer",
    )
    one, two = (min(_together(workers) for _ in range(ROUNDS)) for workers in (1, 2))
    yield at_least(
        "judge, two processes against one",
        f"{TIMES * exchanges / two:,.0f} exchanges a second",
        f"one process {TIMES * exchanges / one:,.0f}",
        one / two,
        WORKERS_GOAL,
        "by processor time, as long as it takes on two cores that do nothing else: the process that puts the verdicts "
        "together works beside the others",
    )


def _transcripts() -> list[Transcript]:
    return list(_READ[0].transcripts.values())


def _checks() -> list[object]:
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


def _silent(check: Check) -> Check:
    """A check that is asked where it applies, and looks at nothing."""
    each = check.each and replace(check.each, function=_nothing)
    return replace(check, function=_nothing, each=each)


def _nothing(*_given: object, **_extras: object) -> tuple[()]:
    return ()


def _said() -> float:
    """The processor time that the verdicts take when nothing was looked at."""
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    checks = in_use(profile, requirements, all_checks().values())
    began = time.process_time()
    for transcript in _transcripts():
        decided(transcript, {}, profile, requirements, checks)
    return time.process_time() - began


def _judged(*, silent: bool = False) -> float:
    """The processor time that judging every transcript takes."""
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    checks = in_use(profile, requirements, all_checks().values())
    if silent:
        checks = [_silent(check) for check in checks]
    began = time.process_time()
    for transcript in _transcripts():
        judge(transcript, profile, requirements, checks)
        for exchange in transcript.exchanges:
            exchange.forget()
    return time.process_time() - began


def _together(workers: int) -> float:
    """Seconds until so many processes have judged everything many times over, on two cores of their own.

    Not by the clock: other work on the machine counts there. The processes take longer to start than a single run takes
    to judge.
    """
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    checks = in_use(profile, requirements, all_checks().values())
    transcripts = [t for _ in range(TIMES) for t in _transcripts()]
    began, before = time.process_time(), _spent()
    judge_all(transcripts, profile, requirements, checks, workers)
    theirs = _spent() - before
    return max(theirs / workers, (theirs + time.process_time() - began) / CORES)


def _spent() -> float:
    """The processor time of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
