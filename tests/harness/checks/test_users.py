"""People as they are shown: names, state, addresses, and no secrets."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import users as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def ada(**members: Any) -> dict[str, Any]:
    return {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", "active": True, **members}


def read(**members: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": ada(**members)}


def page(*people: Any) -> dict[str, Any]:
    return {"body": {"schemas": [LIST], "totalResults": len(people), "Resources": list(people)}}


def schema(**active: Any) -> dict[str, Any]:
    return {"path": f"/Schemas/{USER}", "body": {"id": USER, "attributes": [{"name": "active", **active}]}}


REDUCED = {"path": "/Users/u1", "query": "attributes=userName", "body": {"id": "u1", "userName": "ada"}}
EMAIL = {"value": "ada@analytical.example", "type": "work", "primary": True}

RIGHT: list[tuple[Any, Any]] = [
    (checks.a_person_names_the_user_schema, read()),
    (checks.a_person_names_the_user_schema, REDUCED),
    (checks.a_person_has_a_user_name, page(ada(), {"id": "u2", "USERNAME": "eve"})),
    (checks.no_two_people_share_a_user_name, page(ada(), ada(id="u2", userName="eve@analytical.example"))),
    (checks.active_is_a_boolean, read(active=False)),
    (checks.active_is_a_boolean, schema(type="boolean", multiValued=False)),
    (checks.a_password_never_comes_back, read(password=None)),
    (checks.emails_are_a_list_of_objects, read(emails=[EMAIL])),
    (checks.emails_are_a_list_of_objects, read(emails=[])),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_person_names_the_user_schema, read(schemas=[]), "RFC7643-4.1-01"),
    (checks.a_person_names_the_user_schema, read(schemas=USER), "RFC7643-4.1-01"),
    (checks.a_person_has_a_user_name, read(userName=" "), "RFC7643-4.1.1-01"),
    (checks.a_person_has_a_user_name, page({"id": "u1"}), "RFC7643-4.1.1-01"),
    (
        checks.no_two_people_share_a_user_name,
        page(ada(), ada(id="u2", userName="ADA@analytical.example")),
        "RFC7643-4.1.1-02",
    ),
    (checks.active_is_a_boolean, read(active="True"), "RFC7643-4.1.1-13"),
    (checks.active_is_a_boolean, schema(type="string"), "RFC7643-4.1.1-13"),
    (checks.active_is_a_boolean, schema(type="boolean", multiValued=True), "RFC7643-4.1.1-13"),
    (checks.a_password_never_comes_back, read(password="[redacted:value]"), "RFC7643-4.1.1-15"),
    (checks.a_password_never_comes_back, page(ada(Password="$2b$")), "RFC7643-4.1.1-15"),
    (checks.emails_are_a_list_of_objects, read(emails="ada@analytical.example"), "RFC7643-4.1.2-01"),
    (checks.emails_are_a_list_of_objects, read(emails=["ada@analytical.example"]), "RFC7643-4.1.2-01"),
    (checks.emails_are_a_list_of_objects, read(emails=[{"value": 7}]), "RFC7643-4.1.2-01"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize("query", ["attributes=id", "excludedAttributes=userName", "attributes=name.familyName,emails"])
def test_a_user_name_is_not_missed_where_it_was_not_asked_for(query: str, see: Any, applies: Any) -> None:
    told = {"path": "/Users/u1", "query": query, "body": {"id": "u1"}}
    assert not applies(checks.a_person_has_a_user_name, see(told))


def test_a_user_name_is_missed_where_it_was_asked_for_by_its_urn(see: Any, found: Any) -> None:
    told = {"path": "/Users/u1", "query": f"attributes={USER}:userName", "body": {"id": "u1"}}
    assert len(found(checks.a_person_has_a_user_name, see(told))) == 1


def test_the_same_person_twice_is_not_two_people_with_one_name(see: Any, found: Any) -> None:
    assert found(checks.no_two_people_share_a_user_name, see(page(ada(), ada()))) == []
