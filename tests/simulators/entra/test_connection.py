"""Test Connection, and the probe that may open a cycle."""

from __future__ import annotations

import re
from typing import Any

from harness.model.account import Cast
from harness.model.change import Assign, TestConnection, Unassign
from harness.model.step import Effect, Intent
from simulators.entra import Setup

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def test_the_connection_test_asks_for_a_random_user_in_the_captured_encoding(job: Any) -> None:
    play = job().when(TestConnection()) >> "GET /Users"
    assert re.fullmatch(rf"filter=userName\+eq\+%22{GUID}%22", play.step.query)
    assert (play.step.intent, play.step.effect) == (Intent.CONNECT, Effect.READ)


def test_the_random_user_is_the_same_in_every_run_and_another_for_other_people(job: Any, cast: Cast) -> None:
    first, again = (job().when(TestConnection()).step.query for _ in range(2))
    other = job(cast=Cast(cast.members[1:])).when(TestConnection()).step.query
    assert first == again != other


def test_a_read_carries_the_key_and_nothing_else(job: Any) -> None:
    assert job().when(TestConnection()).step.headers == (("Authorization", "Bearer {token}"),)


def test_the_first_test_asks_for_a_random_group_too(job: Any, answers: Any) -> None:
    play = job().when(TestConnection()) << answers.users()
    play >> "GET /Groups"
    assert re.fullmatch(rf"excludedAttributes=members&filter=displayName\+eq\+%22{GUID}%22", play.step.query)
    assert (play.step.intent, play.step.tag) == (Intent.GROUP_LOOKUP, "probe")
    play << answers.users()
    play.is_done()


def test_without_the_group_probe_one_request_is_all(job: Any, answers: Any) -> None:
    play = job(setup=Setup(probe_groups=False)).when(TestConnection()) << answers.users()
    play.is_done()


def test_a_failed_user_probe_ends_the_test(job: Any, answers: Any) -> None:
    for answer in (answers.error(401), answers.error(404), answers.raw(b"<html>"), answers.trouble()):
        play = job().when(TestConnection()) << answer
        play.is_done()


def test_cycles_begin_without_a_probe_unless_that_is_switched_on(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver"))
    assert play.step.intent is Intent.LOOKUP
    play = job(setup=Setup(probe_each_cycle=True)).when(Assign("leaver"))
    assert play.step.intent is Intent.CONNECT


def test_a_failed_probe_holds_the_cycle_back_and_the_next_one_catches_up(job: Any, answers: Any) -> None:
    play = job(setup=Setup(probe_each_cycle=True)).when(Assign("leaver")) << answers.users()
    play << answers.users(answers.user())
    play.when(Unassign("leaver")) << answers.error(503)
    play.is_done()
    assert play.notices[-1][:2] == ("Quarantine", "EncounteredQuarantineException")
    play.when(Unassign("leaver")) << answers.users()
    play >> "GET /Users/{id}" << answers.one(answers.user())
    play >> "PATCH /Users/{id}"
    assert play.step.intent is Intent.DEACTIVATE
