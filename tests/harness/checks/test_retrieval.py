"""Reading one person by id, twice, in a list, and by what is no id."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import retrieval as checks
from harness.model.account import Cast

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def ada(**members: Any) -> dict[str, Any]:
    meta = {"lastModified": "2026-01-31T09:30:00Z", "version": 'W/"1"'}
    return {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", "meta": meta, **members}


def in_list(**members: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": 1, "Resources": [ada(**members)]}
    return {"tag": "ids.listed", "query": "filter=x", "body": body}


KNOWN = {"path": "/Users/u1", "tag": "ids.known", "subject": "bystander-1", "body": ada()}
AGAIN = {**KNOWN, "tag": "ids.again"}
LATER = {**ada()["meta"], "lastModified": "2026-01-31T09:30:01Z"}

RIGHT: list[tuple[Any, Any]] = [
    (checks.a_person_is_read_by_id, KNOWN),
    (checks.a_person_is_read_by_id, {"path": "/Users/u%201", "body": ada(id="u 1")}),
    (checks.an_unknown_id_is_not_found, {"tag": "ids.unknown", "status": 404, "body": {}}),
    (checks.a_user_name_in_place_of_the_id_finds_nobody, {"tag": "ids.user-name", "status": 404, "body": {}}),
    (checks.a_list_shows_the_same_attributes_as_a_read, [KNOWN, in_list(emails=[], title=None)]),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.a_person_is_read_by_id, {**KNOWN, "body": ada(id="u2")}, "RFC7644-3.4.1-01"),
    (checks.a_person_is_read_by_id, {**KNOWN, "body": {}}, "RFC7644-3.4.1-01"),
    (checks.a_person_is_read_by_id, {**KNOWN, "status": 404, "body": {}}, "RFC7644-3.4.1-01"),
    (checks.an_unknown_id_is_not_found, {"tag": "ids.odd", "status": 400, "body": {}}, "RFC7644-3.4.1-02"),
    (checks.a_user_name_in_place_of_the_id_finds_nobody, {"tag": "ids.user-name", "body": ada()}, "RFC7644-3.4-02"),
    (checks.a_list_shows_the_same_attributes_as_a_read, [KNOWN, in_list(title="Countess")], "RFC7644-3.4-01"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_a_read_that_moves_the_time_of_change_is_found(see: Any, found: Any, member: Any) -> None:
    ours = Cast((member("bystander-1", resource_id="u1"),))
    assert found(checks.reading_changes_nothing, see([KNOWN, AGAIN], cast=ours)) == []
    moved = found(checks.reading_changes_nothing, see([KNOWN, {**AGAIN, "body": ada(meta=LATER)}], cast=ours))
    assert [(f.requirement, f.at) for f in moved] == [("RFC7644-3.4-03", "/meta/lastModified")]


def test_a_stranger_may_change_between_two_reads(see: Any, applies: Any) -> None:
    assert not applies(checks.reading_changes_nothing, see([KNOWN, {**AGAIN, "body": ada(meta=LATER)}]))


def test_somebody_who_is_gone_is_not_missed_outside_of_the_probe(see: Any, applies: Any) -> None:
    gone = see({"path": "/Users/u1", "status": 404, "body": {}})
    assert not applies(checks.a_person_is_read_by_id, gone)
