"""Several worker processes on one socket and one store: forked, watched, started again when they die."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable

from reference_server.journal import Journal
from reference_server.serve import GRACE_S

WATCHED = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM}
SHORT_S = 5.0
MOST_SHORT_LIVES = 10
"""So many workers that end within SHORT_S of their start, without one that lasts: then starting them is no use."""


class Workers:
    """``work(number, goes_on)`` is what one worker does, until SIGTERM or until ``goes_on`` says no.

    It is called in a process of its own, which must not use what this one has opened but for the bound socket.
    """

    def __init__(self, work: Callable[[int, Callable[[], bool]], None], count: int, journal: Journal) -> None:
        self._work = work
        self._count = count
        self._journal = journal
        self._alive: dict[int, tuple[int, float]] = {}
        self._short_lives = 0

    def run(self, on_ready: Callable[[], None]) -> int:
        """Start the workers and watch them until SIGTERM or SIGINT; the exit code. Call it from the main thread."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        try:
            for number in range(self._count):
                self._start(number)
            on_ready()
            return self._watch()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _watch(self) -> int:
        stopping = False
        while self._alive:
            number = signal.sigwait(WATCHED)
            if number in (signal.SIGTERM, signal.SIGINT):
                stopping = True
                self._tell(signal.SIGTERM)
                # Who is not done by then is ended: a stop must not wait for ever.
                signal.setitimer(signal.ITIMER_REAL, GRACE_S + 5)
            elif number == signal.SIGALRM:
                self._tell(signal.SIGKILL)
            for died in self._reap():
                if stopping:
                    continue
                if self._short_lives >= MOST_SHORT_LIVES:
                    self._journal.event("workers end as soon as they start", "error", {"times": self._short_lives})
                    stopping = True
                    self._tell(signal.SIGTERM)
                    break
                self._start(died)
        return 1 if self._short_lives >= MOST_SHORT_LIVES else 0

    def _start(self, number: int) -> None:
        parent = os.getpid()
        child = os.fork()
        if child:
            self._alive[child] = (number, time.monotonic())
            return
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
            # A worker whose parent was killed has nobody who stops it.
            self._work(number, lambda: os.getppid() == parent)
            code = 0
        except BaseException as problem:
            self._journal.event("worker failed", "error", {"worker": number, "exception": type(problem).__name__})
        finally:
            os._exit(code)

    def _reap(self) -> list[int]:
        """The numbers of the workers that have ended since."""
        ended = []
        for pid in list(self._alive):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done == 0:
                continue
            number, since = self._alive.pop(pid)
            ended.append(number)
            short = time.monotonic() - since < SHORT_S
            self._short_lives = self._short_lives + 1 if short else 0
            if status:
                self._journal.event("worker ended", "error", {"worker": number, "pid": pid, "status": status})
        return ended

    def _tell(self, number: int) -> None:
        for pid in self._alive:
            os.kill(pid, number)


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening socket that workers can share. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family, backlog=1024)
    bound.setblocking(False)
    return bound
