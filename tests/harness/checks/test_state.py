"""Two representations are equal when SCIM says so, and differ in the place where they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.checks.state import (
    differences,
    earlier,
    instant,
    is_active,
    is_finer_than_seconds,
    is_inactive,
    may_change,
    member,
    written,
)
from harness.model.exchange import Exchange
from harness.model.profile import Profile
from harness.model.step import ENTERPRISE_USER, USER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"title": None}, {}),
        ({"emails": []}, {"emails": None}),
        ({"name": {}}, {"name": {"givenName": None}}),
        ({"userName": "Ada"}, {"USERNAME": "ada"}),
        ({"displayName": "Ada é"}, {"displayName": "ada e\u0301"}),
        ({"schemas": ["a", "b"]}, {"schemas": ["b", "a"]}),
        ({"emails": [{"value": "a"}, {"value": "b"}]}, {"emails": [{"value": "b"}, {"value": "A"}]}),
        ({"meta": {"created": "2026-11-24T10:00:00Z"}}, {"meta": {"created": "2026-11-24T11:00:00+01:00"}}),
        ({"meta": {"lastModified": "2026-11-24T10:00:00Z"}}, {"meta": {"lastModified": "2027-01-01T00:00:00Z"}}),
        ({"meta": {"version": 'W/"1"'}}, {"meta": {}}),
        ({"n": 1}, {"n": 1.0}),
    ],
)
def test_what_scim_calls_the_same_is_no_difference(before: Any, after: Any) -> None:
    assert differences(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "pointer"),
    [
        ({"active": True}, {"active": False}, "/active"),
        ({"active": True}, {"active": 1}, "/active"),
        ({"active": True}, {"active": "true"}, "/active"),
        ({"externalId": "AbC"}, {"externalId": "abc"}, "/externalId"),
        ({"name": {"givenName": "Ada"}}, {"name": {"givenName": "Eve"}}, "/name/givenName"),
        ({"name": {"givenName": "Ada"}}, {}, "/name/givenName"),
        ({"members": [{"value": "A"}]}, {"members": [{"value": "a"}]}, "/members"),
        ({"emails": [{"value": "a"}]}, {"emails": [{"value": "a"}, {"value": "a"}]}, "/emails"),
        ({"meta": {"created": "2026-11-24T10:00:00Z"}}, {"meta": {"created": "2026-11-24T10:00:01Z"}}, "/meta/created"),
        ({"name": {"givenName": "Ada"}}, {"name": ["Ada"]}, "/name"),
        ({"a/b": 1}, {}, "/a~1b"),
    ],
)
def test_a_real_difference_is_found_in_its_place(before: Any, after: Any, pointer: str) -> None:
    assert [d.pointer for d in differences(before, after)] == [pointer]


def test_what_is_to_be_ignored_is_left_out_with_all_below_it() -> None:
    before, after = {"name": {"givenName": "a"}, "active": True}, {"name": {"givenName": "b"}, "active": False}
    assert differences(before, after, ignoring=("/NAME", "/active")) == []


def test_versions_are_compared_only_when_they_are_asked_for() -> None:
    before = {"meta": {"lastModified": "2026-11-24T10:00:00Z", "version": "1"}}
    after = {"meta": {"lastModified": "2026-11-24T10:00:05Z", "version": "2"}}
    assert differences(before, after) == []
    assert [d.pointer for d in differences(before, after, versions=True)] == ["/meta/lastModified", "/meta/version"]


def test_a_difference_reads_as_a_sentence() -> None:
    (difference,) = differences({"active": True}, {})
    assert str(difference) == "/active: true became unassigned"


@pytest.mark.parametrize("value", [None, [], {}, "x", 1, True, [[]], [None, {"a": [1]}], float("nan")])
def test_values_of_any_shape_are_equal_to_themselves(value: Any) -> None:
    assert differences({"x": value}, {"x": value}) == []
    assert differences(value, value) == []


def test_an_instant_needs_a_date_and_a_time() -> None:
    assert instant("2026-11-24T10:00:00Z") == instant("2026-11-24T10:00:00.000+00:00")
    assert instant("2026-11-24") is None
    assert instant("0000-99-99T10:00:00Z") is None
    assert instant(1700000000) is None
    assert is_finer_than_seconds("2026-11-24T10:00:00.123Z")
    assert not is_finer_than_seconds("2026-11-24T10:00:00Z")
    assert earlier("2026-11-24T10:00:05Z", "2026-11-24T10:00:00Z")
    assert not earlier("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z")
    assert not earlier(None, "2026-11-24T10:00:00Z")


def test_active_is_read_as_a_boolean_or_as_the_word_for_one() -> None:
    assert is_inactive({"active": False})
    assert is_inactive({"ACTIVE": "False"})
    assert not is_inactive({})
    assert not is_inactive({"active": 0})
    assert is_active({"active": True})
    assert not is_active({"active": None})
    assert member({"Name": {"givenname": "Ada"}}, "name", "givenName") == "Ada"
    assert member("no object", "name") is None


def _patch(*each: dict[str, Any]) -> dict[str, Any]:
    return {"Operations": list(each)}


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        (_patch({"op": "replace", "path": "active", "value": False}), {"active": False}),
        (_patch({"op": "replace", "value": {"active": False, "userName": "x"}}), {"active": False, "username": "x"}),
        (_patch({"op": "Replace", "path": f"{USER}:active", "value": "False"}), {"active": "False"}),
        (_patch({"op": "replace", "path": "name.givenName", "value": "x"}), {"name": None}),
        (_patch({"op": "remove", "path": 'emails[type eq "work"]'}), {"emails": None}),
        (_patch({"op": "add", "path": f"{ENTERPRISE_USER}:department", "value": "x"}), {ENTERPRISE_USER.lower(): None}),
        ({"Operations": "nonsense"}, {}),
        (["nonsense"], {}),
    ],
)
def test_a_patch_is_read_as_the_attributes_that_it_writes(
    exchange: Callable[..., Exchange], body: Any, asked: dict[str, Any]
) -> None:
    assert written(exchange("PATCH", "/Users/u1", sent=body)) == asked


def test_without_the_claim_to_update_only_active_and_external_id_may_change(
    exchange: Callable[..., Exchange], profile: Callable[..., Profile]
) -> None:
    before = {"userName": "ada", "title": "x", "active": True}
    put = exchange("PUT", "/Users/u1", sent={"userName": "eve", "active": False})
    refused = exchange("PUT", "/Users/u1", sent={"externalId": "1"}, status=400)
    assert may_change([put, refused], before, profile()) == ("/active",)
    full = may_change([put], before, profile("full", supports=("update", "groups")))
    assert set(full) == {"/active", "/groups", "/schemas", "/title", "/username"}
