"""Oracles: what a trial of a write proves, by its effects. One write with the state before it and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.checks.moments import WRITES, answered
from harness.checks.reading import searches
from harness.checks.state import Difference, differences
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


@dataclass(frozen=True)
class Trial:
    """One answered write, the resource as it was read before it, and as it was read after it.

    ``before`` and ``after`` are reads of the same resource with no other write to it in between.
    """

    write: Exchange
    before: Exchange
    after: Exchange

    def changes(self, *ignoring: str) -> list[Difference]:
        """Where the resource differs, by the state-equality oracle; ``ignoring`` are JSON Pointers."""
        return differences(self.before.resource, self.after.resource, ignoring=ignoring)


def trial(transcript: Transcript, tag: str) -> Trial | None:
    """The trial of the first answered write with this tag; None when it, or a read around it, tells nothing."""
    write = next((x for x in transcript.tagged(tag) if answered(x) and x.method in WRITES), None)
    return None if write is None else around(transcript, write)


def around(transcript: Transcript, write: Exchange) -> Trial | None:
    """The trial of a write: the nearest reads of the resource that it addresses, before and after it."""
    same = [x for x in transcript.exchanges if x.path == write.path and x.ordinal != write.ordinal]
    before = _nearest(reversed([x for x in same if x.ordinal < write.ordinal]))
    after = _nearest(x for x in same if x.ordinal > write.ordinal)
    return Trial(write, before, after) if before is not None and after is not None else None


def _nearest(exchanges: Iterator[Exchange]) -> Exchange | None:
    """The first read that tells the whole state, unless a write comes first."""
    for exchange in exchanges:
        if exchange.method in WRITES and not searches(exchange):
            return None
        if exchange.method == "GET" and not exchange.query and exchange.resource:
            return exchange
    return None


@dataclass(frozen=True)
class Refused:
    """The oracle of a refusal: a proper status, and nothing has happened.

    ``statuses`` are those that may be answered, the best first; ``keyword`` is the scimType that goes with the first.
    """

    statuses: tuple[int, ...]
    keyword: str = ""

    def faults(self, seen: Trial, hint: str, *, ignoring: tuple[str, ...] = ()) -> Iterator[Finding]:
        """A finding when the write was not refused with one of the statuses, or when it has changed something."""
        if seen.write.status not in self.statuses:
            keyword = f' with scimType "{self.keyword}"' if self.keyword else ""
            yield Finding(
                expected=[f"HTTP {s}{keyword if s == self.statuses[0] else ''}" for s in self.statuses],
                actual=f"HTTP {seen.write.status}",
                hint=hint,
                exchange=seen.write.id,
                likeness="accepted" if seen.write.ok else f"{seen.write.status // 100}xx",
            )
        if not seen.write.ok:
            yield from unchanged(seen, hint, ignoring=ignoring)


def unchanged(seen: Trial, hint: str, *, ignoring: tuple[str, ...] = ()) -> Iterator[Finding]:
    """The oracle of state equality: a finding for each place that the write must not have touched."""
    for difference in seen.changes(*ignoring):
        yield Finding(
            expected=[f"{difference.pointer} as before: {difference.before!r}"],
            actual=difference.after,
            at=difference.pointer,
            hint=hint,
            exchange=seen.after.id,
            likeness=f"changed-{difference.pointer}",
        )


def ends_as(seen: Trial, wanted: Mapping[str, Any], hint: str) -> Iterator[Finding]:
    """The oracle of a write that has to work: a success, and then the resource differs as ``wanted`` and nowhere else.

    ``wanted`` maps names of top-level attributes to the value that they have afterwards (None: unassigned).
    """
    if not seen.write.ok:
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {seen.write.status}",
            hint=hint,
            exchange=seen.write.id,
            likeness=f"{seen.write.status // 100}xx",
        )
        return
    expected = {k: v for k, v in seen.before.resource.items() if k.lower() not in {w.lower() for w in wanted}} | dict(
        wanted
    )
    for difference in differences(expected, seen.after.resource, ignoring=("/schemas",)):
        yield Finding(
            expected=[f"{difference.pointer}: {difference.before!r}"],
            actual=difference.after,
            at=difference.pointer,
            hint=hint,
            exchange=seen.after.id,
            likeness=difference.pointer.partition("/")[2].partition("/")[0],
        )
