"""The laboratory: rehearse against a reference server that is right, or wrong on purpose, without any report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.model.run import Run
from harness.model.scenario import Scenario
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage

Rehearse = Callable[..., Run]


@pytest.fixture
def rehearse(tmp_path: Path) -> Rehearse:
    """Play a profile's plan, or the wanted part of it, against a preset with these defects, and judge it."""

    def run(
        profile: str, preset: str = "", *defects: str, wanted: Callable[[Scenario], bool] = lambda scenario: True
    ) -> Run:
        settings = Settings(profile=profile, preset=preset or profile, defects=defects)
        claimed = load_profile(profile)
        stage = Stage(settings, claimed, tmp_path / f"{profile}-{preset}-{'-'.join(defects)}")
        scenarios = tuple(s for s in plan(claimed, Selection(), vendors(), all_probes()) if wanted(s))
        stage.begin(scenarios)
        for scenario in scenarios:
            stage.verdicts(scenario)
        stage.finish()
        return stage.conclude()

    return run
