"""Every defect is caught through what it says it breaks, without a crowd of unrelated findings.

The committed matrix says what catches each defect. When `make docs` writes it anew, each defect is met with all probes
and a cross-section of the stories; in CI those are that re-create what was reported from the field. Otherwise a defect
is met with the scenarios that the matrix names for it, which takes a moment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.model.requirement import Level
from harness.model.run import Run
from harness.model.scenario import Scenario
from harness.model.verdict import Conclusion, Outcome
from reference_server.defects import catalogue

ROWS = Path(__file__).parent / ".rows"
MATRIX = Path(__file__).parent / "matrix.json"
DEFECTS = catalogue()
REQUIREMENTS = load_catalogue()
AHEAD = sorted(name for name, d in DEFECTS.items() if not any(r in REQUIREMENTS for r in d.breaks))
"""Wrongs of the server whose clauses the catalogue does not hold yet: there is nothing that could name them."""

UNSEEN: dict[str, str] = json.loads((Path(__file__).parent / "unseen.json").read_text("utf-8"))
"""Wrongs of the server that nothing asks about yet, with what would be needed; docs/detection.md lists them."""

CROWD = 8
"""How many requirements beside the named ones a defect may break before it counts as a crowd of false alarms."""

BROAD = frozenset(
    {
        "accept-scim-json-406",
        "error-plain-text",
        "error-problem-json",
        "error-schemas-missing",
        "error-schemas-scim1",
        "error-schemas-string",
        "error-scim1-body",
        "error-without-body",
        "errors-as-200",
        "filter-ignored",
        "id-holds-bulkid",
        "redirects-to-slash",
        "replies-in-an-envelope",
        "scim-json-not-parsed",
        "scim-json-refused",
        "server-error-once-in-a-while",
    }
)
"""Wrongs at the root of everything (each error, each write, each lookup): what stands on it breaks with it."""

CROSS_SECTION = frozenset(
    {
        "okta/oin/connection",
        "okta/oin/leaver",
        "okta/oin/rehire",
        "okta/oin/unknown-at-service",
        "okta/oin/group-push-refused",
        "okta/aiw/leaver",
        "okta/aiw/rehire",
        "entra/default/connection",
        "entra/default/leaver",
        "entra/default/leaver-deleted",
        "entra/default/leaver-purged",
        "entra/default/restored",
        "entra/default/unknown-at-service",
        "entra/default/group-push-refused",
        "entra/aadOptscim062020/leaver",
        "entra/aadOptscim062020/leaver-deleted",
    }
)
"""The stories that every defect has to pass: each IdP, app type, dialect and kind of change at least once."""

BESIDES = {"lookup-reactivates": "okta/oin/already-inactive"}
"""A story beside the cross-section, for a defect that shows best there."""

_RANK = ["", Outcome.NOTED.value, Outcome.WARNED.value, Outcome.FAILED.value]


def preset_of(name: str) -> str:
    """The preset under which a defect shows: the first that it names, else the default."""
    return next(iter(DEFECTS[name].presets), "marketbeam")


def row(run: Run, name: str) -> dict[str, Any]:
    """What a run against a defect found, without anything that could differ from run to run."""
    checks: dict[str, set[str]] = {}
    outcomes: dict[str, str] = {}
    first: dict[str, str] = {}
    for verdict, _ in run.findings:
        requirement = verdict.requirement
        checks.setdefault(requirement, set()).add(verdict.check)
        first.setdefault(requirement, verdict.scenario)
        outcomes[requirement] = max(outcomes.get(requirement, ""), verdict.outcome.value, key=_RANK.index)
    told = {r: {"outcome": outcomes[r], "checks": sorted(checks[r])} for r in sorted(checks)}
    breaks = DEFECTS[name].breaks
    return {
        "preset": preset_of(name),
        "verdict": run.conclusion.value,
        "breaks": sorted(r for r in breaks if r in REQUIREMENTS),
        "named": {r: found for r, found in told.items() if r in breaks},
        "besides": {r: found for r, found in told.items() if r not in breaks},
        "shown_in": sorted({first[r] for r in told if r in breaks}),
    }


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - set(AHEAD) - set(UNSEEN)))
def test_a_defect_is_caught_by_what_it_says_it_breaks(
    rehearse: Callable[..., Run], request: pytest.FixtureRequest, name: str
) -> None:
    writing = request.config.getoption("--update-documents")
    thorough = writing or bool(os.environ.get("CI") and DEFECTS[name].source)
    known = {} if writing else json.loads(MATRIX.read_text("utf-8"))[name]

    def wanted(scenario: Scenario) -> bool:
        if thorough:
            return scenario.probe is not None or scenario.id in {*CROSS_SECTION, BESIDES.get(name)}
        return scenario.id in known["shown_in"]

    run = rehearse(preset_of(name), preset_of(name), name, wanted=wanted)
    seen = row(run, name)
    assert not [v.reason for v in run.verdicts if v.outcome is Outcome.ERROR], "a check of ours fell over"
    assert seen["named"], f"nothing that {name} names was found broken; found besides: {sorted(seen['besides'])}"
    binding = [r for r in seen["named"] if REQUIREMENTS[r].level in (Level.MUST, Level.PROMISE)]
    if binding:
        assert run.conclusion is Conclusion.NON_CONFORMANT
        assert any(seen["named"][r]["outcome"] == "failed" for r in binding)
    crowd = [r for r, found in seen["besides"].items() if found["outcome"] != "noted"]
    assert len(crowd) <= CROWD or name in BROAD, f"a crowd of unrelated findings: {crowd}"
    if writing:
        ROWS.mkdir(exist_ok=True)
        (ROWS / f"{name}.json").write_text(json.dumps(seen))
    else:
        assert set(seen["named"]) >= set(known["named"]), "run `make docs` and look at the difference"
