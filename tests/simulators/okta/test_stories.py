"""Every story as Okta tells it to a service that deactivates, and to one that does everything."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.story import LONG, Presence
from simulators.okta import OKTA

LOOKUP = "GET /Users"
READ, PUT, PATCH = "GET /Users/{id}", "PUT /Users/{id}", "PATCH /Users/{id}"
OFF = {"oin": [PATCH], "aiw": [READ, PUT]}
"""How each app type changes active."""


def told_by(variant: str) -> dict[str, list[list[str]]]:
    off = OFF[variant]
    return {
        "connection": [["GET /Users", "GET /Groups" if variant == "oin" else "GET /Users"]],
        "match-and-link": [[LOOKUP]],
        "leaver": [[LOOKUP], off],
        "leaver-disabled": [[LOOKUP], off],
        "leaver-deleted": [[LOOKUP], off],
        "leaver-purged": [[LOOKUP], off, []],
        "leaver-purged-after-unassign": [[LOOKUP], off, []],
        "already-inactive": [[LOOKUP], off, []],
        "unknown-at-service": [[LOOKUP, "POST /Users"]],
        "rehire": [[LOOKUP], off, [LOOKUP, *off]],
        "group-push-refused": [[LOOKUP], [LOOKUP], [LOOKUP], ["GET /Groups", "POST /Groups"], off],
        "profile-edit": [[LOOKUP], [], off],
    }


SPELT_OUT = [story for story in OKTA.stories if story.name in told_by("oin")]


@pytest.mark.parametrize("variant", ["oin", "aiw"])
@pytest.mark.parametrize("story", SPELT_OUT, ids=lambda story: story.name)
def test_a_story_is_told_request_by_request(story: Any, variant: str, casting: Any, service: Any, playing: Any) -> None:
    cast = casting(story)
    inactive = tuple(part.name for part in story.parts if part.presence is Presence.INACTIVE)
    answering = service(cast, inactive=inactive)
    play = playing(OKTA.connect(variant), cast, OKTA, variant)
    told = [play.when(change).answering(answering) for change in story.changes]
    assert told == told_by(variant)[story.name]


def test_the_stories_of_the_recycle_bin_are_not_okta_s() -> None:
    assert "restored" not in {story.name for story in OKTA.stories}


@pytest.mark.parametrize("variant", ["oin", "aiw"])
@pytest.mark.parametrize("story", [s for s in OKTA.stories if s.suite != LONG], ids=lambda story: story.name)
def test_nobody_but_the_people_of_the_story_is_written_to(
    story: Any, variant: str, casting: Any, service: Any, playing: Any
) -> None:
    cast = casting(story)
    play = playing(OKTA.connect(variant), cast, OKTA, variant)
    answering = service(cast, full=True)
    for change in story.changes:
        play.when(change).answering(answering)
    bystanders = {member.account.id for member in cast.bystanders}
    written = {x.path.rpartition("/")[2] for x in play.sent if x.method != "GET"}
    assert not bystanders & written
    assert all(user["active"] is True for user_id, user in answering.users.items() if user_id in bystanders)


def test_a_newcomer_is_created_where_the_service_creates_people(casting: Any, service: Any, playing: Any) -> None:
    story = next(story for story in OKTA.stories if story.name == "unknown-at-service")
    cast = casting(story)
    play = playing(OKTA.connect("oin"), cast, OKTA, "oin").when(story.changes[0])
    play.answering(service(cast, full=True))
    event = "application.provision.user.push"
    assert play.notices[-1] == ("Success", event, "Push new user to external application: ada@example.example")
