"""List answers, whoever asked."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import lists as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ADA = {"id": "u1", "userName": "ada@analytical.example"}
EVE = {"id": "u2", "userName": "eve@analytical.example"}


def page(*people: Any, query: str = "", **members: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people), "Resources": list(people), **members}
    return {"query": query, "body": {name: value for name, value in body.items() if value is not ...}}


LOOKUP = "filter=userName%20eq%20%22ada%22"
RIGHT: list[tuple[Any, Any]] = [
    (checks.a_list_names_the_list_response, page(ADA)),
    (checks.a_list_tells_the_total, page()),
    (checks.a_list_with_matches_has_resources, page(ADA)),
    (checks.a_part_of_a_list_says_which_part, page(ADA, totalResults=9, startIndex=1, itemsPerPage=1)),
    (checks.a_search_without_a_match_is_an_empty_list, page(query=LOOKUP)),
    (checks.a_search_with_one_match_is_still_a_list, page(ADA, query=LOOKUP)),
    (checks.a_list_begins_at_one_when_nothing_is_said, page(ADA)),
    (checks.a_list_begins_at_one_when_nothing_is_said, page(ADA, startIndex=1)),
    (checks.a_page_holds_no_more_than_count, page(ADA, query="count=1", totalResults=9)),
    (checks.items_per_page_is_what_is_on_the_page, page(ADA, query="count=100", itemsPerPage=1)),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_list_names_the_list_response, page(ADA, schemas=[]), "RFC7644-3.4.2-02"),
    (checks.a_list_names_the_list_response, {"body": [ADA]}, "RFC7644-3.4.2-02"),
    (checks.a_list_tells_the_total, page(ADA, totalResults=...), "RFC7644-3.4.2-03"),
    (checks.a_list_tells_the_total, page(ADA, totalResults="1"), "RFC7644-3.4.2-03"),
    (checks.a_list_tells_the_total, page(ADA, totalResults=True), "RFC7644-3.4.2-03"),
    (checks.a_list_with_matches_has_resources, page(totalResults=1, Resources=...), "RFC7644-3.4.2-04"),
    (
        checks.a_list_with_matches_has_resources,
        page(totalResults=1, Resources=..., resources=[ADA]),
        "RFC7644-3.4.2-04",
    ),
    (checks.a_part_of_a_list_says_which_part, page(ADA, totalResults=9, startIndex=1), "RFC7644-3.4.2-05"),
    (
        checks.a_search_without_a_match_is_an_empty_list,
        {"query": LOOKUP, "status": 404, "body": {}},
        "RFC7644-3.4.2-06",
    ),
    (
        checks.a_search_without_a_match_is_an_empty_list,
        {**page(ADA, query=LOOKUP), "tag": "filters.none"},
        "RFC7644-3.4.2-06",
    ),
    (checks.a_search_with_one_match_is_still_a_list, {"query": LOOKUP, "body": ADA}, "RFC7644-3.4.2-07"),
    (checks.a_list_begins_at_one_when_nothing_is_said, page(ADA, startIndex=0), "RFC7644-3.4.2.4-03"),
    (checks.a_page_holds_no_more_than_count, page(ADA, EVE, query="count=1"), "RFC7644-3.4.2.4-04"),
    (
        checks.items_per_page_is_what_is_on_the_page,
        page(ADA, query="count=100", itemsPerPage=100),
        "RFC7644-3.4.2.4-08",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_a_total_may_be_left_out_of_a_page_by_cursor(see: Any, applies: Any) -> None:
    assert not applies(checks.a_list_tells_the_total, see(page(ADA, totalResults=..., nextCursor="x")))
    assert not applies(checks.a_list_tells_the_total, see(page(ADA, totalResults=..., query="cursor=")))


@pytest.mark.parametrize("query", ["count=0", "count=-1", "startIndex=2", "startIndex=100&count=5"])
def test_resources_may_be_absent_where_there_is_nothing_to_show(query: str, see: Any, applies: Any) -> None:
    empty = see(page(totalResults=1, Resources=..., query=query))
    assert not applies(checks.a_list_with_matches_has_resources, empty)


@pytest.mark.parametrize("nothing", [..., None, []])
def test_an_empty_list_may_be_written_in_three_ways(nothing: Any, see: Any, applies: Any) -> None:
    assert not applies(checks.a_list_with_matches_has_resources, see(page(Resources=nothing)))


def test_the_wrong_spelling_of_resources_is_told(see: Any, found: Any) -> None:
    wrong = see(page(totalResults=1, Resources=..., resources=[ADA]))
    (finding,) = found(checks.a_list_with_matches_has_resources, wrong)
    assert (finding.at, finding.likeness) == ("/resources", "spelling")


def test_a_refused_group_surface_may_answer_404_to_a_search(see: Any, found: Any, profile: Any) -> None:
    refused = see({"path": "/Groups", "query": "filter=x", "status": 404, "body": {}})
    check = checks.a_search_without_a_match_is_an_empty_list
    assert found(check, refused, profile=profile(refuses=("groups",))) == []
    assert len(found(check, refused, profile=profile(supports=("groups",)))) == 1


def test_a_count_of_zero_is_a_limit_too(see: Any, found: Any) -> None:
    assert len(found(checks.a_page_holds_no_more_than_count, see(page(ADA, query="count=0")))) == 1
    assert found(checks.a_page_holds_no_more_than_count, see(page(query="count=0", totalResults=5))) == []


def test_a_missing_list_is_not_counted(see: Any, applies: Any) -> None:
    lost = see(page(totalResults=1, Resources=..., itemsPerPage=1))
    assert not applies(checks.items_per_page_is_what_is_on_the_page, lost)


def test_discovery_lists_know_no_count(see: Any, applies: Any) -> None:
    whole = see({**page({}, {}, query="count=1"), "path": "/Schemas"})
    assert not applies(checks.a_page_holds_no_more_than_count, whole)
