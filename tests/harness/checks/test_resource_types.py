"""ResourceTypes, held against themselves, against /Schemas, against the service and against its people."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import resource_types as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def a_list(*resources: Any) -> dict[str, Any]:
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources)}


def a_type(name: str = "User", endpoint: str = "/Users", schema: str = USER, **members: Any) -> dict[str, Any]:
    return {"schemas": [TYPE], "id": name, "name": name, "endpoint": endpoint, "schema": schema, **members}


def types(*listed: Any) -> dict[str, Any]:
    return {"path": "/ResourceTypes", "body": a_list(*listed)}


def schemas(*urns: str) -> dict[str, Any]:
    return {"path": "/Schemas", "body": a_list(*({"id": urn, "attributes": []} for urn in urns))}


def people(*urns: str, **meta: Any) -> dict[str, Any]:
    person = {"schemas": list(urns), "id": "u1", "userName": "ada@analytical.example", "meta": meta}
    return {"path": "/Users", "body": a_list(person)}


EXTENDED = a_type(schemaExtensions=[{"schema": ENTERPRISE, "required": False}])
TEAM = a_type("Group", "/Groups", GROUP)
GROUPS = {"path": "/Groups", "body": a_list({"id": "g1", "displayName": "Sales"})}
NO_GROUPS = {"path": "/Groups", "body": a_list()}
THERE = {"tag": "discovery.endpoint", "path": "/Users", "body": a_list()}
NOT_THERE = {"tag": "discovery.endpoint", "path": "/Groups", "status": 404, "body": {}}

RIGHT: list[tuple[Any, Any]] = [
    (checks.a_resource_type_has_name_endpoint_and_schema, types(a_type())),
    (checks.an_extension_says_whether_it_is_required, types(EXTENDED)),
    (checks.each_named_schema_is_published, [types(EXTENDED), schemas(USER, ENTERPRISE)]),
    (checks.a_person_names_the_type_user, people(USER, resourceType="User")),
    (checks.a_person_names_the_type_that_is_listed, [types(a_type()), people(USER, resourceType="User")]),
    (checks.names_and_endpoints_are_given_once, types(a_type(), TEAM)),
    (checks.a_listed_endpoint_answers_with_a_list, THERE),
    (checks.a_listed_endpoint_answers_with_a_list, {**THERE, "status": 400, "body": {"scimType": "tooMany"}}),
    (checks.only_what_is_served_is_listed, [types(a_type()), THERE, NO_GROUPS]),
    (checks.only_what_is_served_is_listed, [types(a_type(), TEAM), GROUPS]),
    (checks.a_person_has_only_declared_schemas, [types(EXTENDED), people(USER, ENTERPRISE)]),
    (checks.a_person_has_only_declared_schemas, [types(EXTENDED), people(USER)]),
    (checks.each_schema_of_a_person_is_published, [schemas(USER), people(USER)]),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_resource_type_has_name_endpoint_and_schema, types(a_type(endpoint="")), "RFC7643-6-01"),
    (checks.a_resource_type_has_name_endpoint_and_schema, types(a_type(schemas=[])), "RFC7643-6-01"),
    (
        checks.an_extension_says_whether_it_is_required,
        types(a_type(schemaExtensions=[{"schema": ENTERPRISE}])),
        "RFC7643-6-03",
    ),
    (
        checks.an_extension_says_whether_it_is_required,
        types(a_type(schemaExtensions={"schema": ENTERPRISE, "required": True})),
        "RFC7643-6-03",
    ),
    (checks.each_named_schema_is_published, [types(EXTENDED), schemas(USER)], "RFC7643-6-02"),
    (checks.a_person_names_the_type_user, people(USER, resourceType="user"), "RFC7643-6-05"),
    (
        checks.a_person_names_the_type_that_is_listed,
        [types(a_type("Person")), people(USER, resourceType="User")],
        "RFC7643-6-05",
    ),
    (checks.names_and_endpoints_are_given_once, types(a_type(), a_type("Person")), "RFC7643-6-06"),
    (checks.a_listed_endpoint_answers_with_a_list, {**THERE, "status": 400, "body": {}}, "RFC7644-3.2-01"),
    (checks.only_what_is_served_is_listed, [types(a_type(), TEAM), NOT_THERE], "RFC7643-6-08"),
    (checks.only_what_is_served_is_listed, [types(a_type()), GROUPS], "RFC7643-6-08"),
    (checks.a_person_has_only_declared_schemas, [types(a_type()), people(USER, ENTERPRISE)], "RFC7643-3-01"),
    (checks.a_person_has_only_declared_schemas, [types(EXTENDED), people(ENTERPRISE)], "RFC7643-3-01"),
    (checks.each_schema_of_a_person_is_published, [schemas(USER), people(USER, ENTERPRISE)], "RFC7643-7-01"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("/Users", []),
        ("Users", []),
        ("https://app.example/scim/v2/Users", ["RFC7644-3.2-01"]),
        ("/Users?x=1", ["RFC7643-6-07"]),
        ("/scim/v2/Users", ["RFC7643-6-07"]),
    ],
)
def test_an_endpoint_leads_from_the_base_url_to_the_type(
    endpoint: str, expected: list[str], see: Any, found: Any
) -> None:
    tried = {"tag": "discovery.endpoint", "path": f"/{endpoint.strip('/')}", "status": 404, "body": {}}
    told = see([types(a_type(endpoint=endpoint)), tried])
    findings = found(checks.an_endpoint_is_relative_to_the_base, told.exchanges[0], transcript=told)
    assert [f.requirement for f in findings] == expected


def test_a_refused_group_surface_must_not_be_listed(see: Any, found: Any, profile: Any) -> None:
    told = see([types(a_type(), TEAM)])
    findings = found(checks.only_what_is_served_is_listed, told, profile=profile(refuses=("groups",)))
    assert [f.likeness for f in findings] == ["refused group"]


def test_people_are_not_held_against_types_that_nobody_read(see: Any, applies: Any) -> None:
    assert not applies(checks.a_person_has_only_declared_schemas, see([people(USER, ENTERPRISE)]))
