"""Secrets, traces, foreign pages and injections."""

from __future__ import annotations

import time
from typing import Any

import pytest

from harness.checks import security as checks
from harness.probes import paths, tokens

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"


def an_error(detail: str, status: int = 500, **given: Any) -> dict[str, Any]:
    return {"status": status, "body": {"schemas": [ERROR], "status": str(status), "detail": detail}, **given}


RIGHT = [
    (checks.no_credential_comes_back, {"body": {"id": "u1"}}),
    (checks.no_credential_comes_back, {"status": 204, "headers": {"Set-Cookie": "[redacted:header]"}}),
    (
        checks.an_error_does_not_show_the_inside,
        an_error("There is nobody with this id; select another one from the list"),
    ),
    (checks.foreign_pages_cannot_use_a_credential, {"tag": "origins", "body": {}}),
    (checks.foreign_pages_cannot_use_a_credential, {"headers": {ORIGIN: "*"}}),
    (checks.foreign_pages_cannot_use_a_credential, {"headers": {ORIGIN: "https://app.example", CREDENTIALS: "true"}}),
    (checks.signs_of_other_languages_mean_nothing, {"tag": "filters.injection", "body": {"totalResults": 0}}),
    (checks.signs_of_other_languages_mean_nothing, {"tag": "ids.injection", "status": 404, "body": {}}),
    (checks.signs_of_other_languages_mean_nothing, {"tag": "selection.injection", "body": {"totalResults": 1}}),
]

WRONG = [
    (checks.no_credential_comes_back, an_error("unknown key [redacted:token]", 401), "RFC7643-9.2-01"),
    (checks.no_credential_comes_back, an_error(f"unknown key {checks.WRONG_TOKEN}", 401), "RFC7643-9.2-01"),
    (
        checks.no_credential_comes_back,
        {"status": 302, "headers": {"Location": "/login?access_token=[redacted:token]"}},
        "RFC7643-9.2-01",
    ),
    (checks.foreign_pages_cannot_use_a_credential, {"headers": {ORIGIN: "*", CREDENTIALS: "true"}}, "SEC-CORS-01"),
    (
        checks.foreign_pages_cannot_use_a_credential,
        {"tag": "origins", "headers": {ORIGIN: checks.STRANGER, CREDENTIALS: "true"}},
        "SEC-CORS-01",
    ),
    (checks.signs_of_other_languages_mean_nothing, {"tag": "selection.injection", "status": 500}, "RFC7644-7.7-01"),
    (checks.signs_of_other_languages_mean_nothing, {"tag": "ids.injection", "body": {"id": "u1"}}, "RFC7644-7.7-01"),
    (
        checks.signs_of_other_languages_mean_nothing,
        {"tag": "filters.injection", "body": {"totalResults": 1, "Resources": [{"id": "u1"}]}},
        "RFC7644-7.7-01",
    ),
]

TRACES = [
    'Traceback (most recent call last):\n  File "/srv/app/scim.py", line 7, in get',
    "at com.example.scim.Users.get(Users.java:41)",
    "System.NullReferenceException: Object reference not set",
    "at Users.get (/srv/app/users.js:10:3)",
    "users.rb:12:in `find'",
    "goroutine 7 [running]",
    "SQLSTATE[42601]: Syntax error",
    'relation "users" does not exist: SELECT id FROM users',
    "select * from users where id = 'x'",
    "cannot open /var/lib/scim/store.py",
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    asked = see([told])
    assert {f.requirement for f in found(check, asked.exchanges[0], transcript=asked)} == {requirement}


@pytest.mark.parametrize("trace", TRACES)
def test_the_inside_of_a_service_in_an_error_is_found(trace: str, see: Any, found: Any) -> None:
    findings = found(checks.an_error_does_not_show_the_inside, see(an_error(trace)))
    assert {f.requirement for f in findings} == {"SEC-ERR-01"}


def test_an_error_that_repeats_our_own_words_shows_nothing_of_the_inside(see: Any, found: Any) -> None:
    words = "select * from users where id = 1"
    asked = see(an_error(f"bad filter: {words}", 400, query=f"filter={words.replace(' ', '%20')}"))
    assert found(checks.an_error_does_not_show_the_inside, asked) == []


@pytest.mark.parametrize(
    "seed",
    ["at x(", "at x() in ", "/usr/a", "select from ", "SELECT ", "System.a", 'File "', "INSERT INTO ", "java.lang."],
)
def test_a_hostile_error_text_is_searched_in_no_time(seed: str, see: Any, found: Any) -> None:
    began = time.process_time()
    found(checks.an_error_does_not_show_the_inside, see({"status": 500, "body": (seed * 100_000).encode()[:300_000]}))
    assert time.process_time() - began < 3


def test_probes_and_checks_know_the_same_texts() -> None:
    assert (checks.WRONG_TOKEN, checks.STRANGER) == (tokens.WRONG_TOKEN, paths.STRANGER)
