"""The support bundle: no credential, the same report again."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.bundling import _copy, bundle, compared, for_ticket
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


def copied(run: Path, to: Path) -> Path:
    to.mkdir()
    for path in run.iterdir():
        if path.is_file():
            (to / path.name).write_bytes(path.read_bytes())
    return to


def test_a_run_gives_the_same_report_out_of_its_bundle(run: Path, tmp_path: Path) -> None:
    done = bundle(run, tmp_path / "b.zip")
    assert done.same
    assert done.masked == 0
    assert done.comparison == "it gives the same report, compared letter by letter"
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path / "again")
    manifest = json.loads((tmp_path / "again" / "manifest.json").read_text("utf-8"))
    assert manifest["holds"] == "run"
    assert {"run.json", "ticket.md", "README.txt", "exchanges.jsonl"} <= {*done.names}
    assert for_ticket(tmp_path / "again") == for_ticket(run)


def test_a_credential_that_slipped_in_is_masked_and_told_as_not_compared(run: Path, tmp_path: Path) -> None:
    copy = copied(run, tmp_path / "copy")
    exchanges = copy / "exchanges.jsonl"
    exchanges.write_text(exchanges.read_text("utf-8").replace("[redacted:token]", SECRET), "utf-8")
    done = bundle(copy, tmp_path / "b.zip")
    assert done.masked
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert all(SECRET.encode() not in archive.read(name) for name in archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
    assert done.same
    assert done.hidden
    assert manifest["report"] == {"same": True, "not_compared_lines": done.hidden, "says": done.comparison}
    assert "not compared" in done.comparison


@pytest.mark.parametrize(
    "slipped",
    [
        ["Cookie", f"sid={SECRET}; theme=dark"],
        ["X-Api-Key", SECRET],
        ["authorization", SECRET],
        ["Authorization", f"Bearer {SECRET}"],
        {"text": json.dumps({"userName": "ada", "password": SECRET})},
        {"text": json.dumps({"password": f'a"{SECRET}', "userName": "ada"})},
        {"text": json.dumps({"client_secret": f"{SECRET}\\"}, indent=1)},
    ],
    ids=str,
)
def test_headers_and_bodies_of_a_kept_exchange_are_looked_through(slipped: object, tmp_path: Path) -> None:
    kept = {"headers": [["Accept", "application/scim+json"], slipped], "after": "stays"}
    for name, separators in (("a.jsonl", (",", ":")), ("b.jsonl", (", ", ": "))):
        (tmp_path / name).write_text(json.dumps(kept, separators=separators) + "\n", "utf-8")
        assert _copy(tmp_path / name, tmp_path / f"clean-{name}") == 1
        text = (tmp_path / f"clean-{name}").read_text("utf-8")
        assert SECRET not in text
        assert json.loads(text)["after"] == "stays"
        assert _copy(tmp_path / f"clean-{name}", tmp_path / "again") == 0


def test_a_masked_run_whose_report_says_something_else_is_told(run: Path, tmp_path: Path) -> None:
    """The commands that repeat a request are made out of its headers: beside a mask they come out another way."""
    copy = copied(run, tmp_path / "copy")
    exchanges = copy / "exchanges.jsonl"
    exchanges.write_text(exchanges.read_text("utf-8").replace("[redacted:", f"Bearer {SECRET} ["), "utf-8")
    result = CliRunner().invoke(command, [str(copy), "-o", str(tmp_path / "b.zip")])
    assert result.exit_code == 1
    assert "were masked; its report differs from that of the original, first in line" in result.stderr


@pytest.mark.parametrize(
    ("original", "masked", "outcome"),
    [
        ("<p>a</p>\nb", "<p>a</p>\nb", (0, 0)),
        ("<p>key 4711</p>\nb", "<p>key [redacted:imported]</p>\nb", (1, 0)),
        ("<p>key 4711, 12 faults</p>", "<p>key [redacted:imported], 11 faults</p>", (0, 1)),
        ("<p>key 4711</p><b>no</b>", "<p>key [redacted:imported]</b>", (0, 1)),
        ("<dd>Bearer 4711</dd>", '<dd>Bearer <span class="redacted">[redacted:imported]</span></dd>', (1, 0)),
        ("[redacted:key] x 4711", "[redacted:key] x [redacted:value]", (1, 0)),
        ("a\nb", "a", (0, 2)),
    ],
)
def test_only_what_a_mask_hides_may_differ(original: str, masked: str, outcome: tuple[int, int]) -> None:
    assert compared(original, masked) == outcome


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
