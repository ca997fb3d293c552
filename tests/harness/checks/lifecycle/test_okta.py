"""What Okta expects of the answers to its own requests."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from harness.checks import okta as checks
from harness.model.change import Assign, Import
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import ERROR, LIST_RESPONSE, Intent
from harness.model.transcript import Transcript

Found = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
WHOLE = {
    "id": "u1",
    "userName": "ada",
    "active": True,
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"value": "ada@analytical.example"}],
}
NO = {"schemas": [ERROR], "status": "404", "detail": "Not here"}


def listed(*people: Any, **members: Any) -> dict[str, Any]:
    count = len(people)
    usual = {"totalResults": count, "startIndex": 1, "itemsPerPage": count, "Resources": list(people)}
    return {"schemas": [LIST_RESPONSE], **usual, **members}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name not in names}


@pytest.mark.parametrize(
    ("check", "intent", "path", "fine", "wrong"),
    [
        (
            checks.okta_reads_the_list_of_people,
            Intent.CONNECT,
            "/Users",
            [{"body": listed(WHOLE)}, {"body": listed()}],
            [
                {"body": listed(WHOLE, totalResults="1")},
                {"body": {"schemas": [LIST_RESPONSE], "totalResults": 0}},
                {"body": b"null"},
                {"status": 404, "body": NO},
                {"body": listed(without("emails"))},
                {"body": listed(WHOLE | {"name": {"givenName": "Ada"}})},
            ],
        ),
        (
            checks.okta_reads_one_person,
            Intent.READ,
            "/Users/u1",
            [{"body": WHOLE}],
            [{"body": without("active")}],
        ),
        (
            checks.okta_looks_somebody_up,
            Intent.LOOKUP,
            "/Users",
            [{"body": listed()}, {"body": listed(WHOLE)}],
            [{"status": 404, "body": NO}, {"body": WHOLE}],
        ),
        (
            checks.okta_creates_somebody,
            Intent.CREATE,
            "/Users",
            [{"status": 201, "body": WHOLE}],
            [{"status": 201}, {"status": 400, "body": NO}],
        ),
        (
            checks.okta_reads_the_groups_on_saving,
            Intent.GROUP_READ,
            "/Groups",
            [{"body": listed()}, {"status": 404, "body": NO}, {"status": 501, "body": NO}],
            [{"status": 500, "body": NO}, {"status": 404, "body": b"<html>"}, {"body": b"<html>"}],
        ),
    ],
)
def test_each_answer_to_okta_is_judged(
    exchange: Makes, found: Found, check: Any, intent: Intent, path: str, fine: list[Any], wrong: list[Any]
) -> None:
    about = {"scenario": "okta/oin/leaver", "role": Role.IDP, "intent": intent}
    for answer in fine:
        assert found(check, exchange("GET", path, **about, **answer)) == []
    for answer in wrong:
        (seen,) = found(check, exchange("GET", path, **about, **answer))
        assert seen.expected
        assert seen.hint


def test_okta_says_nothing_about_the_answers_to_others(applies: Callable[..., bool], exchange: Makes) -> None:
    asked = {"role": Role.IDP, "intent": Intent.LOOKUP, "body": listed()}
    assert not applies(checks.okta_looks_somebody_up, exchange("GET", "/Users", scenario="entra/default/x", **asked))
    assert applies(checks.okta_looks_somebody_up, exchange("GET", "/Users", scenario="okta/aiw/x", **asked))


@pytest.mark.parametrize("written", ["Bearer Bearer [redacted:token]", "[redacted:token]", "Basic [redacted:token]"])
def test_a_401_to_a_key_that_was_written_in_another_way_is_no_fault_of_the_service(
    applies: Callable[..., bool], exchange: Makes, written: str
) -> None:
    about = {"scenario": "okta/aiw/x", "role": Role.IDP, "intent": Intent.LOOKUP, "status": 401}
    asked = exchange("GET", "/Users", authorization=written, **about)
    assert not applies(checks.okta_looks_somebody_up, asked)
    right = exchange("GET", "/Users", authorization="Bearer [redacted:token]", **about)
    assert applies(checks.okta_looks_somebody_up, right)


@pytest.mark.parametrize(
    ("body", "findings"),
    [
        ({"schemas": [ERROR], "status": "401", "detail": "The key is unknown"}, 0),
        ({"schemas": [ERROR], "status": 401, "detail": "The key is unknown"}, 0),
        ({"schemas": [ERROR], "status": "401"}, 1),
        (b"Unauthorized", 1),
    ],
)
def test_a_401_says_why(exchange: Makes, found: Found, body: Any, findings: int) -> None:
    told = exchange("GET", "/Users", status=401, body=body)
    assert len(found(checks.okta_shows_the_reason_of_a_401, told)) == findings


def test_a_name_in_capitals_is_looked_up(exchange: Makes, found: Found, applies: Callable[..., bool]) -> None:
    check = checks.okta_looks_up_in_capitals
    query = "filter=" + quote('userName eq "ADA@ANALYTICAL.EXAMPLE"')
    assert found(check, exchange("GET", "/Users", query=query, body=listed(WHOLE))) == []
    assert len(found(check, exchange("GET", "/Users", query=query, status=400, body=NO))) == 1
    small = "filter=" + quote('userName eq "ada@analytical.example"')
    assert not applies(check, exchange("GET", "/Users", query=small, body=listed(WHOLE)))


def test_okta_finds_the_one_person_who_is_there(
    scene: Callable[..., Transcript], finds: Callable[..., list[Finding]], made: SimpleNamespace
) -> None:
    def looked_up(*people: Any) -> Transcript:
        lookup = made.asked(Intent.LOOKUP, "GET", "/Users", answer=(200, listed(*people)))
        return scene(Assign("leaver"), lookup, after=made.person())

    check = checks.okta_finds_who_is_there
    assert finds(check, looked_up(made.person())) == []
    assert [f.likeness for f in finds(check, looked_up())] == ["nobody"]
    assert [f.likeness for f in finds(check, looked_up(made.person(), made.person(id="u9")))] == ["several"]


def test_an_import_finds_each_person_once(
    scene: Callable[..., Transcript], finds: Callable[..., list[Finding]], made: SimpleNamespace
) -> None:
    def imported(*pages: dict[str, Any]) -> Transcript:
        sent = [made.asked(Intent.LIST, "GET", "/Users", answer=(200, page), subject="") for page in pages]
        return scene(Import(), *sent, before=None, after=None, accounts={})

    check, first, second = checks.okta_imports_everybody_once, {"id": "u1"}, {"id": "u2"}
    assert finds(check, imported(listed(first), listed(second), listed())) == []
    assert [f.likeness for f in finds(check, imported(listed(first), listed(first)))] == ["twice"]
    assert [f.likeness for f in finds(check, imported(listed(first, itemsPerPage=100)))] == ["items-per-page"]


def test_okta_waits_a_minute_and_takes_no_underscore(
    exchange: Makes, transcript: Callable[..., Transcript], found: Found
) -> None:
    check, about = checks.okta_does_not_wait_longer_than_a_minute, {"scenario": "okta/oin/x", "role": Role.IDP}
    assert found(check, exchange(**about), transcript=transcript()) == []
    slow = exchange(**about, elapsed_ms=61_000.0)
    assert [f.likeness for f in found(check, slow, transcript=transcript())] == ["slow"]
    told = transcript(base_url="https://my_app.example/scim/v2")
    assert [f.likeness for f in found(check, exchange(**about), transcript=told)] == ["underscore"]


def test_an_empty_list_of_groups_that_is_declared_is_missed(
    exchange: Makes, found: Found, profile: Callable[..., Profile]
) -> None:
    about = {"scenario": "okta/oin/connection", "role": Role.IDP, "intent": Intent.GROUP_READ}
    told = exchange("GET", "/Groups", status=404, body=NO, **about)
    declares = profile(tolerances=("empty-group-list",))
    assert found(checks.okta_reads_the_groups_on_saving, told) == []
    assert len(found(checks.okta_reads_the_groups_on_saving, told, profile=declares)) == 1
