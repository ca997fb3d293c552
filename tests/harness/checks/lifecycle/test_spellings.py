"""Every spelling of a deactivation by itself: confirmed and done, or refused where it may be."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import spellings as checks
from harness.model.finding import Finding
from harness.model.step import ERROR
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
OK = (204, None)


def person(active: Any, **members: Any) -> tuple[int, Any]:
    return 200, {"id": "u1", "userName": "subject", "active": active, "displayName": "Sub Ject", **members}


def no(status: int = 400) -> tuple[int, Any]:
    return status, {"schemas": [ERROR], "status": str(status)}


SPELLINGS = ("path", "pathless", "capital", "string", "put")
CLEAN: dict[str, Any] = {
    "deactivate.before": person(True),
    **{f"{verb}.{s}": OK for s in SPELLINGS for verb in ("deactivate", "reactivate")},
    **{f"deactivate.{s}.again": OK for s in SPELLINGS},
    **{f"deactivate.{s}.read": person(False) for s in SPELLINGS},
    **{f"reactivate.{s}.read": person(True) for s in SPELLINGS},
    "deactivate.nobody": no(404),
}

ALL = (
    checks.every_plain_spelling_deactivates_also_twice,
    checks.replace_of_a_single_value_takes_effect,
    checks.a_success_means_that_the_person_is_inactive,
    checks.a_deactivation_in_any_spelling_touches_active_alone,
    checks.operation_names_have_no_letter_case,
    checks.the_word_false_means_false_or_is_refused,
    checks.two_deactivations_at_once_end_inactive,
    checks.nobody_cannot_be_deactivated,
    checks.every_spelling_reactivates,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_understands_every_spelling_gives_no_finding(
    rehearsed: Rehearsed, finds: Finds, check: Any
) -> None:
    assert finds(check, rehearsed("deactivation", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (
            checks.every_plain_spelling_deactivates_also_twice,
            {"deactivate.pathless": no(500), "deactivate.pathless.read": person(True)},
        ),
        (checks.every_plain_spelling_deactivates_also_twice, {"deactivate.path.again": no(409)}),
        (
            checks.every_plain_spelling_deactivates_also_twice,
            {"deactivate.put": no(405), "deactivate.put.read": person(True)},
        ),
        (checks.replace_of_a_single_value_takes_effect, {"deactivate.path.read": person(True)}),
        (checks.a_success_means_that_the_person_is_inactive, {"deactivate.pathless.read": person(True)}),
        (checks.a_success_means_that_the_person_is_inactive, {"deactivate.path.read": no(404)}),
        (
            checks.operation_names_have_no_letter_case,
            {"deactivate.capital": no(), "deactivate.capital.read": person(True)},
        ),
        (checks.the_word_false_means_false_or_is_refused, {"deactivate.string.read": person(True)}),
        (checks.the_word_false_means_false_or_is_refused, {"deactivate.string.read": person("False")}),
        (checks.the_word_false_means_false_or_is_refused, {"deactivate.string": no()}),
        (checks.two_deactivations_at_once_end_inactive, {"deactivate.path.again": no(500)}),
        (
            checks.two_deactivations_at_once_end_inactive,
            {"deactivate.path": person(False), "deactivate.path.read": person(True)},
        ),
        (
            checks.a_deactivation_in_any_spelling_touches_active_alone,
            {"deactivate.pathless.read": person(False, displayName="Gone")},
        ),
        (checks.nobody_cannot_be_deactivated, {"deactivate.nobody": OK}),
        (checks.every_spelling_reactivates, {"reactivate.put": no(), "reactivate.put.read": person(False)}),
        (
            checks.every_spelling_reactivates,
            {"reactivate.string.read": person(False), "deactivate.restore.read": person(True)},
        ),
    ],
)
def test_a_service_that_shrugs_at_one_spelling_is_found_out(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    (found,) = finds(check, rehearsed("deactivation", CLEAN | wrong))
    assert found.expected
    assert found.hint
    assert found.exchange


def test_the_word_false_may_be_refused(rehearsed: Rehearsed, finds: Finds) -> None:
    refused = {
        "deactivate.string": no(),
        "deactivate.string.read": person(True),
        "reactivate.string": no(),
        "reactivate.string.read": person(True),
    }
    for check in ALL:
        assert finds(check, rehearsed("deactivation", CLEAN | refused)) == []


def test_a_service_without_put_is_not_asked_for_it(rehearsed: Rehearsed, finds: Finds, made: SimpleNamespace) -> None:
    told = rehearsed("deactivation", CLEAN | {"deactivate.put": no(405), "deactivate.put.read": person(True)})
    without = made.claims("deprovisioning", refuses="replace")
    assert finds(checks.every_plain_spelling_deactivates_also_twice, told, without) == []


def test_a_spelling_that_meets_somebody_inactive_proves_nothing(rehearsed: Rehearsed) -> None:
    told = rehearsed("deactivation", CLEAN | {"deactivate.before": person(False)})
    assert [name for name, _, _ in checks.tried(told, ("path",))] == []


def test_where_nobody_comes_back_the_probe_ends_early(rehearsed: Rehearsed, finds: Finds) -> None:
    stuck = {f"reactivate.{s}": no(403) for s in SPELLINGS} | {f"reactivate.{s}.read": person(False) for s in SPELLINGS}
    told = rehearsed("deactivation", CLEAN | stuck)
    assert [name for name, _, _ in checks.tried(told, SPELLINGS)] == ["path"]
    assert finds(checks.every_plain_spelling_deactivates_also_twice, told) == []
