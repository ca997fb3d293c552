"""Filters that must be refused or match nobody."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import filter_refusals as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ADA = {"id": "u1", "userName": "ada@analytical.example"}


def answer(tag: str, *people: Any, **given: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people), "Resources": list(people)}
    return {"tag": f"filters.{tag}", "query": "filter=x", "body": body, **given}


def refused(tag: str, status: int = 400, keyword: str | None = "invalidFilter") -> dict[str, Any]:
    return {"tag": f"filters.{tag}", "query": "filter=x", "status": status, "body": {"scimType": keyword}}


BAD, UNKNOWN = checks.a_filter_that_is_no_filter_is_refused, checks.an_unknown_operator_is_refused
IMPOSSIBLE = checks.a_filter_that_matches_nobody_shows_nobody
EMPTY = checks.an_empty_filter_is_refused
NO_SUCH = checks.an_attribute_that_does_not_exist_matches_nobody

RIGHT = [
    (BAD, refused("bad")),
    (BAD, refused("bad", keyword=None)),
    (BAD, refused("bad", 422)),
    (UNKNOWN, refused("operator-unknown")),
    (IMPOSSIBLE, answer("impossible")),
    (IMPOSSIBLE, refused("impossible")),
    (EMPTY, refused("empty")),
    (NO_SUCH, answer("attribute-unknown")),
    (NO_SUCH, refused("attribute-unknown")),
]

WRONG = [
    (BAD, answer("bad", ADA), "RFC7644-3.4.2.2-04"),
    (BAD, answer("bad"), "RFC7644-3.4.2.2-04"),
    (BAD, refused("bad", 500), "RFC7644-3.4.2.2-04"),
    (BAD, refused("bad", 501), "RFC7644-3.12-06"),
    (UNKNOWN, answer("operator-unknown", ADA), "RFC7644-3.4.2.2-05"),
    (UNKNOWN, refused("operator-unknown", keyword=None), "RFC7644-3.4.2.2-05"),
    (IMPOSSIBLE, answer("impossible", ADA), "RFC7644-3.4.2.2-06"),
    (IMPOSSIBLE, refused("impossible", 501), "RFC7644-3.12-06"),
    (EMPTY, answer("empty", ADA), "HTTP-FILTER-01"),
    (NO_SUCH, refused("attribute-unknown", 403), "RFC7644-3.4.2.2-34"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_people_shown_for_an_attribute_that_does_not_exist_are_more_than_bad_advice(see: Any, found: Any) -> None:
    findings = found(NO_SUCH, see(answer("attribute-unknown", ADA)))
    assert {f.requirement for f in findings} == {"RFC7644-3.4.2.2-34", "RFC7644-3.4.2.2-06"}


@pytest.mark.parametrize(
    ("told", "likeness"),
    [
        (refused("hostile"), []),
        (refused("hostile", 414), []),
        (answer("hostile"), []),
        (answer("hostile", elapsed_ms=1900.0), []),
        (refused("hostile", 500), ["broke"]),
        (answer("hostile", ADA), ["people"]),
        (answer("hostile", elapsed_ms=2500.0), ["slow"]),
    ],
)
def test_a_hostile_filter_is_answered_cheaply(told: Any, likeness: list[str], see: Any, found: Any) -> None:
    both = see([{**answer("exact", ADA), "elapsed_ms": 40.0}, told])
    findings = found(checks.a_hostile_filter_costs_nothing, both.exchanges[1], transcript=both)
    assert [f.likeness for f in findings] == likeness
    assert {f.requirement for f in findings} <= {"RFC7644-3.4.2.2-37"}


def test_on_a_slow_line_a_slow_answer_is_no_fault(see: Any, found: Any) -> None:
    both = see([{**answer("exact", ADA), "elapsed_ms": 900.0}, answer("hostile", elapsed_ms=4000.0)])
    assert found(checks.a_hostile_filter_costs_nothing, both.exchanges[1], transcript=both) == []
