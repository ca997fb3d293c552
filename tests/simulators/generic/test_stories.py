"""Stories as the client to the letter of the RFC tells them, to services that can do much or little."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.model.change import Assign, Import, PushGroup, RemoveMember, Retry, Unassign, UnlinkGroup
from harness.model.change import TestConnection as ConnectionTest
from harness.model.outlook import RemovalState
from harness.model.story import LONG
from simulators.generic import GENERIC

LOOKUP, READ, PATCH, PUT = "GET /Users", "GET /Users/{id}", "PATCH /Users/{id}", "PUT /Users/{id}"

TOLD = {
    "connection": [["GET /ServiceProviderConfig", LOOKUP]],
    "leaver": [[LOOKUP], [PATCH]],
    "leaver-purged": [[LOOKUP], [PATCH], ["DELETE /Users/{id}"]],
    "rehire": [[LOOKUP], [PATCH], [PATCH]],
    "unknown-at-service": [[LOOKUP, "POST /Users"]],
    "group-push-refused": [[LOOKUP], [LOOKUP], [LOOKUP], ["GET /Groups"], [PATCH]],
    "suspended": [[LOOKUP], [], [], [], [PATCH]],
}


@pytest.fixture
def app(playing: Any, cast: Any) -> Any:
    return playing(GENERIC.connect("strict"), cast, GENERIC, "strict")


@pytest.mark.parametrize("story", [s for s in GENERIC.stories if s.name in TOLD], ids=lambda story: story.name)
def test_a_story_is_told_request_by_request(story: Any, casting: Any, service: Any, playing: Any) -> None:
    cast = casting(story)
    play, answering = playing(GENERIC.connect("strict"), cast, GENERIC, "strict"), service(cast)
    assert [play.when(change).answering(answering) for change in story.changes] == TOLD[story.name]


@pytest.mark.parametrize("story", [s for s in GENERIC.stories if s.suite != LONG], ids=lambda story: story.name)
def test_nobody_but_the_people_of_the_story_is_written_to(story: Any, casting: Any, service: Any, playing: Any) -> None:
    cast = casting(story)
    play, answering = playing(GENERIC.connect("strict"), cast), service(cast, full=True)
    for change in story.changes:
        play.when(change).answering(answering)
    bystanders = {member.account.id for member in cast.bystanders}
    assert not bystanders & {x.path.rpartition("/")[2] for x in play.sent if x.method != "GET"}


def test_a_leaver_is_deactivated_by_one_replace_with_a_path_and_a_boolean(app: Any, answers: Any) -> None:
    app.when(Assign("leaver")) << answers.users(answers.user())
    app.when(Unassign("leaver")) >> PATCH
    assert app.body["Operations"] == [{"op": "replace", "path": "active", "value": False}]
    assert [name for name, _ in app.step.headers] == ["User-Agent", "Accept", "Content-Type", "Authorization"]


def test_where_there_is_no_patch_the_whole_user_is_written_back(app: Any, answers: Any) -> None:
    app.when(ConnectionTest()) << answers.json({"patch": {"supported": False}})
    app << answers.users()
    app.when(Assign("leaver")) << answers.users(answers.user())
    app.when(Unassign("leaver")) >> READ
    app << answers.one(answers.user(title="Account Executive"))
    app >> PUT
    assert app.body == answers.user(title="Account Executive", active=False)


def test_what_failed_is_owed_and_done_on_retry(app: Any, answers: Any) -> None:
    app.when(Assign("leaver")) << answers.users(answers.user())
    app.when(Unassign("leaver")) << answers.error(503)
    assert [r.state for r in GENERIC.outlook(app.transcript()).removals] == [RemovalState.PENDING]
    app.when(Retry()) >> PATCH
    app << answers.no_content
    assert [r.state for r in GENERIC.outlook(app.transcript()).removals] == [RemovalState.DONE]


def test_a_leaver_who_was_never_linked_is_reported(app: Any, answers: Any) -> None:
    app.when(Assign("leaver")) << answers.users()
    app << answers.error(403, "people come from their first sign-in")
    app.when(Unassign("leaver")).is_done()
    assert [r.state for r in GENERIC.outlook(app.transcript()).removals] == [RemovalState.NEVER_TRIED]
    assert app.notices[-1][2].endswith("Forbidden. people come from their first sign-in")


def test_one_member_is_removed_and_the_others_are_not_mentioned(app: Any, answers: Any) -> None:
    for part, user_id in (("leaver", "u-1001"), ("bystander-1", "u-1002")):
        app.when(Assign(part)) << answers.users(answers.user(user_id))
    app.when(PushGroup()) << answers.users()
    assert [m["value"] for m in app.body["members"]] == ["u-1001", "u-1002"]
    app << answers.one({"id": "g-1"}, 201)
    app.when(RemoveMember("leaver")) >> "PATCH /Groups/{id}"
    assert app.body["Operations"] == [{"op": "remove", "path": 'members[value eq "u-1001"]'}]
    app << answers.no_content
    app.when(UnlinkGroup(delete=False)).is_done()


def test_an_import_ends_when_as_many_came_as_there_are(app: Any, answers: Any) -> None:
    page = [answers.user(f"u-{n}") for n in range(100)]
    app.when(Import()) << answers.json({"totalResults": 150, "Resources": page})
    assert app.step.query == "startIndex=101&count=100"
    app << answers.json({"totalResults": 150, "Resources": page[:50]})
    app.is_done()


def test_bodies_are_compact_and_hold_nothing_read_only(app: Any, answers: Any) -> None:
    app.when(Assign("leaver")) << answers.users()
    app >> "POST /Users"
    assert not {"id", "meta", "groups", "password"} & set(app.body)
    assert app.step.body == json.dumps(app.body, separators=(",", ":"), ensure_ascii=False).encode()
