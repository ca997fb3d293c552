"""Watching: says on standard error how far the reading of a large file has come, and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

LARGE = 20 * 1024 * 1024
"""Of smaller files nothing is said: they are read before anybody looks."""
MANY = 20_000
"""Of fewer entries neither."""
EVERY_S = 1.0
EVERY_S_IN_A_LOG = 10.0
LATELY = 20
"""The pace is that of the last so many lines: side files are read faster than what they go with."""


class Watch:
    """Is called with a file, the bytes read of it and its size (0: not known); keeps one line up to date at a terminal,
    and writes a line now and then into a log.
    """

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out, clock
        self._terminal = out.isatty()
        self._every = EVERY_S if self._terminal else EVERY_S_IN_A_LOG
        self._what = ""
        self._lately: deque[tuple[float, int]] = deque(maxlen=LATELY)
        self._told = clock()
        self._shown = False

    def __call__(self, path: Path, done: int, size: int) -> None:
        if size >= LARGE and self._due(path.name, done):
            rate, left = self._pace(done, size)
            read = f"{done / 1e6:,.0f} of {size / 1e6:,.0f} MB read"
            self._say(f"{path.name}: {read}, {done / size:.0%} ({rate / 1e6:.1f} MB/s){left}")

    def ordered(self, done: int, number: int) -> None:
        """The same for entries that were put in order of time before anybody looked at them."""
        if number >= MANY and self._due("entries", done):
            rate, left = self._pace(done, number)
            self._say(f"{done:,} of {number:,} entries looked at, {done / number:.0%} ({rate:,.0f} a second){left}")

    def done(self) -> None:
        """Take the line away again."""
        if self._shown:
            self._out.write("\r\033[K")
            self._out.flush()
            self._shown = False

    def _due(self, what: str, done: int) -> bool:
        now = self._clock()
        if what != self._what:
            self._what, self._told = what, now
            self._lately.clear()
            self._lately.append((now, done))
        if now - self._told < self._every:
            return False
        self._told = now
        return True

    def _pace(self, done: int, size: int) -> tuple[float, str]:
        """So much in a second, and in words how long the rest takes at that."""
        now = self._clock()
        then, before = self._lately[0]
        self._lately.append((now, done))
        rate = (done - before) / max(now - then, 0.001)
        seconds = (size - done) / rate if rate > 0 else 0.0
        if seconds < 2:
            return rate, ""
        return rate, f", {seconds:.0f} s left" if seconds < 100 else f", {seconds / 60:.0f} min left"

    def _say(self, text: str) -> None:
        self._out.write(f"\r{text}\033[K" if self._terminal else f"{text}\n")
        self._out.flush()
        self._shown = self._terminal


@contextmanager
def watched(out: TextIO, clock: Callable[[], float] = time.monotonic) -> Iterator[Watch]:
    """A Watch whose line is gone afterwards."""
    watch = Watch(out, clock)
    try:
        yield watch
    finally:
        watch.done()
