"""Offboarding is more than a flag: sessions, tokens and the way back in."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import access as checks
from harness.model.change import HardDelete, Unassign
from harness.model.finding import Finding
from harness.model.step import Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Scene = Callable[..., Transcript]
ENDED = {"session": "ended", "api_token": "none"}
REFUSED = (403, {"allowed": False, "reason": "inactive"})


def left(scene: Scene, made: SimpleNamespace, **seen: Any) -> Transcript:
    inactive = made.person(active=False)
    usual = {"after": inactive, "hook": ENDED, "attempt": REFUSED, "later": inactive}
    return scene(Unassign("leaver"), made.deactivated(), **usual | seen)


ALL = (
    checks.sessions_end_with_the_account,
    checks.personal_tokens_end_with_the_account,
    checks.signing_in_again_does_not_help_a_leaver,
    checks.a_refused_sign_in_leaves_no_ghost,
)


@pytest.mark.parametrize("check", ALL)
def test_a_leaver_without_any_access_gives_no_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, check: Any
) -> None:
    assert finds(check, left(scene, made)) == []


@pytest.mark.parametrize(
    ("check", "wrong", "likeness"),
    [
        (checks.sessions_end_with_the_account, {"hook": ENDED | {"session": "alive"}}, ""),
        (checks.personal_tokens_end_with_the_account, {"hook": ENDED | {"api_token": "alive"}}, ""),
        (checks.signing_in_again_does_not_help_a_leaver, {"attempt": (200, {"allowed": True})}, "allowed"),
        (checks.signing_in_again_does_not_help_a_leaver, {"attempt": (500, None)}, "allowed"),
        (checks.a_refused_sign_in_leaves_no_ghost, {"attempt": (403, {"created": True})}, "created"),
        (checks.a_refused_sign_in_leaves_no_ghost, {"attempt": (403, {"id": "u9"})}, "created"),
    ],
)
def test_access_that_survives_is_a_finding(
    scene: Scene, finds: Finds, made: SimpleNamespace, check: Any, wrong: Any, likeness: str
) -> None:
    assert [f.likeness for f in finds(check, left(scene, made, **wrong))] == [likeness]


def test_signing_in_never_makes_anybody_active(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    told = left(scene, made, later=made.person())
    assert [f.likeness for f in finds(checks.signing_in_again_does_not_help_a_leaver, told)] == ["reactivated"]


def test_a_refused_sign_in_changes_nothing_about_the_person(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    told = left(scene, made, later=made.person(active=False, displayName="Ghost"))
    assert [f.at for f in finds(checks.a_refused_sign_in_leaves_no_ghost, told)] == ["/displayName"]


def test_a_second_account_shows_in_a_later_lookup(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    first = left(scene, made)
    second = scene(
        Unassign("leaver"),
        before=None,
        after=None,
        found=made.people(made.person(active=False), made.person(id="u9")),
    )
    lookup = next(x for x in second.exchanges if x.intent is Intent.LOOKUP)
    object.__setattr__(lookup, "ordinal", 99)
    told = type(first)(first.scenario, first.base_url, (*first.exchanges, lookup), first.changes, first.cast)
    assert [f.likeness for f in finds(checks.a_refused_sign_in_leaves_no_ghost, told)] == ["second-account"]


def test_somebody_who_still_reads_active_is_judged_elsewhere(
    scene: Scene, applies_to: Callable[..., bool], made: SimpleNamespace
) -> None:
    told = left(scene, made, after=made.person(), hook=ENDED | {"session": "alive"})
    assert not any(applies_to(check, told) for check in ALL)


def test_somebody_who_was_renamed_is_not_the_one_whom_the_hook_knows(
    scene: Scene, applies_to: Callable[..., bool], made: SimpleNamespace
) -> None:
    told = left(scene, made, after=made.person(active=False, userName="tombstone"))
    assert not any(applies_to(check, told) for check in ALL)


def test_a_deleted_person_has_no_session_either(scene: Scene, finds: Finds, made: SimpleNamespace) -> None:
    delete = made.asked(Intent.DELETE, "DELETE")
    gone = (404, made.error(404))
    told = scene(HardDelete("leaver"), delete, after=gone, hook=ENDED | {"session": "alive"})
    assert len(finds(checks.sessions_end_with_the_account, told)) == 1
    assert finds(checks.personal_tokens_end_with_the_account, told) == []
