"""What is behind the findings: one card for each root cause, with the requirements that it breaks inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.catalogue.workarounds import workaround
from harness.model.cause import Cause
from harness.model.exchange import Exchange
from harness.model.outlook import Notice
from harness.model.requirement import Harm, Requirement
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Outcome
from harness.model.workaround import Workaround
from reports import words
from reports.html.cards import Card, Place, all_places, cards, requirement_of
from reports.html.evidence import Evidence, evidence
from reports.text import shortened, shown


@dataclass(frozen=True)
class Screen:
    """What one IdP's administrator sees, trouble first; no notices means that nothing at all is shown there."""

    idp: str
    notices: tuple[Notice, ...]

    @property
    def title(self) -> str:
        return words.idp_title(self.idp)

    @property
    def kinds(self) -> tuple[tuple[Notice, int], ...]:
        """The first notice of each place, status and code, and how many there are of it."""
        first: dict[tuple[str, str, str], Notice] = {}
        for notice in self.notices:
            first.setdefault((notice.where, notice.status, notice.code), notice)
        counted = Counter((notice.where, notice.status, notice.code) for notice in self.notices)
        return tuple((notice, counted[kind]) for kind, notice in first.items())

    @property
    def silent(self) -> bool:
        """Whether nothing there tells of any trouble."""
        return not any(notice.troubled for notice in self.notices)


@dataclass(frozen=True)
class Way:
    """What can be done about a cause at one IdP."""

    idp: str
    workaround: Workaround

    @property
    def title(self) -> str:
        return words.idp_title(self.idp)


@dataclass(frozen=True)
class Proof:
    """A place with the request that shows it, and the excerpt of its answer (None: no request was recorded)."""

    place: Place
    exchange: Exchange | None
    evidence: Evidence | None


@dataclass(frozen=True)
class CauseView:
    """One cause. ``first`` is the place that shows the root best, ``worst`` the one that shows what it does to people.

    ``proofs`` are these two, or the one when they are the same.
    ``root`` is its most basic requirement; ``cards`` are all requirements that it breaks, the root first. ``idps`` are
    those in whose rehearsals it was seen, and "probe" for probes and recordings.
    """

    cause: Cause
    root: Requirement
    first: Place
    worst: Place
    proofs: tuple[Proof, ...]
    cards: tuple[Card, ...]
    screens: tuple[Screen, ...]
    ways: tuple[Way, ...]
    idps: tuple[str, ...]
    scenarios: int

    @property
    def findings(self) -> int:
        return sum(len(card.places) for card in self.cards)

    @property
    def seen_by(self) -> str:
        """Whose rehearsals showed it, in words."""
        named = [words.idp_title(idp) for idp in self.idps if idp != "probe"]
        return ", ".join([*named, *(["probes"] if "probe" in self.idps else [])])

    @property
    def fact(self) -> str:
        """What was seen, in one line: the member, what it should have been, and what it was."""
        finding = self.worst.finding
        expected = shortened(" or ".join(str(one) for one in finding.expected), 120)
        at = f" at {shortened(finding.at, 60)}" if finding.at else ""
        return f"expected {expected}{at}, received {shortened(shown(finding.actual), 120)}"

    @property
    def admin(self) -> str:
        """What it means for people, in words without a clause: from the requirement that does the worst harm."""
        by_harm = sorted(self.cards, key=lambda card: words.harm_rank(card.requirement.harm))
        told = (c.requirement.admin for c in by_harm if c.requirement.harm is self.cause.harm and c.requirement.admin)
        return next(told, "")


def cause_views(run: Run) -> tuple[CauseView, ...]:
    """A view of each cause, in the order of the run: the worst for people first, what is only noted at the end."""
    results = {result.key.id: result for result in run.results}
    waiting: dict[str, list[Place]] = {}
    for place in all_places(run):
        waiting.setdefault(place.finding.id, []).append(place)
    found = []
    for cause in run.causes:
        places = list(_claimed(cause, waiting))
        if places:
            found.append(_view(run, cause, places, results))
    return tuple(sorted(found, key=lambda view: not words.counts_against(view.cause.outcome)))


