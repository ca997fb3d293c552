"""Recorded traffic: a deactivation that was confirmed and not carried out is seen, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.checks.declared import answer_of
from harness.checks.recorded import a_recorded_deactivation_took_effect as took_effect
from harness.cli.judge_command import command
from harness.model.exchange import Exchange, Request
from harness.model.partial import NotRecorded, guarded, note_of
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import PATCH_OP
from harness.model.transcript import Transcript

RECORDED = ScenarioKey("okta/recorded-1", Kind.RECORDING, "22 recorded requests", "okta")
CHANGED = {"id": "u1", "userName": "ada@rehearsal.example", "active": True}
GONE = CHANGED | {"active": False}
OFF = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
OKTA_OFF = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "value": {"active": False}}]}
ENTRA_OFF = {"schemas": [PATCH_OP], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
ON = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": True}]}
DATE = {"Date": "Mon, 02 Mar 2026 08:00:00 GMT"}


def recorded(transcript: Transcript) -> Transcript:
    return replace(transcript, scenario=RECORDED, exchanges=tuple(guarded(x) for x in transcript.exchanges))


def patch(sent: Any = OFF, **given: Any) -> dict[str, Any]:
    return {"method": "PATCH", "path": "/Users/u1", "sent": sent, "started_at": "2026-03-02T08:00:00Z", **given}


def read(body: Any = CHANGED, at: str = "08:00:05", **given: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": body, "started_at": f"2026-03-02T{at}Z", **given}


def listed(body: Any) -> dict[str, Any]:
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "Resources": [body]}


SHOWN_ACTIVE = {
    "in the answer itself": [patch(body=CHANGED)],
    "as Okta asks": [patch(OKTA_OFF, body=CHANGED)],
    "as Entra asks, and as a word": [patch(ENTRA_OFF, body=CHANGED | {"active": "True"})],
    "by a PUT": [patch(GONE, method="PUT", body=CHANGED)],
    "in the next answer by id": [patch(status=204), read()],
    "in the next answer to a filter": [patch(status=204), read(listed(CHANGED), path="/Users")],
    "hours later, unchanged since": [
        patch(status=204, headers=DATE),
        read(CHANGED | {"meta": {"lastModified": "2026-02-01T08:00:00Z"}}, at="11:00:00"),
    ],
}

NOT_SHOWN = {
    "inactive in the answer": [patch(body=GONE)],
    "inactive by a word": [patch(body=GONE | {"active": "False"})],
    "inactive in the next answer": [patch(status=204), read(GONE)],
}

NOTHING_TO_SEE = {
    "it was refused": [patch(status=403, body={"status": "403"}), read()],
    "it switched somebody on": [patch(ON, body=CHANGED)],
    "switched on again before it was shown": [patch(status=204), patch(ON, status=204), read()],
    "switched on by a request to all": [patch(status=204), {"method": "POST", "path": "/Bulk"}, read()],
    "shown hours later, by which time anybody may have let them in": [patch(status=204), read(at="11:00:00")],
    "changed since, by the service's own clock": [
        patch(status=204, headers=DATE),
        read(CHANGED | {"meta": {"lastModified": "2026-03-02T08:00:04Z"}}),
    ],
    "somebody else is shown": [patch(status=204), read(CHANGED | {"id": "u2"}, path="/Users/u2")],
    "active is not shown": [patch(body={"id": "u1"})],
    "what was asked was not recorded": [patch(body=CHANGED, sent=b"", notes=("not recorded: request body",))],
}


@pytest.mark.parametrize("exchanges", SHOWN_ACTIVE.values(), ids=SHOWN_ACTIVE)
def test_somebody_who_is_shown_active_after_a_confirmed_deactivation_is_told(
    exchanges: list[dict[str, Any]], see: Callable[..., Any], found: Callable[..., Any]
) -> None:
    (finding,) = found(took_effect, recorded(see(exchanges)))
    assert (finding.requirement, finding.at, finding.likeness) == ("PROF-D-12", "/active", "still-active")


@pytest.mark.parametrize("exchanges", NOT_SHOWN.values(), ids=NOT_SHOWN)
def test_somebody_who_is_shown_inactive_is_fine(
    exchanges: list[dict[str, Any]], see: Callable[..., Any], found: Callable[..., Any]
) -> None:
    assert found(took_effect, recorded(see(exchanges))) == []


@pytest.mark.parametrize("exchanges", NOTHING_TO_SEE.values(), ids=NOTHING_TO_SEE)
def test_what_the_recording_cannot_show_is_not_guessed(
    exchanges: list[dict[str, Any]], see: Callable[..., Any], applies: Callable[..., bool]
) -> None:
    assert not applies(took_effect, recorded(see(exchanges)))


def test_a_rehearsal_reads_the_person_itself_and_needs_no_such_guess(
    see: Callable[..., Any], applies: Callable[..., bool]
) -> None:
    assert not applies(took_effect, see(SHOWN_ACTIVE["in the answer itself"], scenario="okta/oin/leaver"))


@pytest.mark.parametrize("active", [True, False])
def test_the_command_says_of_a_recorded_service_that_leavers_keep_access_when_they_do(
    active: bool, tmp_path: Path
) -> None:
    answer = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], **CHANGED, "active": active}
    kind = [{"name": "Content-Type", "value": "application/scim+json"}]
    entry = {
        "startedDateTime": "2026-03-02T08:00:00.000Z",
        "time": 1,
        "request": {
            "method": "PATCH",
            "url": "https://app.example/scim/v2/Users/u1",
            "headers": [{"name": "User-Agent", "value": "Okta SCIM Client 1.0.0"}, *kind],
            "postData": {"mimeType": "application/scim+json", "text": json.dumps(OKTA_OFF)},
        },
        "response": {
            "status": 200,
            "headers": kind,
            "content": {"mimeType": "application/scim+json", "text": json.dumps(answer)},
        },
    }
    file = tmp_path / "traffic.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), "utf-8")
    told = CliRunner().invoke(command, [str(file), "--out", str(tmp_path / "run"), "--report", "junit"])
    assert ("Leavers keep access" in told.output) is active, told.output
    assert told.exit_code == 1 or not active


def test_a_body_that_was_not_recorded_hides_no_other_answer(
    crossed: Callable[..., Exchange], told: Callable[..., Transcript]
) -> None:
    asked = Request("GET", "https://app.example/scim/v2/x")
    types, schemas = (json.dumps(listed(one)).encode() for one in ({"name": "User"}, {"id": "urn:x"}))
    notes = (note_of(["response body"]),)
    there = crossed(1, path="/ResourceTypes", body=types, request=asked)
    lacking = crossed(2, path="/Schemas", body=schemas, request=asked, notes=notes)
    transcript = recorded(told(there, lacking))
    assert answer_of(transcript, "ResourceTypes") == transcript.exchanges[0]
    with pytest.raises(NotRecorded):
        answer_of(transcript, "Schemas")
