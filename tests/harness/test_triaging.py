"""triage: files in, an answer out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.triage_command import command
from harness.model.case import Likelihood
from harness.model.sighting import Confidence, LogEvent, Provenance, Sighting
from harness.triage.look import look
from harness.triaging import told, triage

SECRET = "mb_live_4f7a1c9e2d8b6035"  # a canary


def entra(
    path: Path, *, action: str, status: str, code: str = "", reason: str = "", who: str = "ada@example.test"
) -> Path:
    record = {
        "activityDateTime": "2026-01-02T03:04:05Z",
        "provisioningAction": action,
        "provisioningStatusInfo": {"status": status, "errorInformation": {"errorCode": code, "reason": reason}},
        "sourceIdentity": {"id": "5f1", "displayName": who, "identityType": "User"},
        "targetIdentity": {"id": "u-1", "displayName": "", "identityType": "User"},
    }
    path.write_text(json.dumps({"value": [record]}), "utf-8")
    return path


REFUSED = 'StatusCode: BadRequest Message: x Web Response: {"status":"400","detail":"active must be a boolean"}.'


def refused(tmp_path: Path) -> Path:
    code = "SystemForCrossDomainIdentityManagementBadRequest"
    return entra(tmp_path / "log.json", action="disable", status="failure", code=code, reason=REFUSED)


def test_the_likeliest_cause_is_told_with_evidence_and_a_reply(tmp_path: Path) -> None:
    case = triage([refused(tmp_path)])
    assert case.causes[0].id == "active-string-false-rejected"
    assert case.causes[0].likelihood is Likelihood.HIGH
    assert "log.json, value[0]" in " ".join(case.causes[0].evidence)
    assert "aadOptscim062020" in case.reply
    assert case.divergence is not None
    assert [t.subject for t in case.timelines] == ["ada@example.test"]


def test_the_command_prints_json_for_scripts(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(refused(tmp_path)), "--json"])
    assert result.exit_code == 0
    cause = json.loads(result.stdout)["causes"][0]
    assert {"id", "confidence", "who", "evidence"} <= cause.keys()


def test_what_cannot_be_known_is_said_and_asked_for(tmp_path: Path) -> None:
    path = entra(tmp_path / "log.json", action="create", status="success")
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 1
    assert "do not tell" in result.output
    assert "access log" in result.output


def test_a_file_that_cannot_be_read_is_told_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "broken.bin"
    path.write_bytes(bytes(range(256)) * 8)
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 2
    assert "broken.bin" in result.output


def test_people_are_put_under_pseudonyms_in_everything(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(command, [str(refused(tmp_path)), "--redact", "personal", "--out", str(out)])
    written = "".join(p.read_text("utf-8") for p in out.iterdir())
    assert {p.name for p in out.iterdir()} == {"case.json", "case.html", "reply.txt"}
    for text in (result.output, written):
        assert "ada@example.test" not in text
        assert "person-" in text.lower()


def test_a_key_inside_an_error_text_is_taken_out(tmp_path: Path) -> None:
    reason = f"StatusCode: Unauthorized Message: x Web Response: Authorization: Bearer {SECRET} was refused"
    path = entra(tmp_path / "log.json", action="disable", status="failure", code="Unauthorized", reason=reason)
    document = json.dumps(told(triage([path])))
    assert SECRET not in document


def test_the_page_asks_nobody_for_anything_and_escapes(tmp_path: Path) -> None:
    page = tmp_path / "case.html"
    reason = REFUSED.replace("active", "<script>alert(1)</script> active")
    path = entra(tmp_path / "log.json", action="disable", status="failure", reason=reason)
    CliRunner().invoke(command, [str(path), "--html", str(page)])
    html = page.read_text("utf-8")
    assert "<script" not in html
    assert "default-src &#39;none&#39;" in html


def test_a_missing_file_is_wrong_usage() -> None:
    assert CliRunner().invoke(command, ["nowhere.json"]).exit_code == 2


def test_of_a_great_many_people_no_evidence_is_kept_that_nobody_will_look_at() -> None:
    from harness.triage.person import LOOKED, Person

    many = Person(LOOKED + 1, "ben@example.test", group=False)
    few = Person(1, "ada@example.test", group=False)
    provenance = Provenance("log.json", "entra-log", "value[0]")
    event = LogEvent("entra", "disable", "success", person="ada@example.test")
    seen = look(Sighting(provenance, Confidence.REPORTED, "", "entra", event=event), 1)
    assert seen is not None
    for person in (few, many):
        person.follow(seen)
        assert person.did
    assert (few.asked, many.asked) == (False, False)
    assert few.asked_look is seen
    assert many.asked_look is None


def test_a_tenant_url_with_the_flag_leaves_one_form_of_what_must_have_been_sent(tmp_path: Path) -> None:
    log = refused(tmp_path)
    both = triage([log]).rebuilt
    assert len(both) > 1
    url = "https://app.example.test/scim/v2?aadOptscim062020"
    secrets = tmp_path / "secrets.json"
    secrets.write_text(
        json.dumps({"value": [{"key": "BaseAddress", "value": url}, {"key": "SecretToken", "value": SECRET}]}), "utf-8"
    )
    assert [p.variant for p in triage([log, secrets]).rebuilt] == ["aadOptscim062020"]


def test_recorded_traffic_beside_a_log_says_of_which_app_type_the_log_is(tmp_path: Path) -> None:
    log = refused(tmp_path)
    body = {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    request = {
        "method": "PATCH", "url": "https://app.example.test/scim/v2/Users/u-9", "headers": [],
        "postData": {"mimeType": "application/scim+json", "text": json.dumps(body)},
    }  # fmt: skip
    entry = {
        "startedDateTime": "2026-01-03T03:04:05Z", "request": request, "response": {"status": 204, "headers": []}
    }  # fmt: skip
    har = tmp_path / "gateway.har"
    har.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), "utf-8")
    assert [p.variant for p in triage([log, har]).rebuilt] == ["default"]


def test_what_the_customer_is_asked_for_needs_no_command_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text("Hello, our people cannot get in any more.", "utf-8")
    case = triage([path])
    assert any("scimulator capture" in what for what in case.unknown)
    assert "scimulator" not in case.reply
    assert "a capture of one attempt" in case.reply


def test_a_second_explanation_of_the_same_event_is_not_told_to_the_customer_as_a_second_fault(tmp_path: Path) -> None:
    reason = "more than one object of the application matched"
    log = entra(tmp_path / "log.json", action="disable", status="failure", code="DuplicateTargetEntries", reason=reason)
    case = triage([log])
    assert [c.id for c in case.causes[:2]] == ["duplicate-accounts", "filter-ignored"]
    assert "It may also be another thing." in case.reply
    assert "There is a second thing" not in case.reply


def test_a_recording_of_which_only_the_beginning_is_judged_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness import blaming

    monkeypatch.setattr(blaming, "MOST", 3)
    request = {"method": "GET", "url": "https://a.example/scim/v2/Users/1", "headers": []}
    answer = {"status": 200, "headers": [], "content": {"text": '{"id":"1","userName":"ada","active":true}'}}
    entries = [{"startedDateTime": "2026-03-01T08:00:00Z", "request": request, "response": answer}] * 5
    (tmp_path / "a.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), "utf-8")
    (told,) = triage([tmp_path / "a.har"]).complaints
    assert told.message.startswith("each of its 5 exchanges was looked at for signs of trouble, and the first 3")
    assert "--most" in told.hint
