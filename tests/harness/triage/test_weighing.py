"""What is wrong is told before what a service does on purpose; nothing is sure beside what nobody explained."""

from __future__ import annotations

import pytest

from harness.model.case import Actor, Likelihood, Suspicion
from harness.model.cause import Cause, Who
from harness.model.requirement import Harm, Level
from harness.model.verdict import Outcome
from harness.triage import rules
from harness.triage.picture import Picture
from harness.triage.rules import RuleError, expected, load_rules
from harness.triage.weighing import MOST, weighed

BREACH = Cause(
    id="C-000000",
    title="",
    harm=Harm.DRIFT,
    who=Who.SERVICE,
    level=Level.MUST,
    outcome=Outcome.FAILED,
    requirement="RFC7643-3.1-12",
    requirements=("RFC7643-3.1-12", "HTTP-META-01", "PROF-D-01"),
    findings=(),
    scenarios=(),
    first_finding="",
    first_exchange="",
    because="there is no location",
)


def cause(name: str, likelihood: Likelihood, *evidence: str) -> Suspicion:
    return Suspicion(name, name, likelihood, Actor.SERVICE, evidence=evidence)


GROUPS = cause("idp-offers-push-anyway", Likelihood.HIGH)


def test_a_probable_fault_is_told_before_a_sure_refusal_of_groups() -> None:
    told = weighed([GROUPS, cause("service-failing", Likelihood.MEDIUM)], Picture(), ())
    assert [(c.id, c.likelihood.value) for c in told] == [
        ("service-failing", "medium"),
        ("idp-offers-push-anyway", "medium"),
    ]


def test_a_refusal_of_groups_is_sure_where_nothing_else_is_wrong() -> None:
    picture = Picture()
    picture.failures[frozenset({"anything-failed", "group-refused-by-okta"})] = 3
    assert weighed([GROUPS], picture, ()) == (GROUPS,)


def test_a_failure_of_which_no_cause_speaks_makes_it_less_sure() -> None:
    picture = Picture()
    picture.failures[frozenset({"anything-failed"})] = 1
    assert [c.likelihood for c in weighed([GROUPS], picture, ())] == [Likelihood.MEDIUM]


def test_that_all_is_well_is_not_said_beside_a_fault() -> None:
    told = weighed([cause("all-well", Likelihood.MEDIUM), cause("service-failing", Likelihood.MEDIUM)], Picture(), ())
    assert [c.id for c in told] == ["service-failing"]


def test_a_breach_in_requests_that_went_well_does_not_push_a_refusal_aside() -> None:
    told = weighed([GROUPS, cause("RFC7643-3.1-12", Likelihood.MEDIUM)], Picture(), [BREACH])
    assert [(c.id, c.likelihood.value) for c in told] == [
        ("idp-offers-push-anyway", "medium"),
        ("RFC7643-3.1-12", "medium"),
    ]


def test_a_breach_names_the_promise_that_it_breaks_first_among_what_it_breaks_besides() -> None:
    proved = cause("RFC7643-3.1-12", Likelihood.HIGH, "there is no location (RFC7643-3.1-12)")
    evidence = weighed([proved], Picture(), [BREACH])[0].evidence
    assert evidence[0] == "there is no location (RFC7643-3.1-12)"
    assert [piece.rpartition("(")[2] for piece in evidence[1:]] == ["PROF-D-01)", "HTTP-META-01)"]
    assert len(evidence) <= 1 + MOST


def test_what_is_expected_of_a_service_is_a_rule_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"post-refused-for-jit-only", "all-well", "group-sync-left-on"} <= expected() <= load_rules().keys()
    monkeypatch.setattr(rules, "load_rules", dict)
    with pytest.raises(RuleError, match=r"expected names .*all-well.*, which is no rule"):
        expected.__wrapped__()
