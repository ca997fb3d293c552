"""People: match or create, compare, disable, delete, restore."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import Assign, Disable, Edit, HardDelete, Reassign, Restore, SoftDelete, Unassign
from harness.model.step import Effect, Intent
from simulators.entra import Setup

FLAG = "aadOptscim062020"
PATCH_OP = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}'
TOMBSTONE = "0123456789abcdef0123456789abcdefada@example.example"


def operations(*wanted: str) -> bytes:
    return (PATCH_OP % ",".join(wanted)).encode()


def test_the_lookup_writes_blanks_as_plus_and_does_not_page(job: Any) -> None:
    play = job().when(Assign("leaver")) >> "GET /Users"
    assert play.step.query == "filter=userName+eq+%22ada%40example.example%22"
    assert (play.step.intent, play.step.subject) == (Intent.LOOKUP, "leaver")


def test_a_match_that_is_in_step_is_linked_without_a_write(linked: Any) -> None:
    play = linked()
    play.is_done()
    assert play.idp.anchor(play.cast["leaver"]) == "u-1001"


@pytest.mark.parametrize(
    ("variant", "body"),
    [
        ("default", operations('{"op":"Replace","path":"active","value":"False"}')),
        (FLAG, operations('{"op":"replace","path":"active","value":false}')),
    ],
)
@pytest.mark.parametrize("change", [Unassign, Disable])
def test_a_disable_reads_by_id_and_has_the_published_body(
    linked: Any, answers: Any, variant: str, body: bytes, change: Any
) -> None:
    play = linked(variant).when(change("leaver")) >> "GET /Users/{id}" << answers.one(answers.user())
    play >> "PATCH /Users/{id}"
    assert play.step.body == body
    assert (play.step.intent, play.step.effect, play.step.tag) == (Intent.DEACTIVATE, Effect.WRITE, "")
    assert play.step.headers == (
        ("Authorization", "Bearer {token}"),
        ("Content-Type", "application/scim+json; charset=utf-8"),
    )
    play << answers.no_content
    play.is_done()


@pytest.mark.parametrize("value", [False, "False", "false"])
def test_somebody_who_is_inactive_already_causes_no_write(linked: Any, answers: Any, value: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user(active=value))
    play.is_done()
    assert play.notices[-1][:2] == ("Skipped", "RedundantExport")


@pytest.mark.parametrize("value", [None, ...])
def test_active_is_added_when_the_service_does_not_echo_it(linked: Any, answers: Any, value: Any) -> None:
    user = answers.user()
    del user["active"]
    play = linked().when(Unassign("leaver")) << answers.one(user if value is ... else user | {"active": None})
    assert play.body["Operations"] == [{"op": "Add", "path": "active", "value": "False"}]


@pytest.mark.parametrize("value", [0, 1, "yes", [], {}])
def test_an_active_of_another_type_is_replaced(linked: Any, answers: Any, value: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user(active=value))
    assert play.body["Operations"] == [{"op": "Replace", "path": "active", "value": "False"}]


def test_an_inactive_person_who_is_assigned_is_enabled_at_once(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.users(answers.user(active=False)) >> "PATCH /Users/{id}"
    assert play.step.body == operations('{"op":"Replace","path":"active","value":"True"}')
    assert play.step.intent is Intent.REACTIVATE


@pytest.mark.parametrize(
    ("variant", "wanted"),
    [
        (
            "default",
            (
                '{"op":"Replace","path":"active","value":"False"}',
                f'{{"op":"Replace","path":"userName","value":"{TOMBSTONE}"}}',
            ),
        ),
        (FLAG, (f'{{"op":"replace","value":{{"active":false,"userName":"{TOMBSTONE}"}}}}',)),
    ],
)
def test_a_deleted_account_is_disabled_and_renamed_in_one_patch(
    linked: Any, answers: Any, variant: str, wanted: tuple[str, ...]
) -> None:
    play = linked(variant).when(SoftDelete("leaver")) << answers.one(answers.user()) >> "PATCH /Users/{id}"
    assert play.step.body == operations(*wanted)
    assert (play.step.intent, play.step.tag) == (Intent.DEACTIVATE, "tombstone")


def test_an_account_that_is_deleted_after_being_disabled_is_only_renamed(linked: Any, answers: Any) -> None:
    play = linked(FLAG).when(Disable("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(SoftDelete("leaver")) << answers.one(answers.user(active=False)) >> "PATCH /Users/{id}"
    assert play.step.body == operations(f'{{"op":"replace","path":"userName","value":"{TOMBSTONE}"}}')
    assert (play.step.intent, play.step.tag) == (Intent.UPDATE, "tombstone-rename")


def test_a_restored_account_is_enabled_and_gets_its_name_back(linked: Any, answers: Any) -> None:
    play = linked().when(SoftDelete("leaver")) << answers.one(answers.user()) << answers.no_content
    renamed = answers.user(active=False) | {"userName": TOMBSTONE}
    play.when(Restore("leaver")) << answers.one(renamed) >> "PATCH /Users/{id}"
    assert play.step.body == operations(
        '{"op":"Replace","path":"active","value":"True"}',
        '{"op":"Replace","path":"userName","value":"ada@example.example"}',
    )
    assert (play.step.intent, play.step.tag) == (Intent.REACTIVATE, "restore-rename")


def test_a_service_that_kept_the_name_only_gets_active_back(linked: Any, answers: Any) -> None:
    play = linked().when(SoftDelete("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(Restore("leaver")) << answers.one(answers.user(active=False))
    assert play.step.body == operations('{"op":"Replace","path":"active","value":"True"}')
    assert play.step.tag == ""


def test_a_service_that_keeps_user_names_in_small_letters_is_in_step(job: Any, answers: Any, cast: Cast) -> None:
    loud = replace(cast["leaver"], person=replace(cast["leaver"].person, user_name="Ada@Example.Example"))
    play = job(cast=Cast((loud,))).when(Assign("leaver")) << answers.users(answers.user())
    play.is_done()


def test_an_account_that_is_purged_in_scope_is_deleted_without_being_read(linked: Any, answers: Any) -> None:
    play = linked().when(SoftDelete("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(HardDelete("leaver")) >> "DELETE /Users/{id}"
    assert (play.step.effect, play.step.intent, play.step.body) == (Effect.DELETE, Intent.DELETE, None)
    assert play.step.headers == (("Authorization", "Bearer {token}"),)
    play << answers.no_content
    play.when(HardDelete("leaver")).is_done()


def test_an_account_that_is_purged_after_it_was_unassigned_causes_nothing(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.no_content
    for change in (Disable, Edit, SoftDelete, Restore, HardDelete):
        play.when(change("leaver")).is_done()


def test_unticked_target_actions_send_nothing(linked: Any, job: Any, answers: Any) -> None:
    play = linked(setup=Setup(update=False)).when(Unassign("leaver")) << answers.one(answers.user())
    play.is_done()
    assert "Update is not ticked" in play.notices[-1][2]
    play = linked(setup=Setup(delete=False)).when(SoftDelete("leaver")) << answers.one(answers.user())
    play << answers.no_content
    play.when(HardDelete("leaver")).is_done()
    assert "Delete is not ticked" in play.notices[-1][2]
    play = job(setup=Setup(create=False)).when(Assign("leaver")) << answers.users()
    play.is_done()
    assert "Create is not ticked" in play.notices[-1][2]


def test_somebody_who_comes_back_is_read_by_the_cached_id_and_enabled(linked: Any, answers: Any) -> None:
    play = linked(FLAG).when(Unassign("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(Reassign("leaver")) >> "GET /Users/{id}" << answers.one(answers.user(active=False))
    assert play.step.body == operations('{"op":"replace","path":"active","value":true}')
    play << answers.no_content
    play.when(Unassign("leaver")) << answers.one(answers.user())
    assert play.step.intent is Intent.DEACTIVATE


def test_somebody_who_comes_back_and_is_gone_at_the_service_is_looked_up_and_created(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(Reassign("leaver")) << answers.error(404) >> "GET /Users" << answers.users() >> "POST /Users"


def test_a_cached_id_that_is_gone_ends_in_invalid_anchor(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.error(404)
    play.is_done()
    assert play.notices[-1][:2] == ("Failure", "InvalidAnchor")


def test_a_cached_id_that_is_gone_is_matched_again_when_that_is_switched_on(linked: Any, answers: Any) -> None:
    play = linked(setup=Setup(rematch_after_404=True)).when(Unassign("leaver")) << answers.error(404)
    play >> "GET /Users" << answers.users(answers.user("u-2")) >> "PATCH /Users/{id}"
    assert play.step.path == "/Users/u-2"


def test_nobody_who_is_leaving_is_ever_created(linked: Any, answers: Any) -> None:
    play = linked(setup=Setup(rematch_after_404=True)).when(Unassign("leaver")) << answers.error(404)
    play << answers.users()
    play.is_done()


@pytest.mark.parametrize("kind", ["error", "html", "list", "trouble"])
def test_a_failed_read_sends_no_patch(linked: Any, answers: Any, kind: str) -> None:
    failures = {
        "error": answers.error(500),
        "html": answers.raw(b"<html>"),
        "list": answers.users(answers.user()),
        "trouble": answers.trouble(),
    }
    play = linked().when(Unassign("leaver")) << failures[kind]
    play.is_done()
    assert play.notices[-1][0] == "Failure"


def test_two_matches_are_an_error_and_link_nobody(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.users(answers.user("a"), answers.user("b"))
    play.is_done()
    assert play.notices[-1][:2] == ("Failure", "DuplicateTargetEntries")
    play.when(Unassign("leaver")).is_done()


def test_a_404_to_the_lookup_is_not_read_as_nobody(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.error(404)
    play.is_done()
    assert play.notices[-1][0] == "Quarantine"


@pytest.mark.parametrize("refusal", [400, 403, 405, 409, 501])
def test_a_refused_create_links_nobody(job: Any, answers: Any, refusal: int) -> None:
    play = job().when(Assign("leaver")) << answers.users() << answers.error(refusal)
    play.is_done()
    play.when(Unassign("leaver")).is_done()
    assert play.notices[-1][:2] == ("Skipped", "NotEffectivelyEntitled")


def test_a_disabled_account_that_is_assigned_is_never_created(job: Any) -> None:
    play = job().when(Disable("leaver"))
    play.when(Assign("leaver")).is_done()


def test_an_edit_that_is_not_mapped_is_read_and_skipped(linked: Any, answers: Any) -> None:
    play = linked().when(Edit("leaver")) >> "GET /Users/{id}" << answers.one(answers.user())
    play.is_done()
    assert play.notices[-1][:2] == ("Skipped", "RedundantExport")


def test_an_id_of_any_characters_stays_one_path_segment(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.users(answers.user("../Groups?x=1#\ud800"))
    play.when(Unassign("leaver"))
    assert play.step.path == "/Users/..%2FGroups%3Fx%3D1%23%3F"
