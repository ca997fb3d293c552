"""A deactivation that was confirmed has to be so; the same scene with one thing wrong is a finding."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import deactivation as checks
from harness.model.change import Assign, SoftDelete, Unassign
from harness.model.finding import Finding
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Scene = Callable[..., Transcript]
Applies = Callable[..., bool]
LATER = {
    "resourceType": "User",
    "created": "2026-11-24T09:00:00.000Z",
    "lastModified": "2026-11-24T09:00:01.000Z",
    "location": "https://app.example/scim/v2/Users/u1",
}


def leaves(scene: Scene, made: SimpleNamespace, **seen: Any) -> Transcript:
    gone = made.person(active=False, meta=LATER)
    usual = {"after": gone, "found": made.people(gone), "listed": made.people(gone), "bystander": (_other(made),) * 2}
    return scene(Unassign("leaver"), made.deactivated(), **usual | seen)


def _other(made: SimpleNamespace, **members: Any) -> dict[str, Any]:
    return dict(made.person(id="u2", userName="bystander-1@rehearsal.example", **members))


ABOUT_LEAVING = (
    checks.a_confirmed_deactivation_took_effect,
    checks.an_inactive_person_is_found_and_listed,
    checks.a_deactivation_changes_nothing_else,
    checks.a_real_change_moves_the_time_of_change_alone,
    checks.bystanders_never_change,
)


@pytest.mark.parametrize("check", ABOUT_LEAVING)
def test_somebody_who_leaves_properly_gives_no_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, check: Any
) -> None:
    assert finds(check, leaves(scene, made)) == []


@pytest.mark.parametrize(
    ("check", "wrong", "likeness"),
    [
        (checks.a_confirmed_deactivation_took_effect, lambda m: {"after": m.person()}, "still-active"),
        (checks.a_confirmed_deactivation_took_effect, lambda m: {"after": m.person(active=None)}, "still-active"),
        (checks.a_confirmed_deactivation_took_effect, lambda m: {"after": (404, m.error(404))}, "gone"),
        (checks.a_confirmed_deactivation_took_effect, lambda m: {"found": m.people(m.person())}, "stale-list"),
        (checks.an_inactive_person_is_found_and_listed, lambda m: {"found": m.people()}, "filter"),
        (checks.an_inactive_person_is_found_and_listed, lambda m: {"listed": m.people(_other(m))}, "list"),
        (
            checks.a_deactivation_changes_nothing_else,
            lambda m: {"after": m.person(active=False, displayName="Gone")},
            "/displayName",
        ),
        (
            checks.a_deactivation_changes_nothing_else,
            lambda m: {"after": m.person(active=False, emails=None)},
            "/emails",
        ),
        (
            checks.a_real_change_moves_the_time_of_change_alone,
            lambda m: {"after": m.person(active=False)},
            "last-modified",
        ),
        (
            checks.a_real_change_moves_the_time_of_change_alone,
            lambda m: {"after": m.person(active=False, meta=LATER | {"created": "2026-11-24T10:00:00Z"})},
            "created",
        ),
        (
            checks.bystanders_never_change,
            lambda m: {"bystander": (_other(m), _other(m, active=False))},
            "/active",
        ),
        (checks.bystanders_never_change, lambda m: {"bystander": (_other(m), (404, m.error(404)))}, "gone"),
    ],
)
def test_what_goes_wrong_when_somebody_leaves_is_a_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, check: Any, wrong: Any, likeness: str
) -> None:
    found = finds(check, leaves(scene, made, **wrong(made)))
    assert likeness in [f.likeness for f in found]
    assert all(f.expected and f.hint and f.exchange for f in found)


def test_without_a_confirmed_deactivation_there_is_nothing_to_look_at(
    scene: Scene, applies_to: Applies, made: SimpleNamespace
) -> None:
    refused = scene(Unassign("leaver"), made.deactivated(answer=(400, made.error(400))), after=made.person())
    nothing = scene(Unassign("leaver"), after=made.person())
    broken = scene(Unassign("leaver"), made.deactivated(), after=(500, made.error(500)))
    for told in (refused, nothing, broken):
        assert not applies_to(checks.a_confirmed_deactivation_took_effect, told)


def test_somebody_who_was_renamed_is_not_looked_for_under_the_old_name(
    scene: Scene, applies_to: Applies, made: SimpleNamespace
) -> None:
    told = leaves(scene, made, after=made.person(active=False, userName="x" + "leaver@rehearsal.example"))
    assert not applies_to(checks.an_inactive_person_is_found_and_listed, told)


def test_a_page_that_does_not_hold_everybody_proves_nothing(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    told = leaves(scene, made, listed=made.people(_other(made), total=400))
    assert finds(checks.an_inactive_person_is_found_and_listed, told) == []


def test_a_full_service_may_change_what_the_idp_has_sent(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    sent = made.deactivated(userName="tombstone@rehearsal.example")
    after = made.person(active=False, userName="tombstone@rehearsal.example")
    told = scene(SoftDelete("leaver"), sent, after=after)
    assert finds(checks.a_deactivation_changes_nothing_else, told, made.claims("full")) == []
    assert [f.at for f in finds(checks.a_deactivation_changes_nothing_else, told)] == ["/userName"]


def test_whole_seconds_may_stand_still_within_a_second(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    times = {"created": "2026-11-24T09:00:00Z", "lastModified": "2026-11-24T09:00:00Z"}
    told = leaves(scene, made, before=made.person(meta=times), after=made.person(active=False, meta=times))
    assert finds(checks.a_real_change_moves_the_time_of_change_alone, told) == []


def test_a_bystander_who_is_the_subject_of_the_change_is_none(
    scene: Scene, applies_to: Applies, made: SimpleNamespace
) -> None:
    told = scene(Assign("bystander-1"), accounts={"bystander-1": "u2"})
    assert not applies_to(checks.bystanders_never_change, told)


# One request for two things.


def buries(scene: Scene, made: SimpleNamespace, answer: Any, after: Any) -> Transcript:
    sent = made.deactivated(answer=answer, userName="tombstone@rehearsal.example")
    return scene(SoftDelete("leaver"), sent, after=after, scenario="entra/default/leaver-deleted")


def test_a_mixed_request_may_be_refused_whole(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    told = buries(scene, made, (400, made.error(400, "mutability")), made.person())
    assert finds(checks.a_mixed_deactivation_is_applied_honestly, told) == []


def test_a_mixed_request_may_be_obeyed_in_part_when_that_is_declared(
    scene: Scene, finds: Finds, made: SimpleNamespace
) -> None:
    told = buries(scene, made, (204, None), made.person(active=False))
    tolerant = made.claims("deprovisioning", "mixed-patch")
    assert finds(checks.a_mixed_deactivation_is_applied_honestly, told, tolerant) == []
    undeclared = finds(checks.a_mixed_deactivation_is_applied_honestly, told)
    assert [f.likeness for f in undeclared] == ["undeclared"]


@pytest.mark.parametrize(
    ("status", "members", "likeness"),
    [
        (204, {}, "still-active"),
        (204, {"active": False, "userName": "tombstone@rehearsal.example"}, "/userName"),
        (400, {"active": False}, "half-applied"),
        (400, {"userName": "tombstone@rehearsal.example"}, "half-applied"),
    ],
)
def test_a_mixed_request_that_is_half_applied_is_a_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, status: int, members: dict[str, Any], likeness: str
) -> None:
    told = buries(scene, made, (status, None), made.person(**members))
    found = finds(checks.a_mixed_deactivation_is_applied_honestly, told, made.claims("deprovisioning", "mixed-patch"))
    assert [f.likeness for f in found] == [likeness]
