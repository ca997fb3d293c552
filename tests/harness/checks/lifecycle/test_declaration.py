"""Discovery says no more than the service does, and no less."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import declaration as checks
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import ERROR, GROUP, LIST_RESPONSE, USER
from harness.model.transcript import Transcript

Found = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
CONFIG = {
    "documentationUri": "https://help.example/scim",
    "patch": {"supported": True},
    "bulk": {"supported": False},
    "changePassword": {"supported": False},
}


def listed(*resources: Any) -> dict[str, Any]:
    return {"schemas": [LIST_RESPONSE], "totalResults": len(resources), "Resources": list(resources)}


def user(*attributes: dict[str, Any]) -> dict[str, Any]:
    return {"id": USER, "name": "User", "attributes": list(attributes)}


def has(name: str, mutability: str | None, **more: Any) -> dict[str, Any]:
    return {"name": name, **({"mutability": mutability} if mutability else {}), **more}


ACTIVE = has("active", "readWrite")


@pytest.mark.parametrize(
    ("schema", "likenesses"),
    [
        (user(ACTIVE, has("userName", "readOnly"), has("externalId", "readWrite")), []),
        (user(has("active", None), has("userName", "readOnly")), []),
        (user(has("userName", "readOnly")), ["active"]),
        (user(has("active", "readOnly")), ["active"]),
        (user(ACTIVE, has("title", "readWrite")), ["title"]),
        (user(ACTIVE, has("title", None)), ["title"]),
        (
            user(ACTIVE, has("name", "readOnly", subAttributes=[has("givenName", "readWrite")])),
            ["name.givenName"],
        ),
    ],
)
def test_only_active_is_published_as_writable(
    exchange: Makes, found: Found, schema: Any, likenesses: list[str]
) -> None:
    told = exchange("GET", "/Schemas", body=listed(schema))
    assert [f.likeness for f in found(checks.only_active_is_published_as_writable, told)] == likenesses


def test_the_schemas_of_discovery_itself_are_not_about_people(exchange: Makes, found: Found) -> None:
    other = {"id": "urn:ietf:params:scim:schemas:core:2.0:ResourceType", "attributes": [has("name", "readWrite")]}
    told = exchange("GET", "/Schemas", body=listed(user(ACTIVE), other))
    assert found(checks.only_active_is_published_as_writable, told) == []


def test_a_read_only_service_publishes_nothing_writable(exchange: Makes, found: Found) -> None:
    check = checks.a_read_only_service_publishes_nothing_writable
    assert found(check, exchange("GET", "/Schemas", body=listed(user(has("active", "readOnly"))))) == []
    assert [f.likeness for f in found(check, exchange("GET", "/Schemas", body=listed(user(ACTIVE))))] == ["active"]


def test_a_read_only_service_announces_no_write(
    exchange: Makes, transcript: Callable[..., Transcript], found: Found
) -> None:
    check = checks.a_read_only_service_announces_no_write
    quiet = CONFIG | {"patch": {"supported": False}}
    assert found(check, transcript(exchange("GET", "/ServiceProviderConfig", body=quiet))) == []
    loud = transcript(exchange("GET", "/ServiceProviderConfig", body=CONFIG | {"bulk": {"supported": True}}))
    assert [f.likeness for f in found(check, loud)] == ["patch", "bulk"]


@pytest.mark.parametrize(
    ("path", "body", "findings"),
    [
        ("/Users/u1", {"schemas": [USER], "id": "u1"}, 0),
        ("/Users/u1", {"schemas": [USER], "id": "u1", "groups": []}, 1),
        ("/Users", listed({"schemas": [USER]}, {"schemas": [USER], "groups": [{"value": "g1"}]}), 1),
        ("/Schemas", listed(user(ACTIVE)), 0),
        ("/Schemas", listed(user(ACTIVE, has("groups", "readOnly"))), 1),
    ],
)
def test_people_carry_no_groups_where_none_are_served(
    exchange: Makes, found: Found, made: SimpleNamespace, path: str, body: Any, findings: int
) -> None:
    check, told = checks.people_carry_no_groups_where_none_are_served, exchange("GET", path, body=body)
    assert len(found(check, told)) == findings
    assert found(check, told, profile=made.claims("full")) == []


NO = {"schemas": [ERROR], "status": "405", "detail": "Not served"}
AGREES: dict[str, Any] = {
    "refuse.create.repeat": (405, NO, {"Allow": "GET, HEAD"}),
    "declared.config": (200, CONFIG),
    "declared.types": (200, listed({"name": "User", "endpoint": "/Users", "schema": USER})),
}


@pytest.mark.parametrize(
    ("wrong", "likenesses"),
    [
        ({}, []),
        ({"refuse.create.repeat": (405, NO, {"Allow": "GET, POST"})}, ["allow"] * 3),
        ({"declared.types": (200, listed({"name": "Group", "endpoint": "/Groups", "schema": GROUP}))}, ["groups"]),
        ({"declared.config": (200, CONFIG | {"documentationUri": None})}, ["documentation"]),
        ({"declared.config": (200, CONFIG | {"bulk": {"supported": True}})}, ["bulk"]),
        ({"declared.config": (200, CONFIG | {"patch": {"supported": False}})}, ["patch"]),
    ],
)
def test_refusals_agree_with_discovery(
    rehearsed: Callable[..., Transcript],
    finds: Callable[..., list[Finding]],
    wrong: dict[str, Any],
    likenesses: list[str],
) -> None:
    told = rehearsed("refused-creation", AGREES | wrong)
    assert [f.likeness for f in finds(checks.refusals_agree_with_discovery, told)] == likenesses
