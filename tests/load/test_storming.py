"""The command as people use it: Locust in processes of its own, over a real socket, small."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.socket

LONGEST = 180
"""Seconds that anything here may take on a machine that is ten times slower."""


@contextlib.contextmanager
def storming(out: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "harness.cli", "storm", "--out", str(out), "--ramp", "0", "--seed", "3", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(LONGEST)


def _said(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=LONGEST)
    return process.returncode, said


def _children(process: subprocess.Popen[str], *words: str) -> list[int]:
    """The ids of the processes that a storm has started, by words in their command lines."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == process.pid and all(word in line for word in words):
                    found.append(int(entry.name))
    return found


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def _wait_for(process: subprocess.Popen[str], *words: str) -> str:
    """Read what a storm says until all of some words have stood in a line."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if all(word in line for word in words):
            return said
    raise AssertionError(said)


def _storm(out: Path) -> Any:
    return json.loads((out / "storm.json").read_text("utf-8"))


def test_two_workers_let_everybody_go_and_the_plan_was_right(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with storming(out, "--tenants", "4", "--people", "12", "--rate", "20", "--processes", "2") as process:
        code, said = _said(process)
    assert code == 0, said
    told = _storm(out)
    assert told["workers"] == 2
    assert told["measured"]["confirmed"] == 48
    assert told["census"]["active"] == 0
    assert told["measured"]["requests"] == told["forecast"]["requests"]
    assert told["measured"]["bytes"] == pytest.approx(told["forecast"]["bytes"], rel=0.1)
    assert told["measured"]["statuses"] == {"200": told["forecast"]["requests"]}
    assert "Verdict: conformant." in said
    assert json.loads((out / "run.json").read_text())["verdict"] == "conformant"
    assert "<svg" in (out / "storm.html").read_text()


def test_a_lost_worker_makes_the_storm_invalid_and_never_merely_slow(tmp_path: Path) -> None:
    out = tmp_path / "run"
    options = ("--tenants", "4", "--people", "400", "--rate", "5", "--processes", "2")
    with storming(out, *options) as process:
        _wait_for(process, "requests", "jobs done")
        os.kill(_children(process, "locust", "--worker")[0], signal.SIGKILL)
        code, said = _said(process)
        assert not _children(process)
    assert code == 3, said
    assert re.search(r"worker [12] of 2 (ended by signal 9 before the storm was over|was lost)", said), said
    run = json.loads((out / "run.json").read_text())
    assert run["verdict"] == "incomplete"
    assert not run["findings"]


def test_the_switch_stops_a_storm(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with storming(out, "--tenants", "2", "--people", "400", "--rate", "5") as process:
        _wait_for(process, "requests", "jobs done")
        process.send_signal(signal.SIGINT)  # which makes the file STOP, that anybody may make
        code, said = _said(process)
        assert not _children(process)
    assert code == 130, said
    told = _storm(out)
    assert told["verdict"] == "incomplete"
    assert 0 < told["measured"]["requests"] < told["forecast"]["requests"]


def test_a_limit_cuts_a_storm_short_and_the_result_says_so(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with storming(out, "--tenants", "2", "--people", "4", "--max-requests", "3") as process:
        code, said = _said(process)
    assert code == 2
    assert "3 is the most that may be sent" in said


def test_workers_that_are_started_elsewhere_find_their_master_and_a_wrong_server_is_non_conformant(
    tmp_path: Path,
) -> None:
    from harness.load.processes import free_port

    out, port = tmp_path / "run", str(free_port())
    options = ("--tenants", "2", "--people", "4", "--master", "--processes", "2", "--master-port", port)
    options += ("--defect", "patch-noop-success")
    with storming(out, *options) as process:
        _wait_for(process, "Waiting for 2 workers")
        command = [sys.executable, "-m", "harness.cli", "storm", "--worker", "--master-port", port]
        workers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        code, said = _said(process)
        for worker in workers:
            worker.wait(LONGEST)
    assert code == 1, said
    assert _storm(out)["workers"] == 2
    assert "failed  PROF-D-12" in said


def test_nothing_that_was_started_outlives_a_storm_that_is_killed(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with storming(out, "--tenants", "2", "--people", "400", "--rate", "5") as process:
        _wait_for(process, "requests", "jobs done")
        started = _children(process)
        assert len(started) == 2
        process.kill()
        process.wait(LONGEST)
        until = time.monotonic() + LONGEST
        while any(_lives(pid) for pid in started):
            assert time.monotonic() < until, started
            time.sleep(0.1)


def test_a_storm_imports_no_locust_into_the_command() -> None:
    code = (
        "import sys; from harness.load import storming, concluding, processes; "
        "print([m for m in sys.modules if m.split('.')[0] in ('locust', 'gevent')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=LONGEST, check=True)
    assert done.stdout.strip() == "[]"
