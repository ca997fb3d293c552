"""Group push."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import AddMember, Assign, PushGroup, RemoveMember, RenameGroup, Unassign, UnlinkGroup
from harness.model.step import GROUP, Effect, Intent
from simulators.okta import BY_THE_GUIDE, Features, Setup


@pytest.fixture
def team(app: Any, answers: Any) -> Any:
    """``team("oin")``: an app that has linked all three people."""

    def team(variant: str, setup: Setup = BY_THE_GUIDE) -> Any:
        play = app(variant, setup)
        for number, part in enumerate(("leaver", "bystander-1", "bystander-2")):
            play.when(Assign(part)) << answers.users(answers.user(f"u-{number}"))
        return play

    return team


@pytest.fixture
def pushed(team: Any, answers: Any) -> Any:
    """``pushed("oin")``: an app whose group push went through."""

    def pushed(variant: str, setup: Setup = BY_THE_GUIDE) -> Any:
        play = team(variant, setup).when(PushGroup()) << answers.users() << answers.one({"id": "g-1"}, 201)
        if variant == "aiw":
            play << answers.one({"id": "g-1"}) << answers.no_content
        return play

    return pushed


def test_a_push_looks_for_the_name_and_creates_the_group_with_its_linked_members(team: Any, answers: Any) -> None:
    play = team("oin").when(PushGroup()) >> "GET /Groups"
    assert play.step.query == "filter=displayName%20eq%20%22Sales%22&startIndex=1&count=100"
    assert play.step.intent is Intent.GROUP_LOOKUP
    play << answers.users() >> "POST /Groups"
    assert play.body == {
        "schemas": [GROUP],
        "displayName": "Sales",
        "members": [
            {"value": "u-0", "display": "ada@example.example"},
            {"value": "u-1", "display": "grace@example.example"},
            {"value": "u-2", "display": "linus@example.example"},
        ],
    }
    play << answers.one({"id": "g-1"}, 201)
    play.is_done()


def test_a_wizard_app_reads_the_new_group_back_and_writes_it_whole(team: Any, answers: Any) -> None:
    play = team("aiw").when(PushGroup()) << answers.users() << answers.one({"id": "g-1"}, 201)
    play >> "GET /Groups/{id}" << answers.one({"id": "g-1"})
    play >> "PUT /Groups/{id}"
    assert list(play.body) == ["schemas", "id", "displayName", "members"]
    assert len(play.body["members"]) == 3


@pytest.mark.parametrize("variant", ["oin", "aiw"])
@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_after_a_refused_push_the_group_is_left_alone_and_people_still_leave(
    team: Any, answers: Any, variant: str, status: int
) -> None:
    play = team(variant).when(PushGroup()) << answers.error(404) >> "POST /Groups" << answers.error(status)
    for change in (AddMember("leaver"), RemoveMember("leaver"), RenameGroup(), UnlinkGroup()):
        play.when(change).is_done()
    play.when(Unassign("leaver"))
    assert play.step.path == "/Users/u-0"


def test_a_lookup_that_fails_ends_the_push(team: Any, answers: Any) -> None:
    for answer in (answers.error(403), answers.raw(b"<html>"), answers.trouble()):
        play = team("oin").when(PushGroup()) << answer
        play.is_done()


def test_a_group_of_that_name_is_taken_over_and_its_members_are_overwritten(team: Any, answers: Any) -> None:
    play = team("oin").when(PushGroup()) << answers.users({"id": "g-9"}) >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [{"op": "replace", "value": {"id": "g-9", "displayName": "Sales"}}]
    play << answers.no_content >> "PATCH /Groups/{id}"
    (operation,) = play.body["Operations"]
    assert (operation["op"], operation["path"], len(operation["value"])) == ("replace", "members", 3)
    assert play.step.path == "/Groups/g-9"


def test_people_who_are_not_linked_are_left_out(app: Any, answers: Any) -> None:
    play = app("oin").when(PushGroup()) << answers.users()
    assert play.body["members"] == []


def test_a_removed_member_goes_by_a_filter_after_a_rename_that_changes_nothing(pushed: Any, answers: Any) -> None:
    play = pushed("oin").when(RemoveMember("leaver")) >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [{"op": "replace", "value": {"id": "g-1", "displayName": "Sales"}}]
    play << answers.no_content >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [{"op": "remove", "path": 'members[value eq "u-0"]'}]
    assert play.step.subject == "leaver"
    play << answers.no_content
    play.is_done()


def test_an_added_member_is_listed_with_the_username_and_without_a_type(pushed: Any, answers: Any) -> None:
    play = pushed("oin", Setup(Features(rename_groups=False))).when(AddMember("leaver")) >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [
        {"op": "add", "path": "members", "value": [{"value": "u-0", "display": "ada@example.example"}]}
    ]


def test_somebody_who_has_left_the_app_is_not_removed_from_the_group(pushed: Any, answers: Any) -> None:
    play = pushed("oin").when(Unassign("leaver")) << answers.no_content
    play.when(RemoveMember("leaver")).is_done()


@pytest.mark.parametrize("change", [RemoveMember("leaver"), RenameGroup()])
def test_a_wizard_app_tells_every_change_as_a_whole_group(pushed: Any, answers: Any, change: Any) -> None:
    play = pushed("aiw").when(change) >> "GET /Groups/{id}" << answers.one({"id": "g-1"}) >> "PUT /Groups/{id}"
    expected = ("Sales (renamed)", 3) if isinstance(change, RenameGroup) else ("Sales", 2)
    assert (play.body["displayName"], len(play.body["members"])) == expected


def test_a_rename_repeats_the_read_only_id(pushed: Any) -> None:
    play = pushed("oin").when(RenameGroup()) >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [{"op": "replace", "value": {"id": "g-1", "displayName": "Sales (renamed)"}}]


def test_unlinking_deletes_once_with_a_media_type_and_without_a_body(pushed: Any, answers: Any) -> None:
    play = pushed("oin").when(UnlinkGroup()) >> "DELETE /Groups/{id}"
    assert (play.step.effect, play.step.body) == (Effect.DELETE, None)
    assert ("Content-Type", "application/scim+json; charset=utf-8") in play.step.headers
    play << answers.no_content
    play.when(UnlinkGroup()).is_done()
