"""The clock, the order inside a cycle, and what comes back in later ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import (
    AddMember,
    Assign,
    Disable,
    Edit,
    EnterScope,
    Feature,
    GainGrant,
    HardDelete,
    LeaveScope,
    LoseGrant,
    PushGroup,
    PushNow,
    Reassign,
    Restart,
    Restore,
    Retry,
    SoftDelete,
    Suspend,
    Switch,
    SyncPassword,
    TimePasses,
    Unassign,
    UnlinkGroup,
)
from harness.model.exchange import Response
from harness.model.outlook import RemovalState
from harness.model.step import Step
from simulators.entra import Setup

DAY = 24 * 60
LOOKUP, READ, PATCH = "GET /Users", "GET /Users/{id}", "PATCH /Users/{id}"


def removal(play: Any, part: str = "leaver") -> Any:
    """The state and the reason of a leaver's removal."""
    found = {r.part: r for r in play.vendor.outlook(play.transcript()).removals}
    return found.get(part)


def test_a_change_is_noticed_by_the_next_cycle_forty_minutes_later(linked: Any, answers: Any) -> None:
    play = linked()
    assert play.idp.now == 40
    play.when(Unassign("leaver")) << answers.one(answers.user()) << answers.no_content
    assert play.idp.now == 80
    assert [n.at for n in play.vendor.outlook(play.transcript()).notices] == [40, 80]


def test_a_month_without_changes_sends_nothing(linked: Any) -> None:
    play = linked().when(TimePasses(minutes=30 * DAY))
    play.is_done()
    assert play.idp.now == 40 + 30 * DAY
    assert play.idp.next_cycle - play.idp.now <= 40


def test_changes_that_follow_each_other_fast_are_seen_by_one_cycle(job: Any, answers: Any) -> None:
    play = job()
    play.when(Assign("leaver", rushed=True)).is_done()
    play.when(Assign("bystander-1")) >> LOOKUP << answers.users(answers.user()) >> LOOKUP
    play << answers.users(answers.user("u-1002", person=play.cast["bystander-1"].person))
    assert play.idp.now == 40
    play.is_done()


def test_disabled_and_enabled_again_between_two_cycles_leaves_no_trace(linked: Any, answers: Any) -> None:
    play = linked()
    play.when(Disable("leaver", rushed=True)).is_done()
    play.when(Reassign("leaver")) >> READ << answers.one(answers.user())
    play.is_done()


@pytest.mark.parametrize("purge", [(HardDelete("leaver"),), (SoftDelete("leaver", rushed=True), HardDelete("leaver"))])
def test_somebody_purged_before_a_cycle_saw_the_recycle_bin_causes_nothing(linked: Any, purge: Any) -> None:
    play = linked()
    for change in purge:
        play.when(change).is_done()
    assert removal(play).state is RemovalState.NEVER_TRIED


@pytest.mark.parametrize("change", [Suspend, SyncPassword, GainGrant, LoseGrant, PushNow])
def test_what_entra_does_not_know_sends_nothing_and_moves_no_clock(linked: Any, change: Any) -> None:
    play = linked().when(change("leaver"))
    play.is_done()
    assert play.idp.now == 40


