"""Published schemas, and people held against them."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import published as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

USER_NAME = {
    "name": "userName",
    "type": "string",
    "multiValued": False,
    "required": True,
    "caseExact": False,
    "mutability": "readOnly",
    "returned": "default",
    "uniqueness": "server",
}
EMAILS = {
    "name": "emails",
    "type": "complex",
    "multiValued": True,
    "mutability": "readOnly",
    "subAttributes": [{"name": "value", "type": "string"}],
}
NAME = {"name": "name", "type": "complex", "subAttributes": [{"name": "familyName", "type": "string"}]}


def schema(*attributes: Any, urn: Any = USER, **members: Any) -> dict[str, Any]:
    return {"schemas": [SCHEMA], "id": urn, "name": "User", "attributes": list(attributes), **members}


def one(*attributes: Any, **members: Any) -> dict[str, Any]:
    return {"path": f"/Schemas/{USER}", "body": schema(*attributes, **members)}


def every(*schemas: Any) -> dict[str, Any]:
    return {
        "path": "/Schemas",
        "body": {"schemas": [LIST], "totalResults": len(schemas), "Resources": list(schemas)},
    }


def person(**members: Any) -> dict[str, Any]:
    return {
        "path": "/Users/u1",
        "body": {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", **members},
    }


def changed(**members: Any) -> dict[str, Any]:
    return {**USER_NAME, **members}


WHOLE = schema(USER_NAME, EMAILS, NAME)
ADA = person(
    externalId="a", meta={"resourceType": "User"}, name={"familyName": "L"}, emails=[{"value": "a", "type": "x"}]
)
RIGHT: list[tuple[Any, Any]] = [
    (checks.a_schema_is_known_by_its_uri, one(USER_NAME)),
    (checks.a_schema_can_be_read_by_people, one(USER_NAME, description="People")),
    (checks.a_schema_names_the_schema_of_schemas, every(WHOLE)),
    (checks.an_attribute_has_a_known_type, one(USER_NAME, EMAILS, {"name": "x", "type": "datetime"})),
    (checks.a_sub_attribute_is_not_complex, one(EMAILS)),
    (checks.a_sub_attribute_is_not_complex, one({**EMAILS, "subAttributes": [NAME]}, urn=SCHEMA)),
    (checks.the_characteristics_of_an_attribute_have_legal_values, one(USER_NAME, {"name": "x"})),
    (checks.user_name_is_published_as_what_it_is, one(USER_NAME)),
    (checks.a_person_has_only_published_attributes, [every(WHOLE), ADA]),
    (checks.a_person_has_only_published_attributes, [every(WHOLE), person(USERNAME="x", title=None, roles=[])]),
    (
        checks.a_person_has_only_published_attributes,
        [every(WHOLE, schema({"name": "department"}, urn=ENTERPRISE)), person(**{ENTERPRISE: {"Department": "Sales"}})],
    ),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_schema_is_known_by_its_uri, one(USER_NAME, urn="User"), "RFC7643-7-02"),
    (checks.a_schema_is_known_by_its_uri, one(USER_NAME, description=7), "RFC7643-7-02"),
    (checks.a_schema_can_be_read_by_people, one(USER_NAME), "HTTP-NAME-01"),
    (checks.a_schema_names_the_schema_of_schemas, one(USER_NAME, schemas=[]), "RFC7643-7-12"),
    (checks.an_attribute_has_a_known_type, one(changed(type="text")), "RFC7643-7-03"),
    (
        checks.an_attribute_has_a_known_type,
        one({**EMAILS, "subAttributes": [{"name": "x", "type": 1}]}),
        "RFC7643-7-03",
    ),
    (checks.a_sub_attribute_is_not_complex, one({**EMAILS, "subAttributes": [NAME]}), "RFC7643-7-05"),
    (
        checks.the_characteristics_of_an_attribute_have_legal_values,
        one(changed(mutability="readonly")),
        "RFC7643-7-06",
    ),
    (checks.the_characteristics_of_an_attribute_have_legal_values, one(changed(required="true")), "RFC7643-7-06"),
    (checks.user_name_is_published_as_what_it_is, one(EMAILS), "RFC7643-4.1.1-05"),
    (checks.user_name_is_published_as_what_it_is, one(changed(uniqueness="none")), "RFC7643-4.1.1-05"),
    (checks.user_name_is_published_as_what_it_is, one({"name": "userName"}), "RFC7643-4.1.1-05"),
    (checks.a_person_has_only_published_attributes, [every(WHOLE), person(shoeSize=38)], "RFC7643-7-10"),
    (checks.a_person_has_only_published_attributes, [every(WHOLE), person(name={"nick": "A"})], "RFC7643-7-10"),
    (
        checks.a_person_has_only_published_attributes,
        [every(WHOLE), person(**{ENTERPRISE: {"department": "Sales"}})],
        "RFC7643-7-10",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize(
    ("family", "supports", "mutability", "right"),
    [
        ("full", (), "readWrite", True),
        ("full", (), "immutable", True),
        ("full", (), "readOnly", False),
        ("deprovisioning", (), "readOnly", True),
        ("deprovisioning", (), "readWrite", False),
        ("deprovisioning", ("update",), "readWrite", True),
        ("read-only", (), "readOnly", True),
    ],
)
def test_user_name_is_writable_where_the_profile_says_so(
    family: str, supports: tuple[str, ...], mutability: str, right: bool, see: Any, found: Any, profile: Any
) -> None:
    told = see(one(changed(mutability=mutability)))
    claims = profile(family, supports=supports)
    assert (found(checks.user_name_is_published_as_what_it_is, told, profile=claims) == []) is right


def test_people_are_not_held_against_schemas_that_nobody_read(see: Any, applies: Any) -> None:
    assert not applies(checks.a_person_has_only_published_attributes, see([person(shoeSize=38)]))