def _claimed(cause: Cause, waiting: dict[str, list[Place]]) -> Iterable[Place]:
    """The places of a cause; each is given away once, also where two findings bear the same id."""
    scenarios, requirements = frozenset(cause.scenarios), frozenset(cause.requirements)
    for name in dict.fromkeys(cause.findings):
        others = []
        for place in waiting.get(name, ()):
            if place.key.id in scenarios and place.verdict.requirement in requirements:
                yield place
            else:
                others.append(place)
        waiting[name] = others


def _view(run: Run, cause: Cause, places: list[Place], results: Mapping[str, ScenarioResult]) -> CauseView:
    first = next((place for place in places if place.finding.id == cause.first_finding), places[0])
    within = tuple(sorted(cards(run, places), key=lambda card: card.requirement.id != cause.requirement))
    worst = _worst(within, cause, first)
    proved = (first,) if worst.verdict.requirement == first.verdict.requirement else (first, worst)
    idps = sorted({place.key.idp for place in places if place.key.idp})
    return CauseView(
        cause=cause,
        root=requirement_of(run, first),
        first=first,
        worst=worst,
        proofs=tuple(_proof(place, results[place.key.id]) for place in proved),
        cards=within,
        screens=tuple(_screen(idp, places, results) for idp in idps),
        ways=tuple(
            Way(idp, workaround(requirement_of(run, first), cause.requirements, idp, cause.harm)) for idp in idps
        ),
        idps=tuple(sorted({place.key.idp or "probe" for place in places})),
        scenarios=len({place.key.id for place in places}),
    )


def _worst(within: Iterable[Card], cause: Cause, first: Place) -> Place:
    """What shows the harm of a cause: a promise before a clause, somebody's rehearsal before a probe."""
    harmful = [card for card in within if card.requirement.harm is cause.harm and card.outcome is cause.outcome]
    if not harmful or any(card.requirement.id == first.verdict.requirement for card in harmful):
        return first
    card = min(harmful, key=lambda card: (words.level_rank(card.level), -len(card.places), card.requirement.id))
    return min(card.places, key=_plainness)


def _proof(place: Place, result: ScenarioResult) -> Proof:
    exchange = result.transcript.exchange(place.finding.exchange)
    excerpt = evidence(place.finding, exchange, result.transcript.exchanges) if exchange else None
    return Proof(place, exchange, excerpt)


def _screen(idp: str, places: Iterable[Place], results: Mapping[str, ScenarioResult]) -> Screen:
    """What the IdP's administrator sees in the plainest of its rehearsals that show the cause.

    Where the outlook has notices about the very exchange of a finding, only those are shown.
    """
    mine = [place for place in places if place.key.idp == idp]
    told = [results[place.key.id].outlook.notices for place in mine]
    about = [n for place, notices in zip(mine, told, strict=True) for n in notices if _is_about(n, place)]
    plainest = min(mine, key=_plainness)
    notices = about or results[plainest.key.id].outlook.notices
    return Screen(idp, tuple(dict.fromkeys(sorted(notices, key=lambda notice: not notice.troubled))))


def _is_about(notice: Notice, place: Place) -> bool:
    return bool(notice.exchange) and notice.exchange == place.finding.exchange


def _plainness(place: Place) -> tuple[bool, bool, int, str]:
    """What a reader understands at once comes first: somebody's rehearsal, a leaver, a short story."""
    return (not place.key.idp, place.key.story != "leaver", len(place.key.story), place.key.id)


def harms(views: Iterable[CauseView]) -> tuple[tuple[Harm, int], ...]:
    """What the failed causes do to people, the worst first, each with the number of causes."""
    counted = dict.fromkeys(words.HARMS, 0)
    for view in views:
        if view.cause.outcome is Outcome.FAILED:
            counted[view.cause.harm] += 1
    return tuple((harm, number) for harm, number in counted.items() if number)
