"""Ordering: what all files show, the oldest first, also when it is more than memory holds.

What a log says about somebody only means something in its order, and the IdPs' exports begin with the newest. What is
too much for memory is sorted in pieces, which wait in one nameless temporary file until they are merged.
"""

from __future__ import annotations

import heapq
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from typing import IO

from harness.model.sighting import Complaint, Sighting

Found = Sighting | Complaint
Told = Callable[[int, int], None]
"""Is told how many Sightings have come out in order, and how many there are."""

WINDOW = 20_000
"""So many Sightings are sorted in memory."""
WEIGHT = 64 * 1024 * 1024
"""So many bytes of bodies are held for it."""
BLOCK = 64
"""So many Sightings are written and read at a time."""
_LATEST = "~"
"""Behind every time: what has none is told last."""


def in_time(found: Iterable[Found], *, alone: bool = False, told: Told | None = None) -> Iterator[Found]:
    """The oldest first, what has no time behind it; an event stays before the exchange that its text tells of.

    A recording comes in order: a large file that stands ``alone`` and begins in order is passed on as it is.
    Complaints are passed on when they come. Raises OSError when there is no room for what is sorted.
    """
    rest = iter(found)
    first = _window(rest)
    following = next(rest, None)
    if following is None:
        yield from sorted((one for one in first if isinstance(one, Sighting)), key=_key)
        yield from (one for one in first if isinstance(one, Complaint))
    elif alone and ascending(first):
        yield from first
        first.clear()
        yield following
        yield from rest
    else:
        yield from _merged(first, chain([following], rest), told)


def ascending(found: list[Found]) -> bool:
    """Whether these are in order of time, but for a few."""
    times = [_key(one) for one in found if isinstance(one, Sighting) and one.at]
    back = sum(after < before for before, after in pairwise(times))
    return back * 10 <= len(times)


def _window(rest: Iterator[Found]) -> list[Found]:
    """As many as are sorted in memory."""
    window: list[Found] = []
    weight = 0
    for one in rest:
        window.append(one)
        if isinstance(one, Sighting) and one.exchange is not None:
            weight += len(one.exchange.body) + len(one.exchange.request.body or b"")
        if len(window) >= WINDOW or weight >= WEIGHT:
            break
    return window


def _key(sighting: Sighting) -> str:
    # Without the Z a whole second stands before its parts.
    return sighting.at.removesuffix("Z") or _LATEST


def _merged(window: list[Found], rest: Iterator[Found], told: Told | None) -> Iterator[Found]:
    """Each window is sorted and written; then all of them are read side by side."""
    with tempfile.TemporaryFile(prefix="scimulator-") as file:
        runs: list[list[int]] = []
        number = 0
        while window:
            yield from (one for one in window if isinstance(one, Complaint))
            timed = sorted((one for one in window if isinstance(one, Sighting)), key=_key)
            number += len(timed)
            runs.append(_write(file, timed))
            timed.clear()
            window.clear()
            window = _window(rest)
        for done, sighting in enumerate(heapq.merge(*(_read(file, places) for places in runs), key=_key), 1):
            if told is not None and not done % 1000:
                told(done, number)
            yield sighting


def _write(file: IO[bytes], timed: list[Sighting]) -> list[int]:
    """Where the blocks of a sorted piece stand in the file."""
    places = []
    for start in range(0, len(timed), BLOCK):
        places.append(file.tell())
        pickle.dump(timed[start : start + BLOCK], file, pickle.HIGHEST_PROTOCOL)
    return places


def _read(file: IO[bytes], places: list[int]) -> Iterator[Sighting]:
    for place in places:
        file.seek(place)
        # Written by this process a moment ago, into a file that has no name.
        yield from pickle.load(file)  # noqa: S301
