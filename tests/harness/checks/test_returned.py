"""returned and writeOnly: what is published about showing, against what is shown."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import returned as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ADA: dict[str, Any] = {"schemas": [USER], "id": "u1", "userName": "ada", "title": "Countess"}


def schemas(name: str, part: str = "", **characteristics: Any) -> dict[str, Any]:
    attribute = {"name": name} | ({"subAttributes": [{"name": part, **characteristics}]} if part else characteristics)
    body = {"schemas": [LIST], "totalResults": 1, "Resources": [{"id": USER, "attributes": [attribute]}]}
    return {"path": "/Schemas", "body": body}


def shown(tag: str = "", query: str = "", leave_out: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    body = {k: v for k, v in (ADA | members).items() if k not in leave_out}
    return {"path": "/Users/u1", "tag": tag, "query": query, "body": body}


PLAIN = shown("selection.plain")
ONE = shown("selection.one", "attributes=userName", leave_out=("title",))
TWO = "attributes=userName,emails"
MAILS = [{"value": "ada@analytical.example"}]

RIGHT: list[tuple[Any, Any]] = [
    (checks.what_is_never_returned_is_not_shown, [schemas("nickName", returned="never"), shown()]),
    (checks.what_can_only_be_written_is_not_shown, [schemas("nickName", mutability="writeOnly"), shown(nickName=None)]),
    (
        checks.what_is_returned_on_request_is_not_shown_unasked,
        [schemas("nickName", returned="request"), shown(query="attributes=nickName", nickName="A"), shown()],
    ),
    (checks.what_is_always_returned_is_there_whatever_was_asked_for, [PLAIN, ONE]),
    (
        checks.what_is_always_returned_is_there_whatever_was_asked_for,
        [schemas("nickName", returned="always"), PLAIN, ONE],
    ),
    (checks.what_is_returned_by_default_is_there_unasked, [PLAIN, shown("selection.two", TWO)]),
    (
        checks.what_is_returned_by_default_is_there_unasked,
        [schemas("emails", returned="request"), PLAIN, shown("selection.two", TWO, emails=MAILS)],
    ),
]
WRONG: list[tuple[Any, Any, str]] = [
    (
        checks.what_is_never_returned_is_not_shown,
        [schemas("title", returned="never"), shown()],
        "RFC7643-7-R04",
    ),
    (
        checks.what_is_never_returned_is_not_shown,
        [schemas("emails", "value", returned="never"), shown(emails=MAILS)],
        "RFC7643-7-R04",
    ),
    (
        checks.what_can_only_be_written_is_not_shown,
        [schemas("title", mutability="writeOnly"), shown()],
        "RFC7643-7-M03",
    ),
    (
        checks.what_is_returned_on_request_is_not_shown_unasked,
        [schemas("title", returned="request"), shown()],
        "RFC7643-7-R03",
    ),
    (
        checks.what_is_always_returned_is_there_whatever_was_asked_for,
        [schemas("title", returned="always"), PLAIN, ONE],
        "RFC7643-7-R01",
    ),
    (
        checks.what_is_always_returned_is_there_whatever_was_asked_for,
        [PLAIN, shown("selection.one", "attributes=userName", leave_out=("id",))],
        "RFC7643-7-R01",
    ),
    (
        checks.what_is_returned_by_default_is_there_unasked,
        [PLAIN, shown("selection.two", TWO, emails=MAILS)],
        "RFC7643-7-R02",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}
