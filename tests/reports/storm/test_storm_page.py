"""The page of a storm: its curves, and that nothing in it is run or fetched."""

from __future__ import annotations

import re

import pytest

from reports.storm.curves import Curve, chart, nice

SERIES = {"at": [0, 1, 2], "requests": [10, 40, 20], "errors": [0, 0, 0], "active": [30, 12, 0]}


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (3, 4), (41, 50), (99, 100), (12_345, 20_000), (0.3, 0.4)])
def test_an_axis_ends_at_a_number_that_is_easy_to_read(value: float, top: float) -> None:
    assert nice(value) == pytest.approx(top)


def test_a_curve_that_is_zero_all_over_is_left_out() -> None:
    picture = chart(SERIES, (Curve("requests", "all", "a"), Curve("errors", "errors", "b")), "Requests", "a second")
    assert "all" in picture
    assert ">errors<" not in picture


def test_a_picture_says_in_words_what_it_shows() -> None:
    picture = chart(SERIES, (Curve("active", "leavers", "a", area=True),), "People", "people")
    assert re.search(r'role="img" aria-label="People, people over 2 seconds\. leavers: at most 30"', picture)


def test_names_in_a_picture_are_escaped_and_it_has_neither_script_nor_style() -> None:
    picture = chart(SERIES, (Curve("requests", "<script>", "a"),), '"><script>', "a second")
    assert "<script" not in picture
    assert "style=" not in picture


def test_a_storm_of_one_second_has_a_curve() -> None:
    picture = chart({"at": [0], "requests": [7]}, (Curve("requests", "all", "a"),), "Requests", "a second")
    assert 'class="curve a" d="M' in picture
