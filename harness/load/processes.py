"""Locust's processes: started, watched, stopped by their ids. A worker that ends before its time is a lost one."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.load.messages import ORDER_FD, RESULT, STOP_FILE, WORKERS
from harness.load.order import Order, order_to_json

FILE = Path(__file__).with_name("locustfile.py")
LONGEST_WAIT = 600
"""Seconds for which a master waits for workers on other machines."""


class NoLocust(Exception):
    """The extra that storms need is not installed."""


def check_installed() -> None:
    """Raises NoLocust. Looks without importing, because importing changes this process."""
    if importlib.util.find_spec("locust") is None:
        raise NoLocust("a storm needs Locust: install it with  pip install 'scimulator[load]'  (--plan works without)")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Processes:
    """A master and its workers, or one process that is both. ``on_line`` hears what the master says while it goes on.

    ``host`` and ``port`` are where the master listens; workers of our own are started when ``local`` says so.
    """

    def __init__(self, order: Order, directory: Path, on_line: Callable[[dict[str, Any]], None]) -> None:
        self._order = order
        self._directory = directory
        self._on_line = on_line
        self.result = directory / "storm-reports.json"
        self.stop_file = directory / "STOP"
        self.master: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self._log = (directory / "locust.log").open("ab")
        self._reader: threading.Thread | None = None

    def start(self, workers: int, *, local: bool = True, host: str = "127.0.0.1", port: int = 0) -> None:
        """Start what is needed for so many workers. Several, or such on other machines, need a master."""
        order = json.dumps(order_to_json(self._order)).encode()
        command = [*_locust(), "--headless", "-u", str(workers), "-r", str(workers)]
        if workers > 1 or not local:
            port = port or free_port()
            command += ["--master", "--master-bind-host", host, "--master-bind-port", str(port)]
            command += ["--expect-workers", str(workers), "--expect-workers-max-wait", str(LONGEST_WAIT)]
        reading, writing = os.pipe()
        about = {
            ORDER_FD: str(reading),
            RESULT: str(self.result),
            STOP_FILE: str(self.stop_file),
            WORKERS: str(workers),
        }
        self.master = self._popen(command, about, stdout=subprocess.PIPE, keep=(reading,))
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(order)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if local and workers > 1:
            self.workers = [self._popen(worker_command("127.0.0.1", port), {}) for _ in range(workers)]

    def _popen(
        self, command: list[str], about: Mapping[str, str], *, stdout: int | None = None, keep: tuple[int, ...] = ()
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own command
            command,
            env={**os.environ, **about, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._log if stdout is None else stdout,
            stderr=self._log,
            pass_fds=keep,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )

    def _read(self) -> None:
        assert self.master is not None
        assert self.master.stdout is not None
        for line in self.master.stdout:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if isinstance(told, dict):
                self._on_line(told)

    @property
    def running(self) -> bool:
        return self.master is not None and self.master.poll() is None

    @property
    def reported(self) -> bool:
        return self.result.exists()

    def lost(self) -> str:
        """Which worker of our own has ended before the master wrote its result; "" while all are there."""
        for place, worker in enumerate(self.workers, 1):
            code = worker.poll()
            if code is not None and not self.reported:
                how = f"by signal {-code}" if code < 0 else f"with code {code}"
                return f"worker {place} of {len(self.workers)} ended {how} before the storm was over"
        return ""

    def end(self, patience_s: float = 10.0) -> None:
        """See that all have ended: asked first, made to after ``patience_s``."""
        everybody = [p for p in (self.master, *self.workers) if p is not None]
        for process in everybody:
            try:
                process.wait(patience_s if self.reported else 0.1)
            except subprocess.TimeoutExpired:
                process.terminate()
        for process in everybody:
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._reader is not None:
            self._reader.join(patience_s)
        if self.master is not None and self.master.stdout is not None:
            self.master.stdout.close()
        self._log.close()


def worker_command(host: str, port: int) -> list[str]:
    return [*_locust(), "--worker", "--master-host", host, "--master-port", str(port)]


def _locust() -> list[str]:
    return [sys.executable, "-m", "locust", "-f", str(FILE), "--skip-log-setup", "--only-summary"]


def die_with_parent() -> None:
    """Let the kernel end this process when the command that started it is gone, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
