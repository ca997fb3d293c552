"""One bug is one cause, two are two; ids hold still; nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from harness.causes import causes
from harness.model.cause import Theme, Who
from harness.model.exchange import Exchange, Phase, Role
from harness.model.finding import Finding
from harness.model.requirement import Harm, Level, Requirement
from harness.model.run import ScenarioResult
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import Effect
from harness.model.transcript import Transcript
from harness.model.verdict import Outcome, Verdict

THEMES = (
    Theme("bodies", "", ("BODY-*",), explains=("patch",)),
    Theme("lists", "", ("LIST-*",)),
    Theme("reads", "", ("READ-*",), explains=("patch",)),
    Theme("patch", "", ("PATCH-*",)),
    Theme("crashes", "", ("CRASH-*",), explains=("patch", "lists"), split=True),
    Theme("promises", "", ("MB-*",), result=True),
    Theme("vendors", "", ("OKTA-*",), result=True),
)
OUTCOMES = {Level.MUST: Outcome.FAILED, Level.PROMISE: Outcome.FAILED, Level.SHOULD: Outcome.WARNED}
LEVELS = {"MB": Level.PROMISE, "OKTA": Level.VENDOR, "READ": Level.MAY}
Crossed = Callable[..., Exchange]
Found = Callable[..., tuple[Any, ...]]


def requirement(name: str, harm: str = "form") -> Requirement:
    level = LEVELS.get(name.partition("-")[0], Level.MUST)
    return Requirement(name, level, "§1", f"{name} holds", "https://x.example", "mend it", harm=Harm(harm))


@pytest.fixture
def found(crossed: Crossed) -> Found:
    """The causes of findings given as (requirement, exchange, further members of the finding)."""

    def make(
        *given: tuple[str, Exchange, dict[str, Any]],
        exchanges: tuple[Exchange, ...] = (),
        shuffled: int = 0,
        **harms: str,
    ) -> tuple[Any, ...]:
        by_scenario: dict[str, list[tuple[str, Exchange, dict[str, Any]]]] = {}
        for one in given:
            by_scenario.setdefault(one[1].scenario, []).append(one)
        results = []
        for name, findings in by_scenario.items():
            key = ScenarioKey(name, Kind.STORY, "t")
            seen = {x.id: x for x in (*exchanges, *(x for _, x, _ in findings)) if x.scenario == name}
            transcript = Transcript(key, "https://x.example", tuple(sorted(seen.values(), key=lambda x: x.ordinal)))
            verdicts = []
            for rule, x, members in findings:
                finding = Finding(expected=["x"], actual="y", requirement=rule, **members)
                placed = finding.placed(check="c.c", scenario=name, requirement=rule, exchange=x.id)
                level = requirement(rule).level
                outcome = OUTCOMES.get(level, Outcome.NOTED)
                verdicts.append(Verdict(name, "c.c", rule, level, outcome, (placed,)))
            results.append(ScenarioResult(key, Outcome.FAILED, transcript, tuple(verdicts)))
        random.Random(shuffled).shuffle(results)
        rules = {rule for rule, _, _ in given}
        place = {r: next(t.name for t in THEMES if t.holds[0].startswith(r.partition("-")[0])) for r in rules}
        known = {r: requirement(r, harms.get(r.replace("-", "_"), "form")) for r in rules}
        return causes(results, known, THEMES, place)

    return make


def test_without_findings_there_is_no_cause(found: Found) -> None:
    assert found() == ()


def test_what_is_found_at_the_same_exchange_goes_back_to_the_most_basic_requirement(
    found: Found, crossed: Crossed
) -> None:
    x = crossed(3)
    (cause,) = found(("OKTA-1", x, {}), ("PATCH-1", x, {}), ("BODY-1", x, {}), PATCH_1="access")
    assert cause.requirement == "BODY-1"
    assert cause.requirements == ("BODY-1", "OKTA-1", "PATCH-1")
    assert (cause.first_exchange, cause.harm, cause.outcome, cause.who) == (x.id, "access", "failed", Who.SERVICE)
    assert len(set(cause.findings)) == 3
    assert cause.findings[0] == cause.first_finding


def test_two_themes_that_do_not_explain_each_other_are_two_causes_also_at_one_exchange(
    found: Found, crossed: Crossed
) -> None:
    x = crossed(3)
    assert {c.requirement for c in found(("LIST-1", x, {}), ("PATCH-1", x, {}))} == {"LIST-1", "PATCH-1"}


def test_a_refusal_with_the_same_words_elsewhere_is_the_same_cause(found: Found, crossed: Crossed) -> None:
    body = b'{"detail": "Use application/json", "scimType": "invalidSyntax"}'
    here = crossed(1, status=415, body=body)
    there = crossed(9, status=415, body=body, id="x-2", scenario="entra/default/leaver")
    other = crossed(9, status=400, body=b'{"detail": "No"}', id="x-3", scenario="probe/patching")
    assert len(found(("BODY-1", here, {}), ("PATCH-1", there, {}))) == 1
    assert len(found(("BODY-1", here, {}), ("PATCH-1", other, {}))) == 2


def test_what_is_seen_after_a_change_goes_back_to_the_write_of_that_change(found: Found, crossed: Crossed) -> None:
    write = crossed(1)
    seen = crossed(2, role=Role.WITNESS, phase=Phase.AFTER, effect=Effect.READ)
    later = crossed(5, role=Role.WITNESS, phase=Phase.AFTER, effect=Effect.READ, moment=1)
    assert len(found(("PATCH-1", write, {}), ("MB-1", seen, {"at": "/active"}))) == 1
    assert len(found(("PATCH-1", write, {}), ("MB-1", later, {"at": "/active"}))) == 2


def test_server_errors_at_unrelated_collections_are_different_causes(found: Found, crossed: Crossed) -> None:
    people = crossed(1, status=500)
    again = crossed(2, status=500, template="/Users?filter")
    groups = crossed(3, status=500, template="/Groups")
    assert len(found(("CRASH-1", people, {}), ("CRASH-1", again, {"likeness": "b"}))) == 1
    both = found(("CRASH-1", people, {}), ("CRASH-1", groups, {"likeness": "b"}))
    assert len({c.id for c in both}) == 2


def test_every_finding_belongs_to_exactly_one_cause_in_whatever_order_the_scenarios_were_played(
    found: Found, crossed: Crossed
) -> None:
    given = [
        (rule, crossed(n, id=f"x-{n}", scenario=f"probe/{n % 4}", status=(200, 404, 500)[n % 3]), {"at": f"/{n % 5}/a"})
        for n, rule in enumerate(["BODY-1", "LIST-1", "PATCH-1", "MB-1", "OKTA-1", "CRASH-1", "LIST-2"] * 4)
    ]
    first = found(*given)
    told = [f for cause in first for f in cause.findings]
    assert len(told) == len(set(told)) == len({(g[0], g[1].scenario, g[2]["at"][2:]) for g in given})
    for shuffled in range(1, 4):
        assert found(*given, shuffled=shuffled) == first


def test_an_expectation_of_an_idp_alone_can_be_met_by_either_side(found: Found, crossed: Crossed) -> None:
    (cause,) = found(("OKTA-1", crossed(1), {}))
    assert (cause.who, cause.outcome, cause.level) == (Who.EITHER, Outcome.NOTED, Level.VENDOR)


def test_what_only_an_idp_expects_never_names_a_cause_that_fails(found: Found, crossed: Crossed) -> None:
    x = crossed(1)
    (cause,) = found(("OKTA-1", x, {}), ("MB-1", x, {}))
    assert (cause.requirement, cause.level, cause.outcome) == ("MB-1", Level.PROMISE, Outcome.FAILED)


def test_what_a_service_may_leave_out_is_not_behind_what_it_must_do(found: Found, crossed: Crossed) -> None:
    """However often a header is missing: at the read that shows a leaver active it is not the reason for that."""
    read = crossed(2, role=Role.WITNESS, phase=Phase.AFTER, effect=Effect.READ)
    elsewhere = crossed(3, id="x-9", scenario="probe/ids")
    given = [("READ-1", read, {}), ("READ-1", elsewhere, {}), ("MB-1", read, {}), ("PATCH-1", read, {})]
    told = {c.requirement: c for c in found(*given)}
    assert (told["READ-1"].requirements, told["READ-1"].outcome) == (("READ-1",), Outcome.NOTED)
    assert (told["PATCH-1"].requirements, told["PATCH-1"].scenarios) == (("PATCH-1", "MB-1"), (read.scenario,))


def test_the_worst_for_people_comes_first(found: Found, crossed: Crossed) -> None:
    given = [(f"LIST-{n}", crossed(n, id=f"x-{n}", scenario=f"okta/oin/{n}"), {}) for n in range(2)]
    given.append(("PATCH-1", crossed(7, id="x-7", scenario="okta/oin/7"), {}))
    assert found(*given, LIST_0="leak", LIST_1="leak", PATCH_1="access")[0].harm == "access"


def test_a_cause_says_what_was_seen_first(found: Found, crossed: Crossed) -> None:
    (cause,) = found(("PATCH-1", crossed(1, status=400), {"at": "/status"}), ("PATCH-2", crossed(1, status=400), {}))
    assert cause.because == (
        "PATCH /Users/{id} was answered with 400: expected x at /status, got y. One more finding goes back to it."
    )
