"""What is mapped, compared and created, in both dialects."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import Assign, Unassign
from harness.model.step import ENTERPRISE_USER, USER, Intent
from simulators.entra import Setup
from simulators.entra.mapping import FULL, WITH_EXTERNAL_ID

FLAG = "aadOptscim062020"


def test_the_cut_mapping_creates_with_two_attributes(job: Any, answers: Any) -> None:
    play = job().when(Assign("leaver")) << answers.users() >> "POST /Users"
    assert play.body == {
        "schemas": [USER, ENTERPRISE_USER],
        "userName": "ada@example.example",
        "active": True,
        "meta": {"resourceType": "User"},
    }


def test_the_full_mapping_creates_in_the_order_of_the_sample(job: Any, answers: Any) -> None:
    play = job(setup=Setup(mapping=FULL)).when(Assign("leaver")) << answers.users()
    assert list(play.body) == [
        "schemas",
        "externalId",
        "userName",
        "active",
        "displayName",
        "emails",
        "meta",
        "name",
        "roles",
    ]
    assert play.body["emails"] == [{"primary": True, "type": "work", "value": "ada@example.example"}]
    assert play.body["name"] == {"formatted": "Ada Hopper", "familyName": "Hopper", "givenName": "Ada"}
    assert (play.body["externalId"], play.body["roles"]) == ("ada", [])


def test_an_external_id_that_is_not_echoed_is_added_in_every_cycle(linked: Any, answers: Any) -> None:
    play = linked(setup=Setup(mapping=WITH_EXTERNAL_ID))
    assert play.body["Operations"] == [{"op": "Add", "path": "externalId", "value": "ada"}]
    play << answers.no_content
    play.when(Unassign("leaver")) << answers.one(answers.user())
    assert [op["path"] for op in play.body["Operations"]] == ["active", "externalId"]


STALE = {
    "displayName": "Old",
    "title": "Old",
    "emails": [{"type": "home", "value": "h@x.example"}, {"type": "work", "value": "old@x.example"}],
    "name": {"givenName": "Old"},
    "externalId": "ada",
}


def test_without_the_flag_every_attribute_is_its_own_operation(job: Any, answers: Any) -> None:
    play = job(setup=Setup(mapping=FULL)).when(Assign("leaver")) << answers.users(answers.user(**STALE))
    assert [(op["op"], op["path"], op.get("value")) for op in play.body["Operations"]] == [
        ("Replace", "displayName", "Ada Hopper"),
        ("Remove", "title", None),
        ("Replace", 'emails[type eq "work"].value', "ada@example.example"),
        ("Replace", "name.givenName", "Ada"),
        ("Add", "name.familyName", "Hopper"),
        ("Add", "name.formatted", "Ada Hopper"),
    ]
    assert play.step.intent is Intent.UPDATE


def test_with_the_flag_simple_replaces_are_folded_under_dotted_keys(job: Any, answers: Any) -> None:
    play = job(FLAG, Setup(mapping=FULL)).when(Assign("leaver")) << answers.users(answers.user(**STALE))
    *apart, folded = play.body["Operations"]
    assert [(op["op"], op["path"]) for op in apart] == [
        ("remove", "title"),
        ("replace", 'emails[type eq "work"].value'),
        ("add", "name.familyName"),
        ("add", "name.formatted"),
    ]
    assert folded == {"op": "replace", "value": {"displayName": "Ada Hopper", "name.givenName": "Ada"}}


@pytest.mark.parametrize("odd", [{"name": "Ada"}, {"emails": "a@x"}, {"emails": [None, 3]}, {"name": [], "emails": {}}])
def test_attributes_of_the_wrong_shape_are_compared_without_harm(job: Any, answers: Any, odd: Any) -> None:
    play = job(setup=Setup(mapping=FULL)).when(Assign("leaver")) << answers.users(answers.user(**odd))
    assert play.step.method == "PATCH"


def test_bodies_are_compact_utf_8(job: Any, answers: Any, cast: Cast) -> None:
    person = replace(cast["leaver"].person, given_name="Zoë", user_name="zoë@x.example")
    play = job(cast=Cast((replace(cast["leaver"], person=person),))).when(Assign("leaver")) << answers.users()
    assert b": " not in play.step.body
    assert "zoë@x.example" in play.step.body.decode()
    assert json.loads(play.step.body)["userName"] == "zoë@x.example"
