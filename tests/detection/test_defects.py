"""Every defect is caught through what it says it breaks, without a crowd of unrelated findings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.model.requirement import Level
from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome
from reference_server.defects import catalogue

MATRIX = Path(__file__).parent / "matrix.json"
"""What catches each defect: one row a defect, verified one by one below, written by `make docs`."""

DEFECTS = catalogue()
CROWD = 8
"""How many requirements beside the named ones a defect may break before it counts as a crowd of false alarms."""


def row(run: Run, breaks: tuple[str, ...]) -> dict[str, Any]:
    """What a run against a defect found, without anything that could differ from run to run."""
    found: dict[str, set[str]] = {}
    outcomes: dict[str, str] = {}
    for verdict, _ in run.findings:
        found.setdefault(verdict.requirement, set()).add(verdict.check)
        worst = outcomes.get(verdict.requirement, "")
        outcomes[verdict.requirement] = max(worst, verdict.outcome.value, key=_RANK.index)
    return {
        "verdict": run.conclusion.value,
        "named": {r: {"outcome": outcomes[r], "checks": sorted(found[r])} for r in sorted(found) if r in breaks},
        "besides": {r: {"outcome": outcomes[r], "checks": sorted(found[r])} for r in sorted(found) if r not in breaks},
    }


_RANK = ["", Outcome.NOTED.value, Outcome.WARNED.value, Outcome.FAILED.value]


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_a_defect_is_caught_by_what_it_says_it_breaks(
    rehearse: Callable[..., Run], request: pytest.FixtureRequest, name: str
) -> None:
    defect = DEFECTS[name]
    requirements = load_catalogue()
    unknown = [r for r in defect.breaks if r not in requirements]
    assert not unknown, f"{name} names requirements that the catalogue does not have"
    run = rehearse(defect.preset, defect.preset, name)
    seen = row(run, tuple(defect.breaks))
    assert not [v.reason for v in run.verdicts if v.outcome is Outcome.ERROR], "a check of ours fell over"
    assert seen["named"], f"nothing that {name} names was found broken; found besides: {sorted(seen['besides'])}"
    binding = [r for r in defect.breaks if requirements[r].level in (Level.MUST, Level.PROMISE)]
    if binding:
        assert run.conclusion is Conclusion.NON_CONFORMANT
        assert any(seen["named"].get(r, {}).get("outcome") == "failed" for r in binding)
    assert len(seen["besides"]) <= CROWD, f"a crowd of unrelated findings: {sorted(seen['besides'])}"
    if request.config.getoption("--update-documents"):
        (MATRIX.parent / ".rows").mkdir(exist_ok=True)
        (MATRIX.parent / ".rows" / f"{name}.json").write_text(json.dumps(seen))
    else:
        assert json.loads(MATRIX.read_text())[name] == seen, "run `make docs` and look at the difference"


def matrix() -> dict[str, Any]:
    rows = MATRIX.parent / ".rows"
    if rows.exists():
        return {name: json.loads((rows / f"{name}.json").read_text()) for name in sorted(DEFECTS)}
    written: dict[str, Any] = json.loads(MATRIX.read_text())
    return written
