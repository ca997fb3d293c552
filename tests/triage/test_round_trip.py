"""What defects leave behind, exported and triaged blind: a sample of what benchmarks/triage.py measures."""

from __future__ import annotations

import json

import pytest

from benchmarks.rehearsal import Export, excerpt, exports, scenarios, unmarked
from benchmarks.triage import DEFECTS, WHERE_TO, Tally, by_lot, names, triaged, weigh
from harness.model.case import Actor, Case, Likelihood, Suspicion
from harness.triage.rules import load_rules
from reference_server.defects import catalogue

SAMPLE = {
    "active-string-false-rejected": "leaver",
    # Its answer shows what was asked for: only who reads again, as for somebody who comes back, meets the difference.
    "patch-noop-success": "rehire",
    "pathless-value-object": "leaver",
    "put-only-server": "leaver",
}


def exported(defect: str, story: str) -> list[Export]:
    return [e for e in exports(defect, tuple(scenarios(only=frozenset({story})))) if e.shows]


def test_eighty_defects_are_measured_and_others_that_are_drawn() -> None:
    assert len(set(DEFECTS)) == 80
    assert set(DEFECTS) <= catalogue().keys()
    assert len(by_lot()) >= 60
    assert not set(DEFECTS) & set(by_lot())


def test_what_is_said_to_lead_to_a_repair_exists() -> None:
    assert set(WHERE_TO) <= catalogue().keys()
    assert {rule for rules in WHERE_TO.values() for rule in rules} <= load_rules().keys()


def test_a_requirement_leads_to_a_repair_where_the_judge_found_it_broken_and_the_service_has_to_act() -> None:
    proved = ("there is no body (RFC7644-3.12-01): gateway.har, entry 2",)
    service = Suspicion("service-failing", "", Likelihood.HIGH, Actor.SERVICE, evidence=proved)
    customer = Suspicion("group-sync-left-on", "", Likelihood.HIGH, Actor.CUSTOMER, evidence=proved)
    assert names(service, "error-without-body")
    assert not names(customer, "error-without-body")
    assert not names(Suspicion("list-not-readable", "", Likelihood.HIGH, Actor.SERVICE), "no-match-404")


def test_a_cause_is_right_when_it_leads_to_the_repair_and_sure_ones_that_are_wrong_are_counted() -> None:
    right = Suspicion("patch-not-served", "", Likelihood.MEDIUM, Actor.SERVICE)
    wrong = Suspicion("expired-token", "", Likelihood.HIGH, Actor.CUSTOMER)
    tally = Tally()
    tally.take(Case((), causes=(right, wrong)), "put-only-server")
    tally.take(Case((), causes=(wrong, right)), "put-only-server")
    tally.take(Case((), causes=(wrong,)), "put-only-server")
    tally.take(Case((), causes=(wrong,)), "put-only-server", frozenset({"expired-token"}))
    tally.take(Case(()), "put-only-server")
    assert (tally.of, tally.first, tally.among, tally.wrong, tally.sure, tally.unknown) == (5, 1, 1, 2, 1, 1)


def test_an_excerpt_of_a_log_is_found_in_it() -> None:
    whole = {"log": ("a", "b", "c")}
    assert excerpt({"log": ("a", "c")}, whole)
    assert not excerpt({"log": ("c", "a")}, whole)
    assert not excerpt({"log": ("a", "a")}, whole)
    assert not excerpt({"tasks": ("a",)}, whole)


@pytest.mark.thorough
@pytest.mark.parametrize("defect", SAMPLE)
def test_the_defect_is_named_first_from_traffic_and_from_the_log(defect: str) -> None:
    found = exported(defect, SAMPLE[defect])
    assert found
    for export in found:
        for files in (export.traffic, export.log if export.told else {}):
            if files:
                first = triaged(files).causes[0]
                assert first.likelihood is not Likelihood.LOW, export.scenario
                assert names(first, defect), export.scenario


@pytest.mark.thorough
def test_a_log_that_says_what_it_says_without_the_defect_is_counted_apart() -> None:
    """Whoever is looked up in vain by a PUT that does nothing: the answers differ, and Okta logs none of them."""
    chosen = tuple(scenarios(only=frozenset({"rehire"})))
    traffic, logs = Tally(), Tally()
    assert weigh(exports("patch-noop-success", chosen), traffic, logs)
    assert traffic.of > logs.of
    assert logs.silent + logs.shared == traffic.of - logs.of


@pytest.mark.thorough
def test_the_export_gives_nothing_away() -> None:
    defect = "pathless-value-object"
    for export in exported(defect, "leaver"):
        for text in (*export.traffic.values(), *export.log.values()):
            assert defect not in text
            assert export.scenario not in text
        for text in export.traffic.values():
            agents = {h["value"] for e in json.loads(text)["log"]["entries"] for h in e["request"]["headers"]}
            assert not any("scimulator" in agent for agent in agents)


def test_the_mark_of_a_simulated_log_is_taken_out() -> None:
    assert json.loads(unmarked('[{"scimulator": {"scenario": "okta/oin/leaver"}, "uuid": "1"}]')) == [{"uuid": "1"}]
    assert unmarked("# simulated by scimulator\n\nDashboard > Tasks\n") == "\nDashboard > Tasks\n"
