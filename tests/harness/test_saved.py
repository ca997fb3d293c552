"""A solved case is kept as a scenario and told again in every run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.triage_command import command as triage_command
from harness.keeping import kept
from harness.model.change import PushGroup, Reassign, TestConnection, Unassign
from harness.plan import PlanError, Selection, plan, vendors
from harness.profiles import load
from harness.saved import read, text, with_saved, write
from harness.triaging import triage

CORPUS = Path(__file__).parents[1] / "triage" / "corpus"
SAVED = Path(__file__).parents[2] / "examples" / "scenarios"


def case(name: str):
    return triage(sorted(p for p in (CORPUS / name).iterdir() if p.name != "expected.toml"))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("entra-false-as-text", Unassign),
        ("gateway-rehire", Reassign),
        ("gateway-not-back", Reassign),
        ("entra-groups-on", PushGroup),
        ("gateway-plan", TestConnection),
    ],
)
def test_what_was_done_is_kept_and_nobody_is_named(tmp_path: Path, name: str, change: type) -> None:
    saved = kept(case(name), name)
    path = write(saved, tmp_path)
    assert any(isinstance(one, change) for one in saved.story.changes)
    assert "example.test" not in path.read_text("utf-8")
    assert read(path) == saved
    assert saved.cause == case(name).causes[0].id


def test_the_command_keeps_a_case(tmp_path: Path) -> None:
    files = [str(p) for p in sorted((CORPUS / "entra-false-as-text").glob("*.json"))]
    result = CliRunner().invoke(triage_command, [*files, "--save-scenario", "strings", "--into", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "strings.scenario.toml").idps == ("entra",)


def test_a_case_without_a_cause_cannot_be_kept(tmp_path: Path) -> None:
    files = [str(CORPUS / "entra-only-creations" / "provisioning.json")]
    result = CliRunner().invoke(triage_command, [*files, "--save-scenario", "x", "--into", str(tmp_path)])
    assert result.exit_code == 2
    assert "nothing to keep" in result.output


def test_saved_scenarios_are_planned_for_their_idp_alone(tmp_path: Path) -> None:
    path = write(kept(case("entra-false-as-text"), "strings"), tmp_path)
    idps, selection = with_saved([str(path)], vendors(), Selection())
    ids = [scenario.id for scenario in plan(load("marketbeam"), selection, idps, {})]
    assert ids == ["entra/default/saved-strings", "entra/aadOptscim062020/saved-strings"]


def test_without_saved_scenarios_nothing_changes() -> None:
    idps, selection = vendors(), Selection()
    assert with_saved([], idps, selection) == (idps, selection)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("scimulator/scenario/1", "scimulator/scenario/9", "expected schema"),
        ('name = "strings"', 'name = "No Good"', "small letters"),
        ('change = "Unassign"', 'change = "Explode"', "nothing that an administrator can do"),
        ('change = "Unassign"\npart = "leaver"', 'change = "Unassign"\npart = "nobody"', "is no \\[\\[part\\]\\]"),
        ('[told]\nidps = ["entra"]', '[told]\nidps = ["ping"]', "there is no IdP"),
        ("[expect]", "[wishes]\n[expect]", "unknown wishes"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused_with_the_reason(tmp_path: Path, old: str, new: str, told: str) -> None:
    good = text(kept(case("entra-false-as-text"), "strings"))
    assert old in good
    path = tmp_path / "strings.scenario.toml"
    path.write_text(good.replace(old, new), "utf-8")
    with pytest.raises(PlanError, match=told):
        with_saved([str(path)], vendors(), Selection())


def test_a_folder_without_scenarios_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no file in it"):
        with_saved([str(tmp_path)], vendors(), Selection())


def played(path: Path, out: Path, *options: str) -> int:
    """pytest, in a process of its own, with the file alone."""
    arguments = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(path)]
    place = ["--rootdir", str(path.parent), "--scim-out", str(out), "--scim-report", "junit"]
    return subprocess.run([*arguments, *place, *options], timeout=600, capture_output=True, check=False).returncode


@pytest.mark.thorough
def test_the_example_tells_the_case_and_sees_the_defect_that_was_behind_it(tmp_path: Path) -> None:
    path = next(SAVED.glob("*.scenario.toml"))
    assert played(path, tmp_path / "good") == 0
    assert played(path, tmp_path / "wrong", "--scim-defect", "active-string-false-rejected") == 1
    document = json.loads((tmp_path / "wrong" / "run.json").read_text("utf-8"))
    assert document["verdict"] == "non-conformant"
    assert {s["id"] for s in document["scenarios"]} == {
        "entra/default/saved-false-as-text",
        "entra/aadOptscim062020/saved-false-as-text",
    }
