"""Discovery endpoints: what they must answer, and what they may."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import discovery as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def a_list(*resources: Any, **members: Any) -> dict[str, Any]:
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources), **members}


A_TYPE = {"schemas": [TYPE], "id": "User", "name": "User", "endpoint": "/Users", "schema": USER}
A_SCHEMA = {"id": USER, "name": "User", "attributes": [{"name": "userName", "type": "string"}]}
ANOTHER = {"id": GROUP, "name": "Group", "attributes": []}

SCHEMAS = {"path": "/Schemas", "body": a_list(A_SCHEMA, ANOTHER)}
TYPES = {"path": "/ResourceTypes", "body": a_list(A_TYPE)}
ONE_SCHEMA = {"path": f"/Schemas/{USER}", "tag": "discovery.schema", "body": A_SCHEMA}
ONE_TYPE = {"path": "/ResourceTypes/User", "tag": "discovery.type", "body": A_TYPE}
PAGED = {"path": "/Schemas", "query": "startIndex=2&count=1", "tag": "discovery.paged.Schemas"}
FILTERED = {"path": "/Schemas", "query": "filter=x", "tag": "discovery.filter"}
NOT_FOUND = {"tag": "discovery.unknown", "path": "/Schemas/none", "status": 404, "body": {}}
WRITE = {"method": "POST", "path": "/Schemas", "tag": "discovery.write"}

RIGHT: list[tuple[Any, Any]] = [
    (checks.the_configuration_is_one_object, {"path": "/ServiceProviderConfig", "body": {"schemas": [CONFIG]}}),
    (checks.schemas_are_a_list, SCHEMAS),
    (checks.resource_types_are_a_list, TYPES),
    (checks.a_discovery_list_is_complete, SCHEMAS),
    (checks.a_schema_is_found_by_its_urn, [SCHEMAS, ONE_SCHEMA]),
    (
        checks.a_schema_is_found_by_its_urn,
        [
            SCHEMAS,
            {**ONE_SCHEMA, "path": ONE_SCHEMA["path"].replace(":", "%3A"), "tag": "discovery.schema-encoded"},
        ],
    ),
    (checks.a_resource_type_is_found_by_its_id_or_name, [TYPES, ONE_TYPE]),
    (checks.paging_parameters_do_nothing_to_discovery, [SCHEMAS, {**PAGED, "body": SCHEMAS["body"]}]),
    (checks.an_unknown_schema_or_type_is_not_found, NOT_FOUND),
    (checks.discovery_cannot_be_written_to, {**WRITE, "status": 405, "headers": {"Allow": "GET"}}),
    (checks.discovery_cannot_be_written_to, {**WRITE, "status": 404, "body": {}}),
]

WRONG: list[tuple[Any, Any, str]] = [
    (
        checks.the_configuration_is_one_object,
        {"path": "/ServiceProviderConfig", "body": a_list({"schemas": [CONFIG]})},
        "RFC7644-4-01",
    ),
    (checks.the_configuration_is_one_object, {"path": "/ServiceProviderConfig", "status": 404}, "RFC7644-4-01"),
    (checks.schemas_are_a_list, {"path": "/Schemas", "body": [A_SCHEMA]}, "RFC7644-4-02"),
    (checks.schemas_are_a_list, {"path": "/Schemas", "body": a_list(A_SCHEMA, totalResults=0)}, "RFC7644-4-02"),
    (checks.schemas_are_a_list, {"path": "/Schemas", "body": a_list(A_SCHEMA, totalResults=2)}, "RFC7644-4-02"),
    (checks.resource_types_are_a_list, {"path": "/ResourceTypes", "body": a_list()}, "RFC7644-4-03"),
    (checks.resource_types_are_a_list, {"path": "/ResourceTypes", "status": 501, "body": {}}, "RFC7644-4-03"),
    (
        checks.a_discovery_list_is_complete,
        {"path": "/Schemas", "body": a_list(A_SCHEMA, totalResults=2)},
        "RFC7644-4-10",
    ),
    (checks.a_schema_is_found_by_its_urn, [SCHEMAS, {**ONE_SCHEMA, "status": 404, "body": {}}], "RFC7644-4-04"),
    (checks.a_schema_is_found_by_its_urn, [SCHEMAS, {**ONE_SCHEMA, "body": a_list(A_SCHEMA)}], "RFC7644-4-04"),
    (
        checks.a_schema_is_found_by_its_urn,
        [SCHEMAS, {**ONE_SCHEMA, "body": {**A_SCHEMA, "attributes": []}}],
        "RFC7644-4-04",
    ),
    (
        checks.a_resource_type_is_found_by_its_id_or_name,
        [TYPES, {**ONE_TYPE, "status": 404, "body": {}}],
        "RFC7644-4-05",
    ),
    (
        checks.paging_parameters_do_nothing_to_discovery,
        [SCHEMAS, {**PAGED, "body": a_list(ANOTHER, totalResults=2)}],
        "RFC7644-4-06",
    ),
    (checks.an_unknown_schema_or_type_is_not_found, {**NOT_FOUND, "status": 200}, "RFC7644-4-08"),
    (checks.discovery_cannot_be_written_to, {**WRITE, "status": 201, "body": A_SCHEMA}, "RFC7644-4-09"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": 403, "body": {}}, []),
        ({"status": 400, "body": {}}, ["RFC7644-4-07"]),
        ({"body": a_list(A_SCHEMA, ANOTHER)}, ["RFC7644-4-07"]),
        ({"body": a_list()}, ["RFC7644-4-07", "RFC7644-4-06"]),
    ],
)
def test_a_filter_on_discovery_may_be_ignored_but_not_applied(
    answer: Any, expected: list[str], see: Any, found: Any
) -> None:
    both = see([SCHEMAS, {**FILTERED, **answer}])
    findings = found(checks.a_filter_on_discovery_is_refused, both.exchanges[1], transcript=both)
    assert [f.requirement for f in findings] == expected


def test_a_type_is_found_when_either_its_id_or_its_name_leads_there(see: Any, found: Any) -> None:
    named = {**A_TYPE, "id": "u"}
    asked = [
        {"path": "/ResourceTypes", "body": a_list(named)},
        {"path": "/ResourceTypes/u", "tag": "discovery.type", "status": 404, "body": {}},
        {**ONE_TYPE, "body": named},
    ]
    assert found(checks.a_resource_type_is_found_by_its_id_or_name, see(asked)) == []


def test_a_configuration_behind_a_token_is_asked_for_with_the_token(see: Any, applies: Any) -> None:
    closed = {"path": "/ServiceProviderConfig", "status": 401, "tag": "token.none.config", "authorization": None}
    assert not applies(checks.the_configuration_is_one_object, see(closed))
