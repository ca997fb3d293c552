"""The scenarios of the page: which of their exchanges stand in it as plain HTML and which are packed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from markupsafe import Markup

from harness.model.exchange import Exchange
from harness.model.outlook import Outlook
from harness.model.run import Run, ScenarioResult
from harness.model.scenario import ScenarioKey
from harness.model.verdict import Outcome
from reports import words
from reports.html.anchors import Anchors
from reports.html.bodies import Bodies
from reports.html.exchanges import ExchangeView, Mark
from reports.html.index import NOWHERE, Index
from reports.html.matrix import counted
from reports.html.mermaid import mermaid
from reports.html.packing import Packer, Slot
from reports.html.rows import Row, blocks, rows
from reports.html.svg import picture

THRESHOLD = 400
"""A run with more exchanges is packed: only exchanges that show a finding stand in the page as plain HTML."""

STATIC = 20
"""At most so many exchanges of a packed run stand in the page as plain HTML."""

BLOCK = 60
"""At most so many exchanges share one picture."""


@dataclass(frozen=True)
class RowView:
    row: Row
    exchanges: tuple[ExchangeView, ...]
    slots: tuple[Slot, ...] = ()

    @property
    def pairs(self) -> Iterable[tuple[ExchangeView, Slot]]:
        """Each exchange with the slot of its inner part; NOWHERE when that stands in the page."""
        return zip(self.exchanges, self.slots or (NOWHERE,) * len(self.exchanges), strict=True)


@dataclass(frozen=True)
class Block:
    """A part of a scenario. Without ``slot.fragment`` all of it is in ``rows``; else ``rows`` are what shows a finding,

    and the whole block lies in that fragment. ``text`` is the picture as Mermaid text; ``idp`` and ``outlook`` say what
    its administrator sees, in the first block of a scenario with an IdP.
    """

    first: int
    last: int
    picture: Markup
    text: str
    rows: tuple[RowView, ...]
    slot: Slot = NOWHERE
    idp: str = ""
    outlook: Outlook = field(default_factory=Outlook)


@dataclass(frozen=True)
class ScenarioView:
    """One scenario without its transcript, which may be large."""

    key: ScenarioKey
    anchor: str
    outcome: Outcome
    sender: str
    stopped: str
    blocks: tuple[Block, ...]
    exchanges: int
    summary: str
    volume: int

    @property
    def plain(self) -> bool:
        """Whether the page itself shows an exchange of it."""
        return any(block.rows for block in self.blocks)


class Renderer(Protocol):
    """Turns what is packed into HTML."""

    def block(self, part: Block) -> str: ...

    def inner(self, view: ExchangeView) -> str: ...


class Scenarios:
    """Builds the scenario views of one page, packs what does not stand in it, and fills the index."""

    def __init__(self, run: Run, anchors: Anchors, packer: Packer, index: Index, renderer: Renderer) -> None:
        self._run = run
        self._anchors = anchors
        self._packer = packer
        self._index = index
        self._renderer = renderer
        self._bodies = Bodies()
        self._packed = sum(len(r.transcript.exchanges) for r in run.results) > THRESHOLD
        self._static_left = STATIC

    def views(self) -> tuple[ScenarioView, ...]:
        """All scenarios, in the order of the run. The worst get the plain HTML of a packed run first."""
        made: dict[str, ScenarioView] = {}
        for result in sorted(self._run.results, key=lambda r: words.outcome_rank(r.outcome)):
            self._packer.turn()
            made[result.key.id] = self._view(result)
        return tuple(made[result.key.id] for result in self._run.results)

    def _view(self, result: ScenarioResult) -> ScenarioView:
        anchor = self._anchors.scenario(result.key.id)
        self._index.scenario(result, anchor, self._packer.volume)
        marks = self._marks(result)
        cut = blocks(rows(result.transcript, marks), BLOCK)
        counts = counted(result)
        said = (f"{counts[o]} {word.short}" for o, word in words.OUTCOMES.items() if counts.get(o))
        return ScenarioView(
            key=result.key,
            anchor=anchor,
            outcome=result.outcome,
            sender=words.sender(result.key),
            stopped=result.reason or result.transcript.stopped,
            blocks=tuple(self._block(result, part, marks) for part in cut),
            exchanges=len(result.transcript.exchanges),
            summary=", ".join(said) or "nothing judged",
            volume=self._packer.volume,
        )

    def _marks(self, result: ScenarioResult) -> dict[str, tuple[Mark, ...]]:
        found: dict[str, tuple[Mark, ...]] = {}
        for verdict in result.verdicts:
            for finding in verdict.findings:
                mark = Mark(verdict, finding, self._anchors.finding(verdict, finding))
                found[finding.exchange] = (*found.get(finding.exchange, ()), mark)
        return {
            name: tuple(sorted(m, key=lambda m: words.outcome_rank(m.verdict.outcome))) for name, m in found.items()
        }

    def _block(self, result: ScenarioResult, part: list[Row], marks: dict[str, tuple[Mark, ...]]) -> Block:
        client = words.sender(result.key)
        drawn = picture(
            part,
            client=client,
            title=result.key.title,
            link=lambda x: self._anchors.exchange(result.key.id, x.id),
            flags=lambda x: len(marks.get(x.id, ())),
        )
        text = mermaid(part, client=client)
        views = [RowView(row, tuple(self._exchanges(result, row, marks))) for row in part]
        first, last = part[0].number, part[-1].last_number
        whole = Block(first, last, drawn, text, tuple(views))
        if first == 1 and result.key.idp:
            whole = replace(whole, idp=result.key.idp, outlook=result.outlook)
        if not self._packed:
            for view in views:
                for one in view.exchanges:
                    self._index.row(one)
            return whole
        slotted = tuple(RowView(v.row, v.exchanges, tuple(self._pack(one) for one in v.exchanges)) for v in views)
        slot = self._packer.add(self._renderer.block(replace(whole, rows=slotted)))
        plain = self._plain(views)
        if not plain:
            return Block(first, last, Markup(""), "", (), slot)
        return replace(whole, rows=plain, slot=slot)

    def _pack(self, view: ExchangeView) -> Slot:
        slot = self._packer.add(self._renderer.inner(view))
        self._index.row(view, slot)
        return slot

    def _exchanges(
        self, result: ScenarioResult, row: Row, marks: dict[str, tuple[Mark, ...]]
    ) -> Iterable[ExchangeView]:
        for number, exchange in enumerate(row.exchanges, row.number):
            yield self._exchange(result, number, exchange, marks.get(exchange.id, ()))

    def _exchange(
        self, result: ScenarioResult, number: int, exchange: Exchange, marks: tuple[Mark, ...]
    ) -> ExchangeView:
        anchor = self._anchors.exchange(result.key.id, exchange.id)
        return ExchangeView(exchange, result.key, number, anchor, marks, self._bodies)

    def _plain(self, views: list[RowView]) -> tuple[RowView, ...]:
        """Those rows that show a finding, as long as the page has room for plain ones."""
        flagged = [view for view in views if any(v.marks for v in view.exchanges)]
        kept = tuple(flagged[: self._static_left])
        self._static_left -= len(kept)
        return kept
