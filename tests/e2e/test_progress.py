"""What a run tells while it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_the_stream_of_events_ends_with_the_verdict_of_the_run(
    scimulator: Callable[..., Any], workers: list[str]
) -> None:
    done = scimulator("run", "--story", "leaver", "--story", "connection", "--jsonl", *workers)
    events = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0
    assert events[0]["event"] == "run_started"
    finished = {e["scenario"]: e for e in events if e["event"] == "scenario_finished"}
    assert events[0]["scenarios"] == len(finished) == len(done.run["scenarios"])
    for scenario in done.run["scenarios"]:
        assert finished[scenario["id"]]["outcome"] == scenario["outcome"]
        assert finished[scenario["id"]]["requests"] == scenario["requests"]
    assert events[-1]["verdict"] == done.run["verdict"]
    assert events[-1]["counts"] == done.run["counts"]
    if not workers:
        assert sum(e["event"] == "exchange" for e in events) == len(done.lines("exchanges"))


def test_one_document_and_a_stream_of_lines_exclude_each_other(scimulator: Callable[..., Any]) -> None:
    done = scimulator("run", "--json", "--jsonl")
    assert done.code == 2
    assert "choose one" in done.err


def test_a_log_holds_no_control_characters(scimulator: Callable[..., Any]) -> None:
    done = scimulator("run", "--story", "leaver", "-v", CI="true")
    assert "passed         okta/oin/leaver" in done.err
    assert all(c.isprintable() or c == "\n" for c in done.err + done.out)
