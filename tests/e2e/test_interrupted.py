"""A run that was killed can still be judged and reported, and says that it is incomplete."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def killed_run(directory: Path, how: signal.Signals, cwd: Path) -> int:
    """Start a run and send it a signal as soon as forty exchanges are on disk. Returns the exit code."""
    command = [sys.executable, "-m", "harness.cli", "run", "--out", str(directory)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        # A shell starts what runs in the background with Ctrl-C ignored; the run has to hear it here too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    exchanges = directory / "exchanges.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if exchanges.exists() and exchanges.read_bytes().count(b"\n") >= 40:
            break
        time.sleep(0.01)
    else:
        raise AssertionError("the run wrote nothing in a minute")
    process.send_signal(how)
    return process.wait(30)


def test_a_run_killed_with_sigkill_is_judged_and_reported_as_incomplete(
    scimulator: Callable[..., Any], tmp_path: Path
) -> None:
    directory = tmp_path / "killed"
    assert killed_run(directory, signal.SIGKILL, tmp_path) == -signal.SIGKILL
    assert not (directory / "run.json").exists()
    judged = scimulator("judge", str(directory), "--report", "html")
    assert judged.code == 3, judged.out + judged.err
    run = json.loads((directory / "run.json").read_text())
    assert run["verdict"] == "incomplete"
    assert any("interrupted" in doubt for doubt in run["doubts"])
    outcomes = {s["outcome"] for s in run["scenarios"]}
    assert {"passed", "not_run"} <= outcomes
    assert "incomplete" in (directory / "report.html").read_text().lower()


def test_a_run_stopped_by_ctrl_c_concludes_what_it_has_and_says_130(tmp_path: Path) -> None:
    directory = tmp_path / "stopped"
    assert killed_run(directory, signal.SIGINT, tmp_path) == 130
    run = json.loads((directory / "run.json").read_text())
    assert run["verdict"] == "incomplete"


def test_a_damaged_record_is_read_as_far_as_it_goes(scimulator: Callable[..., Any]) -> None:
    whole = scimulator("run", "--quick", "--story", "leaver")
    file = whole.directory / "exchanges.jsonl"
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + b"\xff\xfe not json \n")
    judged = scimulator("judge", str(whole.directory))
    assert judged.code in (1, 3), judged.out
    assert "could not be read and were left out" in judged.out
    assert "Traceback" not in judged.err


def test_what_is_no_run_directory_is_told_so(scimulator: Callable[..., Any], tmp_path: Path) -> None:
    judged = scimulator("judge", str(tmp_path))
    assert judged.code == 2
    assert "expected a run directory made by scimulator" in judged.err


def test_a_report_is_written_again_without_the_target(scimulator: Callable[..., Any]) -> None:
    done = scimulator("run", "--quick", "--story", "leaver", "--report", "junit")
    assert not (done.directory / "report.html").exists()
    again = scimulator("report", str(done.directory), "--report", "html")
    assert again.code == 0
    assert again.out.strip() == str(done.directory / "report.html")
    assert (done.directory / "report.html").stat().st_size > 10_000
