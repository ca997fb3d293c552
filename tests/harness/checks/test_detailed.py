"""People with many details: what a probe has made, asked about, and written to."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from harness.checks import detailed as checks
from harness.checks import new_people

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
WORK = checks.ENTERPRISE
ALPHA: dict[str, Any] = {
    "schemas": [USER, WORK],
    "id": "1",
    "userName": "zz-alpha@x",
    "active": True,
    "title": "Mason",
    "emails": [{"value": "xray@x", "type": "work"}, {"value": "bravo@x", "type": "home", "primary": True}],
    WORK: {"department": "Sales", "employeeNumber": "1"},
}
BRAVO: dict[str, Any] = {"schemas": [USER], "id": "2", "userName": "zz-bravo@x"}
CHARLIE = ALPHA | {
    "id": "3",
    "userName": "zz-charlie@x",
    "emails": [],
    WORK: {"manager": {"value": "1", "displayName": "A"}},
}


def read(tag: str, person: Any, path: str = "/Users/1", **more: Any) -> dict[str, Any]:
    return {"path": path, "tag": f"detailed.{tag}", "body": person, **more}


PEOPLE = [read("person", person) for person in (ALPHA, BRAVO, CHARLIE)]


def answer(tag: str, text: str, *people: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people), "Resources": list(people)}
    return {"tag": f"detailed.{tag}", "query": f"filter={quote(text)}", "body": body}


EXACT = answer("exact", 'userName eq "zz-alpha@x"', ALPHA)
HOME = '"bravo@x"'
TOGETHER = f'emails[type eq "work" and value eq {HOME}]'
APART = f'emails.type eq "work" and emails.value eq {HOME}'


def asked(*answers: Any) -> list[Any]:
    return [*PEOPLE, EXACT, *answers]


def written(tag: str, after: Any, status: int = 200, **error: Any) -> list[Any]:
    write = {"method": "PUT", "path": "/Users/2", "tag": f"detailed.{tag}", "status": status, "body": error}
    return [*PEOPLE, write, read(f"{tag}.read", after)]


def manager(shown: str, put: int = 200, patch: int = 400, keyword: str = "mutability") -> list[Any]:
    after = CHARLIE | {WORK: {"manager": {"value": "1", "displayName": shown}}}
    return [
        *PEOPLE,
        {"method": "PUT", "tag": "detailed.manager-put", "status": put, "body": {}},
        {"method": "PATCH", "tag": "detailed.manager-patch", "status": patch, "body": {"scimType": keyword}},
        read("manager.read", after),
    ]


def made(**meta: Any) -> dict[str, Any]:
    return {"method": "POST", "tag": "create.valid", "status": 201, "body": {"id": "1", "meta": meta}}


GONE = {"method": "DELETE", "path": "/Users/1", "tag": "delete.person", "status": 204}
NOON = "2026-11-27T12:00:00.1Z"


def again(own: str) -> dict[str, Any]:
    return {"method": "POST", "tag": "delete.create-again", "status": 201, "body": {"id": own}}


def immutable(shown: str, status: int = 400) -> list[Any]:
    write = read("immutable", {}, method="PUT", status=status, sent={"title": checks.CHANGED})
    return [write, read("immutable.read", ALPHA | {"title": shown})]


def part(*names: str, tag: str = "extension-part") -> dict[str, Any]:
    inside = {name: ALPHA[WORK][name] for name in names}
    return read(tag, {"id": "1", WORK: inside}, query=f"attributes={WORK}:department")


WITHOUT = read("extension-without", {k: v for k, v in ALPHA.items() if k != WORK}, query="excludedAttributes=x")
BY_DEPARTMENT = f'{WORK}:department eq "Sales"'
RIGHT: list[tuple[Any, Any]] = [
    (checks.any_of_several_values_may_match, asked(answer("second", f"emails.value eq {HOME}", ALPHA))),
    (checks.in_brackets_one_value_meets_all, asked(answer("together", TOGETHER), answer("apart", APART, ALPHA))),
    (checks.who_has_no_title_is_not_present, asked(answer("titled", "title pr", ALPHA, CHARLIE))),
    (checks.what_the_service_has_set_is_found_too, asked(answer("default", "active eq true", ALPHA, CHARLIE))),
    (
        checks.an_attribute_of_an_extension_is_addressed_by_its_urn,
        asked(answer("extension", BY_DEPARTMENT, ALPHA), part("department")),
    ),
    (
        checks.a_whole_extension_is_chosen_by_its_urn,
        asked(part("department", "employeeNumber", tag="extension-whole"), WITHOUT),
    ),
    (checks.the_order_of_schemas_means_nothing, written("turned", CHARLIE)),
    (checks.the_name_of_a_manager_cannot_be_written, manager("A")),
    (checks.the_name_of_a_manager_cannot_be_written, manager("A", patch=204)),
    (
        checks.an_extension_that_gains_a_value_is_named,
        written("extended", BRAVO | {"schemas": [USER, WORK], WORK: {"employeeNumber": "2"}}),
    ),
    (checks.a_user_name_that_is_taken_stays_taken, written("taken", BRAVO, 409)),
    (checks.an_external_id_may_be_shared_or_refused, {"tag": "detailed.shared-external-id", "status": 409}),
    (checks.an_unknown_kind_of_address_is_taken_or_refused, {"tag": "detailed.odd-type", "status": 204}),
    (new_people.who_was_never_changed_was_changed_when_made, [made(created=NOON, lastModified=NOON)]),
    (new_people.an_id_is_not_given_out_again, [made(), GONE, again("2")]),
    (checks.what_is_immutable_keeps_its_value, immutable("Mason")),
]
WRONG: list[tuple[Any, Any, str]] = [
    (
        checks.any_of_several_values_may_match,
        asked(answer("second", f"emails.value eq {HOME}")),
        "RFC7644-3.4.2.2-26",
    ),
    (checks.in_brackets_one_value_meets_all, asked(answer("together", TOGETHER, ALPHA)), "RFC7644-3.4.2.2-25"),
    (checks.in_brackets_one_value_meets_all, asked(answer("apart", APART)), "RFC7644-3.4.2.2-25"),
    (checks.who_has_no_title_is_not_present, asked(answer("titled", "title pr", ALPHA, BRAVO)), "RFC7644-3.4.2.2-15"),
    (checks.what_the_service_has_set_is_found_too, asked(answer("default", "active eq true")), "RFC7644-3.4.2.2-33"),
    (
        checks.an_attribute_of_an_extension_is_addressed_by_its_urn,
        asked(answer("extension", BY_DEPARTMENT)),
        "RFC7643-4.3-06",
    ),
    (
        checks.an_attribute_of_an_extension_is_addressed_by_its_urn,
        asked(part("department", "employeeNumber")),
        "RFC7643-4.3-06",
    ),
    (checks.a_whole_extension_is_chosen_by_its_urn, asked(part("department", tag="extension-whole")), "RFC7644-3.9-09"),
    (checks.a_whole_extension_is_chosen_by_its_urn, asked(read("extension-without", ALPHA)), "RFC7644-3.9-09"),
    (checks.the_order_of_schemas_means_nothing, written("turned", CHARLIE | {"title": "Clerk"}), "RFC7643-3-02"),
    (checks.the_order_of_schemas_means_nothing, written("turned", CHARLIE, 400), "RFC7643-3-02"),
    (checks.the_name_of_a_manager_cannot_be_written, manager("Nobody"), "RFC7643-4.3-04"),
    (checks.the_name_of_a_manager_cannot_be_written, manager("A", put=400), "RFC7643-4.3-04"),
    (checks.the_name_of_a_manager_cannot_be_written, manager("A", keyword="invalidSyntax"), "RFC7643-4.3-04"),
    (
        checks.an_extension_that_gains_a_value_is_named,
        written("extended", BRAVO | {WORK: {"employeeNumber": "2"}}),
        "RFC7643-4.3-07",
    ),
    (
        checks.a_user_name_that_is_taken_stays_taken,
        written("taken", BRAVO | {"userName": "ZZ-alpha@x"}),
        "RFC7643-7-U01",
    ),
    (checks.a_user_name_that_is_taken_stays_taken, written("taken", BRAVO, 500), "RFC7643-7-U01"),
    (
        checks.an_external_id_may_be_shared_or_refused,
        {"tag": "detailed.shared-external-id", "status": 500},
        "RFC7643-3.1-11",
    ),
    (
        checks.an_unknown_kind_of_address_is_taken_or_refused,
        {"tag": "detailed.odd-type", "status": 500},
        "RFC7643-4.1.2-03",
    ),
    (
        new_people.who_was_never_changed_was_changed_when_made,
        [made(created=NOON, lastModified="2026-11-27T12:00:07Z")],
        "RFC7643-3.1-15",
    ),
    (
        new_people.who_was_never_changed_was_changed_when_made,
        [made(created=NOON, lastModified="2026-11-27T12:00:00.2Z")],
        "HTTP-TIME-02",
    ),
    (new_people.an_id_is_not_given_out_again, [made(), GONE, again("1")], "RFC7643-3.1-07"),
    (checks.what_is_immutable_keeps_its_value, immutable(checks.CHANGED, 200), "RFC7643-7-M02"),
    (checks.what_is_immutable_keeps_its_value, immutable("Mason", 500), "RFC7643-7-M02"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_where_the_plain_lookup_fails_further_ones_tell_nothing(see: Any, applies: Any) -> None:
    told = [*PEOPLE, answer("exact", 'userName eq "zz-alpha@x"'), answer("second", f"emails.value eq {HOME}")]
    assert not applies(checks.any_of_several_values_may_match, see(told))
