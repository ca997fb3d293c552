"""Tally: what a storm measures, in as little room for a million requests as for a hundred; tallies can be added up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

STEPS = 8
"""Buckets for each doubling: a percentile is right within a tenth."""

Histogram = dict[int, int]


def bucket(milliseconds: float) -> int:
    return int(STEPS * math.log2(milliseconds + 1)) if milliseconds > 0 else 0


def middle(place: int) -> float:
    """The milliseconds that a bucket stands for."""
    return float(2 ** ((place + 0.5) / STEPS) - 1)


def percentile(histogram: Mapping[int, int], share: float) -> float:
    """Milliseconds below which so large a share lies; 0 when there is nothing."""
    wanted, seen = share * sum(histogram.values()), 0
    for place in sorted(histogram):
        seen += histogram[place]
        if seen >= wanted:
            return round(middle(place), 3)
    return 0.0


@dataclass
class Second:
    """What happened within one second. ``ended`` are leavers whose removal the service confirmed, ``late_ms`` the most
    that a job began too late."""

    requests: int = 0
    errors: int = 0
    throttled: int = 0
    troubles: int = 0
    ended: int = 0
    late_ms: float = 0.0
    latency: Histogram = field(default_factory=dict)


@dataclass
class Tally:
    """``seconds`` by their number since the storm began; ``latency`` in all and ``by_intent``; ``lateness`` of jobs."""

    seconds: dict[int, Second] = field(default_factory=dict)
    by_intent: dict[str, Histogram] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    lateness: Histogram = field(default_factory=dict)
    requests: int = 0
    bytes: int = 0
    own: int = 0
    """Requests of the storm itself, which no IdP sent: the state before and after, repetitions."""

    def second(self, at: float) -> Second:
        number = int(at)
        found = self.seconds.get(number)
        if found is None:
            found = self.seconds[number] = Second()
        return found

    def answered(self, at: float, intent: str, status: int, milliseconds: float, size: int) -> None:
        """One request of an IdP came to its end ``at`` so many seconds; status 0 for none."""
        second, place = self.second(at), bucket(milliseconds)
        self.requests += 1
        self.bytes += size
        second.requests += 1
        second.latency[place] = second.latency.get(place, 0) + 1
        known = self.by_intent.setdefault(intent, {})
        known[place] = known.get(place, 0) + 1
        name = str(status)
        self.statuses[name] = self.statuses.get(name, 0) + 1
        if status == 0:
            second.troubles += 1
        elif status == 429:
            second.throttled += 1
        elif status >= 400:
            second.errors += 1

    def began(self, at: float, late: float) -> None:
        """A job began ``late`` seconds after its time."""
        place = bucket(late * 1000)
        self.lateness[place] = self.lateness.get(place, 0) + 1
        second = self.second(at)
        second.late_ms = max(second.late_ms, late * 1000)

    @property
    def latency(self) -> Histogram:
        return added(self.by_intent.values())

    @property
    def ended(self) -> int:
        return sum(second.ended for second in self.seconds.values())

    def plus(self, other: Tally) -> None:
        """Take in what another worker measured."""
        for number, theirs in other.seconds.items():
            mine = self.seconds.setdefault(number, Second())
            mine.requests += theirs.requests
            mine.errors += theirs.errors
            mine.throttled += theirs.throttled
            mine.troubles += theirs.troubles
            mine.ended += theirs.ended
            mine.late_ms = max(mine.late_ms, theirs.late_ms)
            mine.latency = added((mine.latency, theirs.latency))
        for intent, histogram in other.by_intent.items():
            self.by_intent[intent] = added((self.by_intent.get(intent, {}), histogram))
        self.statuses = {
            s: self.statuses.get(s, 0) + other.statuses.get(s, 0) for s in self.statuses.keys() | other.statuses.keys()
        }
        self.lateness = added((self.lateness, other.lateness))
        self.requests += other.requests
        self.bytes += other.bytes
        self.own += other.own


def added(histograms: Iterable[Mapping[int, int]]) -> Histogram:
    total: Histogram = {}
    for histogram in histograms:
        for place, number in histogram.items():
            total[place] = total.get(place, 0) + number
    return total


def tally_to_json(tally: Tally) -> dict[str, Any]:
    """Histograms are lists of pairs, because keys of JSON objects are texts."""
    return {
        "seconds": [
            [n, s.requests, s.errors, s.throttled, s.troubles, s.ended, s.late_ms, _pairs(s.latency)]
            for n, s in sorted(tally.seconds.items())
        ],
        "by_intent": {intent: _pairs(histogram) for intent, histogram in tally.by_intent.items()},
        "statuses": dict(tally.statuses),
        "lateness": _pairs(tally.lateness),
        "requests": tally.requests,
        "bytes": tally.bytes,
        "own": tally.own,
    }


def tally_from_json(value: Mapping[str, Any]) -> Tally:
    return Tally(
        {row[0]: _second(row) for row in value["seconds"]},
        {intent: _histogram(pairs) for intent, pairs in value["by_intent"].items()},
        dict(value["statuses"]),
        _histogram(value["lateness"]),
        value["requests"],
        value["bytes"],
        value["own"],
    )


def _second(row: list[Any]) -> Second:
    _, requests, errors, throttled, troubles, ended, late_ms, latency = row
    return Second(requests, errors, throttled, troubles, ended, late_ms, _histogram(latency))


def _pairs(histogram: Mapping[int, int]) -> list[list[int]]:
    return [[place, number] for place, number in sorted(histogram.items())]


def _histogram(pairs: Iterable[Iterable[int]]) -> Histogram:
    return {int(place): int(number) for place, number in pairs}
