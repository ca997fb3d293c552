"""Quarantine: what leads there, how slow the job becomes, and when it is given up."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import Assign, Disable, PushGroup, Restart, TimePasses, Unassign
from harness.model.exchange import Response
from harness.model.outlook import RemovalState
from harness.model.sequence import Evidence
from harness.model.step import Intent, Step
from simulators.entra import Setup
from simulators.entra.quarantine import BACKOFF_AS_TOLD, breach

HOUR, DAY = 60, 24 * 60


@pytest.mark.parametrize(
    ("failed", "references", "objects", "reason"),
    [
        (4_999, 0, 5_000, None),
        (5_000, 0, 12_500, None),
        (5_001, 0, 12_500, "EncounteredEscrowProportionThreshold"),
        (40_000, 0, 1_000_000, None),
        (40_001, 0, 1_000_000, "EncounteredBaseEscrowThreshold"),
        (40_001, 1, 1_000_000, None),
        (59_999, 30_000, 1_000_000, None),
        (60_000, 30_000, 1_000_000, "EncounteredTotalEscrowThreshold"),
    ],
)
def test_too_many_failures_by_the_published_numbers(
    failed: int, references: int, objects: int, reason: str | None
) -> None:
    found = breach(failed, references, objects)
    assert (found.reason if found else None) == reason
    assert found is None or found.evidence is Evidence.DOCUMENTED


class Endpoint:
    """People are served; the lookup of groups answers as told. Notes when groups were asked for."""

    def __init__(self, play: Any, people: Any, answer: Response) -> None:
        self.play, self.people, self.answer = play, people, answer
        self.at: list[int] = []

    def __call__(self, step: Step) -> Response:
        if step.intent is Intent.GROUP_LOOKUP:
            self.at.append(self.play.idp.now)
            return self.answer
        return self.people(step)  # type: ignore[no-any-return]


@pytest.fixture
def endpoint(job: Any, answers: Any, service: Any, cast: Cast) -> Any:
    """``endpoint(setup)``: a job that has linked everybody, and a service whose /Groups is 404."""

    def endpoint(setup: Setup = Setup()) -> Endpoint:  # noqa: B008
        play = job(setup=setup)
        answering = Endpoint(play, service(cast), answers.error(404))
        for member in cast:
            play.when(Assign(member.part)).answering(answering)
        play.when(PushGroup()).answering(answering)
        return answering

    return endpoint


def test_attempts_are_spaced_by_the_published_table_then_daily(endpoint: Any) -> None:
    answering = endpoint()
    answering.play.when(TimePasses(minutes=5 * DAY)).answering(answering)
    gaps = [later - earlier for earlier, later in zip(answering.at, answering.at[1:], strict=False)]
    assert gaps == [6 * HOUR, 12 * HOUR, DAY, DAY, DAY, DAY]


def test_attempts_can_be_spaced_as_the_forum_tells_it(endpoint: Any) -> None:
    answering = endpoint(Setup(backoff=BACKOFF_AS_TOLD))
    answering.play.when(TimePasses(minutes=DAY)).answering(answering)
    gaps = [later - earlier for earlier, later in zip(answering.at, answering.at[1:], strict=False)]
    assert gaps == [30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR]


def test_people_go_on_being_disabled_in_each_attempt_only_more_slowly(endpoint: Any) -> None:
    answering = endpoint()
    asked = answering.play.when(Unassign("leaver")).answering(answering)
    assert asked == ["GET /Users/{id}", "PATCH /Users/{id}", "GET /Groups"]
    assert answering.play.idp.now == answering.at[0] + 6 * HOUR


def test_the_forecast_says_when_everybody_will_be_left_out_and_how_well_that_is_known(endpoint: Any) -> None:
    answering = endpoint()
    quarantine = answering.play.vendor.outlook(answering.play.transcript()).quarantine
    begun = answering.at[0]
    assert quarantine is not None
    assert (quarantine.reason, quarantine.since) == ("EncounteredQuarantineException", begun)
    assert quarantine.evidence is Evidence.CAPTURED
    assert quarantine.next_attempts == (begun + 6 * HOUR, begun + 18 * HOUR, begun + 42 * HOUR)
    assert quarantine.forecast is not None
    assert quarantine.forecast.at == begun + 28 * DAY
    assert "switched off after 28 days" in quarantine.forecast.text
    assert quarantine.exchange == answering.play.sent[-1].id


def test_after_28_days_the_job_is_switched_off_and_leavers_are_lost(endpoint: Any) -> None:
    answering = endpoint()
    play = answering.play
    play.when(TimePasses(minutes=29 * DAY)).answering(answering)
    assert answering.at[-1] < answering.at[0] + 28 * DAY
    play.when(Unassign("leaver")).is_done()
    seen = play.vendor.outlook(play.transcript())
    assert [r.state for r in seen.removals] == [RemovalState.LOST]
    assert "switched off" in seen.removals[0].why
    assert seen.quarantine is not None
    assert seen.quarantine.next_attempts == ()
    assert [n.status for n in seen.notices][-1] == "Disabled"


def test_a_restart_lets_a_job_that_was_switched_off_work_again(endpoint: Any, answers: Any) -> None:
    answering = endpoint()
    answering.play.when(TimePasses(minutes=29 * DAY)).answering(answering)
    answering.play.when(Unassign("leaver")).is_done()
    answering.answer = answers.users()
    asked = answering.play.when(Restart()).answering(answering)
    assert "PATCH /Users/{id}" in asked
    seen = answering.play.vendor.outlook(answering.play.transcript())
    assert seen.quarantine is None
    assert [r.state for r in seen.removals] == [RemovalState.DONE]


def test_a_cycle_that_goes_through_ends_the_quarantine_and_the_usual_pace_returns(endpoint: Any, answers: Any) -> None:
    answering = endpoint()
    answering.answer = answers.users({"id": "g-1", "displayName": "Sales"})
    play = answering.play
    play.when(TimePasses(minutes=6 * HOUR)).answering(answering)
    assert play.vendor.outlook(play.transcript()).quarantine is None
    assert any("has left quarantine" in text for _, _, text in play.notices)
    assert play.idp.next_cycle - play.idp.now == 40


def test_a_refused_key_ends_the_cycle_and_everything_waits(job: Any, service: Any, cast: Cast, answers: Any) -> None:
    play = job()
    for member in cast:
        play.when(Assign(member.part)).answering(service(cast))
    play.when(Disable("leaver", rushed=True)).is_done()
    play.when(Disable("bystander-1")) >> "GET /Users/{id}" << answers.error(401)
    play.is_done()
    seen = play.vendor.outlook(play.transcript())
    assert {r.state for r in seen.removals} == {RemovalState.PENDING}
    assert all("by a job in quarantine" in r.why for r in seen.removals)
    play.when(TimePasses(minutes=6 * HOUR))
    assert play.answering(service(cast)) == ["GET /Users/{id}", "PATCH /Users/{id}"] * 2


def test_a_lookup_of_people_that_is_404_is_known_from_the_page_itself(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.error(404)
    quarantine = play.vendor.outlook(play.transcript()).quarantine
    assert quarantine is not None
    assert quarantine.evidence is Evidence.DOCUMENTED
