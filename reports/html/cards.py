"""Groups the findings of a cause: one requirement is one card, however many scenarios broke it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.finding import Finding
from harness.model.requirement import Level, Requirement
from harness.model.run import Run
from harness.model.scenario import ScenarioKey
from harness.model.verdict import Outcome, Verdict
from reports import words
from reports.text import shown

ACTUAL = 600
"""So many characters of an actual value stand on a card: the exchange shows the rest."""


@dataclass(frozen=True)
class Place:
    """Where a requirement is broken: the finding, the verdict that carries it, the scenario."""

    key: ScenarioKey
    verdict: Verdict
    finding: Finding


@dataclass(frozen=True)
class Sighting:
    """One way in which a requirement is broken, and everywhere it was seen so."""

    expected: tuple[str, ...]
    actual: str
    at: str
    hint: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Card:
    """One broken requirement. ``outcome`` is the worst of its places."""

    requirement: Requirement
    level: Level
    outcome: Outcome
    sightings: tuple[Sighting, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for sighting in self.sightings for place in sighting.places)


def cards(run: Run, places: Iterable[Place]) -> tuple[Card, ...]:
    """A card for each requirement that is broken at one of the places, in the order of ``rank``."""
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(place.verdict.requirement, []).append(place)
    return tuple(sorted((_card(requirement_of(run, these[0]), these) for these in found.values()), key=rank))


def all_places(run: Run) -> tuple[Place, ...]:
    """Every finding of the run with where it was made, in the order of the run."""
    return tuple(
        Place(result.key, verdict, finding)
        for result in run.results
        for verdict in result.verdicts
        for finding in verdict.findings
    )


def rank(card: Card) -> tuple[bool, int, int, int, str]:
    """What asks for action comes before what is only noted; then harm to people, outcome, level and id."""
    return (
        not words.counts_against(card.outcome),
        words.harm_rank(card.requirement.harm),
        words.outcome_rank(card.outcome),
        words.level_rank(card.level),
        card.requirement.id,
    )


def requirement_of(run: Run, place: Place) -> Requirement:
    """The clause; a run that was read back without its catalogue still gets a card."""
    name = place.verdict.requirement
    return run.requirements.get(name) or Requirement(
        id=name, level=place.verdict.level, section="", says=f"Requirement {name}", link="", remedy=""
    )


def _card(requirement: Requirement, places: list[Place]) -> Card:
    seen: dict[tuple[tuple[str, ...], str, str, str], list[Place]] = {}
    for place in places:
        finding = place.finding
        same = (tuple(str(e) for e in finding.expected), shown(finding.actual, ACTUAL), finding.at, finding.hint)
        seen.setdefault(same, []).append(place)
    sightings = tuple(
        Sighting(*same, tuple(sorted(these, key=_place_rank)))
        for same, these in sorted(seen.items(), key=lambda item: min(_place_rank(p) for p in item[1]))
    )
    return Card(
        requirement=requirement,
        level=places[0].verdict.level,
        outcome=words.worst(place.verdict.outcome for place in places),
        sightings=sightings,
    )


def _place_rank(place: Place) -> int:
    return words.outcome_rank(place.verdict.outcome)
