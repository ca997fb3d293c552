"""Groups that are refused are refused whole; groups that are served are kept to the member."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import groups as checks
from harness.model.change import PushGroup
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
NO = {"schemas": [ERROR], "status": "404", "detail": "Groups are managed in the app."}
EMPTY = {"totalResults": 0, "Resources": []}


def group(*ids: str) -> dict[str, Any]:
    return {"id": "g1", "displayName": "Team", "members": [{"value": i} for i in ids]}


@pytest.mark.parametrize(
    ("check", "request_", "fine", "wrong"),
    [
        (
            checks.group_writes_are_refused,
            ("POST", "/Groups"),
            [{"status": 404, "body": NO}, {"status": 501, "body": NO}],
            [{"status": 201, "body": group()}, {"status": 204}, {"status": 400, "body": NO}, {"status": 404}],
        ),
        (
            checks.a_list_of_groups_is_refused_or_empty,
            ("GET", "/Groups"),
            [{"status": 404, "body": NO}, {"status": 200, "body": EMPTY}],
            [
                {"status": 200, "body": {"totalResults": 1, "Resources": [group()]}},
                {"status": 200, "body": {"totalResults": 3, "Resources": []}},
                {"status": 200, "body": b"<html>"},
                {"status": 500, "body": NO},
            ],
        ),
        (
            checks.no_group_can_be_read,
            ("GET", "/Groups/g1"),
            [{"status": 404, "body": NO}, {"status": 403, "body": NO}],
            [{"status": 200, "body": group()}, {"status": 500, "body": NO}],
        ),
        (
            checks.members_are_objects_with_a_value,
            ("GET", "/Groups/g1"),
            [{"body": group("u1", "u2")}],
            [{"body": {"id": "g1", "members": ["u1"]}}, {"body": {"id": "g1", "members": {"value": "u1"}}}],
        ),
    ],
)
def test_each_answer_about_groups_is_judged(
    exchange: Makes,
    found: Callable[..., list[Finding]],
    check: Any,
    request_: tuple[str, str],
    fine: list[Any],
    wrong: list[Any],
) -> None:
    for answer in fine:
        assert found(check, exchange(*request_, role=Role.IDP, **answer)) == []
    for answer in wrong:
        (seen,) = found(check, exchange(*request_, role=Role.IDP, **answer))
        assert seen.expected
        assert seen.hint


def test_requests_that_a_probe_has_spoilt_are_not_judged(applies: Callable[..., bool], exchange: Makes) -> None:
    assert not applies(checks.group_writes_are_refused, exchange("POST", "/Groups", status=401, role=Role.PROBE))
    told = exchange("POST", "/Groups", status=404, body=NO, role=Role.PROBE, tag="refuse.group.create")
    assert applies(checks.group_writes_are_refused, told)


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ({"op": "add", "path": "members", "value": [{"value": "c"}]}, {"a", "b", "c"}),
        ({"op": "Add", "path": "members", "value": [{"$ref": None, "value": "a"}]}, {"a", "b"}),
        ({"op": "remove", "path": 'members[value eq "a"]'}, {"b"}),
        ({"op": "Remove", "path": "members", "value": [{"value": "a"}]}, {"b"}),
        ({"op": "remove", "path": "members"}, set()),
        ({"op": "replace", "path": "members", "value": [{"value": "c"}]}, {"c"}),
        ({"op": "replace", "value": {"id": "g1", "displayName": "Other"}}, {"a", "b"}),
        ({"op": "replace", "value": {"members": []}}, set()),
        ({"op": "replace", "path": "displayName", "value": "Other"}, {"a", "b"}),
        ({"op": "add", "path": "members", "value": ["nonsense"]}, None),
    ],
)
def test_the_members_after_a_change_follow_from_the_request(
    exchange: Makes, operation: dict[str, Any], members: set[str] | None
) -> None:
    created = exchange("POST", "/Groups", status=201, sent=group("a", "b"), intent=Intent.GROUP_CREATE)
    changed = exchange("PATCH", "/Groups/g1", status=204, sent={"Operations": [operation]}, intent=Intent.GROUP_UPDATE)
    assert checks.expected_members([created, changed]) == members
    refused = exchange("PATCH", "/Groups/g1", status=400, sent={"Operations": [operation]}, intent=Intent.GROUP_UPDATE)
    assert checks.expected_members([created, refused]) == {"a", "b"}


def test_a_pushed_group_has_the_members_that_were_sent(
    scene: Callable[..., Transcript], finds: Finds, made: SimpleNamespace
) -> None:
    sent = made.asked(Intent.GROUP_CREATE, "POST", "/Groups", group("u1", "u2"), answer=(201, group("u1", "u2")))
    check = checks.a_confirmed_group_write_took_effect
    told = scene(PushGroup(), sent, before=None, after=None, group=group("u2", "u1"), accounts={})
    assert finds(check, told) == []
    lost = scene(PushGroup(), sent, before=None, after=None, group=group("u1"), accounts={})
    assert [f.likeness for f in finds(check, lost)] == ["missing"]
    extra = scene(PushGroup(), sent, before=None, after=None, group=group("u1", "u2", "u3"), accounts={})
    assert [f.likeness for f in finds(check, extra)] == ["extra"]


OK = (204, None)
CLEAN: dict[str, Any] = {
    "group.create": (201, group("u2", "u3")),
    "group.create.read": (200, group("u2", "u3")),
    **{f"group.{tag}": OK for tag in ("add", "add-again", "remove", "remove-again", "delete")},
    **{f"group.{tag}.read": (200, group("u1", "u2", "u3")) for tag in ("add", "add-again")},
    **{f"group.{tag}.read": (200, group("u2", "u3")) for tag in ("remove", "remove-again")},
}


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.adding_members_keeps_the_others, {"group.add.read": (200, group("u1"))}),
        (checks.adding_members_keeps_the_others, {"group.add-again": (409, NO)}),
        (checks.removing_a_member_keeps_the_others, {"group.remove.read": (200, group())}),
        (checks.removing_a_member_keeps_the_others, {"group.remove-again": (400, NO)}),
    ],
)
def test_a_change_of_members_touches_nobody_else(
    rehearsed: Callable[..., Transcript], finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    assert finds(check, rehearsed("group-members", CLEAN)) == []
    assert finds(check, rehearsed("group-members", CLEAN | wrong))
