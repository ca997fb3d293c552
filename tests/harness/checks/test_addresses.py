"""Addresses: one base, one version, references that lead somewhere, versions that can be sent back."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import addresses as checks

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BASE = "https://app.example/scim/v2"
HOME = {"Location": f"{BASE}/Users/u1"}
CONFIG = {"path": "/ServiceProviderConfig", "tag": "discovery.config", "body": {"etag": {"supported": True}}}


def person(
    location: str = f"{BASE}/Users/u1", headers: Any = (), version: Any = None, **members: Any
) -> dict[str, Any]:
    meta = {"resourceType": "User", "location": location} | ({"version": version} if version else {})
    return {"path": "/Users/u1", "headers": headers, "body": {"schemas": [USER], "id": "u1", "meta": meta, **members}}


def followed(status: int) -> dict[str, Any]:
    return {"path": "/Users/u2", "tag": "detailed.reference", "status": status, "body": {"id": "u2"}}


RIGHT: list[tuple[Any, Any]] = [
    (checks.endpoints_stand_right_below_the_base, [CONFIG]),
    (checks.all_addresses_agree_in_base_and_version, [person(), person(f"{BASE}/Users/u2")]),
    (checks.all_addresses_agree_in_base_and_version, [person("https://public.example/scim/v2/Users/u1")]),
    (checks.all_addresses_agree_in_base_and_version, [person("https://public.example/scim/Users/u1")]),
    (checks.a_reference_is_an_address, person(manager={"$ref": "../Users/u2"}, x={"a": [{"$ref": f"{BASE}/Users/2"}]})),
    (checks.a_reference_leads_somewhere, followed(200)),
    (checks.a_reference_leads_somewhere, followed(404)),
    (
        checks.the_groups_of_a_person_are_given_by_id_and_address,
        person(groups=[{"value": "g1", "$ref": "../Groups/g1"}, {"value": "g2"}]),
    ),
    (checks.a_version_has_quotation_marks, person(version='W/"3"', headers={"ETag": '"3"'})),
    (checks.the_version_is_the_etag, person(version='W/"3"', headers={"ETag": 'W/"3"'})),
]
WRONG: list[tuple[Any, Any, str]] = [
    (
        checks.endpoints_stand_right_below_the_base,
        [CONFIG, {"path": "/Users", "status": 301, "headers": {"Location": f"{BASE}/Users/"}}],
        "RFC7644-1.3-01",
    ),
    (checks.endpoints_stand_right_below_the_base, [CONFIG | {"status": 404}], "RFC7644-1.3-01"),
    (
        checks.all_addresses_agree_in_base_and_version,
        [person("https://app.example/scim/v1/Users/u1")],
        "RFC7644-3.13-01",
    ),
    (
        checks.all_addresses_agree_in_base_and_version,
        [person("https://app.example/scim/2.0/Users/u1")],
        "RFC7644-3.13-01",
    ),
    (
        checks.all_addresses_agree_in_base_and_version,
        [person(), person("https://other.example/scim/v2/Users/u1")],
        "RFC7644-3.13-01",
    ),
    (checks.a_reference_is_an_address, person(manager={"$ref": 7}), "RFC7643-2.3.7-01"),
    (checks.a_reference_is_an_address, person(manager={"$ref": "the boss"}), "RFC7643-2.3.7-01"),
    (checks.a_reference_leads_somewhere, followed(500), "RFC7643-2.3.7-01"),
    (
        checks.the_groups_of_a_person_are_given_by_id_and_address,
        person(groups=[{"value": "g1", "$ref": "../Users/g1"}]),
        "RFC7643-4.1.2-09",
    ),
    (
        checks.the_groups_of_a_person_are_given_by_id_and_address,
        person(groups=[{"display": "Everyone"}]),
        "RFC7643-4.1.2-09",
    ),
    (checks.a_version_has_quotation_marks, person(headers={"ETag": "3"}), "RFC7643-3.1-19"),
    (checks.a_version_has_quotation_marks, person(version="3"), "RFC7643-3.1-19"),
    (checks.the_version_is_the_etag, person(version='"3"', headers={"ETag": 'W/"3"'}), "RFC7643-3.1-18"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_a_base_url_has_no_query(transcript: Any, exchange: Any, found: Any) -> None:
    told = transcript(exchange(**CONFIG), base_url=f"{BASE}?tenant=7")
    assert [f.likeness for f in found(checks.endpoints_stand_right_below_the_base, told)] == ["base"]


@pytest.mark.parametrize(
    ("headers", "config", "expected"),
    [
        (HOME, {}, []),
        ({"Content-Location": f"{BASE}/Users/u1"}, {}, []),
        ({}, {}, ["location"]),
        ({"Location": f"{BASE}/Users"}, {}, ["location"]),
        (HOME, CONFIG["body"], ["etag"]),
        (HOME | {"ETag": 'W/"1"'}, CONFIG["body"], []),
    ],
)
def test_a_person_read_by_id_brings_its_address(
    headers: Any, config: Any, expected: list[str], see: Any, exchange: Any, found: Any
) -> None:
    told = see([CONFIG | {"body": config}])
    one = exchange(**person(headers=headers))
    assert [f.likeness for f in found(checks.a_single_person_comes_with_its_address, one, transcript=told)] == expected
