"""What imported requests were for, and where in a service their URLs lead."""

from __future__ import annotations

import json

import pytest

from harness.intake.intents import Names, active_in, address_of, compared, read_request
from harness.model.step import Effect, Intent

GUID = "11111111-2222-3333-4444-555555555555"
USERS, ONE, GROUPS, GROUP = "/scim/v2/Users", "/scim/v2/Users/u-1", "/scim/v2/Groups", "/scim/v2/Groups/g-1"


def patch(*operations: dict[str, object]) -> dict[str, object]:
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}


@pytest.mark.parametrize(
    ("url", "base", "path", "endpoint", "resource_id"),
    [
        ("https://a.example/scim/v2/Users", "https://a.example/scim/v2", "/Users", "Users", ""),
        ("https://a.example/scim/v2/Users/", "https://a.example/scim/v2", "/Users/", "Users", ""),
        ("https://a.example/Users/u-1?x=1", "https://a.example", "/Users/u-1", "Users", "u-1"),
        ("https://a.example/t/7/scim//Users/u%2F1", "https://a.example/t/7/scim", "//Users/u%2F1", "Users", "u/1"),
        ("/scim/v2/Groups/g-1", "/scim/v2", "/Groups/g-1", "Groups", "g-1"),
        ("https://a.example/scim/users", "https://a.example/scim", "/users", "Users", ""),
        ("https://a.example/v2/Users/me", "https://a.example/v2", "/Users/me", "Users", "me"),
        ("https://a.example/v2/.search", "https://a.example/v2", "/.search", ".search", ""),
    ],
)
def test_a_url_is_split_where_the_service_begins(
    url: str, base: str, path: str, endpoint: str, resource_id: str
) -> None:
    found = address_of(url)
    assert found is not None
    assert (found.base, found.path, found.endpoint, found.resource_id) == (base, path, endpoint, resource_id)


@pytest.mark.parametrize(
    "url", ["https://a.example/", "https://Users", "", "https://a.example/Users/1/photo/2", "?Users"]
)
def test_other_urls_lead_to_no_scim_service(url: str) -> None:
    assert address_of(url) is None


@pytest.mark.parametrize(
    ("method", "url", "body", "intent", "effect"),
    [
        ("GET", f"{USERS}?startIndex=1&count=2", None, Intent.CONNECT, Effect.READ),
        ("GET", f"{USERS}?filter=userName+eq+%22{GUID}%22", None, Intent.CONNECT, Effect.READ),
        ("GET", f"{USERS}?filter=userName+eq+%22ada%40a.example%22", None, Intent.LOOKUP, Effect.READ),
        ("GET", f"{USERS}?startIndex=1&count=100", None, Intent.LIST, Effect.READ),
        ("GET", ONE, None, Intent.READ, Effect.READ),
        ("POST", USERS, {"userName": "ada@a.example"}, Intent.CREATE, Effect.WRITE),
        ("POST", f"{USERS}/.search", {}, Intent.LIST, Effect.READ),
        ("PUT", ONE, {"userName": "ada", "active": False}, Intent.DEACTIVATE, Effect.WRITE),
        ("PUT", ONE, {"userName": "ada", "active": True}, Intent.UPDATE, Effect.WRITE),
        ("PATCH", ONE, patch({"op": "replace", "value": {"active": False}}), Intent.DEACTIVATE, Effect.WRITE),
        ("PATCH", ONE, patch({"op": "Replace", "path": "active", "value": "False"}), Intent.DEACTIVATE, Effect.WRITE),
        ("PATCH", ONE, patch({"op": "Replace", "path": "active", "value": "True"}), Intent.REACTIVATE, Effect.WRITE),
        ("PATCH", ONE, patch({"op": "Replace", "path": "title", "value": "CEO"}), Intent.UPDATE, Effect.WRITE),
        ("DELETE", ONE, None, Intent.DELETE, Effect.DELETE),
        ("GET", f"{GROUPS}?filter=displayName+eq+%22Red%22", None, Intent.GROUP_LOOKUP, Effect.READ),
        ("GET", GROUP, None, Intent.GROUP_READ, Effect.READ),
        ("POST", GROUPS, {"displayName": "Red"}, Intent.GROUP_CREATE, Effect.WRITE),
        ("PATCH", GROUP, patch({"op": "remove", "path": "members"}), Intent.GROUP_UPDATE, Effect.WRITE),
        ("DELETE", GROUP, None, Intent.GROUP_DELETE, Effect.DELETE),
        ("GET", "/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", None, Intent.DISCOVER, Effect.READ),
        ("POST", "/scim/v2/Bulk", {}, Intent.PROBE, Effect.WRITE),
    ],
)
def test_a_request_is_read_as_our_simulators_would_mark_it(
    method: str, url: str, body: object, intent: Intent, effect: Effect
) -> None:
    address = address_of(url)
    assert address is not None
    reading = read_request(method, address, body)
    assert (reading.intent, reading.effect) == (intent, effect)


def test_somebody_who_was_seen_inactive_returns_by_a_put() -> None:
    address, names = address_of(ONE), Names()
    assert address is not None
    names.learn({"id": "u-1", "userName": "ada@a.example", "active": False})
    back = read_request("PUT", address, {"active": True}, names)
    assert (back.intent, back.subject) == (Intent.REACTIVATE, "ada@a.example")


def test_the_rename_of_a_soft_deletion_is_marked() -> None:
    address = address_of(ONE)
    assert address is not None
    gone = {"op": "Replace", "path": "userName", "value": f"{'0' * 32}ada@a.example"}
    off = {"op": "Replace", "path": "active", "value": "False"}
    assert read_request("PATCH", address, patch(off, gone)).tag == "tombstone"
    assert read_request("PATCH", address, patch(gone)).tag == "tombstone-rename"


@pytest.mark.parametrize("body", [None, [], "x", {"active": "maybe"}, {"active": 0}, {"Operations": [1, {"path": 5}]}])
def test_what_says_nothing_about_active_is_not_guessed(body: object) -> None:
    assert active_in(body) is None


def test_a_filter_value_is_unescaped() -> None:
    assert compared('filter=displayName eq "a \\"b\\" c"') == ("displayName", 'a "b" c')
    assert compared("filter=userName%20sw%20%22a%22") == ("", "")


def test_a_body_of_any_shape_is_read_without_falling_over() -> None:
    for url in (USERS, ONE, GROUPS, GROUP, "/scim/Bulk"):
        address = address_of(url)
        assert address is not None
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
            for text in ("null", "[]", "3", '"x"', '{"Operations": {"a": 1}}', '{"userName": 7, "Operations": [[]]}'):
                read_request(method, address, json.loads(text))
