"""The lines of one scenario's story: each exchange that matters on its own, the harness's own ones folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from harness.model.exchange import Exchange, Role
from harness.model.transcript import Transcript
from reports import words

FOLDED = (Role.SETUP, Role.WITNESS, Role.PREFLIGHT)
"""Senders whose exchanges are folded as long as nothing is wrong with them."""


PAUSE = 1.0
"""A pause of so many seconds is worth telling: a wait that a service asked for, a retry, an idle client."""


@dataclass(frozen=True)
class Row:
    """One exchange, or several neighbours of one sender that are folded. ``heading`` opens a new Change.

    ``number`` is the place of the first exchange in the transcript, from 1. ``pause`` is how many seconds passed
    between the answer before it and its own request, 0 when that is not known or less than ``PAUSE``.
    """

    number: int
    exchanges: tuple[Exchange, ...]
    folded: bool
    heading: str = ""
    pause: float = 0.0

    @property
    def first(self) -> Exchange:
        return self.exchanges[0]

    @property
    def last_number(self) -> int:
        return self.number + len(self.exchanges) - 1

    @property
    def statuses(self) -> str:
        """How the exchanges of the row were answered: "200 ×5, 404 ×1"."""
        counted = Counter(answer(x) for x in self.exchanges)
        if len(self.exchanges) == 1:
            return next(iter(counted))
        return ", ".join(f"{status} ×{number}" for status, number in counted.items())


def answer(exchange: Exchange) -> str:
    """The status, or the kind of trouble that came instead."""
    return str(exchange.status) if exchange.trouble is None else f"no answer ({exchange.trouble.kind.value})"


def rows(transcript: Transcript, flagged: Collection[str]) -> list[Row]:
    """All exchanges in order. ``flagged`` holds the ids of exchanges that show a finding: those are never folded."""

    def alike(numbered: tuple[int, Exchange]) -> tuple[object, ...]:
        number, exchange = numbered
        quiet = exchange.role in FOLDED and exchange.id not in flagged and exchange.trouble is None
        return (exchange.moment, exchange.role, exchange.phase) if quiet else (number,)

    made: list[Row] = []
    before: Exchange | None = None
    moment = -1
    for key, group in groupby(enumerate(transcript.exchanges, 1), key=alike):
        numbered = list(group)
        number, first = numbered[0]
        heading = ""
        if first.moment not in (moment, -1):
            moment = first.moment
            heading = _heading(transcript, moment)
        exchanges = tuple(x for _, x in numbered)
        made.append(Row(number, exchanges, len(key) > 1, heading, _pause(before, first)))
        before = exchanges[-1]
    return made


def _pause(before: Exchange | None, then: Exchange) -> float:
    if before is None:
        return 0.0
    start, again = moment_of(before), moment_of(then)
    if start is None or again is None:
        return 0.0
    pause = again - start - before.elapsed_ms / 1000
    return pause if pause >= PAUSE else 0.0


def moment_of(exchange: Exchange) -> float | None:
    """When a request was sent, in seconds since 1970; None when that was not recorded."""
    try:
        return datetime.fromisoformat(exchange.started_at).timestamp()
    except (ValueError, OverflowError):
        return None


def _heading(transcript: Transcript, moment: int) -> str:
    if moment >= len(transcript.changes):
        return f"Change {moment + 1}"
    return f"Change {moment + 1} of {len(transcript.changes)}: {words.change(transcript.changes[moment])}"


def blocks(found: Iterable[Row], size: int) -> list[list[Row]]:
    """Cut the rows into blocks of at most ``size`` exchanges (a block has at least one row)."""
    made: list[list[Row]] = []
    weight = 0
    for row in _pieces(found, size):
        if not made or weight + len(row.exchanges) > size:
            made.append([])
            weight = 0
        made[-1].append(row)
        weight += len(row.exchanges)
    return made


def _pieces(found: Iterable[Row], size: int) -> Iterable[Row]:
    for row in found:
        for start in range(0, len(row.exchanges), size):
            yield Row(
                row.number + start,
                row.exchanges[start : start + size],
                row.folded,
                row.heading if start == 0 else "",
                row.pause if start == 0 else 0.0,
            )
