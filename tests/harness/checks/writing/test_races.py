"""Requests at one moment: sent together, kept in order, judged by what holds in every order."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from harness.checks import answers, races
from harness.play import at_once


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        (races.two_deactivations_at_once_end_inactive, "parallel-deactivation-500"),
        (races.neither_of_two_confirmed_changes_is_lost, "parallel-deactivation-500"),
        (races.neither_of_two_confirmed_changes_is_lost, "profile-push-undoes-deactivation"),
        (races.everybody_is_told_the_same_after_a_race, "parallel-deactivation-500"),
        (races.everybody_is_told_the_same_after_a_race, "race-splits-the-state"),
        (races.the_order_of_independent_changes_does_not_matter, "external-id-lost-when-inactive"),
    ],
)
def test_a_check_is_silent_on_a_right_server_and_speaks_on_a_wrong_one(
    played: Any, judged: Any, check: Any, defect: str
) -> None:
    assert judged(check, played("races", "marketbeam"), "marketbeam") == []
    assert judged(check, played("races", "marketbeam", defect), "marketbeam")


def test_a_deactivation_that_comes_to_nothing_in_a_race_is_seen(played: Any, judged: Any) -> None:
    check = races.two_deactivations_at_once_end_inactive
    assert judged(check, played("races", "marketbeam", "patch-noop-success"), "marketbeam")


def test_requests_that_met_are_kept_in_their_order_and_say_whom_they_met(played: Any) -> None:
    told = played("races", "marketbeam")
    assert [x.ordinal for x in told.exchanges] == list(range(len(told.exchanges)))
    met = [x for x in told.exchanges if x.meets_another]
    assert len(met) == 12
    for first, second in zip(met[::2], met[1::2], strict=True):
        assert second.ordinal == first.ordinal + 1
        assert second.id in first.notes[0]
        assert first.id in second.notes[0]


def test_what_an_answer_shows_is_not_compared_with_a_state_that_another_request_has_made(played: Any) -> None:
    told = played("races", "marketbeam")
    assert not [write for write, _ in answers._writes_then_reads(told) if write.meets_another]


def test_calls_at_once_really_meet_and_their_results_stand_in_order() -> None:
    gate = threading.Barrier(3, timeout=10)

    def call(name: str) -> str:
        gate.wait()
        return name

    assert at_once([lambda: call("a"), lambda: call("b"), lambda: call("c")]) == ["a", "b", "c"]
