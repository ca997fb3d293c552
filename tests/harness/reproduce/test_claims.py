"""One assert for what was expected, taken only where the recorded answer breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.model.exchange import Exchange, Response
from harness.model.finding import Finding
from harness.reproduce.claims import MISSING, at, claim, shape

Crossed = Callable[..., Exchange]


def made(
    crossed: Crossed, expected: list[str], *, status: int = 200, body: Any = None, where: str = "", **headers: str
):
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    seen = crossed(1, response=Response(status, "", given, json.dumps(body).encode() if body is not None else b""))
    return claim(Finding(expected=expected, actual="", at=where), seen, None)


@pytest.mark.parametrize(
    ("expected", "given", "code"),
    [
        (["HTTP 405", "HTTP 403"], {"status": 200}, "seen.status_code in [403, 405]"),
        (["HTTP 200 or 204"], {"status": 415}, "seen.status_code in [200, 204]"),
        (['400 with "scimType": "invalidFilter"'], {"status": 200}, "seen.status_code in [400]"),
        (
            ['400 with "scimType": "invalidFilter"'],
            {"status": 400, "body": {"scimType": "x"}},
            "one_of(at(seen, '/scimType'), 'invalidFilter')",
        ),
        (["a success", "a 4xx that says what is wrong"], {"status": 500}, "seen.status_code < 500"),
        (["anything but 401: the token is right"], {"status": 401}, "seen.status_code != 401"),
        (['"active": false'], {"body": {"active": True}, "where": "/active"}, "one_of(at(seen, '/active'), False)"),
        (['"status": "404"'], {"body": {"status": 404}, "where": "/status"}, "one_of(at(seen, '/status'), '404')"),
        (
            ["true", "false"],
            {"body": {"active": "True"}, "where": "/active"},
            "one_of(at(seen, '/active'), True, False)",
        ),
        (["a string"], {"body": {"a": [1]}, "where": "/a"}, "isinstance(at(seen, '/a'), str)"),
        (["no externalId"], {"body": {"externalId": "x"}, "where": "/externalId"}, "in (MISSING, None, [], {})"),
        (["an Allow header"], {"where": "Allow"}, "seen.headers.get('Allow') is not None"),
        (["no Location header in a refusal"], {"where": "Location", "Location": "/x"}, "is None"),
        (
            ["Content-Type: application/scim+json"],
            {"where": "Content-Type", "Content_Type": "text/html"},
            "startswith(('application/scim+json',))",
        ),
        (
            ["1 resources at most"],
            {"body": {"Resources": [1, 2]}, "where": "/Resources"},
            "len(at(seen, '/Resources')) <= 1",
        ),
        (["nobody: one is false"], {"body": {"Resources": [{}]}, "where": "/Resources"}, "in (MISSING, [])"),
        (
            ["what the answer said: false"],
            {"body": {"active": True}, "where": "/active"},
            "one_of(at(seen, '/active'), False)",
        ),
    ],
)
def test_what_was_expected_becomes_an_assert(crossed: Crossed, expected: list[str], given: Any, code: str) -> None:
    found = made(crossed, expected, **given)
    assert code in found.code
    assert found.exact
    assert not found.holds


def test_a_number_that_equals_a_boolean_in_python_is_not_taken_for_one(crossed: Crossed) -> None:
    found = made(crossed, ["true", "false"], body={"active": 1}, where="/active")
    assert found.code == "one_of(at(seen, '/active'), True, False)"


def test_where_one_assert_cannot_say_it_the_recorded_answer_is_ruled_out_and_that_is_told(crossed: Crossed) -> None:
    found = made(crossed, ["what a wise service would do"], status=200, body={"id": "a1", "active": True})
    assert not found.exact
    assert found.code == "(seen.status_code, shape(seen)) != (200, {'active': True, 'id': 'text'})"


def test_a_time_or_an_id_of_the_run_is_never_asserted(crossed: Crossed) -> None:
    found = made(crossed, ["2026-11-27T12:00:29.87Z"], body={"meta": {"created": "2026"}}, where="/meta/created")
    assert "2026-11-27" not in found.code


def test_a_value_is_compared_with_the_earlier_read_where_that_is_what_was_expected(crossed: Crossed) -> None:
    before = crossed(0, body=b'{"displayName": "Ada"}')
    seen = crossed(1, body=b'{"displayName": "Ada (off)"}')
    found = claim(Finding(["/displayName as before: 'Ada'"], "Ada (off)", at="/displayName"), seen, before)
    assert (found.code, found.before) == ("at(seen, '/displayName') == at(before, '/displayName')", True)


def test_a_pointer_is_followed_in_any_letter_case_and_never_breaks() -> None:
    document = {"Resources": [{"a/b": 1}], "Name": {"x": None}}
    assert at(document, "/resources/0/a~1b") == 1
    assert at(document, "/name/x") is None
    for nothing in ("/Resources/7", "/Resources/x", "/name/x/y", "/none"):
        assert at(document, nothing) == MISSING
    assert at(None, "/x") == MISSING
    assert shape({"id": "a1", "n": [1, True, "ab"]}) == {"id": "text", "n": [1, True, "ab"]}
