"""Everything that the page says, as values: a pure function of the Run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from harness.model.requirement import Harm, Level
from harness.model.run import Run
from harness.model.scenario import Kind
from harness.model.verdict import Outcome
from reports import words
from reports.html.anchors import Anchors, anchor
from reports.html.cards import Card, Place, Sighting, cards, harms
from reports.html.gaps import Gap, gaps
from reports.html.index import NOWHERE, Index
from reports.html.matrix import RequirementTable, ScenarioTable, by_requirement, by_scenario
from reports.html.packing import Packer, Slot
from reports.html.scenarios import Renderer as ScenarioRenderer
from reports.html.scenarios import Scenarios, ScenarioView
from reports.html.vendors import VendorBlock, vendor_blocks
from reports.words import Word

PLACES = 60
"""At most so many places of one way stand in the page as plain HTML; further ones are packed."""

WAYS = 20
"""At most so many ways in which one requirement is broken stand in the page as plain HTML."""

URGENT = 3
"""So many findings are named on the first screen."""


@dataclass(frozen=True)
class WayView:
    """One sighting: the places shown at once, and the fragment that holds the ``hidden`` further ones."""

    sighting: Sighting
    shown: tuple[Place, ...]
    hidden: int = 0
    slot: Slot = NOWHERE


@dataclass(frozen=True)
class CardView:
    """A card with its anchor, the ways shown at once, and the fragment that holds the ``hidden`` further ones."""

    card: Card
    anchor: str
    ways: tuple[WayView, ...]
    hidden: int = 0
    slot: Slot = NOWHERE


@dataclass(frozen=True)
class VendorView:
    block: VendorBlock
    cards: tuple[CardView, ...]


@dataclass(frozen=True)
class PageView:
    """What the templates ask for, in the order of the page.

    ``packs`` hold what belongs to the cards, ``volumes`` what belongs to the scenarios; ``index`` leads to both.
    """

    run: Run
    headline: Word
    sentence: str
    doubts: tuple[str, ...]
    harms: tuple[tuple[Harm, int], ...]
    urgent: tuple[CardView, ...]
    counts: tuple[tuple[Outcome, int], ...]
    cards: tuple[CardView, ...]
    vendors: tuple[VendorView, ...]
    scenario_table: ScenarioTable
    requirement_table: RequirementTable
    scenarios: tuple[ScenarioView, ...]
    gaps: tuple[Gap, ...]
    command: str
    facts: tuple[tuple[str, str], ...]
    anchors: Anchors
    requests: int
    packs: Packer
    volumes: Packer
    index: Index

    @property
    def sections(self) -> tuple[str, ...]:
        return ("findings", "vendors", "matrix", "scenarios", "exchanges", "not-run", "reproduce")

    @property
    def packed(self) -> bool:
        return bool(self.volumes.size)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Outcomes that the page can be narrowed down to: value and word."""
        return tuple((o.value, words.OUTCOMES[o].short) for o in words.OUTCOMES if self.run_outcomes(o))

    def run_outcomes(self, outcome: Outcome) -> bool:
        return any(number for o, number in self.counts if o is outcome)

    @property
    def idps(self) -> tuple[str, ...]:
        """The IdPs as they were asked for, with the names that people know."""
        named = (name.partition(":") for name in self.run.idps)
        return tuple(
            f"{words.idp_title(idp)} ({variant})" if variant else words.idp_title(idp) for idp, _, variant in named
        )

    @property
    def clients(self) -> tuple[tuple[str, str], ...]:
        """IdPs that the page can be narrowed down to, and the probes: value and word."""
        idps = words.idps(self.run)
        others = {r.key.kind for r in self.run.results if not r.key.idp}
        rest = [("probe", "Probes" if others == {Kind.PROBE} else "Other clients")] if others else []
        return (*((name, words.idp_title(name)) for name in idps), *rest)


class Renderer(ScenarioRenderer, Protocol):
    """Turns what is packed into HTML."""

    def places(self, places: tuple[Place, ...], anchors: Anchors) -> str: ...

    def ways(self, ways: tuple[WayView, ...], anchors: Anchors) -> str: ...


