"""Reading out of answers that cannot be trusted; and no answer at all throws a check."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.checks import all_checks, reading
from harness.model.check import Scope
from harness.model.exchange import Role
from harness.model.step import Place
from harness.probes import all_probes

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
ADA = {"id": "u1", "userName": "ada@analytical.example"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (0, 0),
        (3.5, None),
        (True, None),
        ("3", None),
        (None, None),
        (float("nan"), None),
        (1e300, None),
    ],
)
def test_only_whole_numbers_are_numbers(value: Any, expected: int | None) -> None:
    assert reading.number(value) == expected


def test_a_member_is_found_in_any_letter_case_and_the_exact_one_first() -> None:
    assert reading.member({"USERNAME": "a", "userName": "b"}, "userName") == "b"
    assert reading.member({"USERNAME": "a"}, "userName") == "a"
    assert reading.member(["userName"], "userName") is None
    assert reading.spelt({"USERNAME": "a"}, "userName") == "USERNAME"


@pytest.mark.parametrize(
    ("path", "endpoint", "below"),
    [
        ("/Users", "Users", ""),
        ("/Users/", "Users", ""),
        ("/Users/a%2Fb", "Users", "a/b"),
        ("/Users/.search", "Users", ".search"),
        ("/Schemas/urn:x:y", "Schemas", "urn:x:y"),
        ("/", "", ""),
    ],
)
def test_a_path_is_taken_apart(path: str, endpoint: str, below: str, exchange: Any) -> None:
    assert (reading.endpoint(exchange(path=path)), reading.below(exchange(path=path))) == (endpoint, below)


def test_a_recording_that_knows_only_addresses_is_read_too(exchange: Any) -> None:
    recorded = exchange(path="/Users/u1", query="count=2&count=3")
    object.__setattr__(recorded, "path", "")
    object.__setattr__(recorded, "query", "")
    assert (reading.endpoint(recorded), reading.below(recorded), reading.wanted(recorded, "count")) == (
        "Users",
        "u1",
        3,
    )


def test_a_search_request_asks_with_its_body(exchange: Any) -> None:
    sent = {"filter": "x", "startIndex": 2, "Count": 5}
    asked = exchange("POST", "/Users/.search", sent=sent)
    assert reading.asked(asked) == {"filter": "x", "startindex": 2, "count": 5}
    assert reading.wanted(asked, "startIndex") == 2
    assert reading.queries(asked)


def test_people_are_told_from_lists_and_errors(exchange: Any) -> None:
    listed = {"schemas": [LIST], "totalResults": 2, "Resources": [ADA, "eve"]}
    assert list(reading.people(exchange(body=listed))) == [("/Resources/0", ADA)]
    assert list(reading.people(exchange(path="/Users/u1", body=ADA))) == [("", ADA)]
    assert list(reading.people(exchange(path="/Users/u1", body={"schemas": [ERROR], "status": "404"}))) == []
    assert list(reading.people(exchange(path="/Groups/g1", body={"id": "g1"}))) == []
    assert list(reading.people(exchange(status=404, body=listed))) == []


def test_the_set_up_and_the_hooks_are_no_evidence(exchange: Any, transcript: Any) -> None:
    told = transcript(exchange(role=Role.SETUP), exchange("POST", "/sign_in", place=Place.HOOK), exchange(body=ADA))
    assert [x.ordinal for x in reading.observed(told)] == [2]


TAGS = sorted(
    {"", "token.none.list", "token.wrong", "filters.person", "filters.exact", "ids.swapped", "paging.first", "origins"}
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "Resources", "schemas", "meta", "emails", "status"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
ANSWERS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]),
        "path": st.sampled_from(["/Users", "/Users/u1", "/Users/.search", "/Schemas", "/Groups", "/", "/%zz/%00"]),
        "query": st.text(max_size=12) | st.sampled_from(["filter=", "count=-1&startIndex=x", "attributes=,,"]),
        "status": st.sampled_from([200, 201, 204, 301, 304, 400, 401, 404, 405, 409, 500, 503, 599]),
        "body": VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30),
        "headers": st.dictionaries(
            st.sampled_from(["Content-Type", "WWW-Authenticate", "Allow", "Location", "Access-Control-Allow-Origin"]),
            st.text(max_size=20),
        ),
        "sent": VALUES | st.binary(max_size=20),
        "tag": st.sampled_from(TAGS),
    }
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(ANSWERS, min_size=1, max_size=4))
def test_no_answer_throws_a_check(told: Any, see: Any, profile: Any) -> None:
    """Any body, any header, any address: a check says something, or nothing, and never falls over."""
    whole = see(told)
    for check in all_checks().values():
        subjects = whole.exchanges if check.scope is Scope.EXCHANGE else (whole,) * (check.scope is Scope.TRANSCRIPT)
        for subject in subjects:
            if check.when(subject):
                for finding in check.judge(subject, profile=profile(), transcript=whole):
                    assert finding.expected


def test_every_probe_is_known_to_the_checks_that_are_about_it() -> None:
    assert {check.probe for check in all_checks().values()} - all_probes().keys() == {""}
