"""What became of each leaver: done, pending, lost, or never tried."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import (
    Assign,
    Disable,
    Feature,
    HardDelete,
    Reassign,
    Retry,
    Suspend,
    Switch,
    TimePasses,
    Unassign,
)
from harness.model.exchange import Response, TroubleKind
from harness.model.outlook import RemovalState
from simulators.okta import OKTA, Setup

DONE, PENDING, LOST, NEVER = RemovalState
BUSY = Response(429, headers=(("Retry-After", "120"),))


def removal(play: Any) -> Any:
    (told,) = OKTA.outlook(play.transcript()).removals
    assert told.part == "leaver"
    return told


@pytest.fixture
def linked(app: Any, answers: Any) -> Any:
    def linked(variant: str = "oin", setup: Setup = Setup()) -> Any:  # noqa: B008
        return app(variant, setup).when(Assign("leaver")) << answers.users(answers.user())

    return linked


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_confirmed_deactivation_is_done(linked: Any, answers: Any, variant: str) -> None:
    play = linked(variant).when(Disable("leaver"))
    play.answering(answers.one(answers.user(active=False)))
    told = removal(play)
    assert (told.state, told.inferred, told.exchange) == (DONE, False, play.sent[-1].id)
    assert not OKTA.outlook(play.transcript()).troubled


def test_okta_takes_a_yes_for_a_yes_even_when_the_body_says_active(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user(active=True))
    assert (removal(play).state, removal(play).inferred) == (DONE, True)
    assert "Okta does not look" in removal(play).why


@pytest.mark.parametrize("variant", ["oin", "aiw"])
@pytest.mark.parametrize(("status", "inferred"), [(401, False), (404, True), (501, False), (500, True)])
def test_a_refusal_is_lost_until_an_administrator_acts(
    linked: Any, answers: Any, variant: str, status: int, inferred: bool
) -> None:
    play = linked(variant).when(Unassign("leaver")) << answers.error(status)
    assert (removal(play).state, removal(play).inferred) == (LOST, inferred)
    play.when(TimePasses(minutes=10_000))
    assert removal(play).state is LOST
    play.when(Retry()).answering(answers.one(answers.user()))
    assert removal(play).state is DONE


def test_silence_is_lost_too(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.trouble(TroubleKind.TIMEOUT)
    assert removal(play).state is LOST
    assert "no answer" in removal(play).why


def test_a_rate_limit_is_pending_and_then_done(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << BUSY
    assert (removal(play).state, "120 seconds" in removal(play).why) == (PENDING, True)
    assert play.notices[-1][0] == "Deferred"
    play.when(TimePasses(minutes=2)) << answers.no_content
    assert removal(play).state is DONE
    assert OKTA.outlook(play.transcript()).notices[-1].at == 2


def test_who_was_never_linked_is_never_tried(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users() << answers.error(405)
    play.when(Unassign("leaver"))
    told = removal(play)
    assert (told.state, told.exchange) == (NEVER, play.sent[-1].id)
    assert "never linked" in told.why
    assert OKTA.outlook(play.transcript()).troubled


def test_who_was_never_looked_up_is_never_tried(app: Any) -> None:
    play = app("oin").when(Unassign("leaver"))
    assert (removal(play).state, "never looked the person up" in removal(play).why) == (NEVER, True)


def test_a_box_that_is_not_ticked_is_named(linked: Any) -> None:
    play = linked().when(Switch(feature=Feature.DEACTIVATE, on=False)).when(Unassign("leaver"))
    assert (removal(play).state, "Deactivate Users is not ticked" in removal(play).why) == (NEVER, True)
    assert ("Success", "application.lifecycle.update", "Stop deprovisioning unassigned users") in play.notices


def test_leaving_twice_is_leaving_once(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.no_content
    play.when(HardDelete("leaver"))
    assert removal(play).state is DONE
    assert [text for _, _, text in play.notices].count("Remove user's application membership") == 1


def test_who_got_the_app_back_is_no_leaver(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.error(500)
    play.when(Reassign("leaver")) << answers.users(answers.user()) << answers.no_content
    assert OKTA.outlook(play.transcript()).removals == ()


def test_suspension_is_no_removal(linked: Any) -> None:
    assert OKTA.outlook(linked().when(Suspend("leaver")).transcript()).removals == ()


def test_what_another_idp_did_is_not_told(linked: Any) -> None:
    play = linked()
    play.changes.append(Unassign("leaver", by="second"))
    assert OKTA.outlook(play.transcript()).removals == ()


def test_what_was_cut_short_is_not_told(linked: Any, answers: Any) -> None:
    play = linked("aiw").when(Unassign("leaver")) << answers.one(answers.user())
    play << answers.trouble(TroubleKind.GUARD)
    assert OKTA.outlook(play.transcript()).removals == ()
