from __future__ import annotations

from types import ModuleType

import pytest

from harness.model import change as changes
from harness.model.change import Change, Feature, Switch, TeamChange, TimePasses, Unassign
from harness.model.requirement import Harm, Level
from harness.model.verdict import Conclusion, Outcome
from reports import words


def test_every_value_that_a_run_can_hold_has_a_word() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.LEVELS) == set(Level)
    assert set(words.HARMS) == set(Harm)
    assert set(words.CONCLUSIONS) == set(Conclusion)


def test_every_change_is_told_in_words_of_its_own() -> None:
    bases = (Change, TeamChange)
    kinds = [k for k in vars(changes).values() if isinstance(k, type) and issubclass(k, Change) and k not in bases]
    needed = {Switch: {"feature": Feature.MAP_ACTIVE, "on": False}, TimePasses: {"minutes": 40}}
    told = [words.change(kind("leaver", **needed.get(kind, {}))) for kind in kinds]
    assert len(told) == len(set(told))
    assert all(len(said.split()) > 2 for said in told)


def test_a_change_names_the_part_that_it_is_about() -> None:
    assert words.change(Unassign("leaver")) == "the leaver loses the app (Unassign)"


def test_a_change_tells_whatever_else_it_says() -> None:
    assert words.change(TimePasses(minutes=40)) == "40 minutes pass by the identity provider's clock (TimePasses)"
    ticked = words.change(Switch(feature=Feature.UPDATE, on=False))
    assert ticked == "the administrator sets update to off (Switch)"


def test_access_of_leavers_is_the_worst_harm_and_form_the_least() -> None:
    assert sorted(Harm, key=words.harm_rank)[0] is Harm.ACCESS
    assert sorted(Harm, key=words.harm_rank)[-1] is Harm.FORM


def test_not_run_is_worse_than_a_warning_and_never_near_passed() -> None:
    assert words.worst([Outcome.PASSED, Outcome.NOT_RUN, Outcome.WARNED]) is Outcome.NOT_RUN
    assert words.worst([Outcome.FAILED, Outcome.NOT_RUN]) is Outcome.FAILED


def test_the_worst_of_nothing_is_not_applicable() -> None:
    assert words.worst([]) is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_what_asks_somebody_to_act_counts_against_the_service(outcome: Outcome) -> None:
    acting = {Outcome.ERROR, Outcome.FAILED, Outcome.REVIEW, Outcome.WARNED}
    assert words.counts_against(outcome) is (outcome in acting)


def test_outcomes_differ_by_word_and_not_by_colour_alone() -> None:
    assert len({word.short for word in words.OUTCOMES.values()}) == len(Outcome)


def test_the_idps_of_a_run_stand_in_the_order_in_which_they_were_asked_for(samples: ModuleType) -> None:
    run = samples.run([], Conclusion.CONFORMANT, idps=("entra:default", "okta", "entra"))
    assert words.idps(run) == ["entra", "okta"]


def test_a_number_carries_its_noun() -> None:
    assert words.many(1, "request") == "1 request"
    assert words.many(1204, "request") == "1,204 requests"
    assert words.many(2, "other way", "other ways") == "2 other ways"
