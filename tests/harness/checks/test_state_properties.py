"""The state oracle: equal is equal however it is written, and a real change is always found."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.checks.state import differences

NAMES = st.sampled_from(["userName", "displayName", "active", "emails", "name", "title", "x"])
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["Ada", "eve", "2026-11-27T12:00:00Z", "é"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
PEOPLE = st.dictionaries(NAMES, VALUES, max_size=5)


def rewritten(value: Any, turn: bool) -> Any:
    """The same state in other words: names and texts in capitals, members turned round, letters decomposed."""
    if isinstance(value, dict):
        told = {name.upper(): rewritten(inner, turn) for name, inner in value.items()}
        return dict(reversed(told.items())) if turn else told
    if isinstance(value, list):
        return [rewritten(inner, turn) for inner in (reversed(value) if turn else value)]
    if value == "2026-11-27T12:00:00Z":
        return "2026-11-27T13:00:00+01:00"
    if value == "é":
        return "e\u0301"
    return value.upper() if isinstance(value, str) else value


@given(PEOPLE)
def test_whatever_is_read_equals_itself(person: Any) -> None:
    assert differences(person, copy.deepcopy(person)) == []


@given(PEOPLE, st.booleans())
def test_the_same_state_in_other_words_is_no_difference(person: Any, turn: bool) -> None:
    assert differences(person, rewritten(person, turn)) == []
    assert differences(rewritten(person, turn), person) == []


@given(PEOPLE, st.sampled_from([None, [], {}]), st.sampled_from(["nickName", "roles"]))
def test_unassigned_is_absent_however_it_is_written(person: Any, nothing: Any, name: str) -> None:
    assert differences(person, person | {name: nothing}) == []


CHANGES = st.sampled_from([(True, False), ("Ada", "Eve"), (1, 2), (["a"], ["a", "b"]), ({"x": 1}, {"x": 2})])


@given(PEOPLE, CHANGES)
def test_a_change_is_found_at_its_place_and_both_ways(person: Any, change: tuple[Any, Any]) -> None:
    before, after = (person | {"changed": value} for value in change)
    there = [d.pointer for d in differences(before, after)]
    assert there
    assert all(pointer.startswith("/changed") for pointer in there)
    assert [d.pointer for d in differences(after, before)] == there


@given(PEOPLE, PEOPLE)
def test_what_is_left_out_is_not_compared(first: Any, second: Any) -> None:
    everything = tuple(f"/{name}" for name in {*first, *second})
    assert differences(first, second, ignoring=everything) == []
    versions = ({"meta": {"version": "1"}}, {"meta": {"version": "2"}})
    assert differences(*versions) == []
    assert differences(*versions, versions=True) != []
