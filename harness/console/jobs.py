"""Jobs: child processes that ask a target or read a file, what they have told so far, and how many there may be."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Condition, Lock, Thread
from typing import IO, Any

from harness.console import wall
from harness.model.secret import Secret
from harness.settings import TOKEN_ENV
from harness.wire.redact import Redactor

AT_ONCE = 3
"""So many jobs that ask a target run at the same time: none is to be stormed from here."""

READING = 3
"""So many that only read or reckon."""

KEPT = 20_000
"""So many events of one job are kept; a run that tells more is still judged whole."""

LONGEST_LINE = 4 * 1024 * 1024
LONGEST_COMPLAINT = 64 * 1024
BEAT = 5.0
"""Seconds of silence after which a follower is told that the job is still there."""

PATIENCE = 60.0
"""Seconds that an interrupted run gets to put people back before it is ended."""

Event = Mapping[str, Any]


class Busy(Exception):
    """As many jobs run as there may be."""


class Job:
    """One child process. ``events`` are the JSON objects of its standard output, in order."""

    def __init__(self, process: subprocess.Popen[bytes], redactor: Redactor, on_end: Callable[[Job], None]) -> None:
        self.id = secrets.token_hex(8)
        self.events: list[Event] = []
        self.complaint = ""
        self.code: int | None = None
        self.stopped = False
        self.dropped = 0
        self._process = process
        self._redactor = redactor
        self._on_end = on_end
        self._news = Condition()
        self._threads = [Thread(target=self._listen, daemon=True), Thread(target=self._overhear, daemon=True)]
        for thread in self._threads:
            thread.start()

    @property
    def over(self) -> bool:
        return self.code is not None

    def follow(self, since: int = 0, beat: float = BEAT) -> Iterator[tuple[int, Event | None]]:
        """Every event from number ``since`` on, with its number, as it comes; None for a beat. Ends with the job."""
        while True:
            with self._news:
                if since >= len(self.events) and not self.over:
                    self._news.wait(beat)
                ready, over = self.events[since:], self.over
            for event in ready:
                yield since, event
                since += 1
            if over and since >= len(self.events):
                return
            if not ready:
                yield since, None

    def wait(self, seconds: float) -> bool:
        """Whether the job was over within so many seconds."""
        deadline = time.monotonic() + seconds
        with self._news:
            while not self.over and (left := deadline - time.monotonic()) > 0:
                self._news.wait(left)
            return self.over

    def stop(self) -> None:
        """Interrupt it as Ctrl-C would: people are put back. What does not end by itself is ended later."""
        self.stopped = True
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        if not self.wait(PATIENCE):
            with suppress(ProcessLookupError):
                self._process.kill()

    def _listen(self) -> None:
        out = self._process.stdout
        assert out is not None
        while line := out.readline(LONGEST_LINE):
            try:
                event = json.loads(self._redactor.data(line))
            except (ValueError, RecursionError):
                continue
            if isinstance(event, dict):
                with self._news:
                    if len(self.events) < KEPT or event.get("event") not in ("exchange", "scenario_started"):
                        self.events.append(event)
                    else:
                        self.dropped += 1
                    self._news.notify_all()
        code = self._process.wait()
        self._threads[1].join(5)
        with self._news:
            self.code = code
            self._news.notify_all()
        self._on_end(self)

    def _overhear(self) -> None:
        err = self._process.stderr
        assert err is not None
        while part := err.read(4096):
            told = self._redactor.data(part).decode("utf-8", "replace")
            self.complaint = (self.complaint + told)[-LONGEST_COMPLAINT:]


class Jobs:
    """Starts children and counts them. ``names`` are what a child may reach: hosts with their addresses."""

    def __init__(self, at_once: int = AT_ONCE, reading: int = READING) -> None:
        self._running: dict[str, Job] = {}
        self._free = at_once
        self._reading = BoundedSemaphore(reading)
        self._lock = Lock()

    def start(self, arguments: Sequence[str], names: Mapping[str, Sequence[str]], secret: Secret | None = None) -> Job:
        """Start ``scimulator ARGUMENTS`` (or ``look``) inside the wall. Raises Busy."""
        with self._lock:
            if self._free <= 0:
                raise Busy
            self._free -= 1
        try:
            redactor = Redactor()
            if secret is not None:
                redactor.learn(secret, "token")
            job = Job(_child(arguments, names, secret), redactor, self._over)
        except BaseException:
            with self._lock:
                self._free += 1
            raise
        with self._lock:
            if not job.over:
                self._running[job.id] = job
        return job

    def read(self, arguments: Sequence[str], most: int, seconds: float = 120.0) -> tuple[int, bytes, str]:
        """Let a command that asks nobody read or reckon; its exit code, output and complaints.

        Raises Busy, TimeoutError. At most ``most`` bytes of its output are taken: what is longer ends it.
        """
        if not self._reading.acquire(timeout=seconds):
            raise Busy
        try:
            return _read(_child(arguments, {}, None), most, seconds)
        finally:
            self._reading.release()

    def close(self) -> None:
        """Interrupt what runs and wait until people are put back."""
        with self._lock:
            running = list(self._running.values())
        for job in running:
            job.stop()
        for job in running:
            job.wait(PATIENCE)

    def _over(self, job: Job) -> None:
        with self._lock:
            self._running.pop(job.id, None)
            self._free += 1


def _read(process: subprocess.Popen[bytes], most: int, seconds: float) -> tuple[int, bytes, str]:
    assert process.stdout is not None
    assert process.stderr is not None
    told: list[bytes] = []
    thread = Thread(target=_drain, args=(process.stderr, told), daemon=True)
    thread.start()
    out: list[bytes] = []
    watch = Thread(target=_drain, args=(process.stdout, out, most, process), daemon=True)
    watch.start()
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.wait()
        raise TimeoutError(f"it took longer than {seconds:.0f} seconds") from error
    thread.join(10)
    watch.join(10)
    return code, b"".join(out), b"".join(told)[-LONGEST_COMPLAINT:].decode("utf-8", "replace")


def _drain(
    stream: IO[bytes],
    kept: list[bytes],
    most: int = 4 * LONGEST_COMPLAINT,
    process: subprocess.Popen[bytes] | None = None,
) -> None:
    size = 0
    while part := stream.read1(65536):  # type: ignore[attr-defined]
        size += len(part)
        if size <= most:
            kept.append(part)
        elif process is not None:
            process.kill()


def _child(
    arguments: Sequence[str], names: Mapping[str, Sequence[str]], secret: Secret | None
) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl-C at the terminal goes to the console, which then interrupts its children in order.
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module, arguments in a list
        [sys.executable, "-m", "harness.console.child", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(names, secret),
        start_new_session=True,
    )


def _environment(names: Mapping[str, Sequence[str]], secret: Secret | None) -> dict[str, str]:
    """What a child knows: the key of its target and no other, no proxy (it would be asked in the target's place)."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    kept.pop(TOKEN_ENV, None)
    if secret is not None:
        kept[TOKEN_ENV] = secret.reveal()
    kept[wall.VARIABLE] = json.dumps({name: list(found) for name, found in names.items()})
    kept |= {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    if not os.environ.get("PYTHONPATH"):
        kept["PYTHONPATH"] = str(Path(__file__).parents[2])
    return kept
