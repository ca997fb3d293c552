"""Work that failed: tasks, the administrator's retry, rate limits, scheduled imports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.model.change import (
    AddMember,
    Assign,
    Edit,
    Import,
    LinkGroup,
    PushGroup,
    Reassign,
    RemoveMember,
    Retry,
    SyncPassword,
    TimePasses,
    Unassign,
    UnlinkGroup,
)
from harness.model.exchange import Response
from harness.model.person import Team
from simulators.okta import Features, Setup

BUSY = Response(429, headers=(("Retry-After", "120"),))


@pytest.fixture
def linked(app: Any, answers: Any) -> Any:
    """``linked("oin")``: an app that has found and linked the leaver."""

    def linked(variant: str, setup: Setup = Setup()) -> Any:  # noqa: B008
        play = app(variant, setup).when(Assign("leaver")) << answers.users(answers.user())
        play.answering(answers.one(answers.user()))
        return play

    return linked


@pytest.mark.parametrize("variant", ["oin", "aiw"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 501, 503])
def test_a_refused_deactivation_waits_for_an_administrator_and_is_then_sent_again_to_the_same_id(
    linked: Any, answers: Any, variant: str, status: int
) -> None:
    play = linked(variant).when(Unassign("leaver")) << answers.error(status)
    play.when(TimePasses(minutes=60 * 24 * 30)).is_done()
    asked = play.when(Retry()).answering(answers.one(answers.user()))
    assert asked == (["PATCH /Users/{id}"] if variant == "oin" else ["GET /Users/{id}", "PUT /Users/{id}"])
    assert play.sent[-1].path == "/Users/u-1001"
    play.when(Retry()).is_done()


def test_okta_never_falls_back_from_patch_to_put(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) << answers.error(501)
    play.is_done()
    assert "Automatic deprovisioning" in play.notices[-2][2]


def test_429_with_a_retry_after_is_come_back_to_without_a_click(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) << BUSY
    play.when(TimePasses(minutes=1)).is_done()
    play.when(TimePasses(minutes=1)) >> "PATCH /Users/{id}"
    assert play.body["Operations"] == [{"op": "replace", "value": {"active": False}}]
    play << BUSY
    play.when(TimePasses(minutes=2)) << answers.no_content
    play.when(TimePasses(minutes=600)).is_done()


def test_429_to_an_assignment_repeats_it_from_the_lookup(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << BUSY
    play.when(TimePasses(minutes=2)) >> "GET /Users" << answers.users(answers.user())
    play.when(Unassign("leaver")) >> "PATCH /Users/{id}"


def test_a_retry_may_be_about_one_person(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.error(500)
    play.when(Assign("bystander-1")) << answers.error(500)
    play.when(Retry("leaver")) >> "GET /Users" << answers.users()
    assert play.sent[-1].subject == "leaver"
    play << answers.error(405)
    play.is_done()
    assert [len(play.when(Retry()).answering(answers.error(500)))] == [2]


def test_who_leaves_before_the_retry_is_not_brought_in(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.error(500)
    play.when(Unassign("leaver")).is_done()
    play.when(Retry()).is_done()


def test_who_comes_back_before_the_retry_is_not_switched_off(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) << answers.error(503)
    play.when(Reassign("leaver")) << answers.users(answers.user()) << answers.no_content
    play.when(Retry()).is_done()


@pytest.mark.parametrize("change", [Edit("leaver"), SyncPassword("leaver")])
def test_a_refused_profile_or_password_is_pushed_again(linked: Any, answers: Any, change: Any) -> None:
    play = linked("oin", Setup(Features(update=True, sync_password=True))).when(change)
    play.answering(answers.error(400))
    asked = play.when(Retry()).answering(answers.one(answers.user()))
    assert asked[-1] == ("PUT /Users/{id}" if isinstance(change, Edit) else "PATCH /Users/{id}")
    play.when(Retry()).is_done()


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_refused_push_is_tried_again_whole_by_hand_only(linked: Any, answers: Any, variant: str) -> None:
    play = linked(variant).when(PushGroup()) << answers.users() << answers.error(403)
    play.when(AddMember("leaver")).is_done()
    play.when(TimePasses(minutes=60 * 24)).is_done()
    play.when(Retry()) >> "GET /Groups" << answers.users() >> "POST /Groups" << answers.one({"id": "g-1"}, 201)
    play.answering(answers.one({"id": "g-1"}))
    play.when(Retry()).is_done()


def test_a_refused_change_of_members_is_put_right_by_writing_all_of_them(linked: Any, answers: Any) -> None:
    play = linked("oin", Setup(Features(rename_groups=False))).when(PushGroup())
    play << answers.users() << answers.one({"id": "g-1"}, 201)
    play.when(AddMember("leaver")) << answers.error(404)
    play.when(Retry()) >> "PATCH /Groups/{id}"
    assert play.body["Operations"][0] == {
        "op": "replace",
        "path": "members",
        "value": [{"value": "u-1001", "display": "ada@example.example"}],
    }


def test_nothing_is_left_to_retry_of_a_push_that_was_unlinked(linked: Any, answers: Any) -> None:
    play = linked("oin").when(PushGroup()) << answers.users() << answers.error(403)
    play.when(UnlinkGroup()).is_done()
    play.when(Retry()).is_done()


@pytest.mark.parametrize(("minutes", "scans"), [(30, 0), (60, 1), (60 * 24, 24)])
def test_imports_run_on_their_schedule(app: Any, answers: Any, minutes: int, scans: int) -> None:
    play = app("aiw", Setup(import_every=60)).when(TimePasses(minutes=minutes))
    assert play.answering(answers.users()) == ["GET /Users"] * scans


def test_a_retry_of_two_pushes_tells_each_by_its_own_name(app: Any, answers: Any, cast: Any) -> None:
    teams = (*cast.teams, Team("9" * 32, 'Team "Nord" (ä)', ("leaver",), "second"))
    play = app("oin", cast=replace(cast, teams=teams))
    for role in ("", "second"):
        play.when(PushGroup(team=role)) << answers.users() << answers.error(403)
    play.when(Retry()) << answers.error(500) << answers.error(500)
    told = [text for status, _, text in play.notices if status == "Error"]
    assert [text.partition("App group ")[2].partition(": Error")[0] for text in told] == [
        "Sales",
        'Team "Nord" (ä)',
        "Sales",
        'Team "Nord" (ä)',
    ]


def test_a_call_to_a_group_that_is_known_by_its_id_is_told_by_its_name(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(PushGroup()) << answers.users() << answers.one({"id": "g/1"}, 201)
    play.when(RemoveMember("leaver")) << answers.no_content << answers.error(404, "User not found.")
    assert play.notices[-2][2] == (
        "Unable to update Group Push mapping target App group Sales: Error while updating user group membership for "
        "group Sales Not Found. Errors reported by remote server: User not found."
    )


def test_a_group_that_was_left_is_still_known_to_the_import(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(rename_groups=False))).when(Import()) << answers.users(answers.user())
    play << answers.users({"id": "g-7", "displayName": "Sales"})
    play.when(LinkGroup()).is_done()
    play.when(UnlinkGroup(delete=False)).is_done()
    play.when(PushGroup()) >> "PATCH /Groups/{id}"
    assert play.step.path == "/Groups/g-7"
