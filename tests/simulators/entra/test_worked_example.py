"""A leaver over a month: blocked on day 0, deleted on day 1, purged on day 31; from the story alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main
from simulators.entra import ENTRA

LEGACY = (
    ("PATCH /Users/{user}", [{"op": "Replace", "path": "active", "value": "False"}]),
    ("PATCH /Users/{user}", [{"op": "Replace", "path": "userName", "value": "{tombstone}"}]),
    ("PATCH /Groups/{group}", [{"op": "Remove", "path": "members", "value": [{"value": "{user}"}]}]),
)
FLAGGED = (
    ("PATCH /Users/{user}", [{"op": "replace", "path": "active", "value": False}]),
    ("PATCH /Users/{user}", [{"op": "replace", "path": "userName", "value": "{tombstone}"}]),
    ("PATCH /Groups/{group}", [{"op": "remove", "path": 'members[value eq "{user}"]'}]),
)


def told(bodies: Any, **words: str) -> list[tuple[str, Any]]:
    """The worked example with these ids."""
    filled = json.dumps(bodies)
    for name, value in words.items():
        filled = filled.replace("{" + name + "}", value)
    disable, rename, removal = [tuple(pair) for pair in json.loads(filled)]
    user, group = words["user"], words["group"]
    return [
        (f"GET /Users/{user}", None),
        disable,
        (f"GET /Users/{user}", None),
        rename,
        (f"GET /Groups/{group}?excludedAttributes=members", None),
        removal,
        (f"DELETE /Users/{user}", None),
    ]


@pytest.mark.parametrize(("variant", "bodies"), [("default", LEGACY), ("aadOptscim062020", FLAGGED)])
def test_the_story_alone_gives_the_worked_example(
    variant: str, bodies: Any, casting: Any, service: Any, playing: Any
) -> None:
    story = next(story for story in ENTRA.stories if story.name == "leaver-step-by-step")
    play = playing(ENTRA.connect(variant), casting(story), ENTRA, variant)
    answering = service(play.cast, full=True)
    for change in story.changes:
        play.when(change).answering(answering)
    seen = [
        (f"{x.method} {x.path}" + (f"?{x.query}" if x.query else ""), x.sent["Operations"] if x.request.body else None)
        for x in play.sent[-7:]
    ]
    person = play.cast["leaver"].person
    assert seen == told(bodies, user="u-1001", group="g-1", tombstone=person.directory_id + person.user_name)


@pytest.mark.parametrize(("variant", "bodies"), [("default", LEGACY), ("aadOptscim062020", FLAGGED)])
def test_the_command_prints_it(variant: str, bodies: Any) -> None:
    words = ["plan", "--idp", f"entra:{variant}", "--story", "leaver-step-by-step", "--profile", "full", "--json"]
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0, ran.output
    rows = [row for row in json.loads(ran.stdout) if row["sender"] == "idp"][-7:]
    seen = [
        (
            f"{row['method']} {row['path'].removeprefix('/scim/v2')}",
            json.loads(row["body"])["Operations"] if row["body"] else None,
        )
        for row in rows
    ]
    user, group = seen[0][0].rpartition("/")[2], seen[4][0].split("/")[2].partition("?")[0]
    tombstone = json.loads(rows[3]["body"])["Operations"][0]["value"]
    assert len(tombstone.partition("@")[0]) > 32
    assert seen == told(bodies, user=user, group=group, tombstone=tombstone)
