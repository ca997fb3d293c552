"""What Okta does when things happen close together, or in an order that nobody wanted."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import (
    AddMember,
    Assign,
    PushGroup,
    PushNow,
    Reassign,
    RemoveMember,
    RenamePerson,
    Reorganise,
    Suspend,
    Unassign,
    Unsuspend,
)
from harness.model.step import Intent
from simulators.okta import Features, Setup


@pytest.mark.parametrize(("variant", "first"), [("oin", "PATCH"), ("aiw", "PUT")])
def test_a_stale_profile_push_undoes_the_activation(app: Any, answers: Any, variant: str, first: str) -> None:
    on, off = answers.one(answers.user()), answers.one(answers.user(active=False))
    play = app(variant, Setup(Features(update=True), stale_active=True))
    play.when(Assign("leaver")).answering(lambda step: answers.users(answers.user()) if step.query else on)
    play.when(Unassign("leaver")).answering(on)
    play.when(Reassign("leaver")).answering(lambda step: answers.users(answers.user()) if step.query else off)
    writes = [x for x in play.sent if x.moment == 2 and x.method != "GET"]
    assert [(x.method, x.intent) for x in writes] == [(first, Intent.REACTIVATE), ("PUT", Intent.DEACTIVATE)]
    assert writes[-1].sent["active"] is False
    assert play.notices[-1][1] == "application.provision.user.push_profile"


def test_a_lookup_under_the_name_of_before_finds_nobody_and_meets_a_conflict(app: Any, answers: Any) -> None:
    play = app("oin", Setup(stale_user_name=True)).when(Assign("leaver")) << answers.users(answers.user())
    play.when(RenamePerson("leaver")).when(Unassign("leaver")) << answers.no_content
    play.when(Reassign("leaver"))
    assert "ada%40example.example" in play.step.query
    play << answers.users() >> "POST /Users" << answers.error(409)
    play.is_done()


def test_without_the_race_the_new_name_is_looked_up(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(RenamePerson("leaver")).when(Unassign("leaver")) << answers.no_content
    play.when(Reassign("leaver"))
    assert "married.01234567%40example.example" in play.step.query


def test_where_the_team_assigns_the_app_the_person_comes_first_and_the_group_second(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(rename_groups=False), team_assigns=True))
    play.when(Assign("leaver")) << answers.users(answers.user("u-1"))
    play.when(PushGroup()) << answers.users() << answers.one({"id": "g-1"}, 201)
    play.when(RemoveMember("leaver")) >> "PATCH /Users/{id}" << answers.no_content
    play >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [{"op": "remove", "path": 'members[value eq "u-1"]'}]
    play << answers.no_content
    play.when(AddMember("leaver")) >> "GET /Users" << answers.users(answers.user("u-1", active=False))
    play >> "PATCH /Users/{id}" << answers.no_content >> "PATCH /Groups/{id}"
    assert play.body["Operations"][0]["op"] == "add"
    play << answers.no_content
    play.is_done()


def test_suspended_people_are_frozen_in_their_groups(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(PushGroup()) << answers.users() << answers.one({"id": "g-1"}, 201)
    play.when(Suspend("leaver")).when(RemoveMember("leaver")).is_done()
    play.when(Unsuspend("leaver")).is_done()


def test_a_suspended_person_who_loses_the_app_is_deactivated_all_the_same(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(Suspend("leaver")).when(Unassign("leaver")) >> "PATCH /Users/{id}"


def test_a_leaver_stays_in_the_pushed_group_until_it_is_pushed_whole(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(rename_groups=False)))
    play.when(Assign("leaver")) << answers.users(answers.user())
    play.when(PushGroup()) << answers.users() << answers.one({"id": "g-1"}, 201)
    play.when(Unassign("leaver")) >> "PATCH /Users/{id}" << answers.no_content
    play.is_done()
    play.when(PushNow())
    assert play.body["Operations"] == [{"op": "replace", "path": "members", "value": []}]
    play << answers.no_content
    play.when(Reassign("leaver")) << answers.users(answers.user()) << answers.no_content >> "PATCH /Groups/{id}"
    assert play.body["Operations"][0]["value"][0]["value"] == "u-1001"


def test_who_is_linked_after_the_push_is_added_then_and_only_once(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(rename_groups=False))).when(PushGroup())
    play << answers.users() << answers.one({"id": "g-1"}, 201)
    play.when(Assign("leaver")) << answers.users(answers.user()) >> "PATCH /Groups/{id}" << answers.no_content
    play.when(Assign("leaver")) << answers.users(answers.user())
    play.is_done()


def test_changes_beyond_the_batch_size_go_out_in_several_requests(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(rename_groups=False)))
    for n, part in enumerate(("leaver", "bystander-1", "bystander-2")):
        play.when(Assign(part)) << answers.users(answers.user(f"u-{n}"))
    play.when(PushGroup()) << answers.users() << answers.one({"id": "g-1"}, 201)
    play.idp.setup = play.idp.setup.__class__(Features(rename_groups=False), batch=2)
    play.when(Reorganise(joining=("bystander-2",), leaving=("leaver", "bystander-1")))
    assert [o["op"] for o in play.body["Operations"]] == ["remove", "remove"]
    play << answers.no_content
    assert [o["op"] for o in play.body["Operations"]] == ["add"]
