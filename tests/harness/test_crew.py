"""Several processes judge as one does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness import crew
from harness.cli.judge_command import command
from harness.model.run import Run
from harness.model.verdict import Outcome
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load
from harness.settings import Settings
from harness.stage import Stage, retell

DEFECT = "active-string-false-truthy"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A leaver at each IdP and two probes, against a service with a defect."""
    directory = tmp_path_factory.mktemp("crew") / "run"
    profile = load("marketbeam")
    planned = plan(profile, Selection(("okta:oin", "entra:default")), vendors(), all_probes())
    wanted = [s for s in planned if s.id.endswith("/leaver") or s.id in ("probe/patching", "probe/filters")]
    stage = Stage(Settings(defects=(DEFECT,)), profile, directory)
    stage.begin(tuple(wanted))
    for scenario in wanted:
        stage.verdicts(scenario)
    stage.finish()
    stage.conclude()
    return directory


def without_times(text: str) -> Any:
    told = json.loads(text)
    told["meta"].pop("concluded_at")
    return told


@pytest.fixture(scope="module")
def alone(played: Path) -> Run:
    return retell(played)


@pytest.mark.parametrize("stretch", [1000, 3], ids=["whole scenarios", "stretches of three exchanges"])
def test_the_verdicts_are_those_of_one_process(
    played: Path, alone: Run, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "STRETCH", stretch)
    together = retell(played, workers=2)
    assert {v.outcome for v in alone.verdicts} >= {Outcome.PASSED, Outcome.FAILED, Outcome.NOT_APPLICABLE}
    assert together.verdicts == alone.verdicts
    assert together.causes == alone.causes
    assert [r.outlook for r in together.results] == [r.outlook for r in alone.results]


def test_the_command_writes_the_same_run_to_where_it_is_told_and_leaves_the_recorded_one_alone(
    played: Path, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in played.iterdir()}
    out = tmp_path / "again"
    told = CliRunner().invoke(command, [str(played), "-n", "2", "--out", str(out), "--report", "junit"])
    assert told.exit_code == 1, told.output
    assert {path.name: path.read_bytes() for path in played.iterdir()} == before
    assert (out / "junit.xml").exists()
    assert without_times((out / "run.json").read_text("utf-8")) == without_times(before["run.json"].decode())
    assert (out / "findings.json").read_bytes() == before["findings.json"]
    assert {path.name for path in out.iterdir()} >= {"events.jsonl", "exchanges.jsonl"}


def test_another_run_is_not_written_over(played: Path, tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text("{}\n")
    told = CliRunner().invoke(command, [str(played), "--out", str(tmp_path)])
    assert told.exit_code == 2
    assert "holds a run already: name another directory with --out" in told.output
