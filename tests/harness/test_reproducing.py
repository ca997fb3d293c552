"""The command prints what sends a finding's request again, from the run directory alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli.reproduce_command import command
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of Okta's leaver against a server that confirms a PATCH and does nothing."""
    directory = tmp_path_factory.mktemp("recorded")
    profile = load_profile("marketbeam")
    stage = Stage(Settings(defects=("patch-noop-success",)), profile, directory)
    scenarios = plan(profile, Selection(("okta:oin",), ("leaver",)), vendors(), all_probes())
    stage.begin(scenarios)
    for scenario in scenarios:
        stage.verdicts(scenario)
    stage.finish()
    stage.conclude()
    return directory


@pytest.fixture
def reproduce(recorded: Path) -> Callable[..., Any]:
    return lambda *arguments: CliRunner().invoke(command, [str(recorded), *arguments])


@pytest.fixture
def cause(recorded: Path) -> str:
    (only,) = json.loads((recorded / "run.json").read_text())["causes"]
    return str(only["id"])


def test_curl_sends_the_write_and_the_read_that_shows_that_nothing_happened(reproduce, cause: str) -> None:
    done = reproduce(cause)
    assert done.exit_code == 0
    commands = [line for line in done.output.splitlines() if line.startswith("curl")]
    assert [c.split(" -X ")[1].split()[0] for c in commands] == ["POST", "PATCH", "GET"]
    assert "$SCIM_TOKEN" in done.output
    assert "this answer shows it" in done.output
    assert "redacted" not in done.output


def test_a_file_for_editors_and_one_for_pytest_are_printed_as_well(reproduce, cause: str) -> None:
    assert reproduce(cause, "--as", "http").output.count("###") == 3
    file = reproduce(cause, "--as", "pytest").output
    compile(file, "generated.py", "exec")
    assert file.count("assert ") == 1
    assert "redacted" not in file


def test_an_unknown_id_is_wrong_usage_and_the_causes_are_named(reproduce, cause: str) -> None:
    done = reproduce("C-000000")
    assert done.exit_code == 2
    assert cause in done.output
