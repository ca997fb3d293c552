"""What Entra ID expects after it has switched somebody off or on, in each of its spellings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import entra_lifecycle as checks
from harness.model.change import Restore, SoftDelete, Unassign
from harness.model.exchange import Role
from harness.model.finding import Finding
from harness.model.step import Effect, Intent, Step
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Scene = Callable[..., Transcript]
ENTRA = "entra/default/leaver"


@pytest.mark.parametrize(
    ("check", "value", "more"),
    [
        (checks.entra_deactivates_with_a_string, "False", {}),
        (checks.entra_deactivates_with_a_boolean, False, {}),
        (checks.entra_deactivates_and_renames_in_one_request, "False", {"userName": "tombstone"}),
    ],
)
@pytest.mark.parametrize(
    ("status", "active", "likenesses"), [(204, False, []), (204, True, ["no-effect"]), (400, True, ["4xx"])]
)
def test_each_spelling_has_to_take_effect(
    scene: Scene,
    finds: Finds,
    made: SimpleNamespace,
    check: Any,
    value: Any,
    more: dict[str, Any],
    status: int,
    active: bool,
    likenesses: list[str],
) -> None:
    sent = made.deactivated(value, answer=(status, made.error(status)), **more)
    told = scene(SoftDelete("leaver"), sent, after=made.person(active=active), scenario=ENTRA)
    assert [f.likeness for f in finds(check, told)] == likenesses


def test_the_spellings_are_told_apart(scene: Scene, applies_to: Callable[..., bool], made: SimpleNamespace) -> None:
    told = scene(Unassign("leaver"), made.deactivated("False"), scenario=ENTRA)
    assert applies_to(checks.entra_deactivates_with_a_string, told)
    assert not applies_to(checks.entra_deactivates_with_a_boolean, told)
    assert not applies_to(checks.entra_deactivates_and_renames_in_one_request, told)


def test_the_tutorials_spelling_is_replayed_by_a_probe(rehearsed: Callable[..., Transcript], finds: Finds) -> None:
    check = checks.entra_deactivates_with_a_capital_letter
    spellings = ("path", "pathless", "capital")
    clean: dict[str, Any] = {
        "deactivate.before": (200, {"id": "u1", "active": True}),
        **{f"deactivate.{s}": (204, None) for s in spellings},
        **{f"deactivate.{s}.read": (200, {"id": "u1", "active": False}) for s in spellings},
        **{f"reactivate.{s}.read": (200, {"id": "u1", "active": True}) for s in spellings},
    }
    assert finds(check, rehearsed("deactivation", clean)) == []
    refused = clean | {"deactivate.capital": (400, {}), "deactivate.capital.read": (200, {"id": "u1", "active": True})}
    assert len(finds(check, rehearsed("deactivation", refused))) == 1


@pytest.mark.parametrize(
    ("status", "active", "likenesses"), [(204, True, []), (204, False, ["no-effect"]), (409, False, ["4xx"])]
)
def test_somebody_who_is_restored_is_active(
    scene: Scene, finds: Finds, made: SimpleNamespace, status: int, active: bool, likenesses: list[str]
) -> None:
    sent = made.reactivated("True", answer=(status, made.error(status)))
    told = scene(Restore("leaver"), sent, after=made.person(active=active), scenario=ENTRA)
    assert [f.likeness for f in finds(checks.entra_brings_somebody_back, told)] == likenesses


def test_a_name_that_our_own_sign_in_took_is_not_held_against_the_service(
    scene: Scene, finds: Finds, made: SimpleNamespace
) -> None:
    sent = made.reactivated(answer=(409, made.error(409)))
    told = scene(
        Restore("leaver"), sent, after=made.person(active=False), scenario=ENTRA, attempt=(200, {"created": True})
    )
    assert finds(checks.entra_brings_somebody_back, told) == []


def test_somebody_who_was_disabled_is_still_read(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    check = checks.entra_still_reads_whom_it_switched_off
    assert finds(check, scene(Unassign("leaver"), made.deactivated(), scenario=ENTRA)) == []
    gone = scene(Unassign("leaver"), made.deactivated(), after=(404, made.error(404)), scenario=ENTRA)
    assert len(finds(check, gone)) == 1


def test_a_deletion_after_the_deactivation_takes_its_place(
    scene: Scene, applies_to: Callable[..., bool], made: SimpleNamespace
) -> None:
    told = scene(Unassign("leaver"), made.deactivated("False"), scenario=ENTRA)
    last = told.exchanges[1]
    step = Step("Delete", "DELETE", "/Users/u1", Effect.DELETE, Intent.DELETE, subject="leaver")
    deleted = replace(
        last, ordinal=9, intent=step.intent, request=replace(last.request, method="DELETE"), role=Role.IDP
    )
    longer = replace(told, exchanges=(*told.exchanges[:2], deleted, *told.exchanges[2:]))
    assert not applies_to(checks.entra_deactivates_with_a_string, longer)