def test_a_failed_object_is_tried_again_in_gaps_that_double_up_to_a_day(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.error(500)
    assert removal(play).state is RemovalState.PENDING
    attempts = []

    def down(step: Step) -> Response:
        if step.method == "GET":
            attempts.append(play.idp.now)
        return answers.one(answers.user()) if step.method == "GET" else answers.error(500)

    play.when(TimePasses(minutes=4 * DAY)).answering(down)
    gaps = [later - earlier for earlier, later in zip([80, *attempts], attempts, strict=False)]
    assert gaps == [40, 80, 160, 320, 640, 1280, DAY, DAY]
    assert "after 8 retries" in removal(play).why
    play.when(TimePasses(minutes=2 * DAY)) << answers.one(answers.user()) << answers.no_content
    assert removal(play).state is RemovalState.DONE
    play.is_done()


def test_a_429_waits_as_long_as_it_was_told_only_where_that_is_switched_on(linked: Any, answers: Any) -> None:
    slow = replace(answers.error(429), headers=(("Retry-After", "7200"),))
    for honours, minutes in ((False, 40), (True, 120)):
        play = linked(setup=Setup(honours_retry_after=honours)).when(Unassign("leaver"))
        play << answers.one(answers.user()) << slow
        play.when(TimePasses(minutes=minutes - 1)).is_done()
        play.when(TimePasses(minutes=1)) >> READ << answers.one(answers.user()) << answers.no_content


def test_the_administrator_has_failed_work_done_again_at_once(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.error(500)
    play.when(Retry("bystander-1")).is_done()
    play.when(Retry("leaver")) >> READ << answers.one(answers.user()) >> PATCH << answers.no_content
    assert play.idp.now == 80


def test_a_restart_goes_over_everybody_and_keeps_the_links(linked: Any, answers: Any) -> None:
    play = linked().when(Restart()) >> READ << answers.one(answers.user())
    play.is_done()
    play = linked(setup=Setup(restart_keeps_links=False)).when(Restart()) >> LOOKUP << answers.users(answers.user())
    play.is_done()


def test_whoever_was_unassigned_before_a_restart_that_drops_links_is_forgotten(linked: Any) -> None:
    play = linked(setup=Setup(restart_keeps_links=False))
    play.when(Unassign("leaver", rushed=True)).is_done()
    play.when(Restart()).is_done()
    assert removal(play).state is RemovalState.NEVER_TRIED


def test_a_job_that_is_not_started_sends_nothing_until_it_is(job: Any, answers: Any) -> None:
    play = job()
    for change in (
        Switch(feature=Feature.PROVISIONING, on=False),
        Assign("leaver"),
        TimePasses(minutes=DAY),
    ):
        play.when(change).is_done()
    play.when(Switch(feature=Feature.PROVISIONING, on=True)) >> LOOKUP << answers.users(answers.user())
    play.is_done()


def test_a_change_of_the_mapping_lets_the_next_cycle_go_over_everybody(linked: Any, answers: Any) -> None:
    play = linked()
    play.when(Switch(feature=Feature.MAP_EVERYTHING, on=True)).is_done()
    play.when(TimePasses(minutes=40)) >> READ << answers.one(answers.user()) >> PATCH
    assert "displayName" in play.step.body.decode()


def test_people_come_before_groups(job: Any, service: Any, cast: Cast) -> None:
    play = job()
    for part in ("leaver", "bystander-1", "bystander-2"):
        play.when(Assign(part, rushed=True)).is_done()
    asked = play.when(PushGroup()).answering(service(cast, full=True))
    assert asked == [LOOKUP] * 3 + ["GET /Groups", "POST /Groups", "GET /Groups/{id}", "PATCH /Groups/{id}"]


@pytest.mark.parametrize(
    ("leave", "back"), [(Unassign, Reassign), (LeaveScope, EnterScope), (Disable, Reassign), (SoftDelete, Restore)]
)
def test_every_way_out_has_its_way_back(linked: Any, answers: Any, leave: Any, back: Any) -> None:
    play = linked().when(leave("leaver")) << answers.one(answers.user()) << answers.no_content
    assert removal(play).state is RemovalState.DONE
    play.when(back("leaver")) >> READ << answers.one(answers.user(active=False)) >> PATCH
    assert '"value":"True"' in play.step.body.decode()
    play << answers.no_content
    assert removal(play) is None


def test_people_out_of_scope_are_left_alone_where_that_is_set(linked: Any) -> None:
    play = linked(setup=Setup(skip_out_of_scope_deletions=True)).when(LeaveScope("leaver"))
    play.is_done()
    assert removal(play).state is RemovalState.NEVER_TRIED
    assert "SkipOutOfScopeDeletions" in removal(play).why


def test_people_who_are_blocked_are_disabled_all_the_same(linked: Any, answers: Any) -> None:
    play = linked(setup=Setup(skip_out_of_scope_deletions=True)).when(Disable("leaver"))
    play << answers.one(answers.user()) >> PATCH


def test_without_a_mapping_to_active_nothing_says_that_somebody_left(linked: Any, answers: Any) -> None:
    play = linked()
    play.when(Switch(feature=Feature.MAP_ACTIVE, on=False)).is_done()
    play.when(Unassign("leaver")) >> READ << answers.one(answers.user())
    play.is_done()
    assert "no mapping to active" in removal(play).why


def test_without_a_mapping_to_active_some_connectors_delete(linked: Any, answers: Any) -> None:
    play = linked(setup=Setup(deletes_without_active=True))
    play.when(Switch(feature=Feature.MAP_ACTIVE, on=False)).is_done()
    play.when(Unassign("leaver")) >> "DELETE /Users/{id}" << answers.no_content
    assert removal(play).state is RemovalState.DONE


def test_more_leavers_than_the_threshold_allows_are_staged(job: Any, service: Any, cast: Cast, answers: Any) -> None:
    play = job(setup=Setup(deletion_threshold=2))
    answering = service(cast)
    for part in ("leaver", "bystander-1", "bystander-2"):
        play.when(Assign(part)).answering(answering)
    for part in ("leaver", "bystander-1"):
        play.when(Disable(part, rushed=True)).is_done()
    play.when(Disable("bystander-2")).is_done()
    seen = play.vendor.outlook(play.transcript())
    assert {r.state for r in seen.removals} == {RemovalState.LOST}
    assert seen.quarantine is not None
    assert seen.quarantine.reason == "TooManyDeletes"
    assert [n.code for n in seen.notices].count("StagedDelete") == 3
    play.when(Retry())
    assert play.answering(answering) == [READ, PATCH] * 3
    seen = play.vendor.outlook(play.transcript())
    assert {r.state for r in seen.removals} == {RemovalState.DONE}
    assert seen.quarantine is None


def test_as_many_leavers_as_the_threshold_are_disabled(job: Any, service: Any, cast: Cast) -> None:
    play = job(setup=Setup(deletion_threshold=1))
    play.when(Assign("leaver")).answering(service(cast))
    assert play.when(Disable("leaver")).answering(service(cast)) == [READ, PATCH]


def test_somebody_in_the_recycle_bin_is_taken_out_of_groups_unless_that_is_switched_off(
    job: Any, service: Any, cast: Cast
) -> None:
    for removes, more in ((True, ["GET /Groups/{id}", "PATCH /Groups/{id}"]), (False, [])):
        play = job(setup=Setup(removes_deleted_members=removes))
        answering = service(cast, full=True)
        for change in (*(Assign(member.part) for member in cast), PushGroup()):
            play.when(change).answering(answering)
        assert play.when(SoftDelete("leaver")).answering(answering) == [READ, PATCH, *more]


def test_a_member_who_is_linked_later_is_added_by_a_restart_only(job: Any, service: Any, cast: Cast) -> None:
    play = job()
    answering = service(cast, full=True)
    for part in ("bystander-1", "bystander-2"):
        play.when(Assign(part)).answering(answering)
    play.when(PushGroup()).answering(answering)
    assert "UnableToResolveReferenceAttributeValue" in [code for _, code, _ in play.notices]
    assert play.when(Assign("leaver")).answering(answering) == [LOOKUP]
    asked = play.when(Restart()).answering(answering)
    assert asked[-1] == "PATCH /Groups/{id}"
    assert b"u-1001" in play.sent[-1].request.body


def test_an_older_client_asks_for_a_membership_before_it_writes_it(job: Any, service: Any, cast: Cast) -> None:
    play = job(setup=Setup(asks_members_first=True))
    answering = service(cast, full=True)
    for change in (Assign("leaver"), Assign("bystander-1")):
        play.when(change).answering(answering)
    play.when(PushGroup()).answering(answering)
    (asked,) = [x for x in play.sent if x.tag == "membership" and x.subject == "leaver"]
    assert asked.query == "filter=id+eq+%22g-1%22+and+members+eq+%22u-1001%22&attributes=id"


def test_switching_the_group_mapping_off_ends_all_work_on_groups(job: Any, answers: Any, cast: Cast) -> None:
    play = job().when(PushGroup()) << answers.error(404)
    play.when(Switch(feature=Feature.PUSH_GROUPS, on=False)).is_done()
    play.when(TimePasses(minutes=2 * DAY)).is_done()
    assert play.vendor.outlook(play.transcript()).quarantine is None
    for change in (PushGroup(), AddMember("leaver"), UnlinkGroup()):
        play.when(change).is_done()


def test_an_edit_of_somebody_unassigned_sends_nothing(linked: Any, answers: Any) -> None:
    play = linked().when(Unassign("leaver")) << answers.one(answers.user()) << answers.no_content
    play.when(Edit("leaver")).is_done()
    play.when(TimePasses(minutes=DAY)).is_done()


def test_a_leaver_of_a_stopped_job_is_lost_until_somebody_starts_it(linked: Any, answers: Any) -> None:
    play = linked()
    for change in (Switch(feature=Feature.PROVISIONING, on=False), Unassign("leaver")):
        play.when(change).is_done()
    assert removal(play).state is RemovalState.LOST
    play.when(Switch(feature=Feature.PROVISIONING, on=True)) << answers.one(answers.user()) << answers.no_content
    assert removal(play).state is RemovalState.DONE
