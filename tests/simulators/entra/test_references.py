"""The manager, in a second pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import Assign, Edit, TimePasses
from harness.model.step import ENTERPRISE_USER
from simulators.entra import Setup
from simulators.entra.mapping import Schema, row

FLAG = "aadOptscim062020"
MANAGER = f"{ENTERPRISE_USER}:manager"


@pytest.fixture
def mapped() -> Schema:
    """The mapping by the guide, and the manager."""
    by_the_guide = Setup().mapping
    users = replace(by_the_guide.users, rows=(*by_the_guide.users.rows, row(MANAGER, "manager")))
    return replace(by_the_guide, users=users)


@pytest.fixture
def reporting(cast: Cast) -> Cast:
    """Ada reports to Grace."""
    ada = cast["leaver"]
    ada = replace(ada, person=replace(ada.person, manager="bystander-1"))
    return replace(cast, members=(ada, *cast.members[1:]))


@pytest.fixture
def both(job: Any, mapped: Schema, reporting: Cast, answers: Any) -> Any:
    """``both()``: a job that has found both and is about to write the reference."""

    def both(variant: str = "default", **options: Any) -> Any:
        play = job(variant, Setup(mapping=mapped, **options), reporting)
        play.when(Assign("leaver", rushed=True)).is_done()
        play.when(Assign("bystander-1")) << answers.users(answers.user())
        grace = answers.user("u-2000", person=reporting["bystander-1"].person)
        return play << answers.users(grace | {"meta": {"location": "https://app.example/Users/u-2000"}})

    return both


@pytest.mark.parametrize(("variant", "op"), [("default", "Add"), (FLAG, "add")])
def test_the_manager_is_a_plain_string_and_comes_after_both_people(
    both: Any, answers: Any, variant: str, op: str
) -> None:
    play = both(variant) >> "PATCH /Users/{id}"
    assert play.step.path == "/Users/u-1001"
    assert play.body["Operations"] == [{"op": op, "path": MANAGER, "value": "u-2000"}]
    play << answers.no_content
    play.is_done()


def test_an_old_sample_writes_a_list_with_a_reference(both: Any) -> None:
    play = both(old_manager_sample=True)
    value = [{"$ref": "https://app.example/Users/u-2000", "value": "u-2000"}]
    assert play.body["Operations"] == [{"op": "Add", "path": "manager", "value": value}]


def test_an_older_client_asks_first(both: Any, answers: Any) -> None:
    play = both(asks_members_first=True) >> "GET /Users"
    assert play.step.query == "filter=id+eq+u-1001+and+manager+eq+u-2000&attributes=id"
    play << answers.users(answers.user())
    play.is_done()


def test_a_manager_that_the_service_shows_in_an_object_is_in_step(both: Any, answers: Any) -> None:
    play = both() << answers.no_content
    shown = {ENTERPRISE_USER: {"manager": {"value": "u-2000"}}}
    play.when(Edit("leaver")) << answers.one(answers.user(**shown))
    play.is_done()


@pytest.mark.parametrize("shown", ["u-2000", ["u-2000"], {"value": 7}, None])
def test_a_manager_in_another_shape_is_written_each_time(both: Any, answers: Any, shown: Any) -> None:
    play = both() << answers.no_content
    play.when(Edit("leaver")) << answers.one(answers.user(**{ENTERPRISE_USER: {"manager": shown}}))
    play >> "PATCH /Users/{id}"


@pytest.mark.parametrize(
    ("variant", "operation"),
    [
        ("default", {"op": "Remove", "path": MANAGER}),
        (FLAG, {"op": "remove", "path": 'manager[value eq "u-2000"]'}),
    ],
)
def test_a_manager_who_is_gone_is_removed(both: Any, answers: Any, variant: str, operation: Any) -> None:
    play = both(variant) << answers.no_content
    shown = {ENTERPRISE_USER: {"manager": {"value": "u-2000"}}}
    play.when(Edit("leaver", attributes=(("manager", ""),))) << answers.one(answers.user(**shown))
    assert play.body["Operations"] == [operation]


def test_a_manager_who_is_not_provisioned_is_left_out_and_not_written_later(
    job: Any, mapped: Schema, reporting: Cast, answers: Any
) -> None:
    play = job(setup=Setup(mapping=mapped), cast=reporting).when(Assign("leaver")) << answers.users(answers.user())
    play.is_done()
    assert play.notices[-1][1] == "UnableToResolveReferenceAttributeValue"
    grace = answers.user("u-2000", person=reporting["bystander-1"].person)
    play.when(Assign("bystander-1")) << answers.users(grace)
    play.is_done()
    play.when(TimePasses(minutes=24 * 60)).is_done()


def test_whoever_failed_in_the_first_pass_is_left_out_of_the_second_and_comes_back(
    job: Any, mapped: Schema, reporting: Cast, answers: Any
) -> None:
    play = job(setup=Setup(mapping=mapped), cast=reporting)
    play.when(Assign("leaver", rushed=True)).is_done()
    play.when(Assign("bystander-1")) << answers.users(answers.user(active=False)) << answers.error(500)
    play << answers.users(answers.user("u-2000", person=reporting["bystander-1"].person))
    play.is_done()
    play.when(TimePasses(minutes=40)) >> "GET /Users/{id}" << answers.one(answers.user()) >> "PATCH /Users/{id}"
    assert play.step.tag == "manager"


def test_a_refused_reference_is_tried_again_and_does_not_count_towards_quarantine(both: Any, answers: Any) -> None:
    play = both() << answers.error(400)
    (failed,) = play.idp.escrow.failed.values()
    assert failed.reference
    play.when(TimePasses(minutes=40)) >> "GET /Users/{id}" << answers.one(answers.user()) >> "PATCH /Users/{id}"
    assert play.step.tag == "manager"
