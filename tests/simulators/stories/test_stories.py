"""The stories themselves."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import Assign, Edit, PushGroup, Unassign
from harness.model.story import EXTENDED, LONG, Group, Part, Presence, Story
from simulators.stories import _complete, all_stories, told_by

NAMES = {
    "": (
        "already-inactive assigned-before-first-sign-in connection everything-mapped group-life group-linked-again "
        "group-push-refused leaver leaver-deleted leaver-disabled leaver-in-pushed-teams leaver-purged "
        "leaver-purged-after-unassign match-and-link profile-edit rehire renamed-leaver restored unknown-at-service"
    ),
    EXTENDED: (
        "assigned-before-provisioning contractor creation-unticked deactivation-unticked group-push-insisted "
        "key-expired leaver-purged-at-once leaver-step-by-step left-before-first-sign-in moved-to-another-idp "
        "on-demand out-of-scope out-of-scope-skipped provisioned-after-first-sign-in provisioned-by-hand "
        "rehired-and-promoted rehired-under-a-new-address renamed-between-assignments restarted-too-early "
        "state-unmapped suspended too-many-at-once two-idps update-unticked"
    ),
    LONG: "group-sync-left-on layoff-day",
    "okta-crud": "okta-crud okta-crud-without-creation",
    "entra-gallery": "entra-gallery entra-gallery-users",
}


def test_every_suite_is_known_here() -> None:
    assert {story.suite for story in all_stories()} == set(NAMES)


@pytest.mark.parametrize("suite", NAMES)
def test_the_names_are_stable_because_scenario_ids_hold_them(suite: str) -> None:
    assert [story.name for story in all_stories() if story.suite == suite] == NAMES[suite].split()


def test_the_quick_ones_are_those_that_gate_every_commit() -> None:
    quick = {idp: {s.name for s in all_stories() if idp in s.quick} for idp in ("okta", "entra")}
    assert quick["okta"] == {"connection", "group-push-refused", "leaver"}
    assert quick["entra"] == {"connection", "group-push-refused", "leaver", "leaver-deleted"}


@pytest.mark.parametrize("story", all_stories(), ids=lambda story: story.name)
def test_every_story_has_somebody_who_must_not_change(story: Story) -> None:
    bystanders = [part for part in story.parts if part.name.startswith("bystander-")]
    assert 1 <= len(bystanders) <= 2, "one is enough to be hurt, and each is read around every change"
    assert all(part.presence is Presence.ACTIVE for part in bystanders)
    hurt = {change.part for change in story.changes if not isinstance(change, Assign)}
    assert not hurt & {part.name for part in bystanders}


@pytest.mark.parametrize("story", all_stories(), ids=lambda story: story.name)
def test_titles_are_for_administrators(story: Story) -> None:
    for word in ("SCIM", "PATCH", "PUT", "Okta", "Entra", "active"):
        assert word not in story.title
    assert story.title[0].isupper()


def test_every_pushed_team_has_three_members_or_more() -> None:
    """With two, an answer that mixes up "one" and "all" cannot be told apart."""
    assert all(len(group.members) >= 3 for story in all_stories() for group in story.teams)


def test_each_idp_tells_of_what_only_its_administrators_can_do() -> None:
    okta, entra = ({story.name for story in told_by(name)} for name in ("okta", "entra"))
    assert {"restored", "out-of-scope", "on-demand", "state-unmapped"} <= entra - okta
    assert {"suspended", "deactivation-unticked"} <= okta - entra


@pytest.mark.parametrize("wrong", [{"changes": (Unassign("nobody"),)}, {"teams": (Group(("nobody",)),)}])
def test_a_story_that_speaks_of_somebody_without_a_part_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="speaks of 'nobody'"):
        _complete(Story(**({"name": "x", "title": "X", "changes": (), "parts": (Part("leaver"),)} | wrong)))


def test_a_story_that_edits_what_no_person_has_is_refused() -> None:
    edit = Edit("leaver", attributes=(("shoe_size", "44"),))
    with pytest.raises(ValueError, match="edits 'shoe_size'"):
        _complete(Story("x", "X", (edit,), (Part("leaver"),)))


@pytest.mark.parametrize("team", ["", "ours"])
def test_a_story_that_speaks_of_a_team_it_lacks_is_refused(team: str) -> None:
    teams = (Group(("leaver",), "theirs"),) if team else ()
    with pytest.raises(ValueError, match="speaks of the team"):
        _complete(Story("x", "X", (PushGroup(team=team),), (Part("leaver"),), teams))
