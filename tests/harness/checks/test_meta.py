"""meta: what people are, where they live, and since when."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import meta as checks

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
HERE = "https://app.example/scim/v2/Users"


def ada(**members: Any) -> dict[str, Any]:
    meta = {"resourceType": "User", "location": f"{HERE}/u1", "created": "2026-01-31T09:30:00Z"}
    return {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", "meta": meta, **members}


def read(**members: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": ada(**members)}


def meta(**members: Any) -> dict[str, Any]:
    return read(meta={**ada()["meta"], **members})


RIGHT: list[tuple[Any, Any]] = [
    (checks.every_person_has_meta, read()),
    (
        checks.times_are_written_as_date_and_time,
        meta(created="2026-01-31T09:30:00", lastModified="2024-02-29T24:00:00Z"),
    ),
    (checks.a_person_says_when_it_came_and_changed, meta(lastModified="2026-01-31T09:30:00Z")),
    (checks.times_carry_their_zone, meta(lastModified="2026-01-31T09:30:00.123+02:00")),
    (checks.a_location_leads_to_the_resource_itself, read()),
    (checks.a_location_leads_to_the_resource_itself, meta(location="/scim/v2/Users/u1")),
    (checks.a_location_leads_to_the_resource_itself, meta(location=f"{HERE}/ada%40analytical.example")),
    (
        checks.a_location_leads_to_the_resource_itself,
        {**read(), "headers": {"Location": f"{HERE}/u1", "Content-Location": "/scim/v2/Users/u1?attributes=id"}},
    ),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.every_person_has_meta, read(meta=None), "RFC7643-3.1-12"),
    (checks.every_person_has_meta, meta(location=""), "RFC7643-3.1-12"),
    (checks.times_are_written_as_date_and_time, meta(lastModified=1769851800), "RFC7643-3.1-14"),
    (checks.times_are_written_as_date_and_time, meta(created="2026-01-31"), "RFC7643-3.1-14"),
    (checks.times_are_written_as_date_and_time, meta(created="2026-02-30T09:30:00Z"), "RFC7643-3.1-14"),
    (checks.a_person_says_when_it_came_and_changed, read(), "HTTP-META-01"),
    (checks.times_carry_their_zone, meta(created="2026-01-31T09:30:00"), "HTTP-TIME-01"),
    (checks.a_location_leads_to_the_resource_itself, meta(location=f"{HERE}/u2"), "RFC7643-3.1-17"),
    (checks.a_location_leads_to_the_resource_itself, meta(location=HERE), "RFC7643-3.1-17"),
    (
        checks.a_location_leads_to_the_resource_itself,
        {**read(), "headers": {"Location": "https://elsewhere.example/scim/v2/Users/u1"}},
        "RFC7643-3.1-17",
    ),
    (checks.a_location_leads_to_the_resource_itself, {"tag": "ids.location", "status": 404}, "RFC7643-3.1-17"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_meta_is_not_missed_where_other_attributes_were_asked_for(see: Any, applies: Any) -> None:
    reduced = {"path": "/Users/u1", "query": "attributes=userName", "body": {"id": "u1", "userName": "ada"}}
    assert not applies(checks.every_person_has_meta, see(reduced))
