"""Everything that the page says, as values: a pure function of the Run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.model.audience import Audience
from harness.model.requirement import Harm
from harness.model.run import Run
from harness.model.scenario import Kind
from harness.model.verdict import Outcome
from reports import words
from reports.html.anchors import Anchors
from reports.html.cards import Card, Place, Sighting
from reports.html.causes import CauseView, cause_views, harms
from reports.html.gaps import Gap, gaps
from reports.html.index import NOWHERE, Index
from reports.html.matrix import RequirementTable, ScenarioTable, by_requirement, by_scenario
from reports.html.order import ADVICE, SECTIONS
from reports.html.packing import Packer, Slot
from reports.html.scenarios import Renderer as ScenarioRenderer
from reports.html.scenarios import Scenarios, ScenarioView
from reports.html.ticket import ticket
from reports.html.timeline import Timeline, timeline
from reports.html.vendors import VendorBlock, vendor_blocks
from reports.words import Word

PLACES = 60
"""At most so many places of one way stand in the page as plain HTML; further ones are packed."""

WAYS = 20
"""At most so many ways in which one requirement is broken stand in the page as plain HTML."""

LISTED = 300
"""So many scenarios are listed on the main page of a report in several files."""

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
class CauseCard:
    """A cause with its anchor, its requirements as cards, and its text for a ticket."""

    view: CauseView
    anchor: str
    cards: tuple[CardView, ...]
    ticket: str


@dataclass(frozen=True)
class PageView:
    """What the templates ask for, in the order of the page.

    ``packs`` hold what belongs to the cards, ``volumes`` what belongs to the scenarios; ``index`` leads to both.
    """

    run: Run
    audience: Audience
    headline: Word
    sentence: str
    doubts: tuple[str, ...]
    harms: tuple[tuple[Harm, int], ...]
    urgent: tuple[CauseCard, ...]
    counts: tuple[tuple[Outcome, int], ...]
    causes: tuple[CauseCard, ...]
    vendors: tuple[VendorBlock, ...]
    scenario_table: ScenarioTable
    requirement_table: RequirementTable
    scenarios: tuple[ScenarioView, ...]
    gaps: tuple[Gap, ...]
    timeline: Timeline
    command: str
    facts: tuple[tuple[str, str], ...]
    anchors: Anchors
    requests: int
    packs: Packer
    volumes: Packer
    index: Index

    @property
    def sections(self) -> tuple[str, ...]:
        return SECTIONS[self.audience]

    @property
    def advice(self) -> tuple[str, ...]:
        return ADVICE[self.audience]

    @property
    def lesser(self) -> tuple[CauseCard, ...]:
        """Causes that do not count against the service."""
        return tuple(card for card in self.causes if not words.counts_against(card.view.cause.outcome))

    @property
    def listed(self) -> tuple[ScenarioView, ...]:
        """The scenarios that the main page of a report in several files lists: those with something to see first."""
        ranked = sorted(self.scenarios, key=lambda view: (not view.plain, words.outcome_rank(view.outcome)))
        return tuple(ranked[:LISTED])

    @property
    def urgent_title(self) -> str:
        number = len(self.causes) - len(self.lesser)
        return f"{words.many(number, 'thing')} to put right" + (
            "" if number <= URGENT else f", the worst {URGENT} of them"
        )

    def titled(self, view: CauseView) -> str:
        """The heading of a card: the clause for who repairs it, what it means for who has to live with it."""
        return view.admin if self.audience is Audience.ADMIN and view.admin else _broken(view)

    def told(self, view: CauseView) -> str:
        """What stands below the heading."""
        return "" if self.audience is Audience.ADMIN else view.admin

    def named(self, view: CauseView) -> str:
        """How the first screen names a cause: in words without a clause where there are any."""
        return _broken(view) if self.audience is Audience.DEVELOPER else view.admin or _broken(view)

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


def _broken(view: CauseView) -> str:
    """A requirement says what has to hold: as a heading it needs the word that it does not."""
    return f"Broken: {view.root.says}"


class Renderer(ScenarioRenderer, Protocol):
    """Turns what is packed into HTML."""

    def places(self, places: tuple[Place, ...], anchors: Anchors) -> str: ...

    def ways(self, ways: tuple[WayView, ...], anchors: Anchors) -> str: ...


class _Cards:
    """Makes card views: what is too much for the page is packed."""

    def __init__(self, anchors: Anchors, packer: Packer, index: Index, renderer: Renderer) -> None:
        self._anchors, self._packer, self._index, self._renderer = anchors, packer, index, renderer

    def cause(self, run: Run, view: CauseView) -> CauseCard:
        name = self._anchors.claim(view.cause.id)
        return CauseCard(view, name, tuple(self._card(card) for card in view.cards), ticket(run, view))

    def _card(self, card: Card) -> CardView:
        name = self._anchors.requirement(card.requirement.id)
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


def page(run: Run, renderer: Renderer, audience: Audience) -> PageView:
    """Build the page."""
    anchors, packs, volumes, index = Anchors(run), Packer("p"), Packer("v"), Index()
    make = _Cards(anchors, packs, index, renderer)
    views = cause_views(run)
    found = tuple(make.cause(run, view) for view in views)
    scenarios = Scenarios(run, anchors, volumes, index, renderer).views()
    table = by_scenario(run)
    pressing = tuple(c for c in found if words.counts_against(c.view.cause.outcome))
    return PageView(
        run=run,
        audience=audience,
        headline=words.CONCLUSIONS[run.conclusion],
        sentence=run.sentence or words.CONCLUSIONS[run.conclusion].means,
        doubts=_doubts(run, table, views),
        harms=harms(views),
        urgent=pressing[:URGENT],
        counts=tuple((outcome, int(run.counts.get(outcome.value, 0))) for outcome in words.OUTCOMES),
        causes=found,
        vendors=vendor_blocks(run),
        scenario_table=table,
        requirement_table=by_requirement(run),
        scenarios=scenarios,
        gaps=gaps(run),
        timeline=timeline(run),
        command=run.meta.get("command", ""),
        facts=_facts(run),
        anchors=anchors,
        requests=sum(len(r.transcript.exchanges) for r in run.results),
        packs=packs,
        volumes=volumes,
        index=index,
    )


def _doubts(run: Run, table: ScenarioTable, views: Sequence[CauseView]) -> tuple[str, ...]:
    doubts = list(run.doubts)
    if lost := len(run.findings) - sum(view.findings for view in views):
        doubts.append(f"{words.many(lost, 'finding')} could not be brought under a cause: see findings.json.")
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
