"""Entra's provisioning log as JSON is read in every shape that people hand in, and damage is told with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.intake.entra_log import IMPORTER
from harness.model.sighting import Confidence
from harness.model.step import Intent

WHOLE = ("entra-graph.json", "entra-portal.json", "entra-monitor.jsonl", "entra-monitor-query.json")
SHAPES = (*WHOLE, "entra-graph-single.json", "entra-diagnostic.json", "entra-on-demand.json")


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_recognised_by_its_content(name: str, sample: Callable[[str], Path], read: Any) -> None:
    assert read(IMPORTER, sample(name)).certainty >= 90


@pytest.mark.parametrize("name", WHOLE)
def test_every_shape_tells_the_same(name: str, sample: Callable[[str], Path], read: Any) -> None:
    seen = read(IMPORTER, sample(name))
    disable, skip, group, new = seen.events
    assert (disable.kind.lower(), disable.outcome.lower()) == ("disable", "failure")
    assert disable.code == "SystemForCrossDomainIdentityManagementBadRequest"
    assert (disable.person, disable.target_id, disable.app) == ("ada@example.test", "u-1001", "Example SCIM")
    assert disable.source_id == "00002001-1111-2222-3333-444444444444"
    assert disable.changes == (("active", "True", "False"),)
    assert [step[1].lower() for step in disable.steps] == ["success", "success", "failure"]
    assert disable.ids["changeId"] == "00001001-1111-2222-3333-444444444444"
    assert disable.details["sourceIdentity.displayName"] == "Ada Example"
    assert disable.actor == "Azure AD Provisioning Service"
    assert (skip.person, skip.code) == ("ben@example.test", "NotEffectivelyEntitled")
    assert skip.details["EntrySynchronizationScoping.SkipReason"] == "NotEffectivelyEntitled"
    assert (group.group, group.person) == ("Team Red", "")
    assert new.kind.lower() == "unknownfuturevalue"
    times = [s.at for s in seen.sightings if s.event]
    assert (times[0], times[-1]) == ("2026-01-02T03:04:05Z", "2026-01-02T03:05:05.123Z")


@pytest.mark.parametrize("name", WHOLE)
def test_the_answer_inside_of_the_error_text_becomes_an_exchange(
    name: str, sample: Callable[[str], Path], read: Any
) -> None:
    seen = read(IMPORTER, sample(name))
    disable, group = seen.exchanges
    assert disable.confidence is Confidence.REPORTED
    assert disable.exchange.status == 400
    assert disable.exchange.json["scimType"] == "invalidPath"
    assert (disable.exchange.method, disable.exchange.path) == ("PATCH", "/Users/u-1001")
    assert disable.exchange.intent is Intent.DEACTIVATE
    assert "request body" in disable.missing
    assert "base URL" in disable.missing
    assert group.exchange.status == 404
    assert group.exchange.body.startswith(b"<html>")
    assert group.exchange.intent is Intent.GROUP_LOOKUP
    event = next(s for s in seen.sightings if s.event)
    assert event.provenance == disable.provenance


def test_a_page_that_is_not_the_last_says_so(sample: Callable[[str], Path], read: Any) -> None:
    (complaint,) = read(IMPORTER, sample("entra-graph.json")).complaints
    assert "next" in complaint.message
    assert not complaint.fatal


def test_an_on_demand_answer_is_taken_out_of_its_strings(sample: Callable[[str], Path], read: Any) -> None:
    seen = read(IMPORTER, sample("entra-on-demand.json"))
    (event,) = seen.events
    assert (event.outcome, event.code, event.person) == ("Skipped", "RedundantExport", "ada@example.test")
    assert event.details["EntrySynchronizationScoping.Assigned"] == "True"
    assert event.target_id == "u-1001"
    assert seen.sightings[0].at == "2026-01-02T03:04:05Z"


def test_a_diagnostic_record_is_unwrapped(sample: Callable[[str], Path], read: Any) -> None:
    assert [e.person for e in read(IMPORTER, sample("entra-diagnostic.json")).events] == [
        "ada@example.test",
        "ben@example.test",
    ]


def test_a_file_that_was_cut_off_keeps_what_stood_before(
    tmp_path: Path, sample: Callable[[str], Path], read: Any
) -> None:
    text = sample("entra-portal.json").read_text()
    path = tmp_path / "cut.json"
    path.write_text(text[: len(text) * 2 // 3])
    seen = read(IMPORTER, path)
    assert len(seen.events) == 2
    (complaint,) = seen.complaints
    assert "cut off" in complaint.message
    assert complaint.hint
    assert not complaint.fatal


def test_damage_in_the_middle_costs_one_record(tmp_path: Path, sample: Callable[[str], Path], read: Any) -> None:
    text = sample("entra-portal.json").read_text()
    path = tmp_path / "damaged.json"
    path.write_text(text.replace('"ben@example.test", "identityType"', '"ben@example.test" "identityType"', 1))
    seen = read(IMPORTER, path)
    assert [e.person or e.group for e in seen.events] == ["ada@example.test", "Team Red", "cyd@example.test"]
    assert [c.message.partition(":")[0] for c in seen.complaints] == ["this is not valid JSON"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_the_encoding_is_told_by_the_bytes(
    encoding: str, tmp_path: Path, sample: Callable[[str], Path], read: Any
) -> None:
    path = tmp_path / "log.json"
    path.write_text(sample("entra-portal.json").read_text(), encoding=encoding)
    seen = read(IMPORTER, path)
    assert len(seen.events) == 4
    assert not seen.complaints
    assert seen.certainty >= 90


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "no record"), ("[]", "no record"), ("hello", "expected JSON"), ('[{"a": 1}]', "of another kind")],
)
def test_what_is_no_log_says_so_and_what_to_do(text: str, message: str, tmp_path: Path, read: Any) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    seen = read(IMPORTER, path)
    assert message in seen.complaints[0].message
    assert seen.complaints[-1].fatal
    assert seen.complaints[0].hint


def test_no_credential_survives(tmp_path: Path, sample: Callable[[str], Path], read: Any) -> None:
    record = json.loads(sample("entra-graph-single.json").read_text())
    reason = "Response Headers: Set-Cookie: CANARY-1=2\r\nAuthorization: Bearer CANARY-abcdefgh"
    record["provisioningStatusInfo"]["errorInformation"]["reason"] = f"StatusCode: Unauthorized {reason}"
    path = tmp_path / "x.json"
    path.write_text(json.dumps(record))
    seen = read(IMPORTER, path)
    assert seen.exchanges[0].exchange.status == 401
    assert "CANARY" not in repr(seen.all)
