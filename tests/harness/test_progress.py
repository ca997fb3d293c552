from __future__ import annotations

import json
from io import StringIO

from harness.model.verdict import Outcome
from harness.progress import EVERY, Lines, Progress, Stream, Terminal


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_of_a_short_run_stays_empty() -> None:
    out = StringIO()
    lines = Lines(out, clock=Clock())
    lines.begin(2)
    lines.judged("okta/oin/leaver", Outcome.FAILED, 20)
    lines.end(None)
    assert out.getvalue() == ""


def test_a_log_of_a_long_run_has_a_line_now_and_then() -> None:
    out, clock = StringIO(), Clock()
    lines = Lines(out, clock=clock)
    lines.begin(30)
    for number in range(30):
        clock.now += EVERY / 10
        lines.judged(f"okta/oin/story-{number}", Outcome.FAILED if number == 3 else Outcome.PASSED, 20)
    assert out.getvalue().splitlines() == [
        "10 of 30 scenarios played, 1 failed",
        "20 of 30 scenarios played, 1 failed",
        "30 of 30 scenarios played, 1 failed",
    ]


def test_every_scenario_is_a_line_when_that_was_asked_for() -> None:
    out = StringIO()
    lines = Lines(out, each=True, clock=Clock())
    lines.judged("okta/oin/leaver", Outcome.WARNED, 20)
    assert out.getvalue() == "warned         okta/oin/leaver  (20 requests)\n"


def test_a_stream_is_one_object_a_line() -> None:
    out = StringIO()
    stream = Stream(out)
    stream.begin(1)
    stream.playing("okta/oin/leaver")
    stream.judged("okta/oin/leaver", Outcome.PASSED, 20)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [e["event"] for e in events] == ["run_started", "scenario_started", "scenario_finished"]
    assert events[0]["schema"] == "scimulator/stream/1"
    assert events[2] == {
        "event": "scenario_finished",
        "scenario": "okta/oin/leaver",
        "outcome": "passed",
        "requests": 20,
    }


def test_a_terminal_that_was_never_begun_can_be_ended() -> None:
    terminal = Terminal()
    terminal.judged("okta/oin/leaver", Outcome.PASSED, 20)
    terminal.end(None)
    assert terminal.done == 1


def test_whoever_watches_counts_the_same() -> None:
    for progress in (Progress(), Lines(StringIO()), Stream(StringIO())):
        progress.begin(2)
        progress.judged("a", Outcome.FAILED, 3)
        progress.judged("b", Outcome.PASSED, 4)
        assert (progress.total, progress.done, progress.failed) == (2, 2, 1)
