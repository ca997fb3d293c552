"""The scenarios of the page: which of their exchanges stand in it as plain HTML and which are packed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from harness.model.exchange import Exchange
from harness.model.run import Run, ScenarioResult
from reports import words
from reports.html.anchors import Anchors
from reports.html.bodies import Bodies
from reports.html.exchanges import ExchangeView, Mark
from reports.html.matrix import counted
from reports.html.packing import Packer
from reports.html.rows import Row, blocks, rows
from reports.html.svg import picture

THRESHOLD = 400
"""A run with more exchanges is packed: only exchanges that show a finding stand in the page as plain HTML."""

STATIC = 150
"""At most so many exchanges of a packed run stand in the page as plain HTML."""

BLOCK = 60
"""At most so many exchanges share one picture."""


@dataclass(frozen=True)
class RowView:
    row: Row
    exchanges: tuple[ExchangeView, ...]


@dataclass(frozen=True)
class Block:
    """A part of a scenario. ``fragment`` is "" when all of it is in ``rows``; else ``rows`` are what shows a finding,

    and the whole block lies in that fragment of that chunk.
    """

    first: int
    last: int
    picture: Markup
    rows: tuple[RowView, ...]
    fragment: str = ""
    chunk: str = ""


@dataclass(frozen=True)
class ScenarioView:
    result: ScenarioResult
    anchor: str
    sender: str
    blocks: tuple[Block, ...]
    findings: int

    @property
    def exchanges(self) -> int:
        return len(self.result.transcript.exchanges)

    @property
    def summary(self) -> str:
        """The verdicts in a few words: "2 failed, 31 passed"."""
        counts = counted(self.result)
        said = (f"{counts[o]} {word.short}" for o, word in words.OUTCOMES.items() if counts.get(o))
        return ", ".join(said) or "nothing judged"


class Scenarios:
    """Builds the scenario views of one page. ``render`` turns a complete Block into HTML for packing."""

    def __init__(self, run: Run, anchors: Anchors, packer: Packer, render: Callable[[Block], str]) -> None:
        self._run = run
        self._anchors = anchors
        self._packer = packer
        self._render = render
        self._bodies = Bodies()
        self._packed = sum(len(r.transcript.exchanges) for r in run.results) > THRESHOLD
        self._static_left = STATIC

    def views(self) -> tuple[ScenarioView, ...]:
        """All scenarios, in the order of the run. The worst get the plain HTML of a packed run first."""
        made: dict[str, ScenarioView] = {}
        for result in sorted(self._run.results, key=lambda r: words.outcome_rank(r.outcome)):
            made[result.key.id] = self._view(result)
        return tuple(made[result.key.id] for result in self._run.results)

    def _view(self, result: ScenarioResult) -> ScenarioView:
        marks = self._marks(result)
        cut = blocks(rows(result.transcript, marks), BLOCK)
        return ScenarioView(
            result=result,
            anchor=self._anchors.scenario(result.key.id),
            sender=words.sender(result.key),
            blocks=tuple(self._block(result, part, marks) for part in cut),
            findings=sum(len(v.findings) for v in result.verdicts),
        )

    def _marks(self, result: ScenarioResult) -> dict[str, tuple[Mark, ...]]:
        found: dict[str, tuple[Mark, ...]] = {}
        for verdict in result.verdicts:
            for finding in verdict.findings:
                mark = Mark(verdict, finding, self._anchors.finding(verdict, finding))
                found[finding.exchange] = (*found.get(finding.exchange, ()), mark)
        return found

    def _block(self, result: ScenarioResult, part: list[Row], marks: dict[str, tuple[Mark, ...]]) -> Block:
        drawn = picture(
            part,
            client=words.sender(result.key),
            title=result.key.title,
            link=lambda x: self._anchors.exchange(result.key.id, x.id),
            flags=lambda x: len(marks.get(x.id, ())),
        )
        views = tuple(RowView(row, tuple(self._exchanges(result, row, marks))) for row in part)
        whole = Block(part[0].number, part[-1].last_number, drawn, views)
        if not self._packed:
            return whole
        html = self._render(whole)
        fragment, chunk = self._packer.add(html, (v.anchor for view in views for v in view.exchanges))
        plain = self._plain(views)
        return Block(whole.first, whole.last, drawn if plain else Markup(""), plain, fragment, chunk)

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

    def _plain(self, views: tuple[RowView, ...]) -> tuple[RowView, ...]:
        """Those rows that show a finding, as long as the page has room for plain ones."""
        flagged = [view for view in views if any(v.marks for v in view.exchanges)]
        kept = tuple(flagged[: self._static_left])
        self._static_left -= len(kept)
        return kept
