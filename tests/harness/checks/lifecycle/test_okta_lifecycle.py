"""What Okta expects after it has switched somebody off or on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import okta_lifecycle as checks
from harness.model.change import Reassign, Unassign
from harness.model.finding import Finding
from harness.model.step import Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Scene = Callable[..., Transcript]


@pytest.mark.parametrize(
    ("check", "method"), [(checks.okta_catalogue_apps_deactivate, "PATCH"), (checks.okta_wizard_apps_deactivate, "PUT")]
)
@pytest.mark.parametrize(
    ("status", "active", "likenesses"), [(204, False, []), (204, True, ["no-effect"]), (501, True, ["5xx"])]
)
def test_a_deactivation_counts_when_the_person_is_inactive(
    scene: Scene,
    finds: Finds,
    made: SimpleNamespace,
    check: Any,
    method: str,
    status: int,
    active: bool,
    likenesses: list[str],
) -> None:
    sent = made.asked(Intent.DEACTIVATE, method, body={"active": False}, answer=(status, made.error(status)))
    told = scene(Unassign("leaver"), sent, after=made.person(active=active))
    assert [f.likeness for f in finds(check, told)] == likenesses


@pytest.mark.parametrize(
    ("status", "active", "likenesses"), [(204, True, []), (204, False, ["no-effect"]), (400, False, ["4xx"])]
)
def test_a_reactivation_counts_when_the_person_is_active(
    scene: Scene, finds: Finds, made: SimpleNamespace, status: int, active: bool, likenesses: list[str]
) -> None:
    told = scene(Reassign("leaver"), made.reactivated(answer=(status, None)), after=made.person(active=active))
    assert [f.likeness for f in finds(checks.okta_brings_somebody_back, told)] == likenesses


def test_somebody_who_was_switched_off_is_still_read(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    check = checks.okta_still_reads_whom_it_switched_off
    assert finds(check, scene(Unassign("leaver"), made.deactivated())) == []
    gone = scene(Unassign("leaver"), made.deactivated(), after=(404, made.error(404)))
    assert [f.likeness for f in finds(check, gone)] == ["4xx"]


def test_another_idp_has_expectations_of_its_own(
    scene: Scene, applies_to: Callable[..., bool], made: SimpleNamespace
) -> None:
    told = scene(Unassign("leaver"), made.deactivated(), scenario="entra/default/leaver")
    assert not applies_to(checks.okta_catalogue_apps_deactivate, told)
