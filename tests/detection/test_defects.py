"""Every defect is caught through what it says it breaks, and told as few root causes.

The committed matrix says what catches each defect, and in which few scenarios all of that shows: those are played here.
A defect that the matrix does not hold yet is met with all probes and a cross-section of the stories.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.model.requirement import Applies, Level
from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome
from harness.profiles import load as load_profile
from reference_server.defects import catalogue

HERE = Path(__file__).parent
ROWS = HERE / ".rows"
DEFECTS = catalogue()
REQUIREMENTS = load_catalogue()
JUDGED = {r for check in all_checks().values() for r in check.requirements}
AHEAD = sorted(name for name, d in DEFECTS.items() if not JUDGED.intersection(d.breaks))
"""Wrongs of the server whose clauses no check judges yet: there is nothing that could name them."""

UNSEEN: dict[str, str] = json.loads((HERE / "unseen.json").read_text("utf-8"))
"""Wrongs of the server that nothing asks about yet, with what would be needed; docs/detection.md lists them."""

MOST = 3
"""As how many root causes one defect may be told at most: more would be a crowd of false alarms."""


MET = frozenset({"STATE-07", "STATE-08", "STATE-09", "STATE-10"})
"""Clauses about requests that meet: which of two is first is left to chance, and so whether a wrong shows there too."""


def binding(found: dict[str, Any]) -> set[str]:
    return {r for r, told in found.items() if told["outcome"] in ("failed", "warned")}


def binds(requirement: str, preset: str) -> bool:
    """Whether a breach of it fails a service of that profile, and is not only observed there."""
    profile = load_profile(preset)
    used = profile.adjusts.get(requirement, REQUIREMENTS[requirement].under(profile.family))
    return REQUIREMENTS[requirement].level in (Level.MUST, Level.PROMISE) and used is not Applies.OBSERVE


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - set(AHEAD) - set(UNSEEN)))
def test_a_defect_is_caught_by_what_it_says_it_breaks(
    rehearse: Callable[..., Run], book: Any, request: pytest.FixtureRequest, name: str
) -> None:
    writing = request.config.getoption("--update-documents")
    defect = DEFECTS[name]
    preset = next(iter(defect.presets), "marketbeam")
    run = rehearse(preset, preset, name, wanted=book.wanted(defect, writing=writing))
    seen = book.row(run, defect)
    assert not [v.reason for v in run.verdicts if v.outcome is Outcome.ERROR], "a check of ours fell over"
    assert seen["named"], f"nothing that {name} names was found broken; found besides: {sorted(seen['besides'])}"
    if any(binds(r, preset) for r in seen["named"]):
        assert run.conclusion is Conclusion.NON_CONFORMANT
        assert "failed" in {told["outcome"] for told in seen["named"].values()}
    assert len(seen["causes"]) <= MOST, f"a crowd of root causes: {seen['causes']}"
    if writing:
        ROWS.mkdir(exist_ok=True)
        (ROWS / f"{name}.json").write_text(json.dumps(seen))
    elif name in book.rows:
        known = book.rows[name]
        lost = set(known["named"]) - set(seen["named"])
        assert not lost, f"no longer found: {sorted(lost)}; run `make docs` and look at the difference"
        blamed = binding(seen["besides"]) - binding(known["besides"]) - set(known["named"]) - MET
        assert not blamed, f"blamed as well since: {sorted(blamed)}; run `make docs` and look at the difference"
