"""Answers to writes have a form, and tell what was stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.checks import answers as checks
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

Found = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
PERSON = {"id": "u1", "userName": "ada", "active": False}


@pytest.mark.parametrize(
    ("answer", "findings"),
    [
        ({"status": 200, "body": PERSON}, 0),
        ({"status": 204}, 0),
        ({"status": 202, "headers": {"Set-Txn": "t1"}}, 0),
        ({"status": 200}, 1),
        ({"status": 200, "body": []}, 1),
        ({"status": 204, "body": PERSON}, 1),
        ({"status": 202}, 1),
        ({"status": 201, "body": PERSON}, 1),
    ],
)
def test_a_patch_is_answered_with_the_resource_or_with_nothing(
    exchange: Makes, found: Found, answer: dict[str, Any], findings: int
) -> None:
    told = exchange("PATCH", "/Users/u1", **answer)
    assert len(found(checks.a_successful_patch_is_200_with_the_resource_or_204, told)) == findings


def test_a_put_is_answered_with_the_resource(exchange: Makes, found: Found) -> None:
    check = checks.a_successful_put_is_answered_with_the_resource
    assert found(check, exchange("PUT", "/Users/u1", body=PERSON)) == []
    assert len(found(check, exchange("PUT", "/Users/u1", status=204))) == 1
    assert len(found(check, exchange("PUT", "/Users/u1", body={"totalResults": 1}))) == 1


def test_the_answer_to_a_write_names_the_person_that_was_written(exchange: Makes, found: Found) -> None:
    check = checks.the_answer_to_a_write_keeps_the_id
    assert found(check, exchange("PATCH", "/Users/u1", body=PERSON)) == []
    assert found(check, exchange("PATCH", "/Users/u%31", body=PERSON)) == []
    (wrong,) = found(check, exchange("PUT", "/Users/u1", body=PERSON | {"id": "u2"}))
    assert wrong.at == "/id"


def test_what_a_write_says_is_what_is_read_next(
    exchange: Makes, transcript: Callable[..., Transcript], found: Found
) -> None:
    check = checks.the_answer_to_a_write_shows_what_was_stored
    write = exchange("PATCH", "/Users/u1", body=PERSON)
    same = exchange("GET", "/Users/u1", body=PERSON | {"meta": {"lastModified": "2026-11-24T10:00:00Z"}})
    assert found(check, transcript(write, same)) == []
    (wrong,) = found(check, transcript(write, exchange("GET", "/Users/u1", body=PERSON | {"active": True})))
    assert wrong.at == "/active"


def test_a_read_after_another_write_proves_nothing(
    exchange: Makes, transcript: Callable[..., Transcript], applies: Callable[..., bool]
) -> None:
    check = checks.the_answer_to_a_write_shows_what_was_stored
    write, read = exchange("PATCH", "/Users/u1", body=PERSON), exchange("GET", "/Users/u1", body={"id": "u1"})
    assert not applies(check, transcript(write, exchange("PATCH", "/Users/u1", status=204), read))
    assert not applies(check, transcript(write, exchange("POST", "/Users", status=201, body=PERSON), read))
    assert not applies(check, transcript(exchange("PATCH", "/Users/u1", body=PERSON, query="attributes=id"), read))
    assert applies(check, transcript(write, exchange("POST", "/Users/.search", body=PERSON), read))
