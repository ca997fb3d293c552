"""What published attributes say of themselves beyond their type."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import definitions as checks

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def schema(*attributes: Any, urn: str = USER) -> dict[str, Any]:
    return {"path": f"/Schemas/{urn}", "body": {"id": urn, "attributes": attributes}}


def named(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


def group_reference(*leads: str) -> dict[str, Any]:
    parts = [named("value"), named("$ref", "reference", referenceTypes=list(leads))]
    return named("groups", "complex", subAttributes=parts)


def manager(**value: Any) -> dict[str, Any]:
    return schema(named("manager", "complex", subAttributes=[named("value", **value)]), urn=checks.ENTERPRISE)


SECRET = {"mutability": "writeOnly", "returned": "never"}
RIGHT: list[tuple[Any, Any]] = [
    (checks.a_complex_attribute_lists_its_parts, schema(named("name", "complex", subAttributes=[named("formatted")]))),
    (checks.a_complex_attribute_is_not_unique, schema(named("name", "complex"), named("x", uniqueness="server"))),
    (checks.a_complex_attribute_is_not_unique, schema(named("name", "complex", uniqueness="none"))),
    (checks.a_reference_says_where_it_leads, schema(named("profileUrl", "reference", referenceTypes=["external"]))),
    (checks.names_of_attributes_follow_the_grammar, schema(named("userName"), named("$ref"), named("x-1_y"))),
    (checks.a_published_password_is_never_returned, schema(named("password", **SECRET))),
    (checks.groups_lead_to_groups_alone, schema(group_reference("Group"))),
    (checks.the_manager_is_known_by_a_case_exact_id, manager(caseExact=True)),
]
WRONG: list[tuple[Any, Any, set[str]]] = [
    (checks.a_complex_attribute_lists_its_parts, schema(named("name", "complex")), {"RFC7643-7-04"}),
    (checks.a_complex_attribute_is_not_unique, schema(named("x", "complex", uniqueness="server")), {"RFC7643-7-07"}),
    (checks.a_reference_says_where_it_leads, schema(named("x", "reference")), {"HTTP-SCHEMA-02"}),
    (
        checks.a_reference_says_where_it_leads,
        schema(named("x", "reference", referenceTypes="User")),
        {"RFC7643-7-08"},
    ),
    (checks.names_of_attributes_follow_the_grammar, schema(named("display name")), {"RFC7643-7-09"}),
    (checks.names_of_attributes_follow_the_grammar, schema({"type": "string"}), {"RFC7643-7-09"}),
    (checks.a_published_password_is_never_returned, schema(named("password")), {"RFC7643-4.1.1-16"}),
    (checks.groups_lead_to_groups_alone, schema(group_reference("User", "Group")), {"RFC7643-4.1.2-10"}),
    (checks.the_manager_is_known_by_a_case_exact_id, manager(caseExact=False), {"RFC7643-4.3-05"}),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_definition_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirements"), WRONG)
def test_a_wrong_definition_is_found(check: Any, told: Any, requirements: set[str], see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == requirements


def test_the_pointer_leads_to_the_part_of_an_attribute(see: Any, found: Any) -> None:
    (finding,) = found(checks.groups_lead_to_groups_alone, see(schema(named("x"), group_reference("User"))))
    assert finding.at == "/attributes/1/subAttributes/1/referenceTypes"
