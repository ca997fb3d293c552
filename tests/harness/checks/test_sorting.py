"""Order: in the type of the attribute, both ways, and by people whose values are known."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import sorting as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ALPHA: dict[str, Any] = {
    "id": "1",
    "userName": "zz-alpha",
    "displayName": "Mike",
    "title": "Mason",
    "name": {"familyName": "Young"},
    "emails": [{"value": "xray@x"}, {"value": "bravo@x", "primary": True}],
    "meta": {"created": "2026-11-27T12:00:00Z"},
}
BRAVO: dict[str, Any] = {
    "id": "2",
    "userName": "ZZ-Bravo",
    "displayName": "Lima",
    "name": {"familyName": "Adams"},
    "emails": [{"value": "mike@x"}],
    "meta": {"created": "2026-11-27T13:00:01+01:00"},
}
CHARLIE: dict[str, Any] = {
    "id": "3",
    "userName": "zz-charlie",
    "displayName": "Kilo",
    "title": "Architect",
    "name": {"familyName": "miller"},
    "emails": [{"value": "november@x"}, {"value": "alpha@x"}],
    "meta": {"created": "2026-11-27T12:00:02Z"},
}
PEOPLE = {"1": ALPHA, "2": BRAVO, "3": CHARLIE}
READ = [{"path": f"/Users/{own}", "tag": "detailed.person", "body": person} for own, person in PEOPLE.items()]


def ordered(tag: str, order: str, by: str, more: str = "") -> list[dict[str, Any]]:
    shown = [PEOPLE.get(own, {"id": own}) for own in order]
    body = {"schemas": [LIST], "totalResults": len(shown), "Resources": shown}
    return [*READ, {"tag": f"detailed.{tag}", "query": f"filter=x&sortBy={by}{more}", "body": body}]


BACK = "&sortOrder=descending"
CASES: list[tuple[Any, str, str, str, str, tuple[str, ...]]] = [
    (checks.people_come_in_the_order_that_was_asked_for, "by.displayName", "displayName", "", "321", ("123", "312")),
    (checks.descending_turns_the_order_round, "back.displayName", "displayName", BACK, "123", ("321",)),
    (checks.the_order_is_that_of_the_type, "by.userName", "userName", "", "123", ("213",)),
    (checks.the_order_is_that_of_the_type, "by.meta.created", "meta.created", "", "123", ("132", "213")),
    (checks.who_has_no_value_comes_last, "by.title", "title", "", "312", ("231", "132")),
    (checks.who_has_no_value_comes_last, "back.title", "title", BACK, "213", ("132",)),
    (checks.people_are_ordered_by_a_part_of_the_name, "by.name.familyName", "name.familyName", "", "231", ("123",)),
    (checks.of_several_values_the_primary_one_counts, "by.emails", "emails", "", "123", ("231", "312")),
]


@pytest.mark.parametrize(("check", "tag", "by", "more", "right", "wrong"), CASES)
def test_an_order_is_right_or_wrong(
    check: Any, tag: str, by: str, more: str, right: str, wrong: tuple[str, ...], see: Any, found: Any
) -> None:
    assert found(check, see(ordered(tag, right, by, more))) == []
    assert found(check, see(ordered(tag, f"9{right}8", by, more))) == [], "others may stand anywhere"
    for order in wrong:
        assert len(found(check, see(ordered(tag, order, by, more)))) == 1, order
    (failed,) = found(check, see([*READ, {"tag": f"detailed.{tag}", "query": f"sortBy={by}", "status": 500}]))
    assert failed.actual == "500"


def test_an_order_without_our_people_on_the_page_tells_nothing(see: Any, applies: Any) -> None:
    told = see(ordered("by.displayName", "12", "displayName"))
    assert not applies(checks.people_come_in_the_order_that_was_asked_for, told)


def test_a_search_by_post_is_ordered_by_its_body(see: Any, found: Any) -> None:
    def searched(order: str) -> Any:
        shown = [PEOPLE[own] for own in order]
        body = {"schemas": [LIST], "totalResults": 3, "Resources": shown}
        sent = {"sortBy": "displayName", "sortOrder": "descending"}
        search = {"method": "POST", "path": "/Users/.search", "tag": "detailed.search", "sent": sent, "body": body}
        return see([*READ, search])

    check = checks.a_search_by_post_is_ordered_like_a_query
    assert found(check, searched("123")) == []
    assert len(found(check, searched("321"))) == 1


@pytest.mark.parametrize(("status", "wrong"), [(200, 0), (400, 0), (501, 0), (500, 1), (404, 1)])
def test_an_odd_order_may_be_refused_or_ignored(status: int, wrong: int, see: Any, found: Any) -> None:
    assert (
        len(found(checks.an_odd_order_is_refused_or_ignored, see({"tag": "detailed.odd", "status": status}))) == wrong
    )


@pytest.mark.parametrize(("status", "wrong"), [(200, 0), (400, 0), (501, 0), (500, 1)])
def test_an_order_that_is_not_offered_does_no_harm(status: int, wrong: int, see: Any, found: Any, applies: Any) -> None:
    check = checks.an_order_that_is_not_offered_does_no_harm
    config = {"path": "/ServiceProviderConfig", "tag": "discovery.config", "body": {"sort": {"supported": False}}}
    asked = {"tag": "discovery.sort", "status": status}
    assert len(found(check, see([config, asked]))) == wrong
    assert not applies(check, see([config | {"body": {"sort": {"supported": True}}}, asked]))
