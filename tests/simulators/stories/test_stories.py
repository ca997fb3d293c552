"""The stories themselves."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import (
    Assign,
    Change,
    Disable,
    Edit,
    HardDelete,
    PushGroup,
    Reassign,
    Restore,
    SoftDelete,
    Unassign,
)
from harness.model.change import TestConnection as ConnectionTest
from harness.model.story import Group, Part, Presence, Story
from simulators.stories import _complete, all_stories, told_by

STORIES: dict[str, tuple[type[Change], ...]] = {
    "already-inactive": (Assign, Disable, Unassign),
    "connection": (ConnectionTest,),
    "group-push-refused": (Assign, Assign, Assign, PushGroup, Unassign),
    "leaver": (Assign, Unassign),
    "leaver-deleted": (Assign, SoftDelete),
    "leaver-disabled": (Assign, Disable),
    "leaver-purged": (Assign, SoftDelete, HardDelete),
    "leaver-purged-after-unassign": (Assign, Unassign, HardDelete),
    "match-and-link": (Assign,),
    "profile-edit": (Assign, Edit, Unassign),
    "rehire": (Assign, Unassign, Reassign),
    "restored": (Assign, SoftDelete, Restore),
    "unknown-at-service": (Assign,),
}


def test_the_names_are_stable_because_scenario_ids_hold_them() -> None:
    assert {story.name: tuple(type(change) for change in story.changes) for story in all_stories()} == STORIES


def test_the_quick_ones_are_those_that_gate_every_commit() -> None:
    quick = {idp: {s.name for s in all_stories() if idp in s.quick} for idp in ("okta", "entra")}
    assert quick["okta"] == {"connection", "group-push-refused", "leaver"}
    assert quick["entra"] == {"connection", "group-push-refused", "leaver", "leaver-deleted"}


@pytest.mark.parametrize("story", all_stories(), ids=lambda story: story.name)
def test_every_story_has_somebody_who_must_not_change(story: Story) -> None:
    bystanders = [part for part in story.parts if part.name.startswith("bystander-")]
    assert 1 <= len(bystanders) <= 2
    assert all(part.presence is Presence.ACTIVE for part in bystanders)
    hurt = {change.part for change in story.changes if not isinstance(change, Assign)}
    assert not hurt & {part.name for part in bystanders}


@pytest.mark.parametrize("story", all_stories(), ids=lambda story: story.name)
def test_titles_are_for_administrators(story: Story) -> None:
    for word in ("SCIM", "PATCH", "PUT", "Okta", "Entra", "active"):
        assert word not in story.title
    assert story.title[0].isupper()


def test_the_pushed_team_has_three_members() -> None:
    (story,) = (story for story in all_stories() if story.teams)
    assert story.teams == (Group(("leaver", "bystander-1", "bystander-2")),)


def test_only_entra_tells_of_the_recycle_bin() -> None:
    assert {s.name for s in told_by("entra")} - {s.name for s in told_by("okta")} == {"restored"}


@pytest.mark.parametrize("wrong", [{"changes": (Unassign("nobody"),)}, {"teams": (Group(("nobody",)),)}])
def test_a_story_that_speaks_of_somebody_without_a_part_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="speaks of 'nobody'"):
        _complete(Story(**({"name": "x", "title": "X", "changes": (), "parts": (Part("leaver"),)} | wrong)))


@pytest.mark.parametrize("team", ["", "ours"])
def test_a_story_that_speaks_of_a_team_it_lacks_is_refused(team: str) -> None:
    teams = (Group(("leaver",), "theirs"),) if team else ()
    with pytest.raises(ValueError, match="speaks of the team"):
        _complete(Story("x", "X", (PushGroup(team=team),), (Part("leaver"),), teams))
