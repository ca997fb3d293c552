"""What bodies say they are, and where the attributes of an extension stand."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import naming as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def person(*urns: Any, **members: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": {"schemas": list(urns) or [USER], "id": "u1", **members}}


def listed(path: str, *entries: Any, **more: Any) -> dict[str, Any]:
    return {"path": path, "body": {"schemas": [LIST], "totalResults": len(entries), "Resources": entries}, **more}


def failed(status: int = 404, **body: Any) -> dict[str, Any]:
    return {"path": "/Users/u9", "status": status, "body": body}


def config(**meta: Any) -> dict[str, Any]:
    return {"path": "/ServiceProviderConfig", "body": {"patch": {}, "meta": meta}}


TYPES = listed("/ResourceTypes", {"endpoint": "/Users", "schemaExtensions": [{"schema": ENTERPRISE, "required": True}]})
SCHEMAS = listed("/Schemas", {"id": USER}, {"id": ENTERPRISE, "attributes": [{"name": "department", "required": True}]})
EMPLOYED = person(USER, ENTERPRISE, **{ENTERPRISE: {"department": "Sales"}})

RIGHT: list[tuple[Any, Any]] = [
    (checks.a_resource_says_which_schemas_describe_it, person(USER, ENTERPRISE)),
    (checks.a_message_names_its_urn, listed("/Users")),
    (checks.a_message_names_its_urn, failed(schemas=[ERROR])),
    (checks.no_message_is_published_as_a_schema, SCHEMAS),
    (checks.an_extension_has_an_object_of_its_own, [EMPLOYED]),
    (checks.an_extension_has_an_object_of_its_own, [person(USER, ENTERPRISE)]),
    (checks.a_required_extension_is_always_there, [TYPES, SCHEMAS, EMPLOYED]),
    (
        checks.the_configuration_knows_its_kind_and_address,
        config(resourceType="ServiceProviderConfig", location="https://app.example/scim/v2/ServiceProviderConfig"),
    ),
]
WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_resource_says_which_schemas_describe_it, person(USER, USER.upper()), "RFC7644-3.1-01"),
    (checks.a_resource_says_which_schemas_describe_it, person(7), "RFC7644-3.1-01"),
    (checks.a_resource_says_which_schemas_describe_it, {"path": "/Users/u1", "body": {"id": "u1"}}, "RFC7644-3.1-01"),
    (checks.a_message_names_its_urn, failed(schemas=["urn:scim:schemas:core:1.0"]), "RFC7644-3.1-02"),
    (checks.a_message_names_its_urn, failed(message="gone"), "RFC7644-3.1-02"),
    (checks.a_message_names_its_urn, {"body": {"totalResults": 0}}, "RFC7644-3.1-02"),
    (checks.no_message_is_published_as_a_schema, listed("/Schemas", {"id": ERROR}), "RFC7644-3.1-03"),
    (
        checks.an_extension_has_an_object_of_its_own,
        [person(USER, ENTERPRISE, **{ENTERPRISE: ["Sales"]})],
        "RFC7643-3.3-01",
    ),
    (
        checks.an_extension_has_an_object_of_its_own,
        [SCHEMAS, person(USER, ENTERPRISE, department="Sales")],
        "RFC7643-3.3-01",
    ),
    (checks.a_required_extension_is_always_there, [TYPES, SCHEMAS, person()], "RFC7643-6-04"),
    (
        checks.a_required_extension_is_always_there,
        [TYPES, SCHEMAS, person(USER, ENTERPRISE, **{ENTERPRISE: {"division": "x"}})],
        "RFC7643-6-04",
    ),
    (checks.the_configuration_knows_its_kind_and_address, config(resourceType="Config"), "RFC7643-5-10"),
    (checks.the_configuration_knows_its_kind_and_address, config(location="https://app.example/x"), "RFC7643-5-10"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize("status", [502, 503, 504, 429])
def test_what_a_machine_in_front_says_is_not_the_services(status: int, see: Any, applies: Any) -> None:
    assert not applies(checks.a_message_names_its_urn, see(failed(status, message="busy")))
