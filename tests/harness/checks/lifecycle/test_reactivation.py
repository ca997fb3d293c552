"""Coming back: where it is claimed it works, where it is not it is refused, and nothing else does it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import reactivation as checks
from harness.model.change import Assign, Reassign, Unassign
from harness.model.finding import Finding
from harness.model.step import Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Scene = Callable[..., Transcript]


def returns(scene: Scene, made: SimpleNamespace, answer: Any, active: bool, value: Any = True) -> Transcript:
    sent = made.reactivated(value, answer=answer)
    return scene(Reassign("leaver"), sent, before=made.person(active=False), after=made.person(active=active))


def test_a_reactivation_that_is_claimed_and_works_gives_no_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace
) -> None:
    assert finds(checks.a_reactivation_does_what_it_says, returns(scene, made, (204, None), True)) == []


@pytest.mark.parametrize(
    ("status", "active", "claim", "likeness"),
    [
        (204, False, {}, "still-inactive"),
        (400, False, {}, "refused"),
        (204, True, {"refuses": "reactivate"}, "undeclared"),
        (500, False, {"refuses": "reactivate"}, "refusal"),
        (403, True, {"refuses": "reactivate"}, "active-all-the-same"),
    ],
)
def test_a_reactivation_that_breaks_its_word_is_a_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, status: int, active: bool, claim: Any, likeness: str
) -> None:
    told = returns(scene, made, (status, None), active)
    found = finds(checks.a_reactivation_does_what_it_says, told, made.claims("deprovisioning", **claim))
    assert [f.likeness for f in found] == [likeness]


@pytest.mark.parametrize("status", [400, 403])
def test_a_reactivation_that_is_not_offered_may_be_refused(
    scene: Scene, finds: Finds, made: SimpleNamespace, status: int
) -> None:
    told = returns(scene, made, (status, None), False)
    refusing = made.claims("deprovisioning", refuses="reactivate")
    assert finds(checks.a_reactivation_does_what_it_says, told, refusing) == []


def test_the_word_true_may_be_refused(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    assert finds(checks.a_reactivation_does_what_it_says, returns(scene, made, (400, None), False, "True")) == []


def test_a_lookup_leaves_an_inactive_person_inactive(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    lookup = made.asked(Intent.LOOKUP, "GET", "/Users", answer=(200, made.people(made.person(active=False))))
    inactive = made.person(active=False)
    quiet = scene(Assign("leaver"), lookup, before=inactive, after=inactive)
    assert finds(checks.nothing_but_a_reactivation_reactivates, quiet) == []
    back = scene(Assign("leaver"), lookup, before=inactive, after=made.person())
    assert [f.at for f in finds(checks.nothing_but_a_reactivation_reactivates, back)] == ["/active"]


def test_a_request_that_sets_active_is_no_silent_reactivation(
    scene: Scene, applies_to: Callable[..., bool], made: SimpleNamespace
) -> None:
    told = returns(scene, made, (204, None), True)
    assert not applies_to(checks.nothing_but_a_reactivation_reactivates, told)


def test_a_person_keeps_the_id(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    inactive = made.person(active=False)
    kept = scene(Unassign("leaver"), made.deactivated(), after=inactive, found=made.people(inactive))
    assert finds(checks.a_person_keeps_the_id_whatever_happens, kept) == []
    other = made.people(made.person(active=False, id="u9"))
    found = finds(
        checks.a_person_keeps_the_id_whatever_happens,
        scene(Unassign("leaver"), made.deactivated(), after=inactive, found=other),
    )
    assert [f.likeness for f in found] == ["filter"]
    told = scene(
        Unassign("leaver"), made.deactivated(), after=made.person(active=False, id="u9"), found=made.people(inactive)
    )
    assert [f.likeness for f in finds(checks.a_person_keeps_the_id_whatever_happens, told)] == ["read"]
