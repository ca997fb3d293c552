"""The client's own id is kept to the letter, found, and cleared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.checks import external_ids as checks
from harness.model.finding import Finding
from harness.model.step import ERROR
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
VALUE = "ScImulator-00uAbC-u1"
NAMES = "Žluťoučký-漢字-😀"
OK = (204, None)


def person(external_id: str | None = None) -> tuple[int, Any]:
    return 200, {"id": "u1", "userName": "subject", **({"externalId": external_id} if external_id else {})}


def no(status: int = 400) -> tuple[int, Any]:
    return status, {"schemas": [ERROR], "status": str(status)}


def people(*found: tuple[int, Any]) -> tuple[int, Any]:
    return 200, {"totalResults": len(found), "Resources": [body for _, body in found]}


CLEAN: dict[str, Any] = {
    "external-id.before": person(),
    "external-id.set": OK,
    "external-id.set.read": person(VALUE),
    "external-id.found": people(person(VALUE)),
    "external-id.other-case": people(),
    "external-id.names": OK,
    "external-id.names.read": person(NAMES),
    "external-id.null": OK,
    "external-id.null.read": person(),
    "external-id.absent": people(),
}

ALL = (
    checks.a_client_sets_finds_and_clears_its_own_id,
    checks.a_value_is_kept_to_the_letter,
    checks.an_external_id_is_found_in_its_own_case_only,
    checks.null_unassigns,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_keeps_the_clients_id_gives_no_finding(rehearsed: Rehearsed, finds: Finds, check: Any) -> None:
    assert finds(check, rehearsed("external-id", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong", "requirement"),
    [
        (
            checks.a_client_sets_finds_and_clears_its_own_id,
            {"external-id.set": no(), "external-id.set.read": person()},
            "PROF-D-22",
        ),
        (checks.a_client_sets_finds_and_clears_its_own_id, {"external-id.set.read": person()}, "PROF-D-22"),
        (checks.a_client_sets_finds_and_clears_its_own_id, {"external-id.found": people()}, "PROF-D-22"),
        (checks.a_client_sets_finds_and_clears_its_own_id, {"external-id.absent": people(person())}, "PROF-D-22"),
        (checks.a_value_is_kept_to_the_letter, {"external-id.set.read": person(VALUE.lower())}, "RFC7643-7-C01"),
        (checks.a_value_is_kept_to_the_letter, {"external-id.names.read": person("Zlu??")}, "RFC7644-3.8-01"),
        (
            checks.an_external_id_is_found_in_its_own_case_only,
            {"external-id.other-case": people(person(VALUE))},
            "RFC7643-3.1-09",
        ),
        (
            checks.null_unassigns,
            {"external-id.null": no(), "external-id.null.read": person(NAMES)},
            "RFC7644-3.5.2.3-09",
        ),
        (checks.null_unassigns, {"external-id.null.read": person(NAMES)}, "RFC7643-2.5-01"),
    ],
)
def test_a_service_that_loses_the_clients_id_is_found_out(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any], requirement: str
) -> None:
    (found,) = finds(check, rehearsed("external-id", CLEAN | wrong))
    assert found.requirement == requirement
    assert found.expected
    assert found.hint


def test_a_filter_that_is_not_offered_says_nothing_about_letter_case(
    rehearsed: Rehearsed, applies_to: Callable[..., bool]
) -> None:
    told = rehearsed("external-id", CLEAN | {"external-id.found": no(), "external-id.other-case": no()})
    assert not applies_to(checks.an_external_id_is_found_in_its_own_case_only, told)
