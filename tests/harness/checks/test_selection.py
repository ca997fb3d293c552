"""attributes, excludedAttributes, and searching by POST."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import search
from harness.checks import selection as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ADA: dict[str, Any] = {
    "schemas": [USER],
    "id": "u1",
    "userName": "ada@analytical.example",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"value": "ada@analytical.example"}],
    "meta": {"resourceType": "User"},
}
PLAIN = {"path": "/Users/u1", "tag": "selection.plain", "body": ADA}
ALWAYS = {
    "path": f"/Schemas/{USER}",
    "body": {"id": USER, "attributes": [{"name": "displayName", "returned": "always"}]},
}


def shown(tag: str, *names: str, query: str = "attributes=userName", **members: Any) -> dict[str, Any]:
    body = {name: ADA[name] for name in names} | members
    return {"path": "/Users/u1", "tag": f"selection.{tag}", "query": query, "body": body}


def listed(tag: str, *people: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people), "Resources": list(people)}
    return {"tag": tag, "query": "attributes=userName", "body": body}


WITHOUT = "excludedAttributes=emails"
REFUSED = {"path": "/Users/u1", "status": 400, "body": {}}
RIGHT: list[tuple[Any, Any]] = [
    (checks.only_the_named_attribute_is_returned, [PLAIN, shown("one", "id", "userName")]),
    (checks.only_the_named_attribute_is_returned, [PLAIN, shown("one", "schemas", "id", "userName", emails=[])]),
    (checks.only_the_named_attribute_is_returned, [ALWAYS, PLAIN, shown("one", "id", "userName", displayName="Ada")]),
    (checks.each_entry_of_a_list_is_reduced, [PLAIN, listed("selection.list", {"id": "u1", "userName": "ada"})]),
    (
        checks.an_excluded_attribute_is_left_out,
        [PLAIN, shown("without", "schemas", "id", "userName", "name", "meta", query=WITHOUT)],
    ),
    (checks.the_id_cannot_be_excluded, [PLAIN, shown("without-id", "id", query="excludedAttributes=id")]),
    (checks.one_part_of_a_name_is_returned_alone, [PLAIN, shown("part", "id", name={"familyName": "Lovelace"})]),
    (checks.a_secret_stays_hidden_when_asked_for, shown("password", "id")),
]

WRONG: list[tuple[Any, Any, str]] = [
    (
        checks.only_the_named_attribute_is_returned,
        [PLAIN, shown("one", "id", "userName", "emails")],
        "RFC7644-3.4.2.5-01",
    ),
    (checks.only_the_named_attribute_is_returned, [PLAIN, shown("one", "id")], "RFC7644-3.4.2.5-01"),
    (
        checks.only_the_named_attribute_is_returned,
        [PLAIN, {**REFUSED, "tag": "selection.one"}],
        "RFC7644-3.4.2.5-01",
    ),
    (checks.only_the_named_attribute_is_returned, [PLAIN, shown("one", "id", "userName", "meta")], "HTTP-SELECT-01"),
    (
        checks.each_entry_of_a_list_is_reduced,
        [PLAIN, listed("selection.list", {**ADA, "meta": None})],
        "RFC7644-3.9-01",
    ),
    (
        checks.an_excluded_attribute_is_left_out,
        [PLAIN, shown("without", "schemas", "id", "userName", "name", "emails", query=WITHOUT)],
        "RFC7644-3.4.2.5-02",
    ),
    (
        checks.an_excluded_attribute_is_left_out,
        [PLAIN, shown("without", "schemas", "id", "userName", query=WITHOUT)],
        "RFC7644-3.4.2.5-02",
    ),
    (checks.the_id_cannot_be_excluded, [PLAIN, shown("without-id", "userName")], "RFC7644-3.4.2.5-03"),
    (checks.one_part_of_a_name_is_returned_alone, [PLAIN, shown("part", "id", "name")], "RFC7644-3.9-03"),
    (checks.one_part_of_a_name_is_returned_alone, [PLAIN, shown("part", "id")], "RFC7644-3.9-03"),
    (checks.a_secret_stays_hidden_when_asked_for, shown("password", "id", password="x"), "RFC7644-3.9-10"),
]

FOUND = {**listed("search.plain", ADA), "query": "filter=x"}
POST = {"method": "POST", "path": "/Users/.search"}


def searched(tag: str, *people: Any, total: int | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {**listed(f"search.{tag}", *people), **POST, "query": ""}
    return told if total is None else told | {"body": told["body"] | {"totalResults": total}}


POSTED = searched("post", ADA)
RIGHT += [
    (search.a_search_answers_like_a_query, [FOUND, {**POST, **listed("search.post", ADA), "query": ""}]),
    (search.a_search_names_itself, {**POST, "tag": "search.no-schemas", "status": 400, "body": {}}),
    (search.a_search_refuses_a_bad_filter, {**POST, "tag": "search.bad-filter", "status": 400, "body": {}}),
]
WRONG += [
    (search.a_search_answers_like_a_query, [FOUND, {**POST, "tag": "search.post", "status": 201}], "RFC7644-3.4.3-01"),
    (search.a_search_answers_like_a_query, [FOUND, {**POST, **listed("search.post")}], "RFC7644-3.4.3-01"),
    (search.a_search_names_itself, {**POST, "tag": "search.no-schemas", "status": 500}, "RFC7644-3.4.3-02"),
    (search.a_search_names_itself, {**POST, **listed("search.no-schemas")}, "HTTP-SEARCH-01"),
    (search.a_search_refuses_a_bad_filter, {**POST, **listed("search.bad-filter", ADA)}, "RFC7644-3.4.3-05"),
]


ONE = shown("one", "id", "userName")
TWO = "attributes=userName,emails"
FORMATTED = {**PLAIN, "body": ADA | {"name": ADA["name"] | {"formatted": "Ada Lovelace"}}}
PART_OUT = "excludedAttributes=name.formatted"
RIGHT += [
    (checks.several_names_are_read_apart, [PLAIN, ONE, shown("two", "id", "userName", "emails", query=TWO)]),
    (checks.one_part_of_a_name_is_left_out, [FORMATTED, shown("without-part", *ADA, query=PART_OUT)]),
    (checks.a_name_may_be_spelt_in_other_ways, [PLAIN, ONE, shown("capitals", "id", "userName")]),
    (checks.an_unknown_name_does_no_harm, [PLAIN, ONE, shown("unknown", "id", "schemas", "meta")]),
    (checks.both_parameters_at_once_break_nothing, {**REFUSED, "tag": "selection.both"}),
    (
        search.a_search_chooses_attributes_by_a_list,
        [FOUND, POSTED, searched("attributes", {"id": "u1", "userName": "a"})],
    ),
    (search.a_search_reads_its_numbers_as_a_query_does, [FOUND, POSTED, searched("count-zero", total=1)]),
    (search.whoever_can_be_looked_up_can_be_searched_by_post, [FOUND, POSTED]),
]
WRONG += [
    (checks.several_names_are_read_apart, [PLAIN, ONE, shown("two", "id", query=TWO)], "RFC7644-3.9-02"),
    (checks.several_names_are_read_apart, [PLAIN, ONE, shown("two", *ADA, query=TWO)], "RFC7644-3.9-02"),
    (
        checks.one_part_of_a_name_is_left_out,
        [FORMATTED, {**FORMATTED, "tag": "selection.without-part", "query": PART_OUT}],
        "RFC7644-3.9-04",
    ),
    (checks.one_part_of_a_name_is_left_out, [FORMATTED, shown("without-part", "id", query=PART_OUT)], "RFC7644-3.9-04"),
    (checks.a_name_may_be_spelt_in_other_ways, [PLAIN, ONE, shown("urn", "id")], "RFC7644-3.9-05"),
    (checks.a_name_may_be_spelt_in_other_ways, [PLAIN, ONE, {**REFUSED, "tag": "selection.urn"}], "RFC7644-3.9-05"),
    (checks.an_unknown_name_does_no_harm, [PLAIN, ONE, {**REFUSED, "tag": "selection.unknown"}], "RFC7644-3.9-07"),
    (checks.an_unknown_name_does_no_harm, [PLAIN, ONE, shown("unknown", *ADA)], "RFC7644-3.9-07"),
    (
        checks.both_parameters_at_once_break_nothing,
        {**REFUSED, "tag": "selection.both", "status": 500},
        "RFC7644-3.9-08",
    ),
    (search.a_search_chooses_attributes_by_a_list, [FOUND, POSTED, searched("attributes", ADA)], "RFC7644-3.4.3-03"),
    (
        search.a_search_chooses_attributes_by_a_list,
        [FOUND, POSTED, searched("attributes", {"id": "1"})],
        "RFC7644-3.4.3-03",
    ),
    (
        search.a_search_reads_its_numbers_as_a_query_does,
        [FOUND, POSTED, searched("count-zero", ADA, total=1)],
        "RFC7644-3.4.3-04",
    ),
    (search.a_search_reads_its_numbers_as_a_query_does, [FOUND, POSTED, searched("zero", total=1)], "RFC7644-3.4.3-04"),
    (
        search.whoever_can_be_looked_up_can_be_searched_by_post,
        [FOUND, {**POST, "tag": "search.post", "status": 404}],
        "RFC7644-3.4.3-08",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_a_name_without_a_family_name_cannot_be_cut_to_it(see: Any, applies: Any) -> None:
    nameless = {**PLAIN, "body": {**ADA, "name": {"formatted": "Ada"}}}
    assert not applies(checks.one_part_of_a_name_is_returned_alone, see([nameless, shown("part", "id")]))
