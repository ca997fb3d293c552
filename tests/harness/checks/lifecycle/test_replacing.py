"""PUT stores what the client owns and passes over the rest."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import replacing as checks
from harness.model.change import Unassign
from harness.model.finding import Finding
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
MARK = "scimulator-put-"
META = {"created": "2026-11-24T09:00:00.000Z", "resourceType": "User"}


def person(external_id: str | None = f"{MARK}changed", **members: Any) -> tuple[int, Any]:
    whole = {"id": "u1", "userName": "subject", "active": True, "displayName": "Sub Ject", "meta": META, **members}
    return 200, whole | ({"externalId": external_id} if external_id else {})


def no(status: int = 400) -> tuple[int, Any]:
    return status, {"schemas": [ERROR], "status": str(status)}


CLEAN: dict[str, Any] = {
    "put.before": person(None),
    "put.same": person(None),
    "put.same.read": person(None),
    **{
        f"put.{t}{read}": person()
        for t in ("changed", "again", "foreign", "groups", "without")
        for read in ("", ".read")
    },
    "put.broken": no(),
    "put.broken.read": person(),
    "put.nobody": no(404),
    "put.nobody.read": no(404),
    "put.collection": no(405),
    "put.restore": person(None),
}

ALL = (
    checks.put_is_served,
    checks.writing_back_what_was_read_changes_nothing,
    checks.a_put_stores_what_the_client_owns,
    checks.the_same_put_twice_is_the_same,
    checks.read_only_values_in_a_put_are_ignored,
    checks.read_only_attributes_never_change_by_put,
    checks.an_id_from_the_client_is_ignored,
    checks.meta_from_the_client_is_ignored,
    checks.groups_of_a_person_cannot_be_put,
    checks.a_failed_put_changes_nothing,
    checks.a_word_is_never_stored_as_active,
    checks.a_put_without_active_switches_nobody_off,
    checks.a_put_never_creates,
    checks.a_put_on_the_collection_is_refused,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_replaces_rightly_gives_no_finding(rehearsed: Rehearsed, finds: Finds, check: Any) -> None:
    assert finds(check, rehearsed("replacing", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.put_is_served, {"put.same": no(405)}),
        (checks.writing_back_what_was_read_changes_nothing, {"put.same.read": person(None, displayName="Other")}),
        (checks.a_put_stores_what_the_client_owns, {"put.changed.read": person(None)}),
        (checks.the_same_put_twice_is_the_same, {"put.again.read": person(active=False)}),
        (checks.the_same_put_twice_is_the_same, {"put.again": no(409)}),
        (checks.read_only_values_in_a_put_are_ignored, {"put.foreign": no()}),
        (checks.read_only_values_in_a_put_are_ignored, {"put.foreign.read": person(displayName=f"{MARK}name")}),
        (checks.read_only_attributes_never_change_by_put, {"put.foreign.read": person(userName="other")}),
        (checks.an_id_from_the_client_is_ignored, {"put.foreign.read": person(id="u9")}),
        (
            checks.meta_from_the_client_is_ignored,
            {"put.foreign.read": person(meta=META | {"created": "1970-01-01T00:00:00Z"})},
        ),
        (checks.groups_of_a_person_cannot_be_put, {"put.groups.read": person(groups=[{"value": f"{MARK}group"}])}),
        (checks.a_failed_put_changes_nothing, {"put.broken.read": person(active=False)}),
        (checks.a_word_is_never_stored_as_active, {"put.broken": person(), "put.broken.read": person(active="maybe")}),
        (checks.a_put_without_active_switches_nobody_off, {"put.without.read": person(active=False)}),
        (checks.writing_back_what_was_read_changes_nothing, {"put.same": no()}),
        (checks.a_word_is_never_stored_as_active, {"put.broken": person()}),
        (checks.a_put_never_creates, {"put.nobody": no(405)}),
        (checks.a_put_on_the_collection_is_refused, {"put.collection": (200, {})}),
    ],
)
def test_a_service_that_replaces_wrongly_is_found_out(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    (found,) = finds(check, rehearsed("replacing", CLEAN | wrong))
    assert found.expected
    assert found.hint
    assert found.exchange


def test_a_put_that_creates_breaks_two_clauses(rehearsed: Rehearsed, finds: Finds) -> None:
    told = rehearsed("replacing", CLEAN | {"put.nobody": person(), "put.nobody.read": person()})
    assert {f.requirement for f in finds(checks.a_put_never_creates, told)} == {"RFC7644-3.2-02", "RFC7644-3.5.1-09"}


def test_a_full_service_may_take_a_new_display_name(rehearsed: Rehearsed, finds: Finds, made: SimpleNamespace) -> None:
    told = rehearsed("replacing", CLEAN | {"put.foreign.read": person(displayName=f"{MARK}name")})
    assert finds(checks.read_only_values_in_a_put_are_ignored, told, made.claims("full")) == []
    assert finds(checks.read_only_attributes_never_change_by_put, told, made.claims("full")) == []


def test_a_refused_put_of_an_idp_changes_nobody(
    scene: Callable[..., Transcript], finds: Finds, made: SimpleNamespace
) -> None:
    sent = made.asked(Intent.DEACTIVATE, "PUT", body={"active": False}, answer=no(405))
    check = checks.a_refused_put_changes_nothing
    assert finds(check, scene(Unassign("leaver"), sent, after=made.person())) == []
    assert len(finds(check, scene(Unassign("leaver"), sent))) == 1
