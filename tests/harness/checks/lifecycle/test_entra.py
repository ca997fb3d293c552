"""What Entra ID expects of the answers to its own requests, and to what a probe says in its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pytest

from harness.checks import entra as checks
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import ERROR, LIST_RESPONSE, Intent
from harness.model.transcript import Transcript

Found = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
Rehearsed = Callable[..., Transcript]
NO = {"schemas": [ERROR], "status": "404", "detail": "Not here"}


def listed(*resources: Any, **members: Any) -> dict[str, Any]:
    return {"schemas": [LIST_RESPONSE], "totalResults": len(resources), "Resources": list(resources), **members}


def group(*ids: str) -> dict[str, Any]:
    return {"id": "g1", "displayName": "Team", "members": [{"value": i} for i in ids]}


@pytest.mark.parametrize(
    ("check", "intent", "request_", "fine", "wrong"),
    [
        (
            checks.entra_asks_for_somebody_who_cannot_exist,
            Intent.CONNECT,
            ("GET", "/Users"),
            [{"body": listed()}],
            [{"status": 404, "body": NO}, {"body": listed({"id": "u1"})}, {"body": {}}],
        ),
        (
            checks.entra_works_on_groups,
            Intent.GROUP_LOOKUP,
            ("GET", "/Groups"),
            [{"body": listed()}, {"body": listed({"id": "g1"})}],
            [{"status": 404, "body": NO}, {"body": listed({"id": "g1"}, {"id": "g2"})}, {"body": listed(group("u1"))}],
        ),
        (
            checks.entra_works_on_groups,
            Intent.GROUP_UPDATE,
            ("PATCH", "/Groups/g1"),
            [{"status": 204}, {"status": 200, "body": group()}],
            [{"status": 400, "body": NO}],
        ),
        (
            checks.entra_creates_somebody,
            Intent.CREATE,
            ("POST", "/Users"),
            [{"status": 201, "body": {"id": "u1"}}],
            [{"status": 400, "body": NO}, {"status": 201}],
        ),
    ],
)
def test_each_answer_to_entra_is_judged(
    exchange: Makes,
    found: Found,
    check: Any,
    intent: Intent,
    request_: tuple[str, str],
    fine: list[Any],
    wrong: list[Any],
) -> None:
    about = {"scenario": "entra/default/leaver", "role": Role.IDP, "intent": intent}
    for answer in fine:
        assert found(check, exchange(*request_, **about, **answer)) == []
    for answer in wrong:
        (seen,) = found(check, exchange(*request_, **about, **answer))
        assert seen.expected
        assert seen.hint


def test_people_may_be_matched_by_mail(exchange: Makes, found: Found, applies: Callable[..., bool]) -> None:
    check = checks.entra_matches_by_mail
    query = "filter=" + quote_plus('emails[type eq "work"].value eq "ada@analytical.example"')
    assert found(check, exchange("GET", "/Users", query=query, body=listed())) == []
    assert len(found(check, exchange("GET", "/Users", query=query, status=400, body=NO))) == 1
    assert not applies(check, exchange("GET", "/Users", query="filter=userName+pr", body=listed()))


@pytest.mark.parametrize(
    ("body", "likenesses"),
    [
        (listed({"id": "urn:x", "attributes": []}), []),
        (listed({"id": "urn:x", "attributes": [{"name": "a", "canonicalValues": None}]}), ["null"]),
        ({"id": "urn:x"}, ["list"]),
    ],
)
def test_the_schemas_are_a_list_without_null(exchange: Makes, found: Found, body: Any, likenesses: list[str]) -> None:
    assert [
        f.likeness for f in found(checks.entra_reads_the_schemas, exchange("GET", "/Schemas", body=body))
    ] == likenesses


def person(**members: Any) -> tuple[int, Any]:
    whole = {
        "id": "u1",
        "displayName": "Several Attributes",
        "name": {"givenName": "Several", "familyName": "Ver"},
        "emails": [{"type": "home", "value": "x"}, {"type": "work", "value": "several@probe.example"}],
    }
    return 200, whole | members


@pytest.mark.parametrize(
    ("answers", "likenesses"),
    [
        ({"update.several": (204, None), "update.several.read": person()}, []),
        ({"update.several": (400, NO), "update.several.read": person()}, ["refused"]),
        ({"update.several": (204, None), "update.several.read": person(name={"givenName": "Sub"})}, ["name.givenName"]),
        (
            {"update.several": (204, None), "update.several.read": person(emails=None)},
            ['emails[type eq "work"].value'],
        ),
    ],
)
def test_several_attributes_are_written_at_once(
    rehearsed: Rehearsed, finds: Callable[..., list[Finding]], answers: dict[str, Any], likenesses: list[str]
) -> None:
    told = rehearsed("several-attributes", {"update.before": person()} | answers)
    assert [f.likeness for f in finds(checks.entra_updates_several_attributes, told)] == likenesses


OK = (204, None)
CLEAN: dict[str, Any] = {
    "group.create": (201, group("u2", "u3")),
    **{f"group.{tag}": OK for tag in ("add", "add-again", "remove", "remove-again", "add-back", "remove-by-value")},
    **{f"group.{tag}.read": (200, group("u1", "u2", "u3")) for tag in ("add", "add-again", "add-back")},
    **{f"group.{tag}.read": (200, group("u2", "u3")) for tag in ("remove", "remove-again", "remove-by-value")},
}


@pytest.mark.parametrize(
    ("wrong", "likenesses"),
    [
        ({}, []),
        ({"group.remove-by-value.read": (200, group())}, ["remove-by-value-emptied"]),
        ({"group.remove-by-value": (400, NO)}, ["remove-by-value"]),
        ({"group.remove.read": (200, group("u1", "u2", "u3"))}, ["remove"]),
    ],
)
def test_one_member_is_removed_in_both_forms(
    rehearsed: Rehearsed, finds: Callable[..., list[Finding]], wrong: dict[str, Any], likenesses: list[str]
) -> None:
    told = rehearsed("group-members", CLEAN | wrong)
    assert [f.likeness for f in finds(checks.entra_removes_one_member, told)] == likenesses


@pytest.mark.parametrize(
    ("answer", "offered", "refused"),
    [
        ({"status": 204}, 0, 1),
        ({"status": 404, "body": NO}, 0, 0),
        ({"status": 405, "body": NO}, 0, 0),
        ({"status": 500, "body": NO}, 1, 1),
    ],
)
def test_a_late_delete_is_carried_out_or_refused_properly(
    exchange: Makes, found: Found, profile: Callable[..., Profile], answer: Any, offered: int, refused: int
) -> None:
    told = exchange("DELETE", "/Users/u1", scenario="entra/default/x", role=Role.IDP, intent=Intent.DELETE, **answer)
    check = checks.entra_deletes_after_thirty_days
    assert len(found(check, told)) == offered
    assert len(found(check, told, profile=profile(refuses=("delete",)))) == refused


def test_values_come_back_as_they_were_sent(rehearsed: Rehearsed, finds: Callable[..., list[Finding]]) -> None:
    value = "ScImulator-00uAbC-u1"
    kept = {"external-id.set": OK, "external-id.set.read": (200, {"id": "u1", "externalId": value})}
    assert finds(checks.entra_reads_what_it_has_sent, rehearsed("external-id", kept)) == []
    folded = kept | {"external-id.set.read": (200, {"id": "u1", "externalId": value.lower()})}
    assert len(finds(checks.entra_reads_what_it_has_sent, rehearsed("external-id", folded))) == 1
