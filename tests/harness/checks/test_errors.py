"""Error answers: each deviation is found, and what the texts leave open is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.checks import errors as checks
from harness.model.partial import guarded, note_of

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def an_error(status: int = 404, **members: Any) -> dict[str, Any]:
    return {"schemas": [ERROR], "status": str(status), "detail": "There is nobody with this id", **members}


A_NUMBER = {"schemas": [ERROR], "status": 404}
NOT_FOUND: dict[str, Any] = {"status": 404, "body": an_error()}
REFUSED = {"status": 401, "body": an_error(401), "headers": {"WWW-Authenticate": "Bearer"}}
NO_FILTER = {"query": "filter=x", "status": 400, "body": an_error(400, scimType="invalidFilter")}
NO_BODY = {"method": "PATCH", "tag": "bodies.array", "status": 400, "body": an_error(400)}

RIGHT = [
    (checks.an_error_has_a_scim_body, NOT_FOUND),
    (checks.a_refused_credential_gets_a_scim_body, REFUSED),
    (checks.an_error_repeats_the_status_as_a_string, NOT_FOUND),
    (checks.a_scim_type_is_a_known_keyword, NO_FILTER),
    (checks.a_scim_type_is_a_known_keyword, {"status": 400, "body": an_error(400, scimType="urn:example:ours")}),
    (checks.a_detail_is_one_string, NOT_FOUND),
    (checks.a_refused_filter_says_invalid_filter, NO_FILTER),
    (checks.a_refused_body_says_what_is_wrong_with_it, NO_BODY),
    (
        checks.a_conflict_says_uniqueness,
        {"method": "POST", "status": 409, "body": an_error(409, scimType="uniqueness")},
    ),
    (checks.an_error_has_a_fitting_status, {"status": 415, "body": an_error(415)}),
    (checks.the_service_does_not_break_down, {"status": 501, "body": an_error(501)}),
    (checks.the_service_does_not_break_down, {"status": 200, "body": {}}),
    (
        checks.a_problem_document_does_not_replace_the_scim_error,
        {**NOT_FOUND, "media_type": "application/problem+json"},
    ),
]

WRONG = [
    (checks.an_error_has_a_scim_body, {"status": 404}, "RFC7644-3.12-01"),
    (
        checks.an_error_has_a_scim_body,
        {"status": 404, "body": b"<h1>Not found</h1>", "media_type": "text/html"},
        "RFC7644-3.12-01",
    ),
    (checks.an_error_has_a_scim_body, {"status": 404, "body": an_error(schemas=ERROR)}, "RFC7644-3.12-01"),
    (checks.an_error_has_a_scim_body, {"status": 400, "body": {"error": "no"}}, "RFC7644-3.12-01"),
    (checks.a_refused_credential_gets_a_scim_body, {"status": 401, "body": b"Unauthorized"}, "RFC7644-3.12-A01"),
    (checks.an_error_repeats_the_status_as_a_string, {"status": 404, "body": A_NUMBER}, "RFC7644-3.12-02"),
    (checks.a_scim_type_is_a_known_keyword, {"status": 400, "body": an_error(scimType=["x"])}, "RFC7644-3.12-03"),
    (checks.a_scim_type_is_a_known_keyword, {"status": 400, "body": an_error(scimType="badFilter")}, "RFC7644-3.12-05"),
    (checks.a_detail_is_one_string, {"status": 400, "body": an_error(detail=["a", "b"])}, "RFC7644-3.12-04"),
    (checks.a_refused_filter_says_invalid_filter, {**NO_FILTER, "body": an_error(400)}, "RFC7644-3.12-05"),
    (
        checks.a_refused_body_says_what_is_wrong_with_it,
        {**NO_BODY, "body": an_error(400, scimType="invalidFilter")},
        "RFC7644-3.12-05",
    ),
    (
        checks.a_conflict_says_uniqueness,
        {"method": "POST", "status": 409, "body": an_error(409)},
        "RFC7644-3.12-05",
    ),
    (checks.an_error_has_a_fitting_status, {"status": 422, "body": an_error(422)}, "RFC7644-3.12-06"),
    (checks.the_service_does_not_break_down, {"status": 500, "body": an_error(500)}, "RFC7644-3.12-07"),
    (
        checks.a_problem_document_does_not_replace_the_scim_error,
        {"status": 404, "body": {"title": "Not found"}, "media_type": "application/problem+json"},
        "RFC7644-3.12-09",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize("status", [502, 503, 504, 429])
def test_the_page_of_a_gateway_is_not_the_error_of_the_service(status: int, see: Any, applies: Any) -> None:
    page = see({"status": status, "body": b"<h1>Bad gateway</h1>", "media_type": "text/html"})
    assert not applies(checks.an_error_has_a_scim_body, page)
    assert not applies(checks.an_error_repeats_the_status_as_a_string, page)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_an_answer_that_has_no_body_to_give_is_not_asked_for_one(method: str, see: Any, applies: Any) -> None:
    assert not applies(checks.an_error_has_a_scim_body, see({"method": method, "status": 404}))


def test_an_address_that_is_too_long_for_the_machine_in_front_is_not_held_against_the_service(
    see: Any, applies: Any
) -> None:
    assert not applies(checks.an_error_has_a_scim_body, see({"status": 414, "body": b"too long"}))
    assert applies(checks.an_error_has_a_scim_body, see({"method": "POST", "path": "/Bulk", "status": 413}))


def test_another_status_in_the_body_contradicts_the_answer(see: Any, found: Any) -> None:
    wrong = see({"status": 403, "body": an_error(404)})
    findings = found(checks.an_error_repeats_the_status_as_a_string, wrong)
    assert {f.requirement for f in findings} == {"RFC7644-3.12-02", "RFC7644-3.2-03"}


def test_a_number_that_is_right_is_no_contradiction(see: Any, found: Any) -> None:
    findings = found(checks.an_error_repeats_the_status_as_a_string, see({"status": 404, "body": A_NUMBER}))
    assert [f.requirement for f in findings] == ["RFC7644-3.12-02"]


@pytest.mark.parametrize("keyword", ["invalidSyntax", "invalidValue", "invalidPath", None])
def test_any_near_keyword_or_none_fits_a_broken_body(keyword: str | None, see: Any, found: Any) -> None:
    refused = see({**NO_BODY, "body": an_error(400, scimType=keyword)})
    assert found(checks.a_refused_body_says_what_is_wrong_with_it, refused) == []


def test_a_search_that_is_wrong_otherwise_is_not_asked_for_invalid_filter(see: Any, applies: Any) -> None:
    sent = {"filter": 'userName eq "a"'}
    refused = {"method": "POST", "path": "/Users/.search", "sent": sent, "status": 400, "body": an_error(400)}
    assert not applies(checks.a_refused_filter_says_invalid_filter, see({**refused, "tag": "search.no-schemas"}))
    assert applies(checks.a_refused_filter_says_invalid_filter, see({**refused, "tag": "search.bad-filter"}))


def test_a_refused_order_is_not_taken_for_a_refused_filter(see: Any, applies: Any) -> None:
    body = {"schemas": [ERROR], "status": "400", "scimType": "invalidValue"}
    told = {"query": "filter=userName%20pr", "status": 400, "body": body}
    assert applies(checks.a_refused_filter_says_invalid_filter, see(told))
    told["query"] += "&sortBy=userName&sortOrder=up"
    assert not applies(checks.a_refused_filter_says_invalid_filter, see(told))


def test_a_500_counts_where_a_log_holds_nothing_but_the_status(see: Any, found: Any) -> None:
    whole = see({"status": 500, "body": an_error(500)})
    lacking = note_of(("request body", "response body", "request headers", "response headers"))
    (finding,) = found(checks.the_service_does_not_break_down, guarded(replace(whole, notes=(lacking,))))
    assert finding.actual == "500"
