"""Every story as Entra tells it to a service that deactivates, and to one that does everything."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.story import LONG, Presence
from simulators.entra import ENTRA

LOOKUP, READ, PATCH, DELETE = "GET /Users", "GET /Users/{id}", "PATCH /Users/{id}", "DELETE /Users/{id}"

TOLD = {
    "connection": [["GET /Users", "GET /Groups"]],
    "match-and-link": [[LOOKUP]],
    "leaver": [[LOOKUP], [READ, PATCH]],
    "leaver-disabled": [[LOOKUP], [READ, PATCH]],
    "leaver-deleted": [[LOOKUP], [READ, PATCH]],
    "leaver-purged": [[LOOKUP], [READ, PATCH], [DELETE]],
    "leaver-purged-after-unassign": [[LOOKUP], [READ, PATCH], []],
    "already-inactive": [[LOOKUP, PATCH], [READ, PATCH], [READ]],
    "unknown-at-service": [[LOOKUP, "POST /Users"]],
    "rehire": [[LOOKUP], [READ, PATCH], [READ, PATCH]],
    "restored": [[LOOKUP], [READ, PATCH], [READ, PATCH]],
    "group-push-refused": [[LOOKUP], [LOOKUP], [LOOKUP], ["GET /Groups"], [READ, PATCH, "GET /Groups"]],
    "profile-edit": [[LOOKUP], [READ], [READ, PATCH]],
}


@pytest.mark.parametrize("variant", ["default", "aadOptscim062020"])
@pytest.mark.parametrize("story", [s for s in ENTRA.stories if s.name in TOLD], ids=lambda story: story.name)
def test_a_story_is_told_request_by_request(story: Any, variant: str, casting: Any, service: Any, playing: Any) -> None:
    cast = casting(story)
    inactive = tuple(part.name for part in story.parts if part.presence is Presence.INACTIVE)
    answering = service(cast, inactive=inactive)
    play = playing(ENTRA.connect(variant), cast, ENTRA, variant)
    assert [play.when(change).answering(answering) for change in story.changes] == TOLD[story.name]


@pytest.mark.parametrize("variant", ["default", "aadOptscim062020"])
@pytest.mark.parametrize("story", [s for s in ENTRA.stories if s.suite != LONG], ids=lambda story: story.name)
def test_nobody_but_the_people_of_the_story_is_written_to(
    story: Any, variant: str, casting: Any, service: Any, playing: Any
) -> None:
    cast = casting(story)
    play = playing(ENTRA.connect(variant), cast, ENTRA, variant)
    answering = service(cast, full=True)
    for change in story.changes:
        play.when(change).answering(answering)
    bystanders = {member.account.id for member in cast.bystanders}
    written = {x.path.rpartition("/")[2] for x in play.sent if x.method != "GET"}
    assert not bystanders & written


def test_a_group_is_created_where_the_service_has_groups(casting: Any, service: Any, playing: Any) -> None:
    story = next(story for story in ENTRA.stories if story.name == "group-push-refused")
    cast = casting(story)
    play = playing(ENTRA.connect("default"), cast, ENTRA, "default")
    answering = service(cast, full=True)
    told = [play.when(change).answering(answering) for change in story.changes]
    assert told[3] == ["GET /Groups", "POST /Groups", "GET /Groups/{id}", "PATCH /Groups/{id}"]
