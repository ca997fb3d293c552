"""The promises to customers, one after the other: kept, and broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import promises as checks
from harness.model.change import Assign, PushGroup, SoftDelete, TestConnection, Unassign
from harness.model.exchange import Exchange, Role, Trouble, TroubleKind
from harness.model.finding import Finding
from harness.model.step import ERROR, GROUP, LIST_RESPONSE, USER, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Found = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
Scene = Callable[..., Transcript]
NO = {"schemas": [ERROR], "status": "404", "detail": "Groups are managed in the app."}
EMPTY = {"schemas": [LIST_RESPONSE], "totalResults": 0, "Resources": []}
ENDED = {"session": "ended", "api_token": "ended"}


@pytest.mark.parametrize(
    ("wrong", "likenesses"),
    [
        (lambda m: {}, []),
        (lambda m: {"after": m.person()}, ["still-active"]),
        (lambda m: {"after": (404, m.error(404))}, ["still-active"]),
        (lambda m: {"after": m.person(active=False, userName="tombstone")}, ["renamed"]),
        (lambda m: {"hook": ENDED | {"session": "alive"}}, ["session"]),
        (lambda m: {"hook": ENDED | {"api_token": "alive"}}, ["api_token"]),
    ],
)
def test_whoever_leaves_is_deactivated_and_has_no_access(
    scene: Scene, finds: Finds, made: SimpleNamespace, wrong: Any, likenesses: list[str]
) -> None:
    told = scene(Unassign("leaver"), made.deactivated(), **{"hook": ENDED} | wrong(made))
    assert [f.likeness for f in finds(checks.whoever_leaves_is_deactivated, told)] == likenesses


def test_a_refused_tombstone_breaks_the_promise_unless_no_leniency_was_promised(
    scene: Scene, finds: Finds, made: SimpleNamespace
) -> None:
    sent = made.deactivated("False", answer=(400, made.error(400)), userName="tombstone")
    told = scene(SoftDelete("leaver"), sent, after=made.person(), scenario="entra/default/x")
    check = checks.whoever_leaves_is_deactivated
    assert finds(check, told) == []
    assert len(finds(check, told, made.claims("deprovisioning", "mixed-patch"))) == 1


def test_a_refused_deactivation_breaks_the_promise_in_any_words(
    scene: Scene, finds: Finds, made: SimpleNamespace
) -> None:
    told = scene(Unassign("leaver"), made.deactivated("False", answer=(400, made.error(400))), after=made.person())
    assert len(finds(checks.whoever_leaves_is_deactivated, told)) == 1


@pytest.mark.parametrize(
    ("check", "intent", "request_", "fine", "wrong"),
    [
        (
            checks.an_idp_cannot_create_people,
            Intent.CREATE,
            ("POST", "/Users"),
            [{"status": 405, "body": NO}],
            [{"status": 201, "body": {"id": "u1"}}, {"status": 405, "body": NO | {"detail": ""}}],
        ),
        (
            checks.a_group_push_is_refused,
            Intent.GROUP_CREATE,
            ("POST", "/Groups"),
            [{"status": 404, "body": NO}],
            [{"status": 201, "body": {"id": "g1"}}, {"status": 400, "body": NO}],
        ),
        (
            checks.an_administrator_understands_the_refusal,
            Intent.GROUP_UPDATE,
            ("PATCH", "/Groups/g1"),
            [{"status": 404, "body": NO}],
            [{"status": 404, "body": NO | {"detail": "No"}}, {"status": 404, "body": b"<html>"}],
        ),
        (
            checks.the_key_works_where_an_idp_puts_it,
            Intent.LOOKUP,
            ("GET", "/Users"),
            [{"status": 200, "body": EMPTY}, {"status": 400, "body": NO}],
            [{"status": 401, "body": NO}],
        ),
    ],
)
def test_each_promise_about_one_answer_can_be_broken(
    exchange: Makes,
    found: Found,
    check: Any,
    intent: Intent,
    request_: tuple[str, str],
    fine: list[Any],
    wrong: list[Any],
) -> None:
    for answer in fine:
        assert found(check, exchange(*request_, role=Role.IDP, intent=intent, **answer)) == []
    for answer in wrong:
        (seen,) = found(check, exchange(*request_, role=Role.IDP, intent=intent, **answer))
        assert seen.expected
        assert seen.hint


@pytest.mark.parametrize(("found_", "findings"), [(True, 0), (False, 1)])
def test_people_who_signed_in_are_found(
    scene: Scene, finds: Finds, made: SimpleNamespace, found_: bool, findings: int
) -> None:
    people = made.people(made.person()) if found_ else made.people()
    told = scene(Assign("leaver"), after=made.person(), found=people)
    assert len(finds(checks.people_who_signed_in_are_found, told)) == findings


def test_nothing_claims_groups(exchange: Makes, transcript: Callable[..., Transcript], found: Found) -> None:
    def types(*urns: str) -> Exchange:
        entries = [{"name": urn.rpartition(":")[2], "endpoint": "/X", "schema": urn} for urn in urns]
        return exchange("GET", "/ResourceTypes", body=EMPTY | {"totalResults": len(urns), "Resources": entries})

    def schemas(*urns: str) -> Exchange:
        entries = [{"id": urn, "attributes": []} for urn in urns]
        return exchange("GET", "/Schemas", body=EMPTY | {"totalResults": len(urns), "Resources": entries})

    check = checks.nothing_claims_groups
    assert found(check, transcript(types(USER), schemas(USER))) == []
    assert [f.likeness for f in found(check, transcript(types(USER, GROUP), schemas(USER, GROUP)))] == [
        "ResourceTypes",
        "Schemas",
    ]


def pushed_and_left(scene: Scene, made: SimpleNamespace, after: Any) -> Transcript:
    """Somebody is found, a group is pushed, and then that person leaves."""
    lookup = made.asked(Intent.LOOKUP, "GET", "/Users", answer=(200, made.people(made.person())))
    push = made.asked(Intent.GROUP_CREATE, "POST", "/Groups", {}, answer=(404, NO), subject="")
    parts = (
        scene(Assign("leaver"), lookup, after=made.person()),
        scene(PushGroup(), push, before=None, after=None, accounts={}),
        scene(Unassign("leaver"), made.deactivated(), after=after),
    )
    exchanges = tuple(replace(x, moment=i) for i, part in enumerate(parts) for x in part.exchanges)
    changes = tuple(part.changes[0] for part in parts)
    return replace(parts[0], exchanges=exchanges, changes=changes)


def test_a_refused_push_does_not_cost_the_deactivation(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    check = checks.people_are_deactivated_after_a_refused_push
    assert finds(check, pushed_and_left(scene, made, made.person(active=False))) == []
    assert [f.likeness for f in finds(check, pushed_and_left(scene, made, made.person()))] == ["still-active"]


def test_a_deactivation_that_a_reading_run_holds_back_says_nothing_of_a_refused_push(
    scene: Scene, made: SimpleNamespace, applies: Callable[..., bool]
) -> None:
    """The guard of the run kept the PATCH from the service: that the person is still active is our doing."""
    check = checks.people_are_deactivated_after_a_refused_push
    told = pushed_and_left(scene, made, made.person())
    held = Trouble(TroubleKind.GUARD, "PATCH /Users/{id} would write at the target, but only read is allowed")
    lost = Trouble(TroubleKind.RESET, "the connection was closed")

    def deactivated_with(trouble: Trouble) -> Transcript:
        return replace(
            told,
            exchanges=tuple(
                replace(x, response=None, trouble=trouble) if x.intent is Intent.DEACTIVATE else x
                for x in told.exchanges
            ),
        )

    assert not applies(check, deactivated_with(held))
    assert applies(check, deactivated_with(lost))
    assert applies(check, told)


def test_without_the_key_nothing_opens(exchange: Makes, found: Found, applies: Callable[..., bool]) -> None:
    check = checks.without_the_key_nothing_opens
    assert found(check, exchange("GET", "/Users", status=401, authorization=None)) == []
    assert [f.likeness for f in found(check, exchange("GET", "/Users", authorization=None))] == ["open"]
    assert [f.likeness for f in found(check, exchange("POST", "/Groups", status=404, authorization=None))] == ["4xx"]
    assert not applies(check, exchange("GET", "/ServiceProviderConfig", authorization=None))
    assert not applies(check, exchange("GET", "/Users"))


@pytest.mark.parametrize("status", [200, 204, 501])
def test_a_browsers_preflight_carries_no_key_and_opens_nothing(
    exchange: Makes, applies: Callable[..., bool], status: int
) -> None:
    preflight = exchange("OPTIONS", "/Users", status=status, authorization=None)
    assert not applies(checks.without_the_key_nothing_opens, preflight)


@pytest.mark.parametrize(
    ("scenario", "answer", "groups", "likenesses"),
    [
        ("okta/oin/connection", (200, EMPTY), (404, NO), []),
        ("entra/default/connection", (200, EMPTY), (200, EMPTY), []),
        ("entra/default/connection", (200, {"schemas": [LIST_RESPONSE], "totalResults": 0}), (501, NO), []),
        ("okta/oin/connection", (200, {"schemas": [LIST_RESPONSE], "totalResults": 0}), (404, NO), ["2xx"]),
        ("okta/oin/connection", (404, NO), (404, NO), ["4xx"]),
        ("okta/oin/connection", (200, EMPTY), (500, NO), ["groups-5xx"]),
    ],
)
def test_the_connection_test_passes_also_without_people(
    scene: Scene,
    finds: Finds,
    made: SimpleNamespace,
    scenario: str,
    answer: Any,
    groups: Any,
    likenesses: list[str],
) -> None:
    asked = made.asked(Intent.CONNECT, "GET", "/Users", answer=answer, subject="")
    saved = made.asked(Intent.GROUP_READ, "GET", "/Groups", answer=groups, subject="")
    told = scene(TestConnection(), asked, saved, before=None, after=None, accounts={}, scenario=scenario)
    assert [f.likeness for f in finds(checks.the_connection_test_passes, told)] == likenesses


def test_an_empty_list_of_groups_that_is_declared_is_part_of_the_connection_test(
    scene: Scene, finds: Finds, made: SimpleNamespace
) -> None:
    asked = made.asked(Intent.CONNECT, "GET", "/Users", answer=(200, EMPTY), subject="")
    saved = made.asked(Intent.GROUP_READ, "GET", "/Groups", answer=(404, NO), subject="")
    told = scene(TestConnection(), asked, saved, before=None, after=None, accounts={})
    declares = made.claims("deprovisioning", "empty-group-list")
    assert finds(checks.the_connection_test_passes, told) == []
    assert [f.likeness for f in finds(checks.the_connection_test_passes, told, declares)] == ["groups-4xx"]
