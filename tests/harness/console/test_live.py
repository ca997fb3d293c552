from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from harness.console.jobs import Event

EVENTS: list[Event] = [
    {"event": "run_started", "scenarios": 2},
    {"event": "scenario_started", "scenario": "okta/oin/leaver"},
    *(
        {
            "event": "exchange",
            "scenario": "okta/oin/leaver",
            "role": "idp",
            "title": f"<b>{n}</b>",
            "method": "PATCH",
            "template": "/Users/{id}",
            "status": 200,
        }
        for n in range(3)
    ),
    {"event": "scenario_finished", "scenario": "okta/oin/leaver", "outcome": "passed", "requests": 3},
]


class Playing:
    """A rehearsal that has told these events and goes on."""

    over = stopped = False
    complaint = ""
    code = None

    def __init__(self) -> None:
        self.events = EVENTS

    def follow(self, since: int = 0) -> Iterator[tuple[int, Event | None]]:
        yield from ((number, event) for number, event in enumerate(self.events) if number >= since)
        yield len(self.events), None

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def run(desk) -> Playing:
    playing = Playing()
    desk.rehearsals["20260101T000000Z-okta"] = playing
    return playing


def test_the_picture_grows_with_the_run_and_goes_on_where_it_was_left(guest, run) -> None:
    whole = guest.get("/runs/20260101T000000Z-okta/events").text
    assert whole.count('class="drawn"') == 3
    assert "<b>" not in whole
    assert "1 of 2 answered, 3 requests sent" in re.sub(r"\s+", " ", whole)
    assert "Does somebody who is taken off the app lose access?" in whole
    rest = guest.get("/runs/20260101T000000Z-okta/events", Last_Event_ID="3").text
    assert rest.count('class="drawn"') == 1
    assert "3 requests sent" in rest


def test_the_page_shows_without_a_script_what_has_been_played_so_far(guest, run) -> None:
    text = guest.get("/runs/20260101T000000Z-okta").text
    assert text.count('class="drawn"') == 3
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "/runs/20260101T000000Z-okta/events?since=6" in text


def test_a_run_can_be_stopped_and_says_so(guest, run) -> None:
    assert guest.post("/runs/20260101T000000Z-okta/stop").status_code == 303
    assert run.stopped
    assert "is being stopped" in guest.get("/runs/20260101T000000Z-okta").text


def test_a_run_without_a_result_says_what_was_said(guest, run) -> None:
    run.over, run.code, run.complaint = True, 4, "Error: <i>refused</i>"
    text = guest.get("/runs/20260101T000000Z-okta").text
    assert "says nothing about what it does with leavers" in text
    assert "<i>" not in text
