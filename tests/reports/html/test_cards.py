from __future__ import annotations

from types import ModuleType

from harness.model.requirement import Harm, Level
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Conclusion, Outcome
from reports.html.cards import Card, all_places, cards


def _all(run: Run) -> tuple[Card, ...]:
    return cards(run, (place for place in all_places(run) if place.verdict.level is not Level.VENDOR))


def test_one_requirement_broken_in_three_scenarios_is_one_card_with_three_places(samples: ModuleType) -> None:
    found = [card for card in _all(samples.with_findings()) if card.requirement.id == "MB-1"]
    assert len(found) == 1
    assert len(found[0].sightings) == 1
    assert [place.key.id for place in found[0].places] == ["okta/oin/leaver", "okta/aiw/leaver", "entra/default/leaver"]


def test_different_ways_of_breaking_a_requirement_are_told_apart(samples: ModuleType) -> None:
    card = next(c for c in _all(samples.with_findings()) if c.requirement.id == "RFC7644-3.12-01")
    assert [sighting.actual for sighting in card.sightings] == ["404", "405", "406"]


def test_cards_stand_by_harm_to_people_and_what_is_only_noted_comes_last(samples: ModuleType) -> None:
    found = _all(samples.with_findings())
    acting = [c.requirement.harm for c in found if c.outcome in (Outcome.FAILED, Outcome.WARNED)]
    assert acting == [Harm.ACCESS, Harm.LOCKOUT, Harm.LEAK, Harm.SETUP, Harm.DRIFT, Harm.FORM]
    assert [c.outcome for c in found][-2:] == [Outcome.KNOWN, Outcome.NOTED]


def test_no_finding_is_lost_by_grouping(samples: ModuleType) -> None:
    run = samples.with_findings()
    everything = cards(run, all_places(run))
    assert sum(len(card.places) for card in everything) == len(run.findings)


def test_the_outcome_of_a_card_is_the_worst_of_its_places(samples: ModuleType) -> None:
    first, second = samples.key(), samples.key(variant="aiw")
    results = [
        ScenarioResult(k, outcome, samples.leaver_transcript(k), (samples.broken(k, "MB-1", outcome, "x"),))
        for k, outcome in ((first, Outcome.KNOWN), (second, Outcome.FAILED))
    ]
    run = samples.run(results, Conclusion.NON_CONFORMANT)
    card = cards(run, all_places(run))[0]
    assert card.outcome is Outcome.FAILED
    assert [p.verdict.outcome for p in card.places] == [Outcome.FAILED, Outcome.KNOWN]


def test_a_requirement_without_its_catalogue_entry_still_gets_a_card(samples: ModuleType) -> None:
    run = samples.with_findings()
    bare = Run(**{**vars(run), "requirements": {}})
    assert len(_all(bare)) == len(_all(run))
