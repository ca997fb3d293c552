"""A run is retold as it was played: with the IdPs set up as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.model.outlook import RemovalState
from harness.plan import Selection, plan, set_up, vendors
from harness.probes import all_probes
from harness.profiles import load
from harness.record import RecordError
from harness.settings import Settings
from harness.stage import Stage, retell

SETUPS = {"entra": {"update": False}, "okta": {"deactivate": False}}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("run")
    profile = load("marketbeam")
    idps = set_up(vendors(), SETUPS)
    scenarios = plan(profile, Selection(("okta:oin", "entra:default"), ("leaver",)), idps, all_probes())
    stage = Stage(Settings(setups=SETUPS), profile, directory)
    stage.begin(scenarios)
    for scenario in scenarios:
        stage.verdicts(scenario)
    stage.finish()
    stage.conclude()
    return directory


def test_the_set_up_is_recorded_and_told_again(played: Path) -> None:
    removals = {r.key.idp: [one.state for one in r.outlook.removals] for r in retell(played).results}
    assert removals["okta"] == [RemovalState.NEVER_TRIED]
    assert removals["entra"] != [RemovalState.DONE]
    written = json.loads((played / "run.json").read_text("utf-8"))["scenarios"]
    assert [r["state"] for s in written for r in s["outlook"]["removals"]] == [s for r in removals.values() for s in r]


def test_a_set_up_of_a_newer_version_is_named(played: Path, tmp_path: Path) -> None:
    for file in played.glob("*.jsonl"):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace('"deactivate"', '"levitate"'), "utf-8")
    with pytest.raises(RecordError, match=r"the set-up in the record cannot be read: \[idp.okta\]: unknown 'levitate'"):
        retell(tmp_path)
