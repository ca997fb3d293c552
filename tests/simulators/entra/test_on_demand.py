"""Provision on demand: at once, by lookup, and in the default dialect."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import (
    Assign,
    Disable,
    Feature,
    GroupOnDemand,
    OnDemand,
    PushGroup,
    SoftDelete,
    Switch,
    TimePasses,
    Unassign,
)
from harness.model.step import Intent
from harness.model.story import Group, Part, Story

FLAG = "aadOptscim062020"


def test_the_captured_run_is_probe_lookup_patch(linked: Any, answers: Any) -> None:
    play = linked(FLAG)
    play.when(Unassign("leaver", rushed=True)).is_done()
    play.when(OnDemand("leaver")) >> "GET /Users"
    assert play.step.intent is Intent.CONNECT
    play << answers.users() >> "GET /Users"
    assert play.step.query == "filter=userName+eq+%22ada%40example.example%22"
    play << answers.users(answers.user()) >> "PATCH /Users/{id}"
    assert play.body["Operations"] == [{"op": "Replace", "path": "active", "value": "False"}]
    play << answers.no_content
    play.is_done()
    (removal,) = play.vendor.outlook(play.transcript()).removals
    assert removal.state == "done"


def test_the_cycles_of_the_same_job_go_on_with_the_flag(linked: Any, answers: Any) -> None:
    play = linked(FLAG).when(OnDemand("leaver")) << answers.users() << answers.users(answers.user(active=False))
    assert play.body["Operations"][0]["op"] == "Replace"
    play << answers.no_content
    play.when(Unassign("leaver")) << answers.one(answers.user())
    assert play.body["Operations"] == [{"op": "replace", "path": "active", "value": False}]


@pytest.mark.parametrize("change", [Disable, SoftDelete])
def test_somebody_disabled_or_deleted_cannot_be_chosen(linked: Any, change: Any) -> None:
    play = linked()
    play.when(change("leaver", rushed=True)).is_done()
    play.when(OnDemand("leaver")).is_done()
    assert play.notices[-1][0] == "Skipped"


def test_a_failed_connection_ends_the_run_and_harms_no_cycle(linked: Any, answers: Any) -> None:
    play = linked().when(OnDemand("leaver")) << answers.error(503)
    play.is_done()
    assert play.notices[-1][0] == "Failure"
    assert play.idp.quarantine is None


def test_a_failure_on_demand_is_not_tried_again(linked: Any, answers: Any) -> None:
    play = linked().when(OnDemand("leaver")) << answers.users() << answers.users(answers.user(active=False))
    play << answers.error(404)
    play.is_done()
    assert play.notices[-1][1] == "InvalidAnchor"
    assert "retried" not in play.notices[-1][2]
    play.when(TimePasses(minutes=24 * 60)).is_done()


def test_it_works_while_the_job_is_stopped(job: Any, answers: Any) -> None:
    play = job()
    for change in (Switch(feature=Feature.PROVISIONING, on=False), Assign("leaver")):
        play.when(change).is_done()
    play.when(OnDemand("leaver")) << answers.users() << answers.users() >> "POST /Users"


SALES = {"id": "g-1", "displayName": "Sales", "externalId": "dddddddd-dddd-dddd-dddd-dddddddddddd"}


def test_a_group_on_demand_is_probed_for_looked_up_created_and_filled_in_the_default_dialect(
    linked: Any, answers: Any
) -> None:
    play = linked(FLAG)
    play.when(PushGroup(rushed=True)).is_done()
    play.when(GroupOnDemand()) >> "GET /Users"
    assert play.step.intent is Intent.CONNECT
    play << answers.users() >> "GET /Groups"
    assert play.step.query == "excludedAttributes=members&filter=displayName+eq+%22Sales%22"
    play << answers.users() >> "POST /Groups"
    play << answers.one(SALES, 201) >> "GET /Groups/{id}"
    play << answers.one(SALES) >> "PATCH /Groups/{id}"
    assert play.body["Operations"] == [{"op": "Add", "path": "members", "value": [{"$ref": None, "value": "u-1001"}]}]
    play << answers.no_content
    play.is_done()


def test_at_most_five_members_go_along_and_the_cycle_brings_the_rest(job: Any, answers: Any, casting: Any) -> None:
    parts = tuple(f"leaver-{number}" for number in range(7))
    story = Story("x", "X", (), tuple(Part(part) for part in parts), (Group(parts),))
    play = job(cast=casting(story))
    for part in parts:
        play.when(Assign(part)) << answers.users(answers.user(f"u-{part}", person=play.cast[part].person))
    play.when(PushGroup(rushed=True)).is_done()
    play.when(GroupOnDemand()) << answers.users() << answers.users() << answers.one(SALES, 201) << answers.one(SALES)
    assert [m["value"] for m in play.body["Operations"][0]["value"]] == [f"u-{part}" for part in parts[:5]]
    play << answers.no_content
    play.is_done()
    play.when(TimePasses(minutes=40)) << answers.one(SALES)
    assert [m["value"] for m in play.body["Operations"][0]["value"]] == [f"u-{part}" for part in parts[5:]]


def test_a_group_that_is_not_assigned_or_not_mapped_cannot_be_provisioned_on_demand(linked: Any) -> None:
    play = linked()
    play.when(GroupOnDemand()).is_done()
    assert play.notices[-1][:2] == ("Skipped", "NotEffectivelyEntitled")
    play.when(Switch(feature=Feature.PUSH_GROUPS, on=False)).is_done()
    told = len(play.notices)
    play.when(GroupOnDemand()).is_done()
    assert len(play.notices) == told


def test_a_failed_connection_ends_the_run_of_a_group_too(linked: Any, answers: Any) -> None:
    play = linked()
    play.when(PushGroup(rushed=True)).is_done()
    play.when(GroupOnDemand()) << answers.error(503)
    play.is_done()
    assert play.notices[-1][0] == "Failure"
