"""Entra's provisioning log as CSV: three files joined by change id, any of them missing, and what spreadsheets do."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.intake.entra_csv import IMPORTER
from harness.intake.reading import read_files, recognise
from harness.model.sighting import Complaint, LogEvent

LOG = "ProvisioningLogs_2026-01-02.csv"
STEPS = "ProvisioningLogs_ProvisioningSteps_2026-01-02.csv"
CHANGES = "ProvisioningLogs_ModifiedProperties_2026-01-02.csv"
Sample = Callable[[str], Path]


def told(*paths: Path) -> tuple[list[LogEvent], list[Complaint]]:
    found = list(read_files(paths))
    complaints = [c for c in found if isinstance(c, Complaint)]
    return [s.event for s in found if not isinstance(s, Complaint) and s.event is not None], complaints


def is_whole(events: list[LogEvent]) -> None:
    disable, skip, group, new = events
    assert (disable.kind, disable.outcome, disable.person) == ("disable", "failure", "ada@example.test")
    assert disable.code == "SystemForCrossDomainIdentityManagementBadRequest"
    assert [step[0] for step in disable.steps] == [
        "EntryImportUpdate",
        "EntrySynchronizationUpdate",
        "EntryExportUpdate",
    ]
    assert disable.changes == (("active", "True", "False"),)
    assert disable.target_id == "u-1001"
    assert skip.details["EntrySynchronizationScoping.SkipReason"] == "NotEffectivelyEntitled"
    assert (group.group, group.person) == ("Team Red", "")
    assert new.changes == (("displayName", "", "Cyd Example"),)


@pytest.mark.parametrize("order", [(LOG, STEPS, CHANGES), (CHANGES, LOG, STEPS)])
def test_the_three_files_are_joined_in_whatever_order_they_come(order: tuple[str, ...], sample: Sample) -> None:
    events, complaints = told(*map(sample, order))
    assert complaints == []
    is_whole(events)


def test_the_answer_in_the_reason_is_an_exchange_at_the_same_row(sample: Sample, read: Any) -> None:
    seen = read(IMPORTER, sample(LOG))
    assert [s.exchange.status for s in seen.exchanges] == [400, 404]
    assert seen.exchanges[0].provenance.place == "row 2"


def test_a_zip_of_them_is_the_same(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (STEPS, LOG, CHANGES):
            archive.write(sample(name), f"folder/{name}")
    events, complaints = told(path)
    assert complaints == []
    is_whole(events)


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252")])
def test_files_that_went_through_a_spreadsheet_are_read(
    separator: str, encoding: str, tmp_path: Path, sample: Sample
) -> None:
    paths = []
    for name in (LOG, STEPS, CHANGES):
        with sample(name).open(newline="") as file:
            rows = list(csv.reader(file))
        paths.append(tmp_path / f"{name[17:23]}.csv")
        with paths[-1].open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    events, complaints = told(*paths)
    assert complaints == []
    is_whole(events)


def test_translated_headings_are_found_by_what_stands_below(tmp_path: Path, sample: Sample) -> None:
    new = {LOG: {"Change Id": "Änderungs-ID", "Action": "Vorgang", "Status": "Zustand"}, STEPS: {"Change Id": "Id-Ä"}}
    paths = []
    for name in (LOG, STEPS, CHANGES):
        text = sample(name).read_text()
        first, _, rest = text.partition("\n")
        for old, other in new.get(name, {}).items():
            first = first.replace(old, other, 1)
        paths.append(tmp_path / name)
        paths[-1].write_text(f"{first}\n{rest}")
    assert told(*paths)[0][0].changes == (("active", "True", "False"),)
    is_whole(told(*paths)[0])


def test_of_several_ids_the_one_that_joins_the_files_is_found(tmp_path: Path, sample: Sample) -> None:
    text = sample(LOG).read_text()
    for heading, other in (("Tenant Id", "Mandant"), ("Cycle Id", "Zyklus"), ("Change Id", "Vorgangsnummer")):
        text = text.replace(heading, other, 1)
    path = tmp_path / LOG
    path.write_text(text)
    is_whole(told(path, sample(STEPS), sample(CHANGES))[0])


def test_a_missing_file_is_named_and_the_rest_is_told(sample: Sample) -> None:
    events, complaints = told(sample(LOG), sample(STEPS))
    assert len(events) == 4
    assert ["ModifiedProperties" in c.message for c in complaints] == [True]
    assert not complaints[0].fatal


def test_side_files_alone_tell_what_they_can(sample: Sample) -> None:
    events, complaints = told(sample(STEPS), sample(CHANGES))
    assert {e.ids["changeId"][:8] for e in events} == {"00001001", "00001002", "00001003", "00001004"}
    disable = next(e for e in events if e.ids["changeId"].startswith("00001001"))
    assert disable.person == "ada@example.test"
    assert disable.outcome == "failure"
    assert "the log itself is not there" in complaints[0].message


def test_changes_that_the_log_does_not_have_are_counted(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / LOG
    path.write_text("".join(sample(LOG).read_text().splitlines(keepends=True)[:3]))
    events, complaints = told(path, sample(STEPS), sample(CHANGES))
    assert len(events) == 2
    assert "2 changes" in complaints[-1].message


def test_an_export_of_azure_monitor_is_one_table(sample: Sample, read: Any) -> None:
    seen = read(IMPORTER, sample("entra-monitor.csv"))
    assert seen.certainty >= 90
    is_whole(seen.events)
    assert seen.sightings[0].at == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize("name", [LOG, STEPS, CHANGES, "entra-monitor.csv"])
def test_each_file_is_recognised_without_its_name(name: str, tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(sample(name).read_bytes())
    found = recognise(path)
    assert found is not None
    assert found.name == "entra-csv"


@pytest.mark.parametrize("text", ["name,type,description\na,b,c\n", "old,new\n1,2\n", "action,status\nx,y\n", ""])
def test_another_table_is_not_taken_for_one(text: str) -> None:
    assert IMPORTER.recognises("x.csv", text.encode()) == 0


def test_damage_costs_rows_and_is_told_with_the_row(tmp_path: Path, sample: Sample) -> None:
    lines = sample(LOG).read_text().splitlines(keepends=True)
    path = tmp_path / LOG
    path.write_text("".join([*lines[:2], "only,two\n", *lines[2:]]))
    events, complaints = told(path, sample(STEPS), sample(CHANGES))
    assert len(events) == 4
    assert complaints[0].provenance.place == "row 3"
    assert "2 cells" in complaints[0].message


def test_a_table_that_a_script_made_of_the_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(
        "id,activityDateTime,tenantId,jobId,cycleId,changeId,provisioningAction,provisioningStatusInfoStatus,"
        "reportableIdentifier,SourceIdentity_EntraId,TargetIdentity_EntraId\n"
        "a1,2026-01-02T03:04:05Z,t1,scim.0123456789abcdef.x,c1,d1,disable,failure,ada@example.test,s1,u1\n",
        "utf-8",
    )
    (event,), complaints = told(path)
    assert not [c for c in complaints if c.fatal]
    assert (event.kind, event.outcome, event.person) == ("disable", "failure", "ada@example.test")
    assert (event.source_id, event.target_id) == ("s1", "u1")


def test_a_credential_in_a_modified_property_is_masked(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "ProvisioningLogs_ModifiedProperties.csv"
    path.write_text('Change Id,Display Name,Old Value,New Value\nd1,note,,"password=4f7a1c9e2d8b"\n', "utf-8")
    assert "4f7a1c9e2d8b" not in repr(told(path))


def test_rows_are_numbered_as_a_spreadsheet_does_to_the_last(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "ProvisioningLogs.csv"
    rows = "".join(f"2026-01-01T00:00:{n % 60:02}Z,c{n},update,success,user{n}@example.test\n" for n in range(2, 52))
    path.write_text("Date,Change Id,Action,Status,Source Identity Name\n" + rows, "utf-8")
    seen = read(IMPORTER, path)
    assert [s.provenance.place for s in seen.sightings] == [f"row {n}" for n in range(2, 52)]
    assert [e.ids["changeId"] for e in seen.events] == [f"c{n}" for n in range(2, 52)]


def test_a_zip_that_only_stores_its_files_is_opened_like_any_other(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in (LOG, STEPS, CHANGES):
            archive.write(sample(name), name)
    events, complaints = told(path)
    is_whole(events)
    assert not complaints
