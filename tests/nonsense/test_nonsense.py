"""A service that answers nonsense is endured: nothing falls over, nothing hangs, and nobody is told that it passed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome


def seeds(first: int, few: int, many: int) -> list[object]:
    """A few seeds always, many where there is time."""
    return [pytest.param(first + n, marks=() if n < few else pytest.mark.thorough) for n in range(many)]


GOOD = (Conclusion.CONFORMANT, Conclusion.WITH_WARNINGS)


@pytest.mark.parametrize("seed", seeds(0, 8, 24))
def test_where_every_answer_is_nonsense_no_story_passes(endure: Callable[..., Run], seed: int) -> None:
    run = endure(seed, 1.0)
    assert [v.reason for v in run.verdicts if v.outcome is Outcome.ERROR] == []
    assert run.conclusion not in GOOD
    assert [r.key.id for r in run.results if r.outcome is Outcome.PASSED and r.key.idp] == []


@pytest.mark.parametrize("seed", seeds(100, 4, 12))
def test_where_every_third_answer_is_nonsense_the_service_does_not_pass(endure: Callable[..., Run], seed: int) -> None:
    run = endure(seed, 0.33)
    assert [v.reason for v in run.verdicts if v.outcome is Outcome.ERROR] == []
    assert run.conclusion not in GOOD


@pytest.mark.parametrize("seed", seeds(200, 2, 4))
def test_every_report_can_tell_of_nonsense(endure: Callable[..., Run], tmp_path: Path, seed: int) -> None:
    run = endure(seed, 0.5)
    for point in entry_points(group="scimulator.reports"):
        place = tmp_path / point.name
        place.mkdir()
        written = point.load()(run, place)
        text = written.read_text("utf-8", "replace")
        if written.suffix == ".har":
            # An archive holds bodies as they came; nobody renders it.
            assert json.loads(text)["log"]["entries"], point.name
        else:
            # Between back-ticks Markdown knows no markup.
            told = re.sub(r"`[^`\n]*`", "", text) if written.suffix == ".md" else text
            assert "<script>alert(1)" not in told, point.name
