"""What the Entra administrator sees."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.account import Cast
from harness.model.change import Assign, Disable, HardDelete, PushGroup, SoftDelete, TestConnection, Unassign
from harness.model.exchange import TroubleKind
from simulators.entra import ENTRA, Setup
from simulators.entra.mapping import FULL

PREFIX = "SystemForCrossDomainIdentityManagement"


def test_a_right_key_is_confirmed(job: Any, answers: Any) -> None:
    play = job().when(TestConnection()) << answers.users() << answers.users()
    assert play.notices == [("Success", "", "The supplied credentials are authorized to enable provisioning")]


@pytest.mark.parametrize(
    ("answer", "code", "text"),
    [
        (
            lambda a: a.error(401),
            f"{PREFIX}CredentialValidationFailure",
            "Operation: GET Response Status Code: Unauthorized",
        ),
        (lambda a: a.error(503), f"{PREFIX}CredentialValidationUnavailable", "Status Code: ServiceUnavailable"),
        (lambda a: a.trouble(), f"{PREFIX}CredentialValidationUnavailable", "timeout on the way"),
        (lambda a: a.error(404), f"{PREFIX}ServiceIncompatible", "rather than the expected HTTP/200 OK response"),
        (lambda a: a.raw(b"<html>"), f"{PREFIX}ServiceIncompatible", "deserialize the resource received: <html>"),
    ],
)
def test_a_failed_connection_test_shows_code_and_dump(
    job: Any, answers: Any, answer: Any, code: str, text: str
) -> None:
    play = job().when(TestConnection()) << answer(answers)
    ((status, shown, dump),) = play.notices
    assert (status, shown) == ("Failure", code)
    assert text in dump


def test_the_dump_shows_the_quotes_as_entra_prints_them_not_as_it_sends_them(job: Any, answers: Any) -> None:
    play = job().when(TestConnection()) << answers.error(401)
    assert '?filter=userName eq "' in play.notices[0][2]


def test_a_service_without_groups_fails_the_first_connection_test(job: Any, answers: Any) -> None:
    play = job().when(TestConnection()) << answers.users() << answers.error(404)
    assert play.notices[0][:2] == ("Failure", f"{PREFIX}ServiceIncompatible")


def test_a_leaver_is_logged_as_skipped_and_then_disabled(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.no_content
    assert [(status, text) for status, _, text in play.notices] == [
        ("Skipped", "ada@example.example was found and linked, and is in step already"),
        ("Success", "Disable ada@example.example"),
    ]
    assert not ENTRA.outlook(play.transcript()).troubled


def test_a_refused_disable_is_told_in_the_captured_frame(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.error(400, "no such path")
    status, code, text = play.notices[-1]
    assert (status, code) == ("Failure", f"{PREFIX}BadRequest")
    assert "StatusCode: BadRequest Message: Processing of the HTTP request resulted in an exception." in text
    assert '"detail": "no such path"' in text
    assert text.endswith(
        "This operation was retried 0 times. It will be retried again after this date: 2026-01-01T02:00:00Z UTC"
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "Unauthorized"),
        (403, "InsufficientRights"),
        (404, "InvalidAnchor"),
        (405, "MethodNotAllowed"),
        (409, f"{PREFIX}ServiceIncompatibleFiltering"),
        (422, "UnprocessableEntity"),
        (429, "TooManyRequests"),
        (500, "InternalServerError"),
        (501, "NotImplemented"),
        (418, f"{PREFIX}ServiceIncompatible"),
    ],
)
def test_each_status_of_a_patch_has_its_code(linked: Any, answers: Any, status: int, code: str) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.error(status)
    assert ("Failure", code) in [notice[:2] for notice in play.notices]


def test_a_conflict_on_creation_is_an_entry_conflict(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.users() << answers.error(409)
    assert play.notices[-1][:2] == ("Failure", "EntryConflict")


def test_a_refused_key_quarantines_the_job_once(linked: Any, answers: Any) -> None:
    play = linked().when(Disable("leaver")) << answers.error(401)
    play.when(SoftDelete("leaver")) << answers.error(401)
    assert [status for status, _, _ in play.notices].count("Failure") == 2
    assert [status for status, _, _ in play.notices].count("Quarantine") == 1
    assert ENTRA.outlook(play.transcript()).troubled


def test_a_success_that_cannot_be_read_is_told_as_incompatible(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.raw(b"<html>")
    assert play.notices[-1][:2] == ("Failure", f"{PREFIX}ServiceIncompatible")


def test_silence_is_a_timeout(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.trouble(TroubleKind.TIMEOUT)
    assert play.notices[-1][:2] == ("Failure", "Timeout")


def test_a_purge_is_logged_as_delete(linked: Any, answers: Any) -> None:
    play = linked().when(SoftDelete("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(HardDelete("leaver")) << answers.no_content
    assert play.notices[-1][2] == "Delete ada@example.example"


def test_a_refused_group_is_told_by_its_name(job: Any, answers: Any) -> None:
    play = job().when(PushGroup()) << answers.users() << answers.error(501)
    status, code, text = play.notices[-1]
    assert (status, code) == ("Failure", "NotImplemented")
    assert text.startswith("Sales: StatusCode: NotImplemented")


def test_what_was_held_back_or_cut_short_is_not_told_as_skipped(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.trouble(TroubleKind.GUARD)
    assert len(play.notices) == 1
    play = linked()
    play.changes.append(Unassign("leaver"))
    seen = ENTRA.outlook(replace(play.transcript(), complete=False))
    assert [notice.code for notice in seen.notices] == ["RedundantExport"]
    assert seen.removals == ()


def test_a_record_that_goes_another_way_is_told_row_by_row_and_claims_nothing_more(linked: Any, answers: Any) -> None:
    play = linked(setup=Setup(mapping=FULL)) << answers.no_content
    play.when(Unassign("leaver")) << answers.error(401)
    seen = ENTRA.outlook(play.transcript())
    assert [(n.status, n.code) for n in seen.notices] == [
        ("Success", ""),
        ("Failure", "Unauthorized"),
        ("Quarantine", "EncounteredQuarantineException"),
    ]
    assert seen.removals == ()
    assert seen.quarantine is None


def test_imported_traffic_is_told_row_by_row(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.error(400)
    imported = replace(play.transcript(), changes=())
    seen = ENTRA.outlook(imported)
    assert [n.code for n in seen.notices] == [f"{PREFIX}BadRequest"]
    assert seen.notices[0].text.startswith("/Users/u-1001: StatusCode: BadRequest")
    assert seen.removals == ()


def test_what_another_idp_sends_is_no_part_of_this_ones_log(linked: Any, answers: Any) -> None:
    play = linked()
    play.changes.append(Unassign("leaver", by="second"))
    seen = ENTRA.outlook(play.transcript())
    assert [n.status for n in seen.notices] == ["Skipped"]
    assert seen.removals == ()


def test_a_leaver_whose_request_was_held_back_by_the_harness_is_not_judged(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.trouble(TroubleKind.GUARD)
    assert ENTRA.outlook(play.transcript()).removals == ()


@pytest.mark.parametrize(
    ("told", "state", "why"),
    [
        (lambda a: (a.one(a.user()), a.no_content), "done", "the service confirmed it"),
        (lambda a: (a.one(a.user(active=False)),), "done", "inactive at the service already"),
        (lambda a: (a.one(a.user()), a.error(400)), "pending", "it is due at 2026-01-01T02:00:00Z, after 0 retries"),
        (lambda a: (a.error(500),), "pending", "could not be read; it is due at"),
        (lambda a: (a.error(404),), "lost", "InvalidAnchor"),
    ],
)
def test_what_became_of_a_leaver_is_told_with_its_reason(
    linked: Any, answers: Any, told: Any, state: str, why: str
) -> None:
    play = linked().when(Unassign("leaver"))
    for answer in told(answers):
        play << answer
    (removal,) = ENTRA.outlook(play.transcript()).removals
    assert (removal.part, removal.state) == ("leaver", state)
    assert why in removal.why
    assert removal.exchange == play.sent[-1].id


def test_every_row_carries_its_minute_and_its_step(linked: Any, answers: Any) -> None:
    play = linked().when(Disable("leaver")) << answers.one(answers.user()) << answers.no_content
    rows = ENTRA.outlook(play.transcript()).notices
    assert [(n.at, n.step) for n in rows] == [(40, "EntrySynchronizationSkip"), (80, "EntryExportUpdateSoftDelete")]


def test_people_under_pseudonyms_cost_the_administrator_nothing_of_the_view(tmp_path: Path) -> None:
    words = [
        "run",
        "--idp",
        "entra:default",
        "--story",
        "leaver",
        "--redact",
        "personal",
        "--json",
        "--report",
        "junit",
    ]
    ran = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "run")])
    (scenario,) = json.loads(ran.stdout)["scenarios"]
    assert [r["state"] for r in scenario["outlook"]["removals"]] == ["done"]
    rows = [(n["at"], n["status"], n["text"]) for n in scenario["outlook"]["notices"]]
    assert [row[:2] for row in rows] == [(40, "Skipped"), (80, "Success")]
    assert all("@pseudonym.invalid" in text for _, _, text in rows)


def test_a_record_that_was_killed_before_its_cast_was_written_is_told_row_by_row(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.error(400)
    killed = replace(play.transcript(), cast=Cast(), complete=False)
    seen = ENTRA.outlook(killed)
    assert [(n.code, n.text[:6]) for n in seen.notices] == [(f"{PREFIX}BadRequest", "leaver")]
    assert seen.removals == ()
