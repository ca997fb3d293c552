"""Okta's System Log is read as JSON and as CSV, however it was wrapped, and its events keep the vendor's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.intake.okta_csv import IMPORTER as CSV
from harness.intake.okta_log import IMPORTER as JSON
from harness.model.sighting import Confidence
from harness.model.step import Intent

WRAPPED = ("okta-log.json", "okta-log.jsonl", "okta-splunk.jsonl", "okta-hook.json", "okta-eventbridge.jsonl")
FLAT = ("okta-log.csv", "okta-log-flat.csv")
ALL = [(JSON, name) for name in WRAPPED] + [(CSV, name) for name in FLAT]


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_every_shape_tells_the_same(importer: Any, name: str, sample: Callable[[str], Path], read: Any) -> None:
    seen = read(importer, sample(name))
    assert seen.certainty >= 80
    assert not seen.complaints
    removed, deactivated, pushed, group, box, limit = seen.events
    assert (removed.kind, removed.outcome) == ("application.user_membership.remove", "SUCCESS")
    assert removed.text == "Remove user's application membership"
    assert (deactivated.outcome, deactivated.person, deactivated.app) == ("FAILURE", "ada@example.test", "Example SCIM")
    assert deactivated.text.startswith("Error while deactivating user")
    assert deactivated.details["legacyEventType"] == "app.user_management.deactivate_user_failed"
    assert deactivated.source_id == "00u00000000000000002"
    assert deactivated.ids["transaction"] == "tr2"
    assert deactivated.actor == "admin@example.test"
    assert pushed.person == "ben@example.test"
    assert (group.group, group.person) == ("Team Red", "")
    assert box.text == "Stop deprovisioning unassigned users"
    assert limit.person == "cyd@example.test"
    assert next(s.at for s in seen.sightings) == "2026-01-02T03:04:05.678Z"


@pytest.mark.parametrize(("importer", "name"), ALL)
def test_the_answer_inside_of_a_reason_becomes_an_exchange_without_a_body(
    importer: Any, name: str, sample: Callable[[str], Path], read: Any
) -> None:
    exchanges = read(importer, sample(name)).exchanges
    assert [(s.exchange.status, s.exchange.intent) for s in exchanges] == [
        (404, Intent.DEACTIVATE),
        (409, Intent.CREATE),
        (403, Intent.GROUP_CREATE),
        (429, Intent.UPDATE),
    ]
    assert all(s.confidence is Confidence.REPORTED for s in exchanges)
    assert all("response body" in s.missing for s in exchanges)
    assert exchanges[0].exchange.path == "/Users/{id}"
    assert "id at the service" in exchanges[0].missing


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp1252")])
def test_a_table_that_went_through_a_spreadsheet_is_read(
    separator: str, encoding: str, tmp_path: Path, sample: Callable[[str], Path], read: Any
) -> None:
    import csv

    with sample("okta-log-flat.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    rows[1][12] = "Zoë"
    path = tmp_path / "log.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        if separator == ";":
            file.write("sep=;\r\n")
        csv.writer(file, delimiter=separator).writerows(rows)
    seen = read(CSV, path)
    assert seen.certainty >= 80
    assert not seen.complaints
    assert len(seen.events) == 6


def test_a_quote_left_open_costs_rows_and_is_told(tmp_path: Path, sample: Callable[[str], Path], read: Any) -> None:
    lines = sample("okta-log.csv").read_text().splitlines()
    path = tmp_path / "log.csv"
    path.write_text("\n".join([*lines[:3], '"open,x,y', *lines[3:]]))
    seen = read(CSV, path)
    assert [e.kind for e in seen.events][:2] == [
        "application.user_membership.remove",
        "application.provision.user.deactivate",
    ]
    assert seen.complaints
    assert seen.complaints[0].provenance.place == "row 4"


def test_a_table_without_the_headings_says_what_was_expected(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    seen = read(CSV, path)
    assert seen.certainty == 0
    assert seen.complaints[-1].fatal
    assert "eventType" in seen.complaints[-1].message
    assert not read(CSV, _empty(tmp_path)).events


def _empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    return path


def test_a_log_that_was_cut_off_keeps_what_stood_before(
    tmp_path: Path, sample: Callable[[str], Path], read: Any
) -> None:
    text = sample("okta-log.json").read_text()
    path = tmp_path / "log.json"
    path.write_text(text[: text.index('"00000004-')])
    seen = read(JSON, path)
    assert len(seen.events) == 3
    assert "cut off" in seen.complaints[0].message


def test_a_line_that_is_no_event_is_passed_over(tmp_path: Path, sample: Callable[[str], Path], read: Any) -> None:
    lines = sample("okta-log.jsonl").read_text().splitlines()
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join([lines[0], "{broken", lines[1], '{"other": 1}']))
    seen = read(JSON, path)
    assert len(seen.events) == 2
    assert seen.complaints[0].provenance.place == "line 2"


def test_the_dotted_headings_of_the_console_are_read(tmp_path: Path, read: Any) -> None:
    """The order and spelling of a download: dots between members, underscores inside of them, target0 to target3."""
    headings = (
        "severity,event_type,display_message,uuid,version,timestamp,outcome.result,outcome.reason,actor.id,actor.type,"
        "actor.display_name,actor.alternate_id,client.ip_address,transaction.id,transaction.type,"
        "debug_context.debug_data.request_uri,legacy_event_type,target0.id,target0.type,target0.alternate_id,"
        "target0.display_name,target1.id,target1.type,target1.alternate_id,target1.display_name"
    )
    row = (
        "WARN,application.provision.user.deactivate,Push user deactivation,u-1,0,2026-01-02T03:04:05.678Z,FAILURE,"
        "Error while deactivating user: Not Found,00u1,User,Admin,admin@example.test,,tr1,JOB,/x,legacy,"
        "0ua1,AppUser,ada@example.test,Ada,0oa1,AppInstance,Example,Example SCIM"
    )
    path = tmp_path / "syslog_query.csv"
    path.write_text(f"{headings}\n{row}\n", "utf-8")
    seen = read(CSV, path)
    assert seen.certainty >= 90
    assert not seen.complaints
    assert (seen.events[0].person, seen.events[0].app) == ("ada@example.test", "Example SCIM")
    assert (seen.events[0].outcome, seen.events[0].ids["transaction"]) == ("FAILURE", "tr1")
    assert seen.sightings[0].at == "2026-01-02T03:04:05.678Z"


def test_a_person_is_called_by_the_user_name_wherever_the_table_has_it(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "timestamp,event_type,outcome.result,target0.type,target0.alternate_id,target0.display_name,target1.type,"
        "target1.display_name\n2026-01-02T03:04:05Z,application.provision.user.deactivate,SUCCESS,AppUser,"
        "ada@example.test,Ada L.,User,Ada L.\n"
    )
    assert [event.person for event in read(CSV, path).events] == ["ada@example.test"]
