"""What the Okta administrator sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.model.change import (
    Assign,
    Edit,
    Import,
    PushGroup,
    PushNow,
    Reassign,
    Retry,
    SyncPassword,
    TestConnection,
    Unassign,
)
from harness.model.exchange import TroubleKind
from harness.model.transcript import Transcript
from simulators.okta import OKTA, Features, Setup

APP = "scim.app.example"
FAILED = f"Automatic provisioning of user ada@example.example to app {APP} failed"


def test_the_outlook_is_worked_out_from_the_transcript_alone(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    assert OKTA.outlook(play.transcript()) == OKTA.outlook(play.transcript())
    assert OKTA.outlook(Transcript(play.transcript().scenario, "https://x.example")).notices == ()


def test_a_right_key_is_confirmed(app: Any, answers: Any) -> None:
    play = app("aiw").when(TestConnection()) << answers.users() << answers.users()
    assert play.notices == [("Success", "", "Connector configured successfully")]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            lambda a: a.error(401),
            "Error authenticating: Unauthorized. The connector configuration could not be tested.",
        ),
        (lambda a: a.json({"totalResults": 0}), "No results for users returned"),
        (lambda a: a.json([]), "No results for users returned"),
        (lambda a: a.raw(b"<html>not found</html>", 404), "Error authenticating: null"),
        (lambda a: a.trouble(), f"Error authenticating: Connect to {APP} failed: Connect timed out"),
        (lambda a: a.trouble(TroubleKind.DNS), "Error authenticating: null"),
        (lambda a: a.error(503), "Error authenticating: Service Unavailable."),
    ],
)
def test_a_failed_credential_test_shows_the_known_text(app: Any, answers: Any, answer: Any, text: str) -> None:
    play = app("oin").when(TestConnection()) << answer(answers)
    ((status, _, shown),) = play.notices
    assert status == "Error"
    assert shown.startswith(text)


def test_a_refused_create_is_told_with_the_words_of_the_service(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.error(405, "people sign in first")
    why = "Method Not Allowed. Errors reported by remote server: people sign in first"
    assert play.notices == [
        ("Task", "", f"{FAILED}: Error while creating user ada@example.example: {why}"),
        (
            "Failure",
            "application.provision.user.push",
            f"Push new user to external application FAILURE: {why}",
        ),
        ("Failure", "application.provision.user.sync", f"Sync user in external application FAILURE: {why}"),
    ]


def test_an_empty_answer_to_a_create_has_its_own_text(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.no_content
    assert play.notices[0][2].endswith("Create new user returned empty user.")


def test_a_refused_lookup_says_that_it_could_not_be_verified(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.error(401, "unknown key")
    assert play.notices[0][2] == (
        f"{FAILED}: Error while verifying if user ada@example.example exists: Unauthorized. "
        "Errors reported by remote server: unknown key"
    )


def test_a_page_of_a_gateway_is_told_as_bad_json(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.raw(b"error code: 502", 502)
    assert (
        "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token 'error'" in play.notices[0][2]
    )


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_failed_deactivation_is_a_task_that_nobody_has_published(app: Any, answers: Any, variant: str) -> None:
    play = app(variant).when(Assign("leaver")) << answers.users(answers.user())
    play.when(Unassign("leaver")) << answers.error(404, "gone")
    outlook = OKTA.outlook(play.transcript())
    task, event = outlook.notices[-2:]
    assert (task.status, task.inferred, outlook.troubled) == ("Task", True, True)
    assert (event.status, event.code) == ("Failure", "application.provision.user.deactivate")
    assert task.text.startswith(f"Automatic deprovisioning of user ada@example.example from app {APP} failed")
    assert task.text.endswith("Not Found. Errors reported by remote server: gone")


def test_a_leaver_who_was_never_linked_leaves_no_trace_but_the_membership(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.error(403)
    play.when(Unassign("leaver"))
    assert play.notices[-1] == ("Success", "application.user_membership.remove", "Remove user's application membership")


def test_a_deactivation_is_a_success_whatever_the_body_says(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(Unassign("leaver")) << answers.one(answers.user(active=True))
    assert play.notices[-1][2] == "Push user deactivation to external application: ada@example.example"


def test_a_refused_profile_push_is_told_as_captured(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(update=True))).when(Assign("leaver")) << answers.users(answers.user())
    play << answers.one(answers.user()) << answers.error(400, "title is read-only")
    assert play.notices[-2][2] == (
        f"{FAILED}: Error while trying to push profile update for ada@example.example: Bad Request. "
        "Errors reported by remote server: title is read-only"
    )


def test_a_refused_reactivation_is_told_by_analogy(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(Unassign("leaver")) << answers.no_content
    play.when(Reassign("leaver")) << answers.users(answers.user(active=False)) << answers.error(403)
    task = OKTA.outlook(play.transcript()).notices[-2]
    assert (task.status, task.inferred) == ("Task", True)


def test_a_name_conflict_of_a_pushed_group_is_told_as_captured(app: Any, answers: Any) -> None:
    play = app("oin").when(PushGroup()) << answers.users() << answers.error(409, "name taken")
    notice, event = OKTA.outlook(play.transcript()).notices
    assert (event.where, event.code) == ("Reports > System Log", "application.provision.group.add")
    assert (notice.where, notice.status, notice.inferred) == ("Push Groups > Errors", "Error", False)
    assert notice.text == (
        "Unable to update Group Push mapping target App group Sales: Error while creating user group Sales: Conflict. "
        "Errors reported by remote server: name taken"
    )


def test_a_refused_group_is_told_in_the_same_frame(app: Any, answers: Any) -> None:
    play = app("oin").when(PushGroup()) << answers.error(404) << answers.error(404, "groups live in the app")
    notice, _event = OKTA.outlook(play.transcript()).notices
    assert notice.inferred
    assert notice.text.endswith("Not Found. Errors reported by remote server: groups live in the app")


@pytest.mark.parametrize(("status", "inferred"), [(501, False), (400, True)])
def test_refused_members_are_told_as_captured_for_501(app: Any, answers: Any, status: int, inferred: bool) -> None:
    play = app("oin").when(PushGroup()) << answers.users({"id": "g-1"}) << answers.no_content
    play << answers.error(status, "no members here")
    _renamed, notice, _event = OKTA.outlook(play.transcript()).notices
    assert "Error while updating user group membership for group Sales" in notice.text
    assert notice.inferred is inferred


def test_what_was_cut_short_is_not_told_as_if_it_had_ended_there(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users()
    play.changes.append(Unassign("leaver"))
    whole = play.transcript()
    assert len(OKTA.outlook(whole).notices) == 2
    assert OKTA.outlook(replace(whole, complete=False)).notices == ()


def test_a_step_that_our_own_guard_held_back_is_never_told(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.trouble(TroubleKind.GUARD)
    assert not OKTA.outlook(play.transcript()).troubled


def test_a_profile_push_by_itself_has_its_own_sentence_and_misses_who_was_deleted_at_the_service(
    app: Any, answers: Any
) -> None:
    play = app("oin", Setup(Features(update=True))).when(Assign("leaver")) << answers.users(answers.user())
    play << answers.one(answers.user()) << answers.no_content
    play.when(Edit("leaver")) << answers.error(404)
    start = f"Automatic profile push of user ada@example.example to app {APP} failed: "
    sentence = "Error while trying to push profile update for ada@example.example: "
    assert play.notices[-2][2] == f"{start}{sentence}No user returned for user u-1001"
    play.when(Retry()) << answers.one(answers.user()) << answers.error(400, "no")
    assert play.notices[-2][2] == f"{start}{sentence}Bad Request. Errors reported by remote server: no"


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_group_that_was_deleted_at_the_service_is_missed(app: Any, answers: Any, variant: str) -> None:
    play = app(variant).when(PushGroup()) << answers.users({"id": "g-1"})
    play.answering(answers.one({"id": "g-1"}))
    play.when(PushNow()) << answers.error(404)
    wanted = f"Linked group is missing in {APP}. Change the linked group to resume pushing group memberships."
    assert [text for status, _, text in play.notices if status == "Error"] == [wanted]


def test_a_failed_import_and_a_password_have_texts_that_nobody_has_published(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(sync_password=True))).when(Assign("leaver")) << answers.users(answers.user())
    play.when(Import()) << answers.error(500, "out of order")
    play.when(SyncPassword("leaver")) << answers.error(403, "no passwords")
    import_, task, event = OKTA.outlook(play.transcript()).notices[-3:]
    assert (import_.where, import_.inferred) == ("Import", True)
    assert import_.text.endswith("Internal Server Error. Errors reported by remote server: out of order")
    assert (task.inferred, "push password update" in task.text) == (True, True)
    assert event.code == "application.provision.user.push_password"
