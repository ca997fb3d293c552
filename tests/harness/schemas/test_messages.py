"""The JSON Schemas of SCIM's envelopes, above all where readings of the RFC differ."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from harness.schemas import MESSAGES, message
from harness.validation import compiled

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def said(name: str, document: Any) -> list[tuple[str, str]]:
    return [(v.pointer, v.keyword) for v in compiled(name).explain(document)]


def words(name: str, document: Any) -> str:
    (violation,) = compiled(name).explain(document)
    return " | ".join(violation.expected)


def a_list(**members: Any) -> dict[str, Any]:
    return {"schemas": [LIST], "totalResults": 0, **members}


def an_error(**members: Any) -> dict[str, Any]:
    return {"schemas": [ERROR], "status": "404", "detail": "no such person", **members}


def a_patch(*operations: Any) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_schema_is_a_valid_json_schema_with_a_title(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(message(name))
    assert message(name)["title"].lower() == name.replace("_", "")


def test_a_name_that_is_no_message_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="there are list_response, error"):
        message("list")


@pytest.mark.parametrize("resources", [{}, {"Resources": None}, {"Resources": []}])
def test_an_empty_page_may_lack_its_list_or_have_it_null_or_empty(resources: dict[str, Any]) -> None:
    assert said("ListResponse", a_list(**resources)) == []


def test_a_full_page_passes() -> None:
    assert said("ListResponse", a_list(totalResults=3, startIndex=1, itemsPerPage=1, Resources=[{"id": "1"}])) == []


@pytest.mark.parametrize("name", ["resources", "RESOURCES"])
def test_another_spelling_of_resources_is_told_by_name(name: str) -> None:
    document = a_list(totalResults=1, **{name: [{}]})
    assert said("ListResponse", document) == [(f"/{name}", "not")]
    assert '"Resources"' in words("ListResponse", document)


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"totalResults": "1"}, ("/totalResults", "type")),
        ({"totalResults": -1}, ("/totalResults", "minimum")),
        ({"totalResults": None}, ("/totalResults", "type")),
        ({"totalResults": 1.5}, ("/totalResults", "type")),
        ({"startIndex": "1"}, ("/startIndex", "type")),
        ({"itemsPerPage": True}, ("/itemsPerPage", "type")),
        ({"Resources": {"id": "1"}}, ("/Resources", "type")),
        ({"Resources": [{}, "x"]}, ("/Resources/1", "type")),
        ({"schemas": LIST}, ("/schemas", "type")),
        ({"schemas": []}, ("/schemas", "contains")),
        ({"schemas": [ERROR]}, ("/schemas", "contains")),
        ({"nextCursor": 7}, ("/nextCursor", "type")),
    ],
)
def test_each_defect_of_a_list_is_found_in_its_place(members: dict[str, Any], where: tuple[str, str]) -> None:
    assert said("ListResponse", a_list(**members)) == [where]


def test_a_list_without_its_total_lacks_it() -> None:
    assert said("ListResponse", {"schemas": [LIST], "Resources": []}) == [("/totalResults", "required")]


def test_a_page_with_a_cursor_may_leave_the_total_out() -> None:
    assert said("ListResponse", {"schemas": [LIST], "Resources": [{}], "nextCursor": "abc"}) == []
    assert said("ListResponse", {"schemas": [LIST], "Resources": [{}], "previousCursor": "abc"}) == []
    assert said("ListResponse", {"schemas": [LIST], "nextCursor": None}) == [("/totalResults", "required")]


@pytest.mark.parametrize("members", [{}, {"scimType": "noTarget"}, {"detail": None, "scimType": None}])
def test_a_right_error_passes(members: dict[str, Any]) -> None:
    assert said("Error", an_error(**members)) == []


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"status": 404}, ("/status", "type")),
        ({"status": "404 Not Found"}, ("/status", "pattern")),
        ({"status": "404\n"}, ("/status", "pattern")),
        ({"detail": ["a", "b"]}, ("/detail", "type")),
        ({"detail": {"message": "a"}}, ("/detail", "type")),
        ({"scimType": 4}, ("/scimType", "type")),
        ({"schemas": ["urn:example:error"]}, ("/schemas", "contains")),
    ],
)
def test_each_defect_of_an_error_is_found_in_its_place(members: dict[str, Any], where: tuple[str, str]) -> None:
    assert said("Error", an_error(**members)) == [where]


def test_a_number_as_status_is_answered_with_an_example_of_the_right_form() -> None:
    assert words("Error", an_error(status=404)) == 'the HTTP status as a string of three digits, such as "404"'


def test_an_error_of_a_gateway_lacks_every_member_of_a_scim_error() -> None:
    assert said("Error", {"message": "Unauthorized"}) == [("/schemas", "required"), ("/status", "required")]


def test_a_bulk_answer_may_have_its_status_as_a_string_or_as_an_object_with_a_code() -> None:
    operations = [{"method": "POST", "bulkId": "q", "status": "201"}, {"method": "PUT", "status": {"code": "200"}}]
    assert said("BulkResponse", {"schemas": [BULK], "Operations": operations}) == []


def test_a_bulk_answer_with_a_numeric_status_is_wrong_there() -> None:
    document = {"schemas": [BULK], "Operations": [{"status": "200"}, {"status": 200}]}
    assert said("BulkResponse", document) == [("/Operations/1/status", "type")]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "Add", "path": "members", "value": [{"value": "1"}]},
        {"op": "remove", "path": 'members[value eq "1"]'},
        {"op": "Remove", "path": "members", "value": [{"value": "1"}]},
        {"op": "replace", "path": "externalId", "value": None},
    ],
)
def test_the_patches_of_both_large_idps_have_the_right_form(operation: dict[str, Any]) -> None:
    assert said("PatchOp", a_patch(operation)) == []


@pytest.mark.parametrize(
    ("operation", "where"),
    [
        ({"op": "remove"}, ("/Operations/0/path", "required")),
        ({"op": "delete", "path": "active", "value": 1}, ("/Operations/0/op", "pattern")),
        ({"op": "replace", "path": "active"}, ("/Operations/0/value", "required")),
        ({"op": "add", "path": ["active"], "value": True}, ("/Operations/0/path", "type")),
        ("replace", ("/Operations/0", "type")),
    ],
)
def test_each_defect_of_a_patch_is_found_in_its_place(operation: Any, where: tuple[str, str]) -> None:
    assert said("PatchOp", a_patch(operation)) == [where]


def test_a_patch_without_operations_is_not_one() -> None:
    assert said("PatchOp", a_patch()) == [("/Operations", "minItems")]


def test_a_search_request_passes_and_its_defects_are_found() -> None:
    good = {"schemas": [SEARCH], "filter": 'userName eq "a"', "attributes": ["id"], "startIndex": 1, "count": 10}
    assert said("SearchRequest", good) == []
    bad = good | {"attributes": "id", "count": "10", "sortOrder": "down"}
    assert sorted(said("SearchRequest", bad)) == [("/attributes", "type"), ("/count", "type"), ("/sortOrder", "enum")]
