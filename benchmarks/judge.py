"""The judge: how many exchanges a second, against reading the same bytes with json.loads; and in two processes.

What is judged is a run of the default plan against the embedded reference server, read back from its directory.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, at_least, at_most
from harness import record
from harness.bundle import profile_from_json
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.judge import in_use, judge
from harness.model.transcript import Transcript

GOAL = 4.0
WORKERS_GOAL = 1.7
ROUNDS = 3

_READ: list[record.Recording] = []
"""The recording that the processes judge: they are forked from this one and need not be sent it."""


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
    ours = min(_judged(0, 1)[1] for _ in range(ROUNDS))
    checks = len(_checks())
    yield at_most(
        f"judge, {exchanges:,} exchanges by {checks} checks",
        f"{exchanges / ours:,.0f} exchanges a second of CPU",
        f"json.loads of the same bytes {exchanges / floor:,.0f}",
        ours / floor,
        GOAL,
        f"{checks} conditions are asked of each exchange, and half of the clauses look at whole transcripts: one "
        "condition for each exchange costs about as much as reading a member of its body",
    )
    one, two = (min(_together(workers) for _ in range(ROUNDS)) for workers in (1, 2))
    yield at_least(
        "judge, two processes against one",
        f"{exchanges / two:,.0f} exchanges a second",
        f"one process {exchanges / one:,.0f}",
        one / two,
        WORKERS_GOAL,
        "measured by the clock: other work on the machine counts",
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


def _judged(worker: int, workers: int) -> tuple[int, float]:
    """Judge every transcript whose turn it is; how many verdicts, and the processor time that it took."""
    requirements, profile = load_catalogue(), profile_from_json(_READ[0].started["profile"])
    checks = in_use(profile, requirements, all_checks().values())
    began = time.process_time()
    verdicts = 0
    # The longest first, one for each in turn: no process is left with all the long ones.
    ordered = sorted(_transcripts(), key=lambda t: -len(t.exchanges))
    for transcript in ordered[worker::workers]:
        verdicts += len(judge(transcript, profile, requirements, checks))
        for exchange in transcript.exchanges:
            exchange.forget()
    return verdicts, time.process_time() - began


def _together(workers: int) -> float:
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        pool.starmap(_judged, [(worker, workers) for worker in range(workers)])
    return time.perf_counter() - began
