"""What a server holds on to while it works: memory, file handles, connections to its database; and whether it grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
LITTLE = {"memory": 6 * MEGABYTE, "handles": 8.0, "connections": 6.0}
"""So much more of each by the end of the second half, by its slope, is still flat: caches fill, and connections beyond
those that a pool keeps come and go with the requests of the moment, between 2 and 30 with two workers."""
SHARE = 0.04
"""And so much of what there was in the middle."""


@dataclass(frozen=True)
class Sample:
    """``at`` in seconds; ``memory`` in bytes, of all processes together; ``connections`` to the database."""

    at: float
    memory: float
    handles: float
    connections: float


class Watch:
    """Looks at processes every ``every`` seconds, in a thread of its own, until the block ends.

    ``pids`` gives the processes of the server at this moment, ``connections`` how many the database sees.
    """

    def __init__(self, pids: Callable[[], list[int]], connections: Callable[[], int], every: float = 1.0) -> None:
        self._pids, self._connections, self._every = pids, connections, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch")
        self.samples: list[Sample] = []

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        began = time.monotonic()
        while not self._over.wait(self._every):
            try:
                pids = self._pids()
                memory = sum(resident(pid) for pid in pids)
                handles = sum(handles_of(pid) for pid in pids)
            except OSError:
                continue  # One of them has just ended.
            self.samples.append(Sample(time.monotonic() - began, memory, handles, self._connections()))

    def growth(self, what: str) -> float:
        """By how much something grows over the second half, by the line that fits it best."""
        half = self.samples[len(self.samples) // 2 :]
        return slope([(s.at, getattr(s, what)) for s in half]) * (half[-1].at - half[0].at)

    def flat(self, what: str) -> bool:
        """Whether neither the line through the second half nor its peak is much above what was before.

        What leaks raises both; a busy moment at the end raises the line alone.
        """
        values = [getattr(s, what) for s in self.samples]
        half = len(values) // 2
        little = max(LITTLE[what], SHARE * values[half])
        return self.growth(what) <= little or max(values[half:]) - max(values[:half]) <= little

    def told(self, what: str) -> str:
        """In words, for a table."""
        values = [getattr(s, what) for s in self.samples]
        unit, by = (" MB", MEGABYTE) if what == "memory" else ("", 1)
        state = "flat" if self.flat(what) else "GROWS"
        return (
            f"{what:<12} {state:<6} {min(values) / by:,.0f} to {max(values) / by:,.0f}{unit}, "
            f"second half {self.growth(what) / by:+,.1f}{unit}"
        )


def resident(pid: int) -> int:
    """The memory of a process in bytes, without what it has from files."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return (int(fields["RssAnon"].split()[0])) * 1024


def handles_of(pid: int) -> int:
    """How many files, sockets and pipes a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def slope(points: list[tuple[float, float]]) -> float:
    """The slope of the line with the least squares of distances; 0 for less than two points."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
