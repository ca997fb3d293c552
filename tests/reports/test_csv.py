from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

from reports.csv import HEADER, render, write

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


@pytest.mark.parametrize("name", RUNS)
def test_the_rows_add_up_to_the_counts_of_the_run(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    header, *rows = csv.reader(StringIO(render(run)))
    assert tuple(header) == HEADER
    counted = Counter(dict(zip(header, row, strict=True))["outcome"] for row in rows)
    assert counted == Counter({outcome: number for outcome, number in run.counts.items() if number})


def test_a_row_says_clause_level_scenario_outcome_and_findings(samples: ModuleType) -> None:
    rows = list(csv.DictReader(StringIO(render(samples.with_findings()))))
    row = next(r for r in rows if r["requirement"] == "RFC7644-3.12-01" and r["outcome"] == "failed")
    assert row["clause"] == "RFC 7644 §3.12"
    assert row["level"] == "MUST"
    assert row["scenario"].startswith((f"{row['idp']}/{row['variant']}/", "probe/"))
    assert row["findings"].startswith("F-")


def test_no_cell_is_taken_for_a_formula(samples: ModuleType) -> None:
    from dataclasses import replace

    run = samples.with_findings()
    says = replace(run.requirements["MB-1"], says="=HYPERLINK(0)")
    rows = csv.reader(StringIO(render(replace(run, requirements={**run.requirements, "MB-1": says}))))
    cells = [cell for row in rows for cell in row if "HYPERLINK" in cell]
    assert cells
    assert all(cell.startswith("'=") for cell in cells)


def test_the_file_is_written_where_it_was_asked_for(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.conformant(), tmp_path / "out")
    assert path == tmp_path / "out" / "matrix.csv"
    assert path.read_text("utf-8").startswith("requirement,")
