"""Media types, methods and addresses: each deviation is found, and what the texts leave open is not."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import http as checks
from harness.checks import unusual

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCIM = {"Accept": "application/scim+json"}

NOT_FOUND = {"schemas": [ERROR], "status": "404"}
NOBODY = {"schemas": [LIST], "totalResults": 0, "Resources": []}
PLAIN = {"tag": "formats.scim", "body": NOBODY, "sent_headers": SCIM}
CHANGED = {"method": "PATCH", "path": "/Users/u1", "tag": "bodies.plain", "status": 204}
NO_BODY = {"method": "PATCH", "path": "/Users/u1", "status": 400, "body": {"schemas": [ERROR], "status": "400"}}
NOT_ALLOWED = {"method": "POST", "path": "/Users/u1", "status": 405, "headers": {"Allow": "GET, PATCH"}}
HEAD = {"method": "HEAD", "path": "/Users/u1", "tag": "methods.head-person"}
GET = {"path": "/Users/u1", "tag": "methods.person", "body": {"id": "u1"}}

RIGHT: list[tuple[Any, Any]] = [
    (unusual.a_page_for_people_is_not_served, {"tag": "formats.html", "body": NOBODY}),
    (unusual.a_page_for_people_is_not_served, {"tag": "formats.html", "status": 406}),
    (unusual.options_are_told_or_refused, {"tag": "methods.options", "status": 204, "headers": {"Allow": "GET"}}),
    (unusual.options_are_told_or_refused, {"tag": "methods.options", "status": 405}),
    (unusual.a_format_suffix_is_served_or_not_found, {"tag": "ids.suffix", "status": 404}),
    (unusual.a_doubled_member_breaks_nothing, {**NO_BODY, "tag": "bodies.doubled"}),
    (unusual.a_doubled_member_breaks_nothing, {**CHANGED, "tag": "bodies.doubled"}),
    (checks.an_answer_is_typed_as_scim_json, {"body": NOBODY, "media_type": "application/scim+json; charset=utf-8"}),
    (checks.scim_json_is_given_when_asked_for, PLAIN),
    (checks.plain_json_is_given_when_asked_for, [PLAIN, {"tag": "formats.json", "body": NOBODY}]),
    (
        checks.scim_json_is_given_when_nothing_is_asked_for,
        [PLAIN, {"tag": "formats.none", "body": NOBODY}, {"tag": "formats.any", "body": NOBODY}],
    ),
    (checks.a_body_typed_as_scim_is_taken, [CHANGED, {**CHANGED, "tag": "bodies.charset"}]),
    (checks.a_body_typed_as_plain_json_is_taken, [CHANGED, {**CHANGED, "tag": "bodies.json"}]),
    (checks.a_foreign_media_type_is_refused, {**NO_BODY, "tag": "bodies.xml", "status": 415}),
    (checks.broken_json_is_a_bad_request, {**NO_BODY, "tag": "bodies.truncated"}),
    (checks.json_of_the_wrong_shape_is_a_bad_request, {**NO_BODY, "tag": "bodies.null"}),
    (checks.json_of_the_wrong_shape_is_a_bad_request, {**NO_BODY, "tag": "bodies.empty", "status": 411}),
    (checks.a_405_names_the_allowed_methods, NOT_ALLOWED),
    (checks.the_allow_header_is_true, [NOT_ALLOWED, {"method": "PATCH", "path": "/Users/u1", "status": 404}]),
    (checks.head_answers_like_get, [GET, HEAD]),
    (checks.an_unknown_path_is_a_scim_404, {"tag": "paths.unknown", "status": 404, "body": NOT_FOUND}),
    (checks.an_unknown_version_is_not_served, {"tag": "paths.version", "status": 404, "body": NOT_FOUND}),
    (checks.an_unknown_parameter_is_ignored, [PLAIN, {"tag": "formats.parameter", "body": NOBODY}]),
]

WRONG: list[tuple[Any, Any, str]] = [
    (
        unusual.a_page_for_people_is_not_served,
        {"tag": "formats.html", "body": b"<html>", "media_type": "text/html"},
        "RFC9110-12.5.1-01",
    ),
    (unusual.options_are_told_or_refused, {"tag": "methods.options"}, "RFC9110-9.3.7-01"),
    (unusual.options_are_told_or_refused, {"tag": "methods.options", "status": 500}, "RFC9110-9.3.7-01"),
    (unusual.a_format_suffix_is_served_or_not_found, {"tag": "ids.suffix", "status": 400}, "RFC7644-3.8-05"),
    (unusual.a_doubled_member_breaks_nothing, {"tag": "bodies.doubled", "status": 500}, "HTTP-JSON-03"),
    (
        checks.an_answer_is_typed_as_scim_json,
        {"body": NOBODY, "media_type": "application/json"},
        "RFC7644-8.1-01",
    ),
    (checks.an_answer_is_typed_as_scim_json, {"body": NOBODY, "media_type": None}, "RFC7644-8.1-01"),
    (checks.scim_json_is_given_when_asked_for, {**PLAIN, "status": 406}, "RFC7644-3.8-02"),
    (checks.scim_json_is_given_when_asked_for, {**PLAIN, "media_type": "text/html"}, "RFC7644-3.8-02"),
    (
        checks.plain_json_is_given_when_asked_for,
        [PLAIN, {"tag": "formats.json", "status": 406, "body": NOT_FOUND}],
        "RFC7644-3.8-03",
    ),
    (
        checks.scim_json_is_given_when_nothing_is_asked_for,
        [PLAIN, {"tag": "formats.none", "body": b"<Users/>", "media_type": "application/xml"}],
        "RFC7644-3.8-04",
    ),
    (
        checks.a_body_typed_as_scim_is_taken,
        [CHANGED, {**CHANGED, "tag": "bodies.charset", "status": 415}],
        "RFC7644-3.8-06",
    ),
    (
        checks.a_body_typed_as_scim_is_taken,
        [{**CHANGED, "status": 415}, {**CHANGED, "tag": "bodies.json"}],
        "RFC7644-3.8-06",
    ),
    (
        checks.a_body_typed_as_plain_json_is_taken,
        [CHANGED, {**CHANGED, "tag": "bodies.json", "status": 415}],
        "RFC7644-8.1-02",
    ),
    (checks.a_foreign_media_type_is_refused, {**CHANGED, "tag": "bodies.xml"}, "RFC9110-15.5.16-01"),
    (checks.broken_json_is_a_bad_request, {**NO_BODY, "tag": "search.truncated", "status": 500}, "HTTP-JSON-01"),
    (checks.json_of_the_wrong_shape_is_a_bad_request, {**CHANGED, "tag": "bodies.array"}, "HTTP-JSON-02"),
    (checks.a_405_names_the_allowed_methods, {"status": 405, "method": "POST"}, "RFC9110-15.5.6-01"),
    (
        checks.a_405_names_the_allowed_methods,
        {**NOT_ALLOWED, "headers": {"allow": "get, post"}},
        "RFC9110-15.5.6-01",
    ),
    (
        checks.the_allow_header_is_true,
        [NOT_ALLOWED, {"method": "PATCH", "path": "/Users/u1", "status": 501}],
        "RFC9110-15.5.6-02",
    ),
    (checks.head_answers_like_get, [GET, {**HEAD, "status": 404}], "RFC9110-9.1-01"),
    (checks.head_answers_like_get, [GET, {**HEAD, "status": 405, "headers": {"Allow": "GET"}}], "HTTP-HEAD-01"),
    (checks.head_answers_like_get, [GET, {**HEAD, "status": 405}], "RFC9110-9.1-01"),
    (checks.an_unknown_path_is_a_scim_404, {"tag": "paths.unknown", "body": b"<html>"}, "RFC7644-3.12-00"),
    (
        checks.an_unknown_path_is_a_scim_404,
        {"tag": "paths.unknown", "status": 404, "body": b"<html>", "media_type": "text/html"},
        "RFC7644-3.12-00",
    ),
    (checks.an_unknown_version_is_not_served, {"tag": "paths.version", "body": NOBODY}, "RFC7644-3.13-02"),
    (
        checks.an_unknown_parameter_is_ignored,
        [PLAIN, {"tag": "formats.parameter", "status": 400, "body": NOT_FOUND}],
        "RFC7644-3.4.2-01",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


def test_plain_json_in_an_answer_is_no_more_than_bad_advice(see: Any, found: Any) -> None:
    plain = {**PLAIN, "media_type": "application/json"}
    assert found(checks.scim_json_is_given_when_asked_for, see(plain)) == []
    assert [f.requirement for f in found(checks.an_answer_is_typed_as_scim_json, see(plain))] == ["RFC7644-8.1-01"]


def test_what_did_not_work_in_the_usual_way_tells_nothing_of_the_unusual_one(see: Any, applies: Any) -> None:
    refused = {**CHANGED, "status": 403}
    both = see([refused, {**refused, "tag": "bodies.charset"}])
    assert not applies(checks.a_body_typed_as_scim_is_taken, both)
    unread = see([{**PLAIN, "status": 500}, {"tag": "formats.json", "status": 500}])
    assert not applies(checks.plain_json_is_given_when_asked_for, unread)


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_a_service_without_patch_is_not_asked_how_it_reads_bodies(status: int, see: Any, applies: Any) -> None:
    refused = see({**NO_BODY, "tag": "bodies.truncated", "status": status})
    assert not applies(checks.broken_json_is_a_bad_request, refused)


def test_allow_is_held_only_against_requests_to_the_same_path(see: Any, applies: Any) -> None:
    elsewhere = see([NOT_ALLOWED, {"method": "PATCH", "path": "/Users/u2", "status": 501}])
    assert not applies(checks.the_allow_header_is_true, elsewhere)


def test_a_redirect_is_not_asked_for_a_scim_type(see: Any, applies: Any) -> None:
    moved = see({"status": 308, "body": b"<html>", "media_type": "text/html"})
    assert not applies(checks.an_answer_is_typed_as_scim_json, moved)
