"""Credentials: open doors are found, and so are answers that do not say how to come in."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import auth as checks
from harness.checks.challenges import Challenge, challenges

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PEOPLE = {"totalResults": 1, "Resources": [{"schemas": [USER], "id": "u1", "userName": "ada@analytical.example"}]}

ASK = {"WWW-Authenticate": 'Bearer realm="scim"'}
INVALID = {"WWW-Authenticate": 'Bearer realm="scim", error="invalid_token", error_description="unknown key"'}
IN = {"tag": "token.right", "body": PEOPLE}
OUT = {"status": 401, "body": {"schemas": [ERROR], "status": "401"}, "headers": ASK}
NOTHING = {**OUT, "tag": "token.none.list", "authorization": None}
WRONG_KEY = {**OUT, "tag": "token.wrong", "headers": INVALID, "authorization": "Bearer nonsense"}
BASIC = {**OUT, "tag": "token.basic", "authorization": "Basic [redacted:token]"}
OFFERS_BASIC = {"path": "/ServiceProviderConfig", "body": {"authenticationSchemes": [{"type": "httpbasic"}]}}

OFFERS_BEARER = {
    "path": "/ServiceProviderConfig",
    "body": {"authenticationSchemes": [{"type": "oauthbearertoken"}, {"type": "httpbasic"}]},
}
STRANGER = {**OUT, "method": "POST", "tag": "token.none.create", "authorization": None}

RIGHT: list[tuple[Any, Any]] = [
    (checks.nobody_gets_in_without_a_valid_token, NOTHING),
    (checks.nobody_gets_in_without_a_valid_token, {**WRONG_KEY, "status": 403}),
    (checks.the_credential_is_looked_at_first, {**NOTHING, "tag": "token.none.delete"}),
    (checks.the_right_token_is_accepted, {"status": 403, "body": {}}),
    (
        checks.the_letter_case_of_bearer_does_not_matter,
        [IN, {**IN, "tag": "token.lower"}, {**IN, "tag": "token.upper"}],
    ),
    (checks.a_token_in_the_address_does_not_work, {**OUT, "tag": "token.query", "authorization": None}),
    (checks.a_401_says_how_to_authenticate, OUT),
    (checks.a_challenge_names_each_parameter_once, WRONG_KEY),
    (checks.a_wrong_token_is_called_invalid, WRONG_KEY),
    (checks.a_request_without_a_token_gets_no_error_code, NOTHING),
    (checks.a_scheme_that_is_not_offered_does_not_work, [IN, BASIC]),
    (checks.the_challenge_agrees_with_what_is_announced, [OFFERS_BEARER, NOTHING]),
    (checks.a_name_and_a_password_are_not_the_only_way_in, OFFERS_BEARER),
    (checks.a_stranger_creates_nobody, STRANGER),
    (checks.a_key_that_comes_twice_is_refused_or_read_once, {"tag": "token.both", "body": PEOPLE}),
    (checks.a_key_that_comes_twice_is_refused_or_read_once, {"tag": "token.both", "status": 400}),
]

TWICE = {"WWW-Authenticate": 'Bearer realm="a", realm="b"'}
WRONG: list[tuple[Any, Any, str]] = [
    (checks.the_challenge_agrees_with_what_is_announced, [OFFERS_BASIC, NOTHING], "RFC7644-2-04"),
    (checks.a_name_and_a_password_are_not_the_only_way_in, OFFERS_BASIC, "RFC7644-2-05"),
    (checks.a_stranger_creates_nobody, {**STRANGER, "status": 201}, "RFC7644-2.2-01"),
    (checks.a_key_that_comes_twice_is_refused_or_read_once, {"tag": "token.both", "status": 500}, "RFC6750-3.1-04"),
    (checks.nobody_gets_in_without_a_valid_token, {**NOTHING, "status": 200, "body": PEOPLE}, "RFC7644-2-02"),
    (checks.nobody_gets_in_without_a_valid_token, {"tag": "token.empty", "body": PEOPLE}, "RFC7644-2-02"),
    (checks.nobody_gets_in_without_a_valid_token, {**WRONG_KEY, "body": PEOPLE}, "RFC7644-2-02"),
    (checks.nobody_gets_in_without_a_valid_token, {"tag": "token.longer", "body": PEOPLE}, "RFC7644-2-02"),
    (checks.nobody_gets_in_without_a_valid_token, {**NOTHING, "status": 302}, "RFC7644-2-02"),
    (checks.the_credential_is_looked_at_first, {"tag": "token.none.group", "status": 404}, "AUTH-ORDER-01"),
    (checks.the_credential_is_looked_at_first, {"tag": "token.none.create", "status": 405}, "AUTH-ORDER-01"),
    (checks.the_right_token_is_accepted, OUT, "RFC6750-2.1-01"),
    (checks.the_letter_case_of_bearer_does_not_matter, [IN, {**OUT, "tag": "token.lower"}], "RFC6750-2.1-02"),
    (checks.a_token_in_the_address_does_not_work, {**IN, "tag": "token.query"}, "RFC6750-2.3-01"),
    (checks.a_401_says_how_to_authenticate, {**OUT, "headers": {}}, "RFC7644-2-01"),
    (checks.a_challenge_names_each_parameter_once, {**OUT, "headers": TWICE}, "RFC6750-3-02"),
    (checks.a_wrong_token_is_called_invalid, {**WRONG_KEY, "headers": ASK}, "RFC6750-3-03"),
    (checks.a_request_without_a_token_gets_no_error_code, {**NOTHING, "headers": INVALID}, "RFC6750-3.1-01"),
    (
        checks.a_scheme_that_is_not_offered_does_not_work,
        [IN, {**BASIC, "status": 200, "body": PEOPLE}],
        "AUTH-BASIC-01",
    ),
    (
        checks.a_scheme_that_is_not_offered_does_not_work,
        [IN, {"tag": "token.password", "body": PEOPLE}],
        "AUTH-BASIC-01",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize(
    ("refusal", "broken"),
    [
        (NOTHING, False),
        ({**NOTHING, "status": 403}, False),
        ({**OUT, "tag": "token.empty", "status": 400}, False),
        ({**NOTHING, "status": 400}, True),
        ({**NOTHING, "status": 302, "headers": {"Location": "/login"}}, True),
        ({**NOTHING, "headers": {"WWW-Authenticate": 'Basic realm="x"'}}, True),
        ({**WRONG_KEY, "headers": {}}, True),
    ],
)
def test_a_refusal_asks_for_a_bearer_token(refusal: Any, broken: bool, see: Any, found: Any) -> None:
    both = see([IN, refusal])
    findings = found(checks.a_request_without_a_usable_token_is_challenged, both.exchanges[1], transcript=both)
    assert [f.requirement for f in findings] == (["RFC6750-3-01"] if broken else [])


def test_a_service_that_takes_no_bearer_token_is_not_asked_to_challenge_for_one(see: Any, found: Any) -> None:
    both = see([{**OUT, "tag": "token.right"}, {**NOTHING, "headers": {"WWW-Authenticate": "Basic"}}])
    check = checks.a_request_without_a_usable_token_is_challenged
    assert found(check, both.exchanges[1], transcript=both) == []


def test_a_public_configuration_is_no_open_door(see: Any, applies: Any) -> None:
    public = {"tag": "token.none.config", "path": "/ServiceProviderConfig", "body": {"patch": {"supported": True}}}
    assert not applies(checks.nobody_gets_in_without_a_valid_token, see(public))


def test_basic_that_is_offered_may_work(see: Any, applies: Any) -> None:
    offered = see([OFFERS_BASIC, {**BASIC, "status": 200, "body": PEOPLE}])
    assert not applies(checks.a_scheme_that_is_not_offered_does_not_work, offered)


def test_another_credential_than_that_of_the_run_may_be_refused(see: Any, applies: Any) -> None:
    assert not applies(
        checks.the_right_token_is_accepted, see({**OUT, "authorization": "Bearer Bearer [redacted:token]"})
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, []),
        ("Bearer", [Challenge("bearer")]),
        ('BEARER realm="a, b"', [Challenge("bearer", (("realm", "a, b"),))]),
        (
            'Basic realm="x", Bearer error="invalid_token", error_description="say \\"no\\""',
            [
                Challenge("basic", (("realm", "x"),)),
                Challenge("bearer", (("error", "invalid_token"), ("error_description", 'say "no"'))),
            ],
        ),
        ("Bearer realm=plain , scope=scim", [Challenge("bearer", (("realm", "plain"), ("scope", "scim")))]),
        ("Negotiate dG9rZW4=, Bearer", [Challenge("negotiate"), Challenge("bearer")]),
        (',,, =, "', []),
    ],
)
def test_a_challenge_is_taken_apart(header: str | None, expected: list[Challenge]) -> None:
    assert challenges(header) == expected
