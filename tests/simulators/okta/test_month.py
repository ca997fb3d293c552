"""A month with group push left on, at a service that manages its groups itself."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import Retry
from harness.model.outlook import RemovalState
from simulators.okta import OKTA, Setup, connect

STORY = next(story for story in OKTA.stories if story.name == "group-sync-left-on")
HOURLY = Setup(import_every=60)


@pytest.fixture
def month(casting: Any, service: Any, playing: Any) -> Any:
    """``month("oin")``: the story, played to its end."""

    def month(variant: str, setup: Setup = Setup()) -> Any:  # noqa: B008
        cast = casting(STORY)
        answering = service(cast)
        play = playing(connect(variant, setup), cast, OKTA, variant)
        for change in STORY.changes:
            play.when(change).answering(answering, limit=2000)
        return play

    return month


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_people_go_on_leaving_and_the_refused_push_is_shown_once(month: Any, variant: str) -> None:
    play = month(variant)
    outlook = OKTA.outlook(play.transcript())
    assert {r.part: r.state for r in outlook.removals} == dict.fromkeys(("leaver", "late-leaver"), RemovalState.DONE)
    errors = [notice for notice in outlook.notices if notice.where == "Push Groups > Errors"]
    assert [notice.at for notice in errors] == [0], "nothing is tried again by itself for a month"
    assert [notice.at for notice in outlook.notices if "deactivation" in notice.text] == [21_600, 43_200]


def test_whoever_presses_retry_all_groups_sees_the_same_error_again(month: Any, answers: Any) -> None:
    play = month("oin").when(Retry())
    assert play.answering(answers.error(404, "groups are managed in the app")) == ["GET /Groups", "POST /Groups"]
    assert play.notices[-1][2].endswith("groups are managed in the app")


def test_hourly_imports_do_not_come_between(month: Any) -> None:
    play = month("aiw", HOURLY)
    scans = [x for x in play.sent if x.title == "Retrieve users"]
    assert len(scans) == 30 * 24
    assert all(r.state is RemovalState.DONE for r in OKTA.outlook(play.transcript()).removals)
