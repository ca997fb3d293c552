"""From a line of a log the requests are worked out that the IdP must have sent, in its dialect, and marked as such."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.intake.reconstruct import reconstruct
from harness.model.case import Possibility
from harness.model.exchange import Exchange
from harness.model.partial import lacks
from harness.model.sighting import Confidence, LogEvent, Provenance, Sighting
from harness.plan import vendors
from harness.triaging import told as told_case
from harness.triaging import triage
from reports.casebook import render

Told = Callable[..., tuple[Possibility, ...]]


@pytest.fixture
def told() -> Told:
    def worked_out(idp: str, kind: str, outcome: str = "SUCCESS", *variants: str, **more: Any) -> Any:
        event = LogEvent(idp, kind, outcome, **{"person": "ada@example.test", "target_id": "u-1001"} | more)
        where = Provenance("log.json", "entra-log", "value[0]")
        seen = Sighting(where, Confidence.REPORTED, "2026-01-02T03:04:05Z", idp, event=event)
        return reconstruct(seen, vendors(), variants)

    return worked_out


def wire(possibility: Possibility) -> list[str]:
    return [f"{x.method} {x.path}" for x in exchanges(possibility)]


def exchanges(possibility: Possibility) -> list[Exchange]:
    return [s.exchange for s in possibility.sightings if s.exchange is not None]


def test_a_disable_of_entra_is_a_read_and_a_patch_with_the_values_of_the_log(told: Told) -> None:
    changes = (("active", "True", "False"), ("displayName", "Ada", "Ada B."))
    old, new = told("entra", "disable", "failure", changes=changes)
    assert wire(old) == wire(new) == ["GET /Users/u-1001", "PATCH /Users/u-1001"]
    assert json.loads(exchanges(old)[1].request.body or b"")["Operations"] == [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Replace", "path": "displayName", "value": "Ada B."},
    ]
    assert json.loads(exchanges(new)[1].request.body or b"")["Operations"] == [
        {"op": "replace", "value": {"active": False, "displayName": "Ada B."}}
    ]
    assert (old.variant, new.variant) == ("default", "aadOptscim062020")


def test_a_deactivation_of_okta_depends_on_the_app_type_and_both_are_named(told: Told) -> None:
    catalogue, wizard = told("okta", "application.provision.user.deactivate")
    assert wire(catalogue) == ["PATCH /Users/u-1001"]
    assert wire(wizard) == ["GET /Users/u-1001", "PUT /Users/u-1001"]
    assert "wizard" in wizard.title.lower()
    (known,) = told("okta", "application.provision.user.deactivate", "SUCCESS", "aiw")
    assert wire(known) == wire(wizard)
    assert known.variant == "aiw"


def test_nothing_of_it_passes_for_a_recording(told: Told) -> None:
    for sighting in told("entra", "disable")[0].sightings:
        assert sighting.confidence is Confidence.RECONSTRUCTED
        assert sighting.exchange is not None
        assert not sighting.exchange.answered
        assert "response" in sighting.missing
        assert {"response body", "request headers"} <= lacks(sighting.exchange)
        assert sighting.provenance.place == "value[0]"


def test_a_creation_tells_no_invented_profile(told: Told) -> None:
    (one,) = told("okta", "application.provision.user.push", target_id="")
    lookup, create = exchanges(one)
    assert lookup.query.startswith("filter=userName%20eq%20%22ada%40example.test%22")
    assert (create.method, create.request.body) == ("POST", None)
    assert "request body" in lacks(create)


def test_after_the_call_that_failed_nothing_follows(told: Told) -> None:
    text = "Error while verifying if user ada exists: Unauthorized. Errors reported by remote server: no"
    (one,) = told("okta", "application.provision.user.push", "FAILURE", text=text)
    assert wire(one) == ["GET /Users"]


def test_an_unknown_id_stands_as_a_placeholder_and_is_missing(told: Told) -> None:
    possibility = told("okta", "application.provision.user.deactivate", target_id="")[0]
    assert wire(possibility) == ["PATCH /Users/{id}"]
    assert "id at the service" in possibility.sightings[0].missing


@pytest.mark.parametrize(
    ("idp", "kind", "outcome"),
    [
        ("entra", "other", "skipped"),
        ("entra", "stageddelete", "skipped"),
        ("okta", "application.user_membership.remove", "SUCCESS"),
        ("okta", "application.lifecycle.update", "SUCCESS"),
        ("", "anything", ""),
    ],
)
def test_what_sends_nothing_is_nothing(idp: str, kind: str, outcome: str, told: Told) -> None:
    assert told(idp, kind, outcome) == ()


def test_a_recycled_user_is_renamed_in_the_same_patch(told: Told) -> None:
    changes = (("active", "True", "False"), ("userName", "ada@example.test", "0" * 32 + "ada@example.test"))
    body = json.loads(exchanges(told("entra", "disable", changes=changes)[0])[1].request.body or b"")
    assert [o["path"] for o in body["Operations"]] == ["active", "userName"]


def test_deletions_and_groups_are_worked_out_too(told: Told) -> None:
    assert wire(told("entra", "delete")[0]) == ["DELETE /Users/u-1001"]
    group = {"person": "", "group": "Team Red", "target_id": "g-10"}
    assert wire(told("entra", "create", **group)[0])[:2] == ["GET /Groups", "POST /Groups"]
    assert "DELETE /Groups/g-10" in wire(told("entra", "delete", **group)[0])
    assert any(
        "PATCH /Groups/g-10" in wire(p) for p in told("okta", "application.provision.group_push.updated", **group)
    )


def test_triage_shows_what_must_have_been_sent_where_it_went_wrong(sample: Callable[[str], Path]) -> None:
    case = triage([sample("entra-graph-single.json")])
    assert [p.variant for p in case.rebuilt] == ["default", "aadOptscim062020"]
    shown = told_case(case)
    assert shown["rebuilt"][0]["requests"][1]["method"] == "PATCH"
    text = render(shown)
    assert "reconstructed" in text
    assert "PATCH /Users/u-1001" in text
