"""The laboratory: rehearse against a reference server that is right, or wrong on purpose, without any report."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.checks import all_checks
from harness.model.run import Run
from harness.model.scenario import Scenario
from harness.model.verdict import Outcome
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage
from reference_server.defects.registry import Defect

HERE = Path(__file__).parent
Rehearse = Callable[..., Run]

CROSS_SECTION = frozenset(
    {
        "okta/oin/connection",
        "okta/oin/leaver",
        "okta/oin/rehire",
        "okta/oin/unknown-at-service",
        "okta/oin/already-inactive",
        "okta/oin/group-push-refused",
        "okta/oin/group-life",
        "okta/aiw/leaver",
        "okta/aiw/rehire",
        "okta/aiw/profile-edit",
        "entra/default/connection",
        "entra/default/leaver",
        "entra/default/leaver-deleted",
        "entra/default/leaver-purged",
        "entra/default/restored",
        "entra/default/unknown-at-service",
        "entra/default/group-push-refused",
        "entra/default/group-life",
        "entra/aadOptscim062020/leaver",
        "entra/aadOptscim062020/leaver-deleted",
        "entra/aadOptscim062020/renamed-leaver",
    }
)
"""The stories that a defect has to pass: each IdP, app type, dialect and kind of change at least once."""

TOLD_OF_CLEAN = {"interop": frozenset({"OKTA-05", "OKTA-08", "OKTA-09", "OKTA-10", "PROF-D-07"})}
"""What is told of a preset without any defect: the interoperability profile forbids what Okta's catalogue apps send."""

_RANK = ["", Outcome.NOTED.value, Outcome.WARNED.value, Outcome.FAILED.value]


@pytest.fixture
def rehearse(tmp_path: Path) -> Rehearse:
    """Play a profile's plan, or the wanted part of it, against a preset with these defects, and judge it."""

    def run(
        profile: str,
        preset: str = "",
        *defects: str,
        selection: Selection = Selection(),  # noqa: B008 - a frozen value
        wanted: Callable[[Scenario], bool] = lambda scenario: True,
    ) -> Run:
        settings = Settings(profile=profile, preset=preset or profile, defects=defects)
        claimed = load_profile(profile)
        stage = Stage(settings, claimed, tmp_path / f"{profile}-{preset}-{'-'.join(defects)}")
        scenarios = tuple(s for s in plan(claimed, selection, vendors(), all_probes()) if wanted(s))
        stage.begin(scenarios)
        for scenario in scenarios:
            stage.verdicts(scenario)
        stage.finish()
        return stage.conclude()

    return run


class Book:
    """The committed matrix: for each defect, what found it, and the few scenarios in which all of that shows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        read = json.loads(path.read_text("utf-8")) if path.exists() else {"scenarios": [], "defects": {}}
        self.scenarios: list[str] = read["scenarios"]
        self.rows: dict[str, dict[str, Any]] = read["defects"]

    def write(self) -> None:
        """One defect a line: two people who add defects do not meet."""
        rows = ",\n".join(f"{json.dumps(n)}: {json.dumps(r, sort_keys=True)}" for n, r in sorted(self.rows.items()))
        scenarios = json.dumps(sorted(self.scenarios))
        self.path.write_text(f'{{"scenarios": {scenarios},\n"defects": {{\n{rows}\n}}}}\n', "utf-8")

    def wanted(self, defect: Defect, *, writing: bool) -> Callable[[Scenario], bool]:
        """What a defect is met with: where it is known to show, and what is new since; everything when it is new."""
        row = self.rows.get(defect.name)
        if row is None or (writing and row["breaks"] != held(defect)):
            return in_cross_section
        shown = set(row["shown_in"])
        known = set(self.scenarios)
        return lambda s: s.id in shown or (writing and s.id not in known and in_cross_section(s))

    @staticmethod
    def row(run: Run, defect: Defect) -> dict[str, Any]:
        """What a run against a defect found, without anything that could differ from run to run."""
        checks: dict[str, set[str]] = {}
        outcomes: dict[str, str] = {}
        shows: dict[str, set[tuple[str, str, str]]] = {}
        usual = TOLD_OF_CLEAN.get(run.meta["preset"], frozenset()) - set(defect.breaks)
        for verdict, _ in run.findings:
            if verdict.requirement in usual:
                continue
            requirement, outcome = verdict.requirement, verdict.outcome.value
            checks.setdefault(requirement, set()).add(verdict.check)
            outcomes[requirement] = max(outcomes.get(requirement, ""), outcome, key=_RANK.index)
            shows.setdefault(verdict.scenario, set()).add((requirement, verdict.check, outcome))
        told = {r: {"outcome": outcomes[r], "checks": sorted(checks[r])} for r in sorted(checks)}
        cost = {result.key.id: len(result.transcript.exchanges) or 1 for result in run.results}
        return {
            "preset": run.meta["preset"],
            "verdict": run.conclusion.value,
            "breaks": held(defect),
            "named": {r: found for r, found in told.items() if r in defect.breaks},
            "besides": {r: found for r, found in told.items() if r not in defect.breaks},
            "causes": [cause.requirement for cause in run.causes if cause.requirement not in usual],
            "shown_in": _few(shows, cost),
        }


@pytest.fixture(scope="session")
def book() -> Book:
    return Book(HERE / "matrix.json")


def in_cross_section(scenario: Scenario) -> bool:
    return scenario.probe is not None or scenario.id in CROSS_SECTION


@cache
def judged() -> frozenset[str]:
    """The clauses that some check judges."""
    return frozenset(r for check in all_checks().values() for r in check.requirements)


def held(defect: Defect) -> list[str]:
    """The clauses that a defect names and some check judges."""
    return sorted(r for r in defect.breaks if r in judged())


def _few(shows: dict[str, set[tuple[str, str, str]]], cost: dict[str, int]) -> list[str]:
    """A small choice of scenarios that together show everything: the most that is new for a request comes first."""
    missing = set().union(*shows.values())
    chosen: list[str] = []
    while missing:
        best = max(sorted(shows), key=lambda s: len(shows[s] & missing) / cost[s])
        chosen.append(best)
        missing -= shows[best]
    return sorted(chosen)
