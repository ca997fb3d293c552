"""What is measured, and that it can be added up and carried."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.load.tally import Tally, bucket, middle, percentile, tally_from_json, tally_to_json


@given(st.floats(0.5, 100_000))
def test_a_bucket_stands_for_its_milliseconds_within_a_tenth(milliseconds: float) -> None:
    assert middle(bucket(milliseconds)) == pytest.approx(milliseconds, rel=0.16)


def test_percentiles_are_those_of_the_values() -> None:
    values = [random.Random(7).uniform(5, 500) for _ in range(5000)]
    histogram: dict[int, int] = {}
    for value in values:
        histogram[bucket(value)] = histogram.get(bucket(value), 0) + 1
    for share in (0.5, 0.95, 0.99):
        assert percentile(histogram, share) == pytest.approx(sorted(values)[int(share * 5000)], rel=0.12)


def _tally(seed: int) -> Tally:
    tally, chance = Tally(), random.Random(seed)
    for _ in range(200):
        tally.answered(chance.uniform(0, 20), "lookup", chance.choice([200, 404, 429, 0]), chance.uniform(1, 90), 100)
    tally.second(3).ended += 4
    tally.began(2.0, 0.5)
    tally.own += 3
    return tally


def test_two_workers_add_up_to_one() -> None:
    both, one, two = _tally(1), _tally(1), _tally(2)
    both.plus(two)
    assert both.requests == one.requests + two.requests
    assert both.ended == 8
    assert sum(s.requests for s in both.seconds.values()) == 400
    assert sum(both.statuses.values()) == 400
    assert both.own == 6


def test_it_travels_unchanged() -> None:
    assert tally_from_json(tally_to_json(_tally(1))) == _tally(1)
