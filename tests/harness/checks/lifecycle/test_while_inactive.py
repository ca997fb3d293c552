"""Nothing but a reactivation brings an inactive person back, and every lookup finds them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import while_inactive as checks
from harness.model.finding import Finding
from harness.model.step import ERROR
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
OK = (204, None)
MARK = "scimulator-inactive"
SPELLINGS = ("path", "pathless", "capital", "string", "put")


def person(active: Any, **members: Any) -> tuple[int, Any]:
    return 200, {"id": "u1", "userName": "subject", "active": active, "displayName": "Sub Ject", **members}


def no(status: int = 400) -> tuple[int, Any]:
    return status, {"schemas": [ERROR], "status": str(status)}


def people(*found: tuple[int, Any]) -> tuple[int, Any]:
    return 200, {"totalResults": len(found), "Resources": [body for _, body in found]}


HERE = people(person(False))
CLEAN: dict[str, Any] = {
    "deactivate.before": person(True),
    "email.before": people(person(True)),
    **{f"{verb}.{s}": OK for s in SPELLINGS for verb in ("deactivate", "reactivate")},
    **{f"deactivate.{s}.read": person(False) for s in SPELLINGS},
    **{f"reactivate.{s}.read": person(True) for s in SPELLINGS},
    "inactive.external-id": OK,
    "inactive.external-id.read": person(False, externalId=f"{MARK}-2"),
    **{f"inactive.by-{name}": HERE for name in ("user-name", "external-id", "email")},
    "inactive.put": person(False),
    "inactive.put.read": person(False),
    "inactive.remove": no(),
    "inactive.remove.read": person(False),
    "together.owned": OK,
    "together.owned.read": person(False, externalId=f"{MARK}-together"),
    "mixed.before": person(True),
    "mixed": no(),
    "mixed.read": person(True),
}

ALL = (
    checks.no_other_write_reactivates,
    checks.an_inactive_person_can_be_looked_up,
    checks.several_operations_are_all_applied,
    checks.a_mixed_request_is_applied_honestly,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_leaves_inactive_people_alone_gives_no_finding(
    rehearsed: Rehearsed, finds: Finds, check: Any
) -> None:
    assert finds(check, rehearsed("deactivation", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong", "likeness"),
    [
        (checks.no_other_write_reactivates, {"inactive.external-id.read": person(True)}, "external-id"),
        (checks.no_other_write_reactivates, {"inactive.put.read": person(True)}, "put"),
        (checks.no_other_write_reactivates, {"inactive.remove": OK, "inactive.remove.read": person(True)}, "remove"),
        (checks.no_other_write_reactivates, {"inactive.external-id": no(409)}, "frozen"),
        (checks.an_inactive_person_can_be_looked_up, {"inactive.by-user-name": people()}, "user-name"),
        (checks.an_inactive_person_can_be_looked_up, {"inactive.by-external-id": people()}, "external-id"),
        (checks.an_inactive_person_can_be_looked_up, {"inactive.by-email": people()}, "email"),
        (checks.several_operations_are_all_applied, {"together.owned.read": person(False)}, ""),
        (checks.several_operations_are_all_applied, {"together.owned": no(), "together.owned.read": person(True)}, ""),
        (checks.a_mixed_request_is_applied_honestly, {"mixed": OK}, "still-active"),
        (checks.a_mixed_request_is_applied_honestly, {"mixed.read": person(False)}, "half-applied"),
    ],
)
def test_somebody_who_comes_back_unseen_is_a_finding(
    rehearsed: Rehearsed, finds: Finds, made: SimpleNamespace, check: Any, wrong: dict[str, Any], likeness: str
) -> None:
    tolerant = made.claims("deprovisioning", "mixed-patch")
    (found,) = finds(check, rehearsed("deactivation", CLEAN | wrong), tolerant)
    assert found.likeness == likeness
    assert found.expected
    assert found.hint


def test_the_two_clauses_about_several_operations_are_told_apart(rehearsed: Rehearsed, finds: Finds) -> None:
    check = checks.several_operations_are_all_applied
    one_of_two = rehearsed("deactivation", CLEAN | {"together.owned.read": person(False)})
    assert [f.requirement for f in finds(check, one_of_two)] == ["RFC7644-3.5.2-19"]
    neither = rehearsed("deactivation", CLEAN | {"together.owned.read": person(True)})
    assert [f.requirement for f in finds(check, neither)] == ["RFC7644-3.5.2-09"]


def test_a_filter_that_is_not_offered_is_not_missed(rehearsed: Rehearsed, finds: Finds) -> None:
    told = rehearsed("deactivation", CLEAN | {"inactive.by-email": no(), "inactive.by-external-id": no(501)})
    assert finds(checks.an_inactive_person_can_be_looked_up, told) == []


def test_a_mail_address_that_nobody_was_found_by_before_is_not_missed_afterwards(
    rehearsed: Rehearsed, finds: Finds
) -> None:
    told = rehearsed("deactivation", CLEAN | {"email.before": people(), "inactive.by-email": people()})
    assert finds(checks.an_inactive_person_can_be_looked_up, told) == []


def test_the_first_write_that_brings_somebody_back_is_named_and_no_later_one(
    rehearsed: Rehearsed, finds: Finds
) -> None:
    back = {f"inactive.{name}.read": person(True) for name in ("external-id", "put", "remove")}
    found = finds(checks.no_other_write_reactivates, rehearsed("deactivation", CLEAN | back))
    assert [f.likeness for f in found] == ["external-id"]
