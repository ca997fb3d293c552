"""Groups that reach the service because the group mapping was left on."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import (
    AddMember,
    Assign,
    PushGroup,
    PushNow,
    RemoveMember,
    RenameGroup,
    TimePasses,
    Unassign,
    UnlinkGroup,
)
from harness.model.step import GROUP, Effect, Intent
from simulators.entra import Setup

FLAG = "aadOptscim062020"
SALES = {"id": "g-1", "displayName": "Sales", "externalId": "dddddddd-dddd-dddd-dddd-dddddddddddd"}


@pytest.fixture
def team(job: Any, answers: Any) -> Any:
    """``team()``: a job that has linked all three people."""

    def team(variant: str = "default", setup: Setup = Setup()) -> Any:  # noqa: B008
        play = job(variant, setup)
        for number, part in enumerate(("leaver", "bystander-1", "bystander-2")):
            person = play.cast[part].person
            play.when(Assign(part)) << answers.users(answers.user(f"u-{number}", person=person))
        return play

    return team


@pytest.fixture
def group(team: Any, answers: Any) -> Any:
    """``group()``: a job whose group has been created as g-1, with its members."""

    def group(variant: str = "default", setup: Setup = Setup()) -> Any:  # noqa: B008
        play = team(variant, setup).when(PushGroup()) << answers.users() << answers.one(SALES, 201)
        return play << answers.one(SALES) << answers.no_content

    return group


def test_a_group_is_looked_for_created_empty_and_filled_in_one_patch(team: Any, answers: Any) -> None:
    play = team().when(PushGroup()) >> "GET /Groups"
    assert play.step.query == "excludedAttributes=members&filter=displayName+eq+%22Sales%22"
    assert (play.step.intent, play.step.tag) == (Intent.GROUP_LOOKUP, "")
    play << answers.users() >> "POST /Groups"
    assert play.body == {
        "schemas": [GROUP],
        "externalId": "dddddddd-dddd-dddd-dddd-dddddddddddd",
        "displayName": "Sales",
        "members": [],
        "meta": {"resourceType": "Group"},
    }
    play << answers.one(SALES, 201) >> "GET /Groups/{id}"
    assert play.step.query == "excludedAttributes=members"
    play << answers.one(SALES) >> "PATCH /Groups/{id}"
    members = [{"$ref": None, "value": f"u-{number}"} for number in range(3)]
    assert play.body["Operations"] == [{"op": "Add", "path": "members", "value": members}]
    play << answers.no_content
    play.is_done()


FAILING = {
    "404": lambda a: (a.error(404),),
    "refused": lambda a: (a.users(), a.error(404)),
    "html": lambda a: (a.raw(b"<html>", 404),),
    "two": lambda a: (a.users({"id": "g-1"}, {"id": "g-2"}),),
}


@pytest.mark.parametrize("answer", FAILING)
def test_a_group_that_fails_is_tried_again_in_the_next_cycle_after_the_people(
    team: Any, answers: Any, answer: str
) -> None:
    play = team().when(PushGroup())
    for given in FAILING[answer](answers):
        play << given
    play.when(Unassign("leaver")) >> "GET /Users/{id}" << answers.one(answers.user("u-0")) >> "PATCH /Users/{id}"
    assert play.step.intent is Intent.DEACTIVATE
    play << answers.no_content >> "GET /Groups" << answers.users() >> "POST /Groups"


def test_a_group_that_was_never_linked_is_not_written_to(team: Any, answers: Any) -> None:
    play = team().when(PushGroup()) << answers.users() << answers.error(501)
    play.when(UnlinkGroup()).is_done()
    for change in (AddMember("leaver"), RemoveMember("leaver"), RenameGroup()):
        play.when(change).is_done()


def test_a_404_to_the_group_lookup_quarantines_the_job_in_the_known_words(team: Any, answers: Any) -> None:
    play = team().when(PushGroup()) << answers.error(404)
    status, code, text = play.notices[-1]
    assert (status, code) == ("Quarantine", "EncounteredQuarantineException")
    assert text.startswith("An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response.")


def test_a_group_of_that_name_is_linked(team: Any, answers: Any) -> None:
    play = team().when(PushGroup()) << answers.users({"id": "g-7"}) >> "GET /Groups/{id}"
    assert play.step.path == "/Groups/g-7"


@pytest.mark.parametrize(
    ("variant", "operation"),
    [
        ("default", {"op": "Remove", "path": "members", "value": [{"value": "u-0"}]}),
        (FLAG, {"op": "remove", "path": 'members[value eq "u-0"]'}),
    ],
)
def test_one_member_is_removed_in_the_words_of_the_dialect(
    group: Any, answers: Any, variant: str, operation: Any
) -> None:
    play = group(variant).when(RemoveMember("leaver")) >> "GET /Groups/{id}" << answers.one(SALES)
    play >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [operation]
    assert play.step.subject == "leaver"


@pytest.mark.parametrize(
    ("variant", "operation"),
    [
        ("default", {"op": "Replace", "path": "displayName", "value": "Sales (renamed)"}),
        (FLAG, {"op": "replace", "value": {"displayName": "Sales (renamed)"}}),
    ],
)
def test_a_rename_in_the_words_of_the_dialect(group: Any, answers: Any, variant: str, operation: Any) -> None:
    play = group(variant).when(RenameGroup()) << answers.one(SALES)
    assert play.body["Operations"] == [operation]


def test_a_member_is_added_with_an_empty_reference(group: Any, answers: Any) -> None:
    play = group(FLAG).when(RemoveMember("leaver")) << answers.one(SALES) << answers.no_content
    play.when(AddMember("leaver")) << answers.one(SALES)
    assert play.body["Operations"] == [
        {"op": "add", "path": "members", "value": [{"$ref": None, "value": "u-0"}]},
    ]


def test_a_group_that_is_gone_is_not_written_to(group: Any, answers: Any) -> None:
    play = group().when(RenameGroup()) << answers.error(404)
    play.is_done()


def test_a_group_that_leaves_the_scope_is_deleted_once(group: Any, answers: Any) -> None:
    play = group().when(UnlinkGroup()) >> "GET /Groups/{id}" << answers.one(SALES) >> "DELETE /Groups/{id}"
    assert play.step.effect is Effect.DELETE
    play << answers.no_content
    play.when(UnlinkGroup()).is_done()
    group(setup=Setup(delete=False)).when(UnlinkGroup()).is_done()


def test_a_group_that_was_given_up_before_it_was_linked_is_not_tried_again(team: Any, answers: Any) -> None:
    for change in (UnlinkGroup(), UnlinkGroup(delete=False)):
        play = team().when(PushGroup()) << answers.users() << answers.error(501)
        play.when(change).is_done()
        play.when(TimePasses(minutes=3 * 24 * 60)).is_done()
        assert not play.idp.escrow.failed


def test_pushing_now_is_no_word_of_entra(group: Any) -> None:
    play = group().when(PushNow())
    play.is_done()


def test_a_group_that_goes_is_deleted_again_until_that_is_confirmed(group: Any, answers: Any) -> None:
    play = group().when(UnlinkGroup()) << answers.one(SALES) >> "DELETE /Groups/{id}" << answers.error(400)
    play.when(TimePasses(minutes=40)) << answers.one(SALES) >> "DELETE /Groups/{id}" << answers.no_content
    play.when(TimePasses(minutes=3 * 24 * 60)).is_done()
