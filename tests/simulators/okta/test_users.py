"""Assigning, updating and deactivating people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.model.change import Assign, Disable, Edit, HardDelete, Reassign, SoftDelete, Unassign
from harness.model.step import Effect, Intent
from simulators.okta import BY_THE_GUIDE, Features, Setup

UPDATING = Setup(Features(update=True))


@pytest.fixture
def linked(app: Any, answers: Any) -> Any:
    """``linked("oin")``: an app that has found and linked the leaver."""

    def linked(variant: str, setup: Setup = BY_THE_GUIDE) -> Any:
        return app(variant, setup).when(Assign("leaver")) >> "GET /Users" << answers.users(answers.user())

    return linked


def test_the_lookup_encodes_blanks_as_percent_20_and_asks_for_a_hundred(app: Any) -> None:
    play = app("oin").when(Assign("leaver")) >> "GET /Users"
    assert play.step.query == "filter=userName%20eq%20%22ada%40example.example%22&startIndex=1&count=100"
    assert (play.step.intent, play.step.subject) == (Intent.LOOKUP, "leaver")


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_match_is_linked_without_a_write_when_update_user_attributes_is_off(linked: Any, variant: str) -> None:
    play = linked(variant)
    play.is_done()
    assert play.idp.user(play.cast["leaver"]).external_id == "u-1001"


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_match_gets_its_profile_pushed_when_update_user_attributes_is_on(
    linked: Any, answers: Any, variant: str
) -> None:
    play = linked(variant, UPDATING) >> "GET /Users/{id}" << answers.one(answers.user())
    play >> "PUT /Users/{id}" << answers.one(answers.user())
    play.is_done()
    assert play.sent[-1].intent is Intent.UPDATE


def test_a_catalogue_app_deactivates_with_the_captured_118_bytes(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) >> "PATCH /Users/{id}"
    assert play.step.body == (
        b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
        b'"Operations":[{"op":"replace","value":{"active":false}}]}'
    )
    assert len(play.step.body) == 118
    assert (play.step.intent, play.step.effect, play.step.path) == (Intent.DEACTIVATE, Effect.WRITE, "/Users/u-1001")
    play << answers.no_content
    play.is_done()


def test_a_write_names_its_media_type_third(linked: Any) -> None:
    play = linked("oin").when(Unassign("leaver"))
    assert [name for name, _ in play.step.headers] == [
        "Accept",
        "Accept-Charset",
        "Content-Type",
        "User-Agent",
        "Authorization",
        "Connection",
        "Accept-Encoding",
    ]
    assert dict(play.step.headers)["Content-Type"] == "application/scim+json; charset=utf-8"


def test_a_wizard_app_writes_the_answer_of_the_service_back_with_active_off(linked: Any, answers: Any) -> None:
    read = answers.user(meta={"version": 'W/"7"'}, odd=[1, {"a": None}], name={"formatted": "Ada H."})
    play = linked("aiw").when(Unassign("leaver")) >> "GET /Users/{id}" << answers.one(read)
    play >> "PUT /Users/{id}"
    assert play.step.body == json.dumps(read | {"active": False}, separators=(",", ":")).encode()
    assert list(play.body) == list(read)
    assert play.step.intent is Intent.DEACTIVATE


def test_a_list_that_came_instead_of_the_user_goes_back_with_active_on_top(linked: Any, answers: Any) -> None:
    play = linked("aiw").when(Unassign("leaver")) << answers.users(answers.user())
    assert (play.body["totalResults"], play.body["active"]) == (1, False)


@pytest.mark.parametrize("change", [Unassign, Disable, SoftDelete, HardDelete])
def test_every_way_of_leaving_is_one_deactivation(linked: Any, answers: Any, change: Any) -> None:
    play = linked("oin").when(change("leaver")) >> "PATCH /Users/{id}" << answers.no_content
    for later in (Unassign, SoftDelete, HardDelete):
        play.when(later("leaver")).is_done()


def test_a_failed_deactivation_is_not_tried_again(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) << answers.error(501)
    play.is_done()
    play.when(SoftDelete("leaver")).is_done()


def test_a_wizard_app_does_not_write_when_it_could_not_read(linked: Any, answers: Any) -> None:
    for answer in (answers.error(404), answers.raw(b"<html>"), answers.json([1]), answers.trouble()):
        play = linked("aiw").when(Unassign("leaver")) << answer
        play.is_done()


def test_somebody_who_was_never_linked_is_never_deactivated(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.error(500)
    play.when(Unassign("leaver")).is_done()


def test_a_failed_profile_push_undoes_the_link_so_that_nobody_is_deactivated(linked: Any, answers: Any) -> None:
    play = linked("oin", UPDATING) << answers.one(answers.user()) << answers.error(400)
    play.when(Unassign("leaver")).is_done()
    assert play.idp.user(play.cast["leaver"]).external_id == ""


def test_deactivate_users_unticked_sends_nothing(linked: Any) -> None:
    linked("oin", Setup(Features(deactivate=False))).when(Unassign("leaver")).is_done()


@pytest.mark.parametrize("status", [200, 404])
def test_nobody_found_means_create_also_when_the_service_says_404(app: Any, answers: Any, status: int) -> None:
    answer = answers.users() if status == 200 else answers.error(404)
    play = app("oin").when(Assign("leaver")) << answer
    play >> "POST /Users"
    assert play.step.intent is Intent.CREATE


def test_a_create_has_the_captured_keys_in_their_order(app: Any, answers: Any, ada: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users()
    body = play.body
    assert list(body) == [
        "schemas",
        "userName",
        "name",
        "emails",
        "displayName",
        "locale",
        "externalId",
        "groups",
        "password",
        "active",
    ]
    assert body["emails"] == [{"primary": True, "value": ada.email, "type": "work"}]
    assert (body["groups"], body["active"]) == ([], True)
    assert (len(body["password"]), len(body["externalId"]), body["externalId"][:3]) == (8, 20, "00u")
    assert b": " not in play.step.body


def test_a_created_person_is_linked_by_the_id_of_the_answer(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.one({"id": "n/1 ?"}, 201)
    play.when(Unassign("leaver")) >> "PATCH /Users/{id}"
    assert play.step.path == "/Users/n%2F1%20%3F"


@pytest.mark.parametrize("refusal", [403, 405, 409, 501])
def test_a_refused_create_leaves_nobody_linked(app: Any, answers: Any, refusal: int) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.error(refusal)
    play.is_done()
    play.when(Unassign("leaver")).is_done()


def test_create_users_unticked_stops_after_the_lookup(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(create=False))).when(Assign("leaver")) << answers.users()
    play.is_done()
    assert play.notices[0][2].endswith("failed: Matching user not found")


def test_of_several_matches_the_first_is_linked(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user("u-7"), answers.user("u-8"))
    assert play.idp.user(play.cast["leaver"]).external_id == "u-7"


def test_counts_that_are_strings_stop_the_assignment_without_a_reason(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(startIndex="1")
    play.is_done()
    assert "without a reason" in play.notices[0][2]


def test_a_rehire_is_looked_up_again_and_activated_by_patch_in_a_catalogue_app(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) << answers.no_content
    play.when(Reassign("leaver")) >> "GET /Users" << answers.users(answers.user(active=False))
    play >> "PATCH /Users/{id}"
    assert play.body["Operations"] == [{"op": "replace", "value": {"active": True}}]
    assert play.step.intent is Intent.REACTIVATE
    play << answers.no_content
    play.is_done()


def test_a_rehire_in_a_wizard_app_is_read_and_written_twice_when_profiles_are_pushed(linked: Any, answers: Any) -> None:
    inactive = answers.one(answers.user(active=False))
    play = linked("aiw", UPDATING) << answers.one(answers.user()) << answers.no_content
    play.when(Unassign("leaver")) << inactive << answers.no_content
    play.when(Reassign("leaver")) << answers.users(answers.user(active=False))
    play >> "GET /Users/{id}" << inactive
    play >> "PUT /Users/{id}" << answers.one(answers.user())
    play >> "GET /Users/{id}" << answers.one(answers.user())
    play >> "PUT /Users/{id}" << answers.one(answers.user())
    play.is_done()
    assert [x.intent for x in play.sent[-4:]] == [Intent.READ, Intent.REACTIVATE, Intent.READ, Intent.UPDATE]


def test_a_refused_reactivation_leaves_nobody_linked(linked: Any, answers: Any) -> None:
    play = linked("oin").when(Unassign("leaver")) << answers.no_content
    play.when(Reassign("leaver")) << answers.users(answers.user(active=False)) << answers.error(403)
    play.when(Unassign("leaver")).is_done()


def test_without_deactivate_users_a_rehire_is_not_activated_either(linked: Any, answers: Any) -> None:
    play = linked("oin", Setup(Features(deactivate=False))).when(Unassign("leaver"))
    play.when(Reassign("leaver")) << answers.users(answers.user(active=False))
    play.is_done()
    assert play.notices[-1][2].endswith("failed: User account is inactive")


def test_an_edited_profile_is_pushed_over_the_answer_of_the_service(linked: Any, answers: Any) -> None:
    read = answers.user(
        active=False,
        password="kept",
        meta={"resourceType": "User"},
        name={"formatted": "Old", "givenName": "Old"},
        emails=[{"value": "old@example.example"}],
    )
    play = linked("oin", UPDATING) << answers.one(answers.user()) << answers.no_content
    play.when(Edit("leaver")) >> "GET /Users/{id}" << answers.one(read)
    play >> "PUT /Users/{id}"
    body = play.body
    assert list(body)[: len(read)] == list(read)
    assert body["name"] == {"formatted": "Old", "givenName": "Ada", "familyName": "Hopper"}
    assert body["emails"] == [{"primary": True, "value": "ada@example.example", "type": "work"}]
    assert (body["active"], body["password"], body["meta"]) == (False, "kept", {"resourceType": "User"})
    assert (body["title"], body["groups"], "locale" in body) == ("Senior", [], False)


def test_an_edit_sends_nothing_while_update_user_attributes_is_off(linked: Any) -> None:
    linked("oin").when(Edit("leaver")).is_done()


@pytest.mark.parametrize("resource_id", ["..", ".", "", None, True, [], {}, 1.5])
def test_an_id_that_cannot_be_a_path_segment_is_not_linked(app: Any, answers: Any, resource_id: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user(resource_id))
    play.is_done()
    play.when(Unassign("leaver")).is_done()


def test_a_number_as_id_is_used_as_its_digits(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user(1001))
    play.when(Unassign("leaver"))
    assert play.step.path == "/Users/1001"


@pytest.mark.parametrize(("setup", "asked"), [(Setup(), []), (Setup(activate_inactive=True), ["PATCH /Users/{id}"])])
def test_whoever_is_found_inactive_for_the_first_time_is_left_so_unless_the_switch_says_otherwise(
    app: Any, answers: Any, setup: Setup, asked: list[str]
) -> None:
    play = app("oin", setup).when(Assign("leaver")) << answers.users(answers.user(active=False))
    assert play.answering(answers.no_content) == asked
    assert play.idp.user(play.cast["leaver"]).external_id == "u-1001"
