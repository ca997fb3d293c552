"""The support bundle: no credential, the same report again."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.bundling import bundle, for_ticket
from harness.cli.bundle_command import command
from harness.cli.report_command import command as report
from harness.plan import Selection, plan, vendors
from harness.profiles import load
from harness.record import RecordError
from harness.settings import Settings
from harness.stage import Stage
from harness.triaging import told, triage, write

SECRET = "mb_live_4f7a1c9e2d8b6035"  # a canary


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one story against a service that is wrong."""
    directory = tmp_path_factory.mktemp("runs") / "run"
    profile = load("marketbeam")
    stage = Stage(Settings(defects=("patch-noop-success",)), profile, directory)
    scenarios = [s for s in plan(profile, Selection(), vendors(), {}) if s.key.id == "okta/oin/leaver"]
    stage.begin(scenarios)
    for scenario in scenarios:
        stage.verdicts(scenario)
    stage.finish()
    from harness import bundle as run_bundle

    run_bundle.write(stage.conclude(), directory)
    return directory


def test_a_run_gives_the_same_report_out_of_its_bundle(run: Path, tmp_path: Path) -> None:
    done = bundle(run, tmp_path / "b.zip")
    assert done.same
    assert done.masked == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path / "again")
    manifest = json.loads((tmp_path / "again" / "manifest.json").read_text("utf-8"))
    assert manifest["holds"] == "run"
    assert {"run.json", "ticket.md", "README.txt", "exchanges.jsonl"} <= {*done.names}
    assert for_ticket(tmp_path / "again") == for_ticket(run)


def test_a_credential_that_slipped_in_is_masked(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in run.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    exchanges = copy / "exchanges.jsonl"
    exchanges.write_text(exchanges.read_text("utf-8").replace("[redacted:", f"Bearer {SECRET} ["), "utf-8")
    done = bundle(copy, tmp_path / "b.zip")
    assert done.masked
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert all(SECRET.encode() not in archive.read(name) for name in archive.namelist())


def test_a_case_is_bundled_with_its_page_and_ticket(tmp_path: Path) -> None:
    case = triage([Path(__file__).parents[1] / "triage" / "corpus" / "okta-box-off" / "system-log.json"])
    write(told(case), None, tmp_path / "case")
    result = CliRunner().invoke(command, [str(tmp_path / "case"), "-o", str(tmp_path / "case.zip")])
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        assert {"case.json", "case.html", "reply.txt", "ticket.md"} <= {*archive.namelist()}
        assert "Deactivate Users is not ticked" in archive.read("ticket.md").decode()


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="expected a run directory"):
        bundle(tmp_path, tmp_path / "b.zip")


def test_report_prints_a_ticket(run: Path) -> None:
    result = CliRunner().invoke(report, [str(run), "--copy-for-ticket"])
    assert result.exit_code == 0
    assert result.output.startswith("## SCIM rehearsal: non-conformant")
    assert "scimulator reproduce" in result.output
