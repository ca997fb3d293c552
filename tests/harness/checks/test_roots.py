"""Asking at the base URL: an offer, which may be declined, but not broken."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import roots as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ADA = {"id": "u1", "userName": "ada", "meta": {"resourceType": "User"}}
TEAM = {"id": "g1", "displayName": "Team", "meta": {"resourceType": "Group"}}


def listed(tag: str, *entries: Any, path: str = "/") -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(entries), "Resources": list(entries)}
    return {"path": path, "tag": f"root.{tag}", "body": body}


def failed(tag: str, status: int, keyword: str = "") -> dict[str, Any]:
    return {"path": "/", "tag": f"root.{tag}", "status": status, "body": {"scimType": keyword}}


PEOPLE = listed("people", ADA, path="/Users")
ANY = listed("any", ADA, TEAM)
RIGHT: list[tuple[Any, Any]] = [
    (checks.the_base_is_searched_or_says_that_it_is_not, ANY),
    (checks.the_base_is_searched_or_says_that_it_is_not, failed("any", 404)),
    (checks.a_search_at_the_base_is_answered_or_refused, failed("search", 501)),
    (checks.the_base_can_be_asked_for_one_kind, [PEOPLE, ANY, listed("users", ADA)]),
    (checks.the_base_can_be_asked_for_one_kind, [PEOPLE, ANY, failed("users", 400)]),
    (checks.what_a_kind_does_not_have_counts_as_no_value, [PEOPLE, ANY, listed("named", ADA)]),
    (checks.too_many_people_is_said_so, PEOPLE),
    (checks.too_many_people_is_said_so, failed("people", 400, "tooMany")),
    (checks.a_filter_on_one_person_is_ignored_or_evaluated, {"tag": "selection.filtered", "status": 400}),
]
WRONG: list[tuple[Any, Any, str]] = [
    (checks.the_base_is_searched_or_says_that_it_is_not, failed("any", 500), "RFC7644-3.4.2.1-01"),
    (checks.a_search_at_the_base_is_answered_or_refused, failed("search", 201), "RFC7644-3.4.3-07"),
    (checks.the_base_can_be_asked_for_one_kind, [PEOPLE, ANY, listed("users", ADA, TEAM)], "RFC7644-3.4.2.1-02"),
    (checks.the_base_can_be_asked_for_one_kind, [PEOPLE, ANY, listed("users")], "RFC7644-3.4.2.1-02"),
    (
        checks.what_a_kind_does_not_have_counts_as_no_value,
        [PEOPLE, ANY, listed("named", ADA, TEAM)],
        "RFC7644-3.4.2.1-03",
    ),
    (checks.what_a_kind_does_not_have_counts_as_no_value, [PEOPLE, ANY, failed("named", 400)], "RFC7644-3.4.2.1-03"),
    (checks.too_many_people_is_said_so, failed("people", 400, "invalidValue"), "RFC7644-3.4.2.1-04"),
    (
        checks.a_filter_on_one_person_is_ignored_or_evaluated,
        {"tag": "selection.filtered", "status": 500},
        "RFC7644-3.4.2.1-05",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_a_service_that_shows_nobody_at_the_base_is_not_asked_further(see: Any, applies: Any) -> None:
    told = see([PEOPLE, listed("any"), listed("users")])
    assert not applies(checks.the_base_can_be_asked_for_one_kind, told)
