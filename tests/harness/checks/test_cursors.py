"""Paging by cursor, where it is offered, and silence where it is not."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import cursor_refusals
from harness.checks import cursors as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
EVERYBODY = ["u1", "u2", "u3"]
OFFERED = {"cursor": True, "index": True, "defaultPaginationMethod": "index"}


def config(**pagination: Any) -> dict[str, Any]:
    return {"path": "/ServiceProviderConfig", "tag": "paging.config", "body": {"pagination": pagination}}


def listed(tag: str, ids: list[str], query: str = "count=100", total: int = 3, **members: Any) -> dict[str, Any]:
    shown = [{"id": own, "userName": f"{own}@x"} for own in ids]
    body = {"schemas": [LIST], "totalResults": total, "itemsPerPage": len(ids), "Resources": shown, **members}
    return {"tag": f"paging.{tag}", "query": query, "body": body}


def asked(*answers: Any, pagination: Any = None) -> list[Any]:
    told = OFFERED if pagination is None else pagination
    return [config(**told), listed("first", EVERYBODY), *answers, listed("last", EVERYBODY)]


def failed(tag: str, status: int = 400, keyword: str = "") -> dict[str, Any]:
    return {"tag": f"paging.{tag}", "query": "cursor=x&count=1", "status": status, "body": {"scimType": keyword}}


FIRST = listed("cursor", ["u1"], "cursor=&count=1", nextCursor="aGk")
BARE = listed("cursor-bare", ["u1"], "cursor&count=1", nextCursor="aGk")
TWO = listed("cursor-walk", ["u1", "u2"], "cursor=&count=2", nextCursor="b")
REST = listed("cursor-walk", ["u3"], "cursor=b&count=2", previousCursor="a")
SEARCH = {"method": "POST", "path": "/Users/.search"}
RIGHT: list[tuple[Any, Any]] = [
    (checks.an_empty_cursor_means_the_first_page, asked(FIRST, BARE)),
    (checks.every_page_but_the_last_leads_on, asked(TWO, REST)),
    (checks.the_first_page_leads_nowhere_back, asked(FIRST)),
    (checks.a_page_by_cursor_keeps_to_its_count, asked(FIRST, listed("cursor-zero", [], "cursor=&count=0"), TWO)),
    (checks.cursors_cover_everybody_once, asked(TWO, REST)),
    (cursor_refusals.an_unknown_cursor_is_refused, asked(failed("cursor-forged", keyword="invalidCursor"))),
    (cursor_refusals.another_count_behind_a_cursor_is_refused, asked(failed("cursor-count", keyword="invalidCount"))),
    (cursor_refusals.another_count_behind_a_cursor_is_refused, asked(listed("cursor-count", ["u2", "u3"]))),
    (checks.pages_by_cursor_are_sorted, asked(listed("cursor-sorted", EVERYBODY, "cursor=&sortBy=userName"))),
    (checks.the_default_way_of_paging_is_the_one_that_is_named, asked(listed("neither", ["u1"], "count=1"))),
    (
        checks.the_default_way_of_paging_is_the_one_that_is_named,
        asked(
            listed("neither", ["u1"], "count=1", nextCursor="x"),
            pagination=OFFERED | {"defaultPaginationMethod": "cursor"},
        ),
    ),
    (checks.a_search_by_post_pages_by_cursor, asked({**listed("cursor-search", ["u1"], "", nextCursor="x"), **SEARCH})),
    (checks.a_search_by_post_pages_by_cursor, asked(failed("cursor-search", 501) | SEARCH)),
]
WRONG: list[tuple[Any, Any, str]] = [
    (checks.an_empty_cursor_means_the_first_page, asked(failed("cursor", 501)), "RFC9865-2-01"),
    (checks.an_empty_cursor_means_the_first_page, asked(listed("cursor", ["u9"])), "RFC9865-2-01"),
    (
        checks.an_empty_cursor_means_the_first_page,
        asked(FIRST, listed("cursor-bare", ["u2"], "cursor&count=1")),
        "RFC9865-2-01",
    ),
    (checks.every_page_but_the_last_leads_on, asked(listed("cursor-walk", ["u1", "u2"], "count=2")), "RFC9865-2-02"),
    (
        checks.every_page_but_the_last_leads_on,
        asked(TWO, listed("cursor-walk", ["u3"], "count=2", nextCursor="z")),
        "RFC9865-2-02",
    ),
    (
        checks.the_first_page_leads_nowhere_back,
        asked(listed("cursor", ["u1"], "cursor=&count=1", previousCursor="z")),
        "RFC9865-2-04",
    ),
    (
        checks.a_page_by_cursor_keeps_to_its_count,
        asked(listed("cursor-zero", ["u1"], "cursor=&count=0")),
        "RFC9865-2-05",
    ),
    (checks.a_page_by_cursor_keeps_to_its_count, asked(failed("cursor-negative")), "RFC9865-2-05"),
    (
        checks.cursors_cover_everybody_once,
        asked(TWO, listed("cursor-walk", ["u2"], "cursor=b&count=2")),
        "RFC9865-2-06",
    ),
    (
        cursor_refusals.an_unknown_cursor_is_refused,
        asked(failed("cursor-forged", keyword="invalidValue")),
        "RFC9865-2.1-01",
    ),
    (cursor_refusals.an_unknown_cursor_is_refused, asked(listed("cursor-forged", ["u1"])), "RFC9865-2.1-01"),
    (cursor_refusals.another_count_behind_a_cursor_is_refused, asked(failed("cursor-count", 500)), "RFC9865-2.1-03"),
    (
        checks.pages_by_cursor_are_sorted,
        asked(listed("cursor-sorted", ["u2", "u1"], "sortBy=userName")),
        "RFC9865-2.2-01",
    ),
    (
        checks.the_default_way_of_paging_is_the_one_that_is_named,
        asked(listed("neither", ["u1"], "count=1", nextCursor="x")),
        "RFC9865-2.4-01",
    ),
    (
        checks.a_search_by_post_pages_by_cursor,
        asked({**listed("cursor-search", EVERYBODY, ""), **SEARCH}),
        "RFC9865-3-01",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_page_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_page_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize("check", sorted({check for check, _ in RIGHT}, key=lambda check: check.__name__))
def test_a_service_that_offers_no_cursors_is_not_asked_for_them(check: Any, see: Any, applies: Any) -> None:
    told = asked(FIRST, BARE, TWO, REST, failed("cursor-forged"), pagination={"cursor": False, "index": True})
    assert not applies(check, see(told))


@pytest.mark.parametrize(
    ("cursor", "wrong"), [("aB3._~-", 0), ("a+b", 1), ("a b", 1), ("", 1), (7, 1)], ids=["plain", "+", " ", "", "7"]
)
def test_a_cursor_needs_no_escaping(cursor: Any, wrong: int, see: Any, found: Any) -> None:
    assert len(found(checks.a_cursor_needs_no_escaping, see(listed("x", ["u1"], nextCursor=cursor)))) == wrong


@pytest.mark.parametrize(
    ("pagination", "places"),
    [
        (OFFERED, []),
        ({"cursor": False}, ["/pagination/index"]),
        ({"cursor": "yes", "index": True}, ["/pagination/cursor"]),
        (OFFERED | {"defaultPaginationMethod": "page"}, ["/pagination/defaultPaginationMethod"]),
        (OFFERED | {"maxPageSize": 0, "cursorTimeout": "1h"}, ["/pagination/maxPageSize", "/pagination/cursorTimeout"]),
    ],
)
def test_the_ways_of_paging_are_told_in_full(pagination: Any, places: list[str], see: Any, found: Any) -> None:
    assert [f.at for f in found(checks.the_ways_of_paging_are_told_in_full, see(config(**pagination)))] == places


def foreign(*ids: str) -> dict[str, Any]:
    return listed("cursor-foreign", list(ids), "cursor=x&count=1")


def told(tag: str, detail: str) -> dict[str, Any]:
    body = {"scimType": "invalidCursor", "detail": detail}
    return {"tag": f"paging.{tag}", "query": "cursor=x", "status": 400, "body": body}


def test_a_cursor_opens_no_other_tenant(see: Any, found: Any) -> None:
    check = cursor_refusals.a_cursor_grants_nothing
    assert found(check, see(asked(foreign("v1")))) == []
    assert found(check, see(asked(failed("cursor-foreign")))) == []
    assert len(found(check, see(asked(foreign("u2"))))) == 1


def test_a_refused_cursor_does_not_tell_whose_it_is(see: Any, found: Any, applies: Any) -> None:
    check, forged = cursor_refusals.a_refused_cursor_tells_nothing, told("cursor-foreign-forged", "unknown")
    assert found(check, see(asked(told("cursor-foreign", "unknown"), forged))) == []
    assert len(found(check, see(asked(told("cursor-foreign", "not yours"), forged)))) == 1
    assert not applies(check, see(asked(foreign("v1"), forged)))
