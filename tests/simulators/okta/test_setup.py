"""Boxes, authorization, and the switches of what is not certain."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from harness.model.change import (
    Assign,
    Feature,
    GroupOnDemand,
    Import,
    LeaveScope,
    OnDemand,
    PushGroup,
    Reassign,
    Restart,
    Restore,
    Retry,
    SignIn,
    Switch,
    TestConnection,
    Unassign,
)
from harness.model.outlook import RemovalState
from harness.model.sequence import Evidence
from simulators.okta import OKTA, Authorization, Setup, SetupError, connect
from simulators.okta.profile import mapped


@pytest.mark.parametrize(
    ("variant", "setup", "said"),
    [
        (
            "aiw",
            Setup(authorization=Authorization.HEADER),
            "aiw does not offer the authorization 'header'; it has bearer, doubled, basic, oauth",
        ),
        ("oin", Setup(batch=99), "batch 99: Okta takes 100 to 1000"),
        ("oin", Setup(batch=1001), "batch 1001: Okta takes 100 to 1000"),
        ("aiw", Setup(patch_profile=True), "a wizard app always writes people by PUT"),
        ("oin", Setup(import_every=-1), "import_every -1: expected minutes"),
    ],
)
def test_what_an_app_type_does_not_offer_is_refused(variant: str, setup: Setup, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        connect(variant, setup)


def test_every_quirk_s_switch_is_a_setting_and_every_uncertain_habit_has_one() -> None:
    settings = {field.name for field in fields(Setup)}
    assert {quirk.switch for quirk in OKTA.quirks if quirk.switch} == settings
    assert [q.name for q in OKTA.quirks if q.evidence is Evidence.INFERRED and not q.switch] == []


def test_boxes_are_ticked_and_unticked_while_the_story_goes_on(app: Any, answers: Any) -> None:
    play = app("oin").when(Switch(feature=Feature.CREATE, on=False))
    play.when(Assign("leaver")) << answers.users()
    play.is_done()
    play.when(Switch(feature=Feature.CREATE, on=True)).when(Switch(feature=Feature.MAP_EVERYTHING, on=True))
    play.when(Assign("leaver")) << answers.users() >> "POST /Users"


def test_the_mapping_goes_back_to_the_customer_s_own(app: Any, answers: Any) -> None:
    play = app("oin", Setup(mapping=mapped(userName="'own'")))
    for on, wanted in ((True, "ada%40example.example"), (False, "own")):
        play.when(Switch(feature=Feature.MAP_EVERYTHING, on=on)).when(Assign("leaver"))
        assert f"%22{wanted}%22" in play.step.query
        play << answers.users() << answers.error(405)


@pytest.mark.parametrize("feature", [Feature.DELETE, Feature.MAP_ACTIVE, Feature.SKIP_OUT_OF_SCOPE])
def test_a_box_that_is_another_idp_s_changes_nothing(app: Any, feature: Feature) -> None:
    play = app("oin").when(Switch(feature=feature, on=False))
    assert play.idp.setup == Setup()


@pytest.mark.parametrize(
    "change",
    [SignIn("leaver"), Restart(), Restore("leaver"), OnDemand("leaver"), GroupOnDemand(), LeaveScope("leaver")],
)
def test_what_okta_does_not_know_sends_nothing(app: Any, answers: Any, change: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(change).is_done()
    assert OKTA.outlook(play.transcript()).removals == ()


def test_somebody_who_is_not_cast_is_passed_over(app: Any) -> None:
    app("oin").when(Assign("bystander-9")).is_done()


def test_of_several_matches_none_is_taken_when_the_switch_says_so(app: Any, answers: Any) -> None:
    play = app("oin", Setup(first_match=False))
    play.when(Assign("leaver")) << answers.users(answers.user("u-7"), answers.user("u-8"))
    assert play.idp.user(play.cast["leaver"]).external_id == ""


def test_counts_that_are_strings_are_read_when_the_switch_says_so(app: Any, answers: Any) -> None:
    play = app("oin", Setup(strict_counts=False)).when(Assign("leaver")) << answers.users(
        answers.user("u-7"), totalResults="1"
    )
    assert play.idp.user(play.cast["leaver"]).external_id == "u-7"


@pytest.mark.parametrize("answer", ["empty", "error", "html"])
def test_an_import_ends_at_a_page_that_is_empty_or_cannot_be_read(app: Any, answers: Any, answer: str) -> None:
    page = answers.users(*[answers.user(f"u-{n}") for n in range(100)], totalResults=10**9)
    broken = {"empty": answers.users(totalResults=10**9), "error": answers.error(500), "html": answers.raw(b"<html>")}
    play = app("aiw").when(Import()) << page << page >> "GET /Users"
    assert play.step.query == "startIndex=201&count=100"
    play << broken[answer]
    play.is_done()


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_who_was_assigned_before_provisioning_is_left_alone_until_somebody_presses_provision_user(
    app: Any, answers: Any, variant: str
) -> None:
    play = app(variant).when(Switch(feature=Feature.PROVISIONING, on=False))
    play.when(Assign("leaver")).when(PushGroup()).when(Import()).is_done()
    play.when(Switch(feature=Feature.PROVISIONING, on=True)).is_done()
    assert play.notices[-1][2].endswith("Click Provision User.")
    play.when(Unassign("leaver")).is_done()
    (told,) = OKTA.outlook(play.transcript()).removals
    assert (told.state, "nobody pressed Provision User" in told.why) == (RemovalState.NEVER_TRIED, True)
    play.when(Switch(feature=Feature.PROVISIONING, on=False)).when(Reassign("leaver"))
    play.when(Switch(feature=Feature.PROVISIONING, on=True)).when(Retry("leaver")) >> "GET /Users"
    play << answers.users(answers.user())
    play.when(Unassign("leaver")).answering(answers.one(answers.user()))
    (told,) = OKTA.outlook(play.transcript()).removals
    assert told.state is RemovalState.DONE


def test_the_integration_is_tested_before_it_is_switched_on(app: Any, answers: Any) -> None:
    play = app("oin").when(Switch(feature=Feature.PROVISIONING, on=False))
    play.when(TestConnection()) >> "GET /Users"


def test_leaving_while_provisioning_is_off_tells_the_service_nothing(app: Any, answers: Any) -> None:
    play = app("oin").when(Assign("leaver")) << answers.users(answers.user())
    play.when(Switch(feature=Feature.PROVISIONING, on=False)).when(Unassign("leaver")).is_done()
    (told,) = OKTA.outlook(play.transcript()).removals
    assert (told.state, told.why.startswith("provisioning is off")) == (RemovalState.NEVER_TRIED, True)
