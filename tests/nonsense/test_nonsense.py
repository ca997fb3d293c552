"""A service that answers nonsense is endured: nothing falls over, nothing hangs, and nobody is told that it passed."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
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


def _page(text: str) -> None:
    assert "<script>alert(1)" not in text


def _markdown(text: str) -> None:
    # Between back-ticks nothing is markup.
    _page(re.sub(r"`[^`\n]*`", "", text))


READERS: dict[str, Callable[[str], object]] = {
    ".html": _page,
    ".md": _markdown,
    ".xml": ElementTree.fromstring,
    ".csv": lambda text: next(iter(csv.DictReader(io.StringIO(text)))),
    # Plain data, which nobody renders: they hold what came as it came.
    ".json": json.loads,
    ".sarif": json.loads,
    ".har": json.loads,
}


@pytest.mark.parametrize("seed", seeds(200, 2, 4))
def test_every_report_can_tell_of_nonsense(endure: Callable[..., Run], tmp_path: Path, seed: int) -> None:
    run = endure(seed, 0.5)
    for point in entry_points(group="scimulator.reports"):
        place = tmp_path / point.name
        place.mkdir()
        written = point.load()(run, place)
        READERS[written.suffix](written.read_text("utf-8"))
