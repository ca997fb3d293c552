"""The parts of the soak, each for a server that runs: hours of traffic, a database that goes, a run that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.reliability.served import USER, Served
from tests.soak.watching import Watch

HOURS = 2
LONGEST_S = 1500
PEOPLE = 20


@dataclass
class Traffic:
    """What came of hours of traffic. ``code`` is the storm's own: 0 when every invariant held."""

    code: int
    said: str
    requests: int
    watch: Watch


def traffic(server: Served, seconds: float, directory: Path, connections: Callable[[], int]) -> Traffic:
    """Let the jobs of both IdPs work through the tenants of a server: HOURS of their clock in ``seconds`` of ours."""
    directory.mkdir(parents=True, exist_ok=True)
    ground = directory / "ground.json"
    ground.write_text(json.dumps(server.about))
    command = [
        sys.executable, "-m", "harness.cli", "storm", "--ground", str(ground), "--out", str(directory / "run"),
        "--idp", "okta", "--idp", "entra", "--ramp", str(seconds), "--compress", str(HOURS * 3600 / seconds),
        "--timeout", "120", "--quiet",
    ]  # fmt: skip
    with Watch(lambda: [server.pid, *server.workers], connections, every=max(0.2, seconds / 200)) as watch:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + LONGEST_S, check=False)
    file = directory / "run" / "storm.json"
    sent = json.loads(file.read_text())["measured"]["requests"] if file.exists() else 0
    return Traffic(done.returncode, done.stdout + done.stderr, sent, watch)


@dataclass
class Written:
    """What writers were told: ``acknowledged`` names, and every status that was answered."""

    acknowledged: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.acknowledged)


@contextmanager
def writers(server: Served, lanes: int = 3, name: str = "w") -> Any:
    """People are created by several clients, one after the other, until the block ends."""
    written, over = Written(), threading.Event()

    def write(lane: int) -> None:
        number = 0
        with server.session() as session:
            while not over.is_set():
                number += 1
                person = f"{name}{lane}-{number}@test.example"
                try:
                    body = {"schemas": [USER], "userName": person, "active": True}
                    status = server.ask("POST", "/Users", body, session=session).status_code
                except requests.RequestException:
                    continue  # Cut off: whether it was done is not known, and was not promised.
                written.statuses.append(status)
                if status == 201:
                    written.acknowledged.append(person)
                elif status >= 500:
                    over.wait(0.05)

    threads = [threading.Thread(target=write, args=(lane,)) for lane in range(lanes)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        over.set()
        for thread in threads:
            thread.join()


def gone(
    server: Served, take: Callable[[], None], give: Callable[[], None], seconds: float
) -> tuple[Written, list[int]]:
    """Take the database away under writes and give it back; what was told, and what /readyz said meanwhile.

    Returns once writes are acknowledged again.
    """
    with writers(server) as written:
        until(lambda: written.count > 5)
        take()
        end, ready = time.monotonic() + seconds, []
        with server.session() as session:
            while time.monotonic() < end:
                ready.append(session.get(f"{server.origin}/readyz", timeout=120).status_code)
                time.sleep(min(1.0, seconds / 10))
        give()
        seen = written.count
        until(lambda: written.count > seen + 5)
    return written, ready


def everybody(server: Served) -> set[str]:
    """The names of all people at the server. A worker that finds its database gone yet is asked again."""
    found: set[str] = set()
    start, tried = 1, 0
    while True:
        answer = server.ask("GET", f"/Users?startIndex={start}&count=200&attributes=userName")
        if answer.status_code == 503 and tried < 60:
            tried += 1
            time.sleep(0.5)
            continue
        page = answer.json()
        found |= {p["userName"] for p in page["Resources"]}
        start += len(page["Resources"])
        if start > page["totalResults"] or not page["Resources"]:
            return found


@dataclass
class Killed:
    """What is left of a run that was killed: what judging it says and what it prints, and the ids of its ledger."""

    code: int
    verdict: str
    ledger: set[str]
    said: str


def undo(server: Served, ledger: Path) -> int:
    """Put back whom a run has left changed, with the command; its exit code."""
    command = [sys.executable, "-m", "harness.cli", "doctor", "--undo", "--target", server.base_url]
    given = {**os.environ, "SCIMULATOR_TOKEN": server.key}
    return subprocess.run([*command, "--ledger", str(ledger)], env=given, timeout=LONGEST_S, check=False).returncode


def killed_run(server: Served, accounts: list[str], directory: Path, exchanges: int = 40) -> Killed:
    """Rehearse leavers at the server, and end the run with SIGKILL in its middle; then judge what it left."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    options = [part for account in accounts for part in ("--account", account)]
    command = [
        sys.executable, "-m", "harness.cli", "run", "--target", server.base_url, "--profile", "full",
        "--allow", "write", "--source", "listed", "--out", str(directory), *options,
    ]  # fmt: skip
    with (directory.parent / "said").open("ab") as said:
        run = subprocess.Popen(
            command, stdout=said, stderr=said, cwd=directory.parent, env={**os.environ, "SCIMULATOR_TOKEN": server.key}
        )
        ledger = directory / "ledger.jsonl"
        until(
            lambda: (
                run.poll() is not None
                or (
                    lines(directory / "exchanges.jsonl") >= exchanges
                    and lines(ledger) > 0
                    and inactive(server) != set()
                )
            )
        )
        run.send_signal(signal.SIGKILL)
        ended = run.wait(60)
    assert ended == -signal.SIGKILL, (directory.parent / "said").read_text()[-2000:]
    judge = [sys.executable, "-m", "harness.cli", "judge", str(directory)]
    judged = subprocess.run(judge, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    verdict = json.loads((directory / "run.json").read_text())["verdict"]
    entries = [json.loads(line) for line in ledger.read_text().splitlines()]
    return Killed(judged.returncode, verdict, {e["path"].rpartition("/")[2] for e in entries}, judged.stderr)


def roles(server: Served, count: int = 12) -> list[str]:
    """Make people whom a run may touch; their user names."""
    names = [f"role-{number}@test.example" for number in range(count)]
    for name in names:
        whole = {"familyName": "Role", "givenName": "Some"}
        person = {"schemas": [USER], "userName": name, "active": True, "name": whole}
        assert server.ask("POST", "/Users", person).status_code == 201
    return names


def inactive(server: Served) -> set[str]:
    """The ids of all people who have no access."""
    found = server.ask("GET", "/Users?filter=active eq false&count=200&attributes=id").json()
    return {person["id"] for person in found["Resources"]}


def lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def until(condition: Callable[[], bool], seconds: float = 300) -> None:
    """Wait for something that is going to be so. Raises AssertionError when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
