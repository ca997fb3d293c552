"""The lines of one scenario's story: each exchange that matters on its own, the harness's own ones folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from harness.model.exchange import Exchange, Role
from harness.model.transcript import Transcript
from reports import words

FOLDED = (Role.SETUP, Role.WITNESS, Role.PREFLIGHT)
"""Senders whose exchanges are folded as long as nothing is wrong with them."""


@dataclass(frozen=True)
class Row:
    """One exchange, or several neighbours of one sender that are folded. ``heading`` opens a new Change.

    ``number`` is the place of the first exchange in the transcript, from 1.
    """

    number: int
    exchanges: tuple[Exchange, ...]
    folded: bool
    heading: str = ""

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
    moment = -1
    for key, group in groupby(enumerate(transcript.exchanges, 1), key=alike):
        numbered = list(group)
        number, first = numbered[0]
        heading = ""
        if first.moment not in (moment, -1):
            moment = first.moment
            heading = _heading(transcript, moment)
        made.append(Row(number, tuple(x for _, x in numbered), folded=len(key) > 1, heading=heading))
    return made


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
            )
