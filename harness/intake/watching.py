"""Watching: says on standard error how far the reading of a large file has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from harness.intake.reading import FileProgress

LARGE = 20 * 1024 * 1024
"""Of smaller files nothing is said: they are read before anybody looks."""
EVERY_S = 1.0
EVERY_S_IN_A_LOG = 10.0


@contextmanager
def watched(out: TextIO, clock: Callable[[], float] = time.monotonic) -> Iterator[FileProgress]:
    """A progress that keeps one line up to date at a terminal, and writes a line now and then into a log."""
    terminal = out.isatty()
    every = EVERY_S if terminal else EVERY_S_IN_A_LOG
    began, told = clock(), clock()
    shown = False

    def tell(path: Path, done: int, size: int) -> None:
        nonlocal told, shown
        if size < LARGE or clock() - told < every:
            return
        told = clock()
        rate = done / max(told - began, 0.001) / 1e6
        text = f"{path.name}: {done / 1e6:.0f} of {size / 1e6:.0f} MB read ({rate:.0f} MB/s)"
        out.write(f"\r{text}\033[K" if terminal else f"{text}\n")
        out.flush()
        shown = terminal

    try:
        yield tell
    finally:
        if shown:
            out.write("\r\033[K")
            out.flush()