class _Cards:
    """Makes card views: what is too much for the page is packed."""

    def __init__(self, anchors: Anchors, packer: Packer, index: Index, renderer: Renderer) -> None:
        self._anchors, self._packer, self._index, self._renderer = anchors, packer, index, renderer

    def view(self, card: Card, prefix: str = "") -> CardView:
        name = anchor(f"R-{prefix}{card.requirement.id}")
        ways = tuple(self._way(sighting) for sighting in card.sightings[:WAYS])
        more = tuple(WayView(sighting, sighting.places) for sighting in card.sightings[WAYS:])
        if not more:
            return CardView(card, name, ways)
        slot = self._packer.add(self._renderer.ways(more, self._anchors))
        self._index.keep((i for way in more for i in self._ids(way.shown)), slot)
        return CardView(card, name, ways, len(more), slot)

    def _way(self, sighting: Sighting) -> WayView:
        shown, more = sighting.places[:PLACES], sighting.places[PLACES:]
        if not more:
            return WayView(sighting, shown)
        slot = self._packer.add(self._renderer.places(more, self._anchors))
        self._index.keep(self._ids(more), slot)
        return WayView(sighting, shown, len(more), slot)

    def _ids(self, places: tuple[Place, ...]) -> Iterable[str]:
        return (self._anchors.finding(place.verdict, place.finding) for place in places)


def page(run: Run, renderer: Renderer) -> PageView:
    """Build the page."""
    anchors, packs, volumes, index = Anchors(run), Packer("p"), Packer("v"), Index()
    view = _Cards(anchors, packs, index, renderer).view

    found = tuple(view(card) for card in cards(run, lambda place: place.verdict.level is not Level.VENDOR))
    vendors = tuple(
        VendorView(block, tuple(view(card, f"{block.idp or 'other'}-") for card in block.cards))
        for block in vendor_blocks(run)
    )
    scenarios = Scenarios(run, anchors, volumes, index, renderer).views()
    table = by_scenario(run)
    pressing = tuple(c for c in found if words.counts_against(c.card.outcome))
    return PageView(
        run=run,
        headline=words.CONCLUSIONS[run.conclusion],
        sentence=run.sentence or words.CONCLUSIONS[run.conclusion].means,
        doubts=_doubts(run, table),
        harms=harms(c.card for c in found),
        urgent=pressing[:URGENT],
        counts=tuple((outcome, int(run.counts.get(outcome.value, 0))) for outcome in words.OUTCOMES),
        cards=found,
        vendors=vendors,
        scenario_table=table,
        requirement_table=by_requirement(run),
        scenarios=scenarios,
        gaps=gaps(run),
        command=run.meta.get("command", ""),
        facts=_facts(run),
        anchors=anchors,
        requests=sum(len(r.transcript.exchanges) for r in run.results),
        packs=packs,
        volumes=volumes,
        index=index,
    )


def _doubts(run: Run, table: ScenarioTable) -> tuple[str, ...]:
    doubts = list(run.doubts)
    if {o.value: n for o, n in table.totals.items() if n} != {o: n for o, n in run.counts.items() if n}:
        doubts.append("The counts in the record differ from those of its verdicts: the record is damaged.")
    if run.conclusion.value.startswith("conformant") and not table.totals.get(Outcome.PASSED):
        doubts.append("Not one check passed: a result without passes proves nothing.")
    return tuple(doubts)


def _facts(run: Run) -> tuple[tuple[str, str], ...]:
    """What else has to be known to repeat the run, in the order in which it was recorded."""
    named = {"tool": "scimulator", "seed": "Seed", "started_at": "Started", "finished_at": "Finished"}
    first = [(title, run.meta[name]) for name, title in named.items() if run.meta.get(name)]
    rest = [(name, value) for name, value in run.meta.items() if name not in named and name != "command" and value]
    return (("Profile", run.profile), ("Base URL", run.base_url), *first, *rest)
