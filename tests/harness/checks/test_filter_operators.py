"""Operators and types: what each comparison finds, and what a service may decline."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import filter_operators as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
UUID = "2819c223-7f76-453a-919d-413861904646"


def ada(**members: Any) -> dict[str, Any]:
    return {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", "active": True, **members}


EVE = {"id": "u2", "userName": "eve@analytical.example", "active": False}


def answer(tag: str, *people: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people), "Resources": list(people)}
    return {"tag": f"filters.{tag}", "query": "filter=x", "body": body}


def refused(tag: str, status: int = 400) -> dict[str, Any]:
    return {"tag": f"filters.{tag}", "query": "filter=x", "status": status, "body": {}}


def asked(*answers: Any, person: Any = None) -> list[Any]:
    """Answers in a probe whose plain lookup works."""
    person = person or ada()
    read = {"path": "/Users/u1", "tag": "filters.person", "body": person}
    return [read, answer("none"), answer("exact", person), *answers]


def schema(exact: bool) -> dict[str, Any]:
    name = {"name": "name", "subAttributes": [{"name": "familyName", "caseExact": exact}]}
    return {"path": f"/Schemas/{USER}", "tag": "filters.schema", "body": {"id": USER, "attributes": [name]}}


FAMILY = answer("family", ada())
RIGHT: list[tuple[Any, Any]] = [
    (checks.a_text_is_compared_whole, asked(answer("display", ada()))),
    (checks.a_person_is_found_by_id, asked(answer("id", ada()))),
    (
        checks.active_people_are_told_from_inactive_ones,
        asked(answer("active-true", ada()), answer("active-false", EVE)),
    ),
    (checks.and_needs_both, asked(answer("and-true", ada()), answer("and-false"))),
    (checks.not_turns_the_answer_round, asked(answer("not", EVE), answer("not-tight", EVE))),
    (checks.not_turns_the_answer_round, asked(answer("not", EVE), refused("not-tight"))),
    (checks.parts_of_a_name_are_compared_and_the_whole_is_not, asked(FAMILY, refused("complex"))),
    (
        checks.letter_case_counts_where_the_schema_says_so,
        asked(FAMILY, answer("family-case", ada()), answer("id-case")),
    ),
    (checks.letter_case_counts_where_the_schema_says_so, asked(FAMILY, schema(True), answer("family-case"))),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_text_is_compared_whole, asked(answer("display", EVE)), "RFC7644-3.4.2.2-07"),
    (checks.a_person_is_found_by_id, asked(answer("id")), "RFC7644-3.4.2.2-10"),
    (checks.a_person_is_found_by_id, asked(answer("id", ada(), EVE)), "RFC7644-3.4.2.2-10"),
    (checks.active_people_are_told_from_inactive_ones, asked(answer("active-true", EVE)), "RFC7644-3.4.2.2-08"),
    (checks.active_people_are_told_from_inactive_ones, asked(answer("active-true")), "RFC7644-3.4.2.2-08"),
    (checks.active_people_are_told_from_inactive_ones, asked(answer("active-false", ada())), "RFC7644-3.4.2.2-08"),
    (checks.and_needs_both, asked(answer("and-true")), "RFC7644-3.4.2.2-19"),
    (checks.and_needs_both, asked(answer("and-false", ada())), "RFC7644-3.4.2.2-19"),
    (checks.not_turns_the_answer_round, asked(answer("not", ada())), "RFC7644-3.4.2.2-21"),
    (checks.not_turns_the_answer_round, asked(refused("not-tight", 500)), "RFC7644-3.4.2.2-21"),
    (checks.parts_of_a_name_are_compared_and_the_whole_is_not, asked(answer("family")), "RFC7644-3.4.2.2-27"),
    (checks.parts_of_a_name_are_compared_and_the_whole_is_not, asked(answer("complex", EVE)), "RFC7644-3.4.2.2-27"),
    (checks.parts_of_a_name_are_compared_and_the_whole_is_not, asked(answer("complex")), "RFC7644-3.12-05"),
    (checks.letter_case_counts_where_the_schema_says_so, asked(FAMILY, answer("family-case")), "RFC7643-7-C02"),
    (checks.letter_case_counts_where_the_schema_says_so, asked(answer("id-case", ada())), "RFC7643-7-C02"),
    (
        checks.letter_case_counts_where_the_schema_says_so,
        asked(answer("id-case", ada(id=UUID)), person=ada(id=UUID)),
        "HTTP-ID-01",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize("status", [400, 403, 501])
@pytest.mark.parametrize(
    ("check", "tag"),
    [
        (checks.a_text_is_compared_whole, "display"),
        (checks.a_person_is_found_by_id, "id"),
        (checks.active_people_are_told_from_inactive_ones, "active-true"),
        (checks.and_needs_both, "and-true"),
        (checks.not_turns_the_answer_round, "not"),
    ],
)
def test_a_comparison_that_is_declined_is_not_judged(check: Any, tag: str, status: int, see: Any, applies: Any) -> None:
    assert not applies(check, see(asked(refused(tag, status))))


def test_a_service_that_finds_everybody_by_any_filter_says_nothing_about_ids(see: Any, applies: Any) -> None:
    told = asked(answer("id-case", ada()))
    told[1] = answer("none", ada())
    assert not applies(checks.letter_case_counts_where_the_schema_says_so, see(told))


def test_an_inactive_person_is_not_expected_among_the_active(see: Any, found: Any) -> None:
    told = asked(
        answer("active-true"), answer("and-true"), answer("and-false", ada(active=False)), person=ada(active=False)
    )
    assert found(checks.active_people_are_told_from_inactive_ones, see(told)) == []
    assert found(checks.and_needs_both, see(told)) == []
