"""replay FILE: the same requests in the same order, with the ids, people and key of the service that is asked now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.step import Effect
from harness.record import lines, read

URL = "https://crm.example/scim/v2"
KEY = "c4nary-5ecret-0123456789"
OKTA = [{"name": "User-Agent", "value": "Okta SCIM Client 1.0.0"}, {"name": "Authorization", "value": f"Bearer {KEY}"}]
LIST, USER = "urn:ietf:params:scim:api:messages:2.0:ListResponse", "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def person(active: bool) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "id": "42",
        "userName": "ada@crm.example",
        "active": active,
        "meta": {"resourceType": "User"},
    }


def exchange(method: str, path: str, status: int, answer: Any, sent: Any = None) -> dict[str, Any]:
    text = json.dumps(answer) if answer is not None else ""
    request: dict[str, Any] = {"method": method, "url": URL + path, "headers": OKTA, "bodySize": 0}
    if sent is not None:
        request["postData"] = {"text": json.dumps(sent)}
    content = {"size": len(text), "text": text}
    headers = [{"name": "Content-Type", "value": "application/scim+json"}] if text else []
    return {"request": request, "response": {"status": status, "headers": headers, "content": content}}


SEARCH = exchange(
    "GET",
    "/Users?filter=userName%20eq%20%22ada%40crm.example%22&startIndex=1&count=100",
    200,
    {"schemas": [LIST], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [person(True)]},
)
OFF = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "value": {"active": False}}]}
LEAVER = [
    SEARCH,
    exchange("PATCH", "/Users/42", 200, person(False), OFF),
    exchange("GET", "/Users/42", 200, person(False)),
]


def har(tmp_path: Path, entries: Sequence[dict[str, Any]]) -> Path:
    path = tmp_path / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def replay(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["replay", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def sent(directory: Path) -> Iterator[dict[str, Any]]:
    return (line for line in lines(directory, "exchanges") if line["role"] == "idp")


def test_a_leaver_is_deactivated_again_under_another_id(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, told = replay(har(tmp_path, LEAVER), "--out", out)
    assert code == 0, told
    assert "Same:" in told
    search, patch, get = sent(out)
    assert "ada%40crm.example" in search["query"]
    assert patch["path"] == get["path"] != "/Users/42"
    assert json.loads(patch["request"]["body"]["text"]) == OFF
    assert patch["request"]["headers"][-1] == ["Authorization", "Bearer [redacted:token]"]
    assert (out / "comparison.html").exists()
    assert KEY not in "".join(p.read_text("utf-8", "replace") for p in out.rglob("*") if p.is_file())


def test_another_outcome_is_shown_side_by_side(tmp_path: Path) -> None:
    still = [SEARCH, LEAVER[1], exchange("GET", "/Users/42", 200, person(True))]
    code, told = replay(har(tmp_path, still), "--out", tmp_path / "out")
    assert code == 1
    assert "recorded" in told
    assert "replayed" in told
    assert "/active" in told
    assert "entry 3" in told
    page = (tmp_path / "out" / "comparison.html").read_text()
    assert "/active" in page


def test_a_wrong_of_the_reference_server_is_a_divergence(tmp_path: Path) -> None:
    code, told = replay(har(tmp_path, LEAVER), "--out", tmp_path / "out", "--defect", "patch-noop-success", "--json")
    document = json.loads(told[told.index("{") :])
    assert code == 1
    assert document["outcome"] == "diverged"
    assert [d["path"] for d in document["divergences"]] == ["/Users/{id}"]


def test_both_sides_are_run_directories(tmp_path: Path) -> None:
    out = tmp_path / "out"
    replay(har(tmp_path, LEAVER), "--out", out, "--report", "html")
    assert set(read(out).transcripts) == set(read(out / "recorded").transcripts) == {"okta/recorded-1"}
    runner = CliRunner()
    for arguments in (["judge", out], ["report", out], ["compare", out / "recorded", out]):
        result = runner.invoke(main, [str(a) for a in arguments])
        assert result.exit_code in (0, 1), result.output
    assert replay(har(tmp_path, LEAVER), "--out", out)[0] == 2


def test_without_bodies_only_statuses_are_compared(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(
        '::1 - - [01/Mar/2026:08:00:00 +0000] "GET /scim/v2/Users/u-1 HTTP/1.1" 200 9 "-" "Okta SCIM Client 1.0.0"\n'
        '::1 - - [01/Mar/2026:08:00:01 +0000] "GET /scim/v2/Users/u-2 HTTP/1.1" 404 9 "-" "Okta SCIM Client 1.0.0"\n'
    )
    code, told = replay(log, "--out", tmp_path / "out")
    assert code == 0, told


def test_requests_without_answers_are_sent_and_cannot_be_compared(tmp_path: Path) -> None:
    mail = tmp_path / "mail.txt"
    mail.write_text(f"curl '{URL}/Users?startIndex=1&count=2' -H 'User-Agent: Okta SCIM Client 1.0.0'\n")
    code, told = replay(mail, "--out", tmp_path / "out")
    assert code == 3
    assert "1 sent again, 0 answers compared" in told


def test_people_who_were_created_in_the_recording_are_created_again(tmp_path: Path) -> None:
    new = {"schemas": [USER], "userName": "grace@crm.example", "active": True, "password": "[redacted:value]"}
    made = {"schemas": [USER], "id": "recorded-0001", "userName": "grace@crm.example", "active": True}
    entries = [
        exchange("POST", "/Users", 201, made, new),
        exchange("PATCH", "/Users/recorded-0001", 200, made | {"active": False}, OFF),
        exchange("GET", "/Users/recorded-0001", 200, made | {"active": False}),
    ]
    out = tmp_path / "out"
    code, told = replay(har(tmp_path, entries), "--out", out, "--profile", "full")
    assert code == 0, told
    post, patch, _ = sent(out)
    assert "redacted:value" in json.dumps(post["request"]["body"])
    assert patch["path"] != "/Users/recorded-0001"
    assert not [line for line in lines(out, "exchanges") if line["role"] == "setup" and "sign_in" in line["path"]]


@pytest.mark.parametrize("options", [["--profile", "x"], ["--preset", "x"], ["--allow", "x"], ["--defect", "x"]])
def test_wrong_usage_is_told(tmp_path: Path, options: list[str]) -> None:
    code, told = replay(har(tmp_path, LEAVER), "--out", tmp_path / "out", *options)
    assert code == 2
    assert "'x'" in told


def test_a_foreign_service_is_only_read_unless_it_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, foreign: Foreign
) -> None:
    monkeypatch.setenv("SCIMULATOR_TOKEN", "the-key-of-the-service")
    path = har(tmp_path, LEAVER)
    code, told = replay(path, "--target", foreign.url, "--account", "listed@crm.example", "--out", tmp_path / "one")
    assert code == 3
    assert "allow it with --allow write" in told
    assert {method for method, _ in foreign.asked} == {"GET"}
    code, told = replay(
        path, "--target", foreign.url, "--account", "listed@crm.example", "--allow", "write", "--out", tmp_path / "two"
    )
    assert code == 0, told
    assert ("PATCH", "/Users/f-1") in foreign.asked
    assert any("listed%40crm.example" in line["query"] for line in sent(tmp_path / "two"))
    (ledger,) = [json.loads(line) for line in (tmp_path / "two" / "ledger.jsonl").read_text().splitlines()][:1]
    assert ledger["effect"] == Effect.WRITE
    assert foreign.active is True, "the listed person was not put back"


def test_people_who_are_not_listed_are_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, foreign: Foreign
) -> None:
    monkeypatch.setenv("SCIMULATOR_TOKEN", "the-key-of-the-service")
    code, _ = replay(har(tmp_path, LEAVER), "--target", foreign.url, "--allow", "write", "--out", tmp_path / "out")
    assert code == 3
    assert {method for method, _ in foreign.asked} == {"GET"}


class Foreign:
    """A service of somebody else with one person in it."""

    url = "https://staging.example/scim/v2"

    def __init__(self) -> None:
        self.active = True
        self.asked: list[tuple[str, str]] = []

    def answer(self, request: Any) -> tuple[int, dict[str, str], str]:
        path, _, query = request.url.removeprefix(self.url).partition("?")
        self.asked.append((request.method, path))
        someone = person(self.active) | {"id": "f-1", "userName": "listed@crm.example"}
        if request.method == "PATCH":
            (change,) = json.loads(request.body)["Operations"]
            value = change["value"]
            self.active = value["active"] if isinstance(value, dict) else value
            return 200, {"Content-Type": "application/scim+json"}, json.dumps(someone | {"active": self.active})
        if path == "/Users":
            found = [someone] if "filter" not in query or "listed" in query else []
            body = {"schemas": [LIST], "totalResults": len(found), "startIndex": 1, "itemsPerPage": len(found)}
            return 200, {"Content-Type": "application/scim+json"}, json.dumps(body | {"Resources": found})
        if path == "/Users/f-1":
            return 200, {"Content-Type": "application/scim+json"}, json.dumps(someone)
        error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}
        return 404, {"Content-Type": "application/scim+json"}, json.dumps(error)


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    import re

    import responses

    service = Foreign()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "PATCH", "POST", "PUT", "DELETE"):
            mock.add_callback(method, re.compile(r"https://staging\.example/.*"), callback=service.answer)
        yield service
