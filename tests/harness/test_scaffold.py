"""A new IdP is written, told how to be made known, and runs as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.new_command import command
from harness.scaffold import PROTOTYPE, ScaffoldError, entry_point, new_idp


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A Python package of somebody else, in which IdPs may live."""
    place = tmp_path / "idps"
    place.mkdir()
    (place / "__init__.py").touch()
    return place


def test_the_folder_has_the_files_of_the_others_and_no_word_of_the_pattern(package: Path) -> None:
    folder = new_idp("one_login", package)
    pattern = files("simulators") / PROTOTYPE
    assert {f.name for f in folder.iterdir()} == {f.name for f in pattern.iterdir() if f.is_file()}
    for file in folder.iterdir():
        assert PROTOTYPE not in file.read_text("utf-8").lower(), file
    assert "class OneLogin" in (folder / "app.py").read_text("utf-8")
    assert "from idps.one_login.app import OneLogin" in (folder / "users.py").read_text("utf-8")


def test_it_runs_as_it_is_written(package: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(command, ["idp", "onelogin", "--into", str(package)], catch_exceptions=False).output
    assert entry_point("onelogin", package) in said
    # What "pip install -e ." would do with that line.
    known = tmp_path / "idps-1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: idps\nVersion: 1.0\n")
    lines = entry_point("onelogin", package).splitlines()
    (known / "entry_points.txt").write_text(f"[scimulator.idps]\n{lines[1].replace(chr(34), '')}\n")
    out = tmp_path / "run"
    arguments = ["run", "--idp", "onelogin", "--story", "leaver", "--story", "rehire", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", *arguments, "--report", "junit"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert {s["id"]: s["outcome"] for s in run["scenarios"]} == {
        "onelogin/strict/leaver": "passed",
        "onelogin/strict/rehire": "passed",
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("OneLogin", "expected small letters"),
        ("class", "no usable name"),
        ("../evil", "no usable name"),
        ("generic", "the pattern itself"),
        ("taken", "exists already"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(package: Path, name: str, said: str) -> None:
    (package / "taken").mkdir()
    with pytest.raises(ScaffoldError, match=said):
        new_idp(name, package)
    assert {f.name for f in package.iterdir()} == {"__init__.py", "taken"}


def test_a_place_that_is_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match="no Python package"):
        new_idp("onelogin", tmp_path)
