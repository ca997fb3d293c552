"""One seed, one result: again, in another order, in two processes; and nothing is left behind at a target."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

WRONG = ("--defect=patch-noop-success", "--defect=location-wrong", "--defect=error-status-number")
"""Wrongs whose findings show ids and texts of the service."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)?")


def but_for_times(path: Path) -> dict[str, Any]:
    """A run.json without what the clock and the command line put into it."""
    run: dict[str, Any] = json.loads(TIME.sub("TIME", path.read_text("utf-8")))
    del run["meta"]["command"]
    return run


@pytest.mark.thorough
@pytest.mark.parametrize("suite", ["probes", "stories"])
def test_five_runs_of_one_seed_are_identical_but_for_times(
    scimulator: Callable[..., Any], tmp_path: Path, suite: str
) -> None:
    ways = {"once": (), "again": (), "shuffled": ("--shuffle=1",), "reshuffled": ("--shuffle=2",), "two": ("-n", "2")}
    for name, options in ways.items():
        done = scimulator(
            "run", "--suite", suite, *WRONG, *options, "--report=junit", "--out", str(tmp_path / name), timeout=300
        )
        assert done.code == 1, done.out + done.err
    once, *others = (but_for_times(tmp_path / name / "run.json") for name in ways)
    assert once["causes"]
    assert once["findings"]
    for name, other in zip(list(ways)[1:], others, strict=True):
        assert other == once, name


def test_another_order_is_really_another_one_and_the_result_is_not(
    scimulator: Callable[..., Any], tmp_path: Path
) -> None:
    stories = (
        "--idp=okta:oin",
        "--story=connection",
        "--story=leaver",
        "--story=rehire",
        "--defect=patch-noop-success",
    )
    played = []
    for name, options in (("plain", ()), ("shuffled", ("--shuffle=3",))):
        scimulator("run", *stories, *options, "--report=junit", "--out", str(tmp_path / name))
        events = (tmp_path / name / "events.jsonl").read_text().splitlines()
        played.append([e["key"]["id"] for e in map(json.loads, events) if e["event"] == "scenario_started"])
    assert sorted(played[0]) == sorted(played[1])
    assert played[0] != played[1]
    assert but_for_times(tmp_path / "plain" / "run.json") == but_for_times(tmp_path / "shuffled" / "run.json")


@pytest.mark.socket
@pytest.mark.thorough
def test_after_a_run_everybody_at_the_target_is_as_before_it(
    scimulator: Callable[..., Any], serving: Callable[..., Any], tmp_path: Path
) -> None:
    def people(served: Any) -> list[tuple[Any, ...]]:
        address = f"{served.base_url}/Users"
        answer = requests.get(address, headers={"Authorization": f"Bearer {served.api_key}"}, timeout=30).json()
        assert answer["totalResults"] == len(answer["Resources"])
        return sorted((p["id"], p["userName"], p["active"], p.get("externalId")) for p in answer["Resources"])

    with serving() as served:
        key = {"SCIMULATOR_TOKEN": served.api_key}
        arguments = ("run", "--target", served.base_url, "--quick")
        scimulator(*arguments, "--out", str(tmp_path / "one"), **key)
        before = people(served)
        done = scimulator(*arguments, "--shuffle=5", "--out", str(tmp_path / "two"), **key)
        after = people(served)
    assert done.code == 0, done.out + done.err
    assert before
    assert before == after
