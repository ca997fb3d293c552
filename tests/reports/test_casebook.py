"""A triaged case on a terminal: what helps is said once, and a mail asks for nothing where nothing went wrong."""

from __future__ import annotations

from pathlib import Path

from harness.triaging import told, triage
from reports.casebook import render

HEADINGS = "timestamp,uuid,event_type,display_message,outcome.result,target0.type,target0.alternate_id\n"
WELL = "2026-01-02T03:04:05Z,u{n},application.provision.user.deactivate,done,SUCCESS,User,ada@example.test\n"


def shown(tmp_path: Path, table: str) -> str:
    path = tmp_path / "log.csv"
    path.write_text(table)
    return render(told(triage([path])))


def test_what_helps_against_several_damaged_rows_is_said_once_below_them(tmp_path: Path) -> None:
    text = shown(tmp_path, HEADINGS + WELL.format(n=1) + "torn\ntorn\ntorn\n")
    lines = text.splitlines()
    damaged = [n for n, line in enumerate(lines) if line.startswith("  ! log.csv, row")]
    assert len(damaged) == 3
    assert damaged == [*range(damaged[0], damaged[0] + 3)]
    assert lines[damaged[-1] + 1].startswith("    ")
    assert lines.count(lines[damaged[-1] + 1]) == 1


def test_a_mail_about_files_in_which_all_is_well_does_not_speak_of_help(tmp_path: Path) -> None:
    text = shown(tmp_path, HEADINGS + WELL.format(n=1))
    assert "Nothing in these files went wrong" in text
    assert "everything went as it should" in text
    assert "If it does not help" not in text
