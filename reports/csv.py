"""The matrix as CSV: a row per requirement and scenario, with the outcome; for spreadsheets and for counting again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from harness.model.run import Run
from harness.model.verdict import Verdict
from reports import words
from reports.text import visible

HEADER = (
    *("requirement", "clause", "level", "harm", "idp", "variant"),
    *("scenario", "check", "outcome", "findings", "says"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(run: Run, directory: Path) -> Path:
    """Write ``matrix.csv`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "matrix.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(run))
    return path


def render(run: Run) -> str:
    """The document as text, the header first, one row per verdict; totals add up to the counts of the run."""
    file = StringIO(newline="")
    csv.writer(file).writerows(rows(run))
    return file.getvalue()


def rows(run: Run) -> Iterator[tuple[str, ...]]:
    """The header and then one row per verdict, worst first; a scenario without any verdict has one too."""
    yield HEADER
    keys = {result.key.id: result.key for result in run.results}
    for verdict in sorted(run.verdicts, key=_rank):
        key = keys[verdict.scenario]
        yield tuple(_cell(value) for value in (*_clause(run, verdict), key.idp, key.variant, *_told(run, verdict)))
    for result in run.results:
        if not result.verdicts:
            key = result.key
            yield tuple(
                _cell(value)
                for value in ("", "", "", "", key.idp, key.variant, key.id, "", result.outcome.value, "", result.reason)
            )


def _rank(verdict: Verdict) -> tuple[str, int, str, str]:
    return verdict.requirement, words.outcome_rank(verdict.outcome), verdict.scenario, verdict.check


def _clause(run: Run, verdict: Verdict) -> tuple[str, ...]:
    requirement = run.requirements.get(verdict.requirement)
    section, harm = (requirement.section, requirement.harm.value) if requirement else ("", "")
    return verdict.requirement, section, verdict.level.value, harm


def _told(run: Run, verdict: Verdict) -> tuple[str, ...]:
    requirement = run.requirements.get(verdict.requirement)
    found = " ".join(finding.id for finding in verdict.findings)
    return verdict.scenario, verdict.check, verdict.outcome.value, found, requirement.says if requirement else ""


def _cell(value: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    text = visible(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
