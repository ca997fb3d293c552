"""What somebody is told who reads nothing else of a storm."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

import harness
from harness.load.plainly import plainly
from tests.reports.storm.sample import told


def test_that_nobody_is_left_comes_first_and_then_who_was_slow() -> None:
    first, second = plainly(told())
    assert first == "All 100,000 leavers have lost their access."
    assert "It took 10.0 times as long as on paper: 222 requests a second were answered, 2,226 were wanted." in second
    assert "it was the service that they waited for: an answer took 280 ms, 20 on paper." in second


def test_too_few_connections_of_our_own_are_not_held_against_the_service() -> None:
    value = told()
    value["measured"]["service_ms"] = 24.0
    second = plainly(value)[1]
    assert "The service answered in time (24 ms, 20 on paper)" in second
    assert second.endswith("Take more --connections.")
    assert "it was the service" not in second


def test_who_still_has_access_is_to_be_dealt_with_by_hand() -> None:
    first, _, trouble = plainly(told(bad=True))
    assert first.startswith("3 of 100,000 leavers still have access")
    assert "If these are real people, take it from them by hand now." in first
    assert "400 answers were errors; 98 answers were 429; 2 requests got no answer; 12 leavers wait" in trouble


def test_a_machine_that_is_too_small_is_not_held_against_the_service() -> None:
    late, busy = told(), told()
    late["measured"]["late_ms"]["most"] = 9000.0
    busy["measured"]["cpu_s"] = 2300.0
    assert "this machine could not keep up" in plainly(late)[1]
    assert "workers of the storm had no time left" in plainly(busy)[1]


def test_a_storm_in_time_says_so() -> None:
    value = told()
    value["measured"]["duration_s"] = 130.0
    assert plainly(value)[1] == "The service kept up: it took 130 seconds, 120 on paper."


def test_a_storm_that_was_cut_short_says_nothing_of_everybody() -> None:
    (only,) = plainly(told(stopped="it was stopped by hand"))
    assert "not played to the end: it was stopped by hand" in only


def test_the_sample_is_one_that_could_have_been_written() -> None:
    schema = Path(harness.__file__).parent / "schemas" / "files" / "storm.schema.json"
    for value in (told(), told(bad=True)):
        Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(value)
