"""Our command beside scim2-tester and scim-sanity, against the same scim2-server, in turn, in one run.

Goals: a check takes at most a fifth of scim2-tester's time and no more than scim-sanity's; --help is no slower than
scim-sanity's.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure, at_most

TOKEN = "benchmark-token-0f3b"
BIN = Path(sys.executable).parent
ROUNDS = 5
QUICK, WHOLE = 2.0, 8.0
"""Seconds that the gate for every commit and a whole run may take on a quiet machine of two cores."""

WHY = (
    "half of it is loading: the protocol core of the embedded server (pydantic reads the docstrings of its models), "
    "SQLAlchemy, pytest, and the templates of the report; the 283 requests and their judgement are the rest"
)


@contextmanager
def scim2_server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scim2_server.testserver.cli", "--port", str(port), "--bearer-token", TOKEN]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield f"http://127.0.0.1:{port}/v2"
    finally:
        process.terminate()
        process.wait(10)


def timed(command: list[str], **environment: str) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Seconds by the clock, with modules kept compiled as they are on a user's machine."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**kept, **environment})
    return time.perf_counter() - began, done


def ours(base_url: str) -> tuple[float, int]:
    """Seconds and checks that were really judged (not applicable and not run do not count)."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "run"
        command = [str(BIN / "scimulator"), "run", "--target", base_url, "--profile", "full", "--out", str(out), "-q"]
        seconds, _ = timed([*command, "--allow", "write", "--allow", "delete"], SCIMULATOR_TOKEN=TOKEN)
        counts = json.loads((out / "run.json").read_text())["counts"]
    return seconds, sum(counts[o] for o in ("passed", "failed", "warned", "noted"))


def scim2_tester(base_url: str) -> tuple[float, int]:
    command = [str(BIN / "scim2"), "--url", base_url, "test"]
    seconds, done = timed(command, SCIM_CLI_HEADERS=f"Authorization: Bearer {TOKEN}")
    return seconds, len(re.findall(r"^\s*(?:SUCCESS|ERROR|SKIPPED|CRITICAL)\b", done.stdout, re.MULTILINE))


def scim_sanity(base_url: str) -> tuple[float, int]:
    command = [
        str(BIN / "scim-sanity"),
        "probe",
        base_url,
        "--token",
        TOKEN,
        "--i-accept-side-effects",
        "--json-output",
    ]
    seconds, done = timed([*command, "--json-output"])
    return seconds, len(json.loads(done.stdout[done.stdout.index("{") :])["results"])


def measure() -> Iterator[Figure]:
    """Each figure as a ratio with its goal, and the seconds behind it."""
    runners: dict[str, Callable[[str], tuple[float, int]]] = {
        "scimulator": ours,
        "scim2-tester": scim2_tester,
        "scim-sanity": scim_sanity,
    }
    per_check: dict[str, list[float]] = {name: [] for name in runners}
    whole: dict[str, list[float]] = {name: [] for name in runners}
    with scim2_server() as base_url:
        for _ in range(ROUNDS):
            for name, run in runners.items():
                seconds, checks = run(base_url)
                assert checks, f"{name} reported no check: has its output changed?"
                per_check[name].append(seconds / checks)
                whole[name].append(seconds)
    mine = statistics.median(per_check["scimulator"])
    for name, goal in (("scim2-tester", 0.2), ("scim-sanity", 1.0)):
        theirs = statistics.median(per_check[name])
        yield at_most(
            "time of one check", f"{mine * 1000:.2f} ms", f"{name} {theirs * 1000:.2f} ms", mine / theirs, goal
        )
    yield Figure("whole run against scim2-server, profile full", f"{statistics.median(whole['scimulator']):.2f} s")
    help_ours, help_theirs = [], []
    for _ in range(2 * ROUNDS):
        help_ours.append(timed([str(BIN / "scimulator"), "--help"])[0])
        help_theirs.append(timed([str(BIN / "scim-sanity"), "--help"])[0])
    a, b = statistics.median(help_ours), statistics.median(help_theirs)
    yield at_most("--help", f"{a * 1000:.0f} ms", f"scim-sanity {b * 1000:.0f} ms", a / b, 1.0)
    for what, options, allowed in (("run --quick", ["--quick"], QUICK), ("the whole default run", [], WHOLE)):
        times = []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as place:
                times.append(timed([str(BIN / "scimulator"), "run", "-q", "--out", f"{place}/run", *options])[0])
        taken = statistics.median(times)
        yield Figure(
            f"{what}, against the embedded server",
            f"{taken:.2f} s",
            goal=f"at most {allowed:g} s",
            met=taken <= allowed,
            why=WHY if options else "",
        )
