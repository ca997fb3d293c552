"""Gone means gone; and a refused deletion touches nobody."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import deleting as checks
from harness.model.change import HardDelete
from harness.model.finding import Finding
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Scene = Callable[..., Transcript]
GONE = (404, {"schemas": [ERROR], "status": "404"})
NO = (405, {"schemas": [ERROR], "status": "405", "detail": "Not served"})


def deleted(scene: Scene, made: SimpleNamespace, answer: Any = (204, None), **seen: Any) -> Transcript:
    usual = {"before": made.person(active=False), "after": GONE, "found": made.people(), "listed": made.people()}
    return scene(HardDelete("leaver"), made.asked(Intent.DELETE, "DELETE", answer=answer), **usual | seen)


@pytest.mark.parametrize(
    "check",
    [
        checks.a_deletion_is_answered_with_204,
        checks.a_deletion_that_is_claimed_is_carried_out,
        checks.a_deleted_person_is_not_found_by_id,
        checks.a_deletion_is_more_than_a_deactivation,
        checks.a_deleted_person_is_in_no_list,
    ],
)
def test_somebody_who_is_deleted_properly_gives_no_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, check: Any
) -> None:
    assert finds(check, deleted(scene, made)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.a_deletion_is_answered_with_204, lambda m: {"answer": (200, m.person())}),
        (checks.a_deletion_is_answered_with_204, lambda m: {"answer": (204, {"x": 1})}),
        (checks.a_deletion_that_is_claimed_is_carried_out, lambda m: {"answer": NO}),
        (checks.a_deleted_person_is_not_found_by_id, lambda m: {"after": m.person(active=False)}),
        (checks.a_deletion_is_more_than_a_deactivation, lambda m: {"after": m.person(active=False)}),
        (checks.a_deleted_person_is_in_no_list, lambda m: {"found": m.people(m.person(active=False))}),
        (checks.a_deleted_person_is_in_no_list, lambda m: {"listed": m.people(m.person(active=False))}),
    ],
)
def test_somebody_who_is_still_there_is_a_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, check: Any, wrong: Any
) -> None:
    (found,) = finds(check, deleted(scene, made, **wrong(made)))
    assert found.exchange
    assert found.hint


def test_a_refused_deletion_leaves_the_person_inactive(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    refusing = made.claims("deprovisioning", refuses="delete")
    inactive = made.person(active=False)
    check = checks.a_deletion_that_is_not_offered_is_refused
    assert finds(check, deleted(scene, made, NO, after=inactive), refusing) == []
    assert [f.at for f in finds(check, deleted(scene, made, NO, after=made.person()), refusing)] == ["/active"]
    assert [f.likeness for f in finds(check, deleted(scene, made, NO, after=GONE), refusing)] == ["gone"]
    assert [f.likeness for f in finds(check, deleted(scene, made, (500, None), after=inactive), refusing)] == [
        "status-5xx"
    ]
    assert [f.likeness for f in finds(check, deleted(scene, made), refusing)] == ["accepted"]


def test_who_claims_nothing_about_deletion_may_delete(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    assert finds(checks.a_deletion_that_is_not_offered_is_refused, deleted(scene, made)) == []


PERSON = {"id": "u7", "userName": "created.one@probe.example"}
EMPTY = {"totalResults": 0, "Resources": []}
AFTERWARDS = {
    "create.sweep": (200, EMPTY),
    "create.valid": (201, PERSON),
    "create.read": (200, PERSON),
    "delete.person": (204, None),
    "delete.lookup": (200, EMPTY),
    "delete.create-again": (201, PERSON | {"id": "u8"}),
}


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.nothing_works_on_a_deleted_person, {"delete.afterwards.patch": (204, None)}),
        (
            checks.a_deleted_person_is_not_found_by_filter,
            {"delete.lookup": (200, {"Resources": [PERSON], "totalResults": 1})},
        ),
        (checks.a_deleted_name_can_be_used_again, {"delete.create-again": (409, NO[1])}),
        (checks.a_deletion_is_answered_with_204, {"delete.person": (202, None)}),
    ],
)
def test_the_probe_sees_what_is_left_of_a_deleted_person(
    rehearsed: Callable[..., Transcript], finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    assert finds(check, rehearsed("creating", AFTERWARDS)) == []
    assert len(finds(check, rehearsed("creating", AFTERWARDS | wrong))) == 1


def test_a_deleted_person_stays_deleted_when_they_sign_in(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    check = checks.signing_in_does_not_bring_a_deleted_person_back
    assert finds(check, deleted(scene, made, later=GONE)) == []
    assert [f.likeness for f in finds(check, deleted(scene, made, later=made.person()))] == ["sign-in"]


REFUSED = {"refuse.before": (200, PERSON), "refuse.delete": NO, "refuse.after": (200, PERSON)}


@pytest.mark.parametrize(
    ("wrong", "likenesses"),
    [
        ({}, []),
        ({"refuse.delete": (204, None)}, ["accepted"]),
        ({"refuse.delete": (500, NO[1])}, ["status-5xx"]),
        ({"refuse.after": (200, PERSON | {"active": False})}, ["/active"]),
    ],
)
def test_somebody_active_survives_a_refused_deletion(
    rehearsed: Callable[..., Transcript], finds: Finds, wrong: dict[str, Any], likenesses: list[str]
) -> None:
    told = rehearsed("refused-deletion", REFUSED | wrong)
    assert [f.likeness for f in finds(checks.somebody_active_survives_a_refused_deletion, told)] == likenesses


@pytest.mark.parametrize(("answer", "findings"), [(GONE, 0), (NO, 0), ((204, None), 1)])
def test_nobody_cannot_be_deleted(
    rehearsed: Callable[..., Transcript], finds: Finds, answer: Any, findings: int
) -> None:
    told = rehearsed("deactivation", {"delete.nobody": answer})
    assert len(finds(checks.nobody_cannot_be_deleted, told)) == findings
