"""Whoever is created is there, once; whoever is not, is not."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import creating as checks
from harness.model.change import Assign
from harness.model.finding import Finding
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
LOCATION = "https://app.example/scim/v2/Users/u7"
PERSON = {
    "id": "u7",
    "userName": "Created.One@probe.example",
    "meta": {"resourceType": "User", "created": "2026-11-24T09:00:00Z", "location": LOCATION},
}


def no(status: int = 400, scim_type: str = "invalidValue") -> tuple[int, Any]:
    return status, {"schemas": [ERROR], "status": str(status), "scimType": scim_type}


CLEAN: dict[str, Any] = {
    "create.sweep": (200, {"totalResults": 0, "Resources": []}),
    "create.valid": (201, PERSON, {"Location": LOCATION}),
    "create.read": (200, PERSON),
    "create.duplicate": no(409, "uniqueness"),
    "create.duplicate.case": no(409, "uniqueness"),
    **{f"create.broken.{name}": no() for name in ("no-user-name", "no-schemas", "wrong-schema", "wrong-type")},
}

ALL = (
    checks.a_creation_is_answered_with_201,
    checks.a_creation_shows_what_was_created,
    checks.a_creation_says_where_the_person_is,
    checks.the_location_leads_to_the_person,
    checks.read_only_values_in_a_creation_are_ignored,
    checks.a_second_person_of_that_name_is_a_conflict,
    checks.a_person_without_form_is_refused,
    checks.a_person_without_schemas_is_not_guessed,
    checks.a_person_without_a_name_is_refused,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_creates_rightly_gives_no_finding(rehearsed: Rehearsed, finds: Finds, check: Any) -> None:
    assert finds(check, rehearsed("creating", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.a_creation_is_answered_with_201, {"create.valid": (200, PERSON)}),
        (checks.a_creation_shows_what_was_created, {"create.valid": (201, None)}),
        (checks.a_creation_says_where_the_person_is, {"create.valid": (201, PERSON)}),
        (checks.a_creation_says_where_the_person_is, {"create.valid": (201, PERSON, {"Location": LOCATION + "9"})}),
        (checks.the_location_leads_to_the_person, {"create.read": no(404)}),
        (checks.read_only_values_in_a_creation_are_ignored, {"create.valid": no()}),
        (
            checks.read_only_values_in_a_creation_are_ignored,
            {"create.valid": (201, PERSON | {"id": "00000000-0000-4000-8000-000000000000"})},
        ),
        (checks.a_second_person_of_that_name_is_a_conflict, {"create.duplicate": (201, PERSON)}),
        (checks.a_second_person_of_that_name_is_a_conflict, {"create.duplicate.case": no(409, "")}),
        (checks.a_person_without_form_is_refused, {"create.broken.wrong-schema": (201, PERSON)}),
        (checks.a_person_without_schemas_is_not_guessed, {"create.broken.no-schemas": (201, PERSON)}),
        (checks.a_person_without_form_is_refused, {"create.broken.wrong-type": no(500)}),
        (checks.a_person_without_a_name_is_refused, {"create.broken.no-user-name": (201, PERSON)}),
    ],
)
def test_a_service_that_creates_wrongly_is_found_out(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    (found,) = finds(check, rehearsed("creating", CLEAN | wrong))
    assert found.expected
    assert found.hint


@pytest.mark.parametrize(
    ("found_by_name", "likenesses"),
    [
        ([{"id": "u7", "active": True}], []),
        ([], ["not-found"]),
        ([{"id": "u7"}, {"id": "u8"}], ["not-found"]),
        ([{"id": "u7", "active": False}], ["inactive"]),
    ],
)
def test_somebody_whom_an_idp_has_created_is_found_once(
    scene: Callable[..., Transcript],
    finds: Finds,
    made: SimpleNamespace,
    found_by_name: list[Any],
    likenesses: list[str],
) -> None:
    sent = made.asked(Intent.CREATE, "POST", "/Users", {"active": True}, answer=(201, {"id": "u7"}), subject="newcomer")
    told = scene(
        Assign("newcomer"),
        sent,
        before=None,
        after=None,
        found=made.people(*found_by_name),
        accounts={"newcomer": ""},
    )
    assert [f.likeness for f in finds(checks.a_person_who_was_created_is_there, told)] == likenesses


def published(uniqueness: str) -> tuple[int, Any]:
    emails = {"name": "emails", "subAttributes": [{"name": "value", "uniqueness": uniqueness}]}
    user = {"id": "urn:ietf:params:scim:schemas:core:2.0:User", "attributes": [emails]}
    return 200, {"totalResults": 1, "Resources": [user]}


def test_a_mail_address_may_be_shared_where_it_is_published_as_not_unique(
    rehearsed: Rehearsed, finds: Finds, applies_to: Callable[..., bool]
) -> None:
    check = checks.a_shared_mail_address_is_no_conflict
    told = CLEAN | {"create.schemas": published("none"), "create.twin": (201, PERSON | {"id": "u8"})}
    assert finds(check, rehearsed("creating", told)) == []
    refused = told | {"create.twin": no(409, "uniqueness")}
    assert [f.likeness for f in finds(check, rehearsed("creating", refused))] == ["mail"]
    assert not applies_to(check, rehearsed("creating", refused | {"create.schemas": published("server")}))
