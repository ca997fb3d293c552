"""Paging by index, on a quiet service and on one where people come and go."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import paging as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
IDS = ("u1", "u2", "u3", "u4", "u5")


def page(tag: str, *ids: str, total: int = 5, **members: Any) -> dict[str, Any]:
    people = [{"id": name, "userName": name} for name in ids]
    return {
        "tag": f"paging.{tag}",
        "body": {"schemas": [LIST], "totalResults": total, "Resources": people, **members},
    }


def refused(tag: str) -> dict[str, Any]:
    return {"tag": f"paging.{tag}", "status": 400, "body": {}}


def between(*pages: dict[str, Any]) -> list[dict[str, Any]]:
    """Pages on a service where nothing moves meanwhile."""
    return [page("first", *IDS), *pages, page("last", *IDS)]


LIMIT = {"path": "/ServiceProviderConfig", "body": {"filter": {"supported": True, "maxResults": 5}}}
BOTH = page("filter", "u1", "u2", total=2)

RIGHT: list[tuple[Any, Any]] = [
    (checks.counting_begins_with_one, between(page("one", "u1"), page("two", "u2"))),
    (checks.a_start_below_one_counts_as_one, between(page("zero", "u1"), page("negative", "u1", startIndex=1))),
    (checks.a_count_of_zero_brings_the_total_alone, between(page("count-zero"))),
    (checks.a_negative_count_counts_as_zero, between(page("count-negative"))),
    (checks.a_start_past_the_end_brings_an_empty_page, between(page("past"))),
    (checks.a_page_is_not_longer_than_the_service_says, [LIMIT, *between()]),
    (checks.the_total_is_not_the_size_of_the_page, between(page("one", "u1"))),
    (checks.pages_cover_everybody_once, between(page("walk", "u1", "u2"), page("walk", "u3", "u4"))),
    (checks.pages_cover_everybody_once, between(page("walk", "u1"), page("walk", "u2"), page("walk", "u3"))),
    (checks.paging_goes_together_with_a_filter, between(BOTH, page("filtered", "u1", total=2))),
    (checks.words_instead_of_numbers_are_refused_or_ignored, refused("words")),
    (checks.words_instead_of_numbers_are_refused_or_ignored, page("words", *IDS)),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.counting_begins_with_one, between(page("one", "u2"), page("two", "u3")), "RFC7644-3.4.2.4-01"),
    (checks.counting_begins_with_one, between(page("one", "u1"), page("two", "u1")), "RFC7644-3.4.2.4-01"),
    (checks.a_start_below_one_counts_as_one, between(refused("zero")), "RFC7644-3.4.2.4-02"),
    (checks.a_start_below_one_counts_as_one, between(page("negative", "u1", startIndex=-5)), "RFC7644-3.4.2.4-02"),
    (checks.a_count_of_zero_brings_the_total_alone, between(page("count-zero", *IDS)), "RFC7644-3.4.2.4-05"),
    (checks.a_count_of_zero_brings_the_total_alone, between(page("count-zero", total=0)), "RFC7644-3.4.2.4-05"),
    (checks.a_negative_count_counts_as_zero, between(refused("count-negative")), "RFC7644-3.4.2.4-06"),
    (checks.a_start_past_the_end_brings_an_empty_page, between(refused("past")), "RFC7644-3.4.2.4-11"),
    (checks.a_start_past_the_end_brings_an_empty_page, between(page("past", "u5")), "RFC7644-3.4.2.4-11"),
    (
        checks.a_page_is_not_longer_than_the_service_says,
        [{**LIMIT, "body": {"filter": {"maxResults": 4}}}, *between()],
        "RFC7644-3.4.2.4-07",
    ),
    (checks.the_total_is_not_the_size_of_the_page, between(page("one", "u1", total=1)), "RFC7644-3.4.2.4-09"),
    (
        checks.pages_cover_everybody_once,
        between(page("walk", "u1", "u2"), page("walk", "u2", "u3")),
        "RFC7644-3.4.2.4-10",
    ),
    (checks.pages_cover_everybody_once, between(page("walk", "u1", "u2"), page("walk")), "RFC7644-3.4.2.4-10"),
    (
        checks.pages_cover_everybody_once,
        [page("first", *IDS), page("last", *reversed(IDS))],
        "RFC7644-3.4.2.4-10",
    ),
    (
        checks.words_instead_of_numbers_are_refused_or_ignored,
        {**refused("words"), "status": 500},
        "RFC7644-3.4.2.4-12",
    ),
    (
        checks.paging_goes_together_with_a_filter,
        between(BOTH, page("filtered", "u1", total=1)),
        "RFC7644-3.4.2.4-13",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


MOVED = [page("first", *IDS), page("last", "u0", *IDS, total=6)]


@pytest.mark.parametrize(
    ("check", "between_them"),
    [
        (checks.counting_begins_with_one, page("one", "u0")),
        (checks.a_start_below_one_counts_as_one, page("zero", "u0")),
        (checks.the_total_is_not_the_size_of_the_page, page("one", "u0", total=6)),
        (checks.pages_cover_everybody_once, page("walk", "u0", "u1")),
    ],
)
def test_where_people_come_and_go_places_and_totals_are_not_judged(
    check: Any, between_them: Any, see: Any, applies: Any
) -> None:
    assert not applies(check, see([MOVED[0], between_them, between_them, MOVED[1]]))


def test_an_empty_page_is_right_whatever_the_total_has_become_meanwhile(see: Any, found: Any) -> None:
    told = see([MOVED[0], page("count-zero", total=6), MOVED[1]])
    assert found(checks.a_count_of_zero_brings_the_total_alone, told) == []


def test_a_service_that_cannot_search_for_two_people_is_not_asked_to_page_them(see: Any, applies: Any) -> None:
    told = see(between({**refused("filter")}, refused("filtered")))
    assert not applies(checks.paging_goes_together_with_a_filter, told)
