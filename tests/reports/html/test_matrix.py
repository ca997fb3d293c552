from __future__ import annotations

from types import ModuleType

import pytest

from harness.model.verdict import Outcome
from reports.html.matrix import by_requirement, by_scenario, cell

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


@pytest.mark.parametrize("name", RUNS)
def test_the_totals_of_the_scenario_table_are_the_counts_of_the_record(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    table = by_scenario(run)
    assert {o.value: n for o, n in table.totals.items()} == {o: n for o, n in run.counts.items() if n}
    assert table.total == sum(row.total for row in table.rows)


@pytest.mark.parametrize("name", RUNS)
def test_the_totals_of_the_requirement_table_add_up_to_all_verdicts(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    table = by_requirement(run)
    *columns, everything = table.totals
    assert sum(everything.values()) == len(run.verdicts)
    assert sum(sum(column.values()) for column in columns) == len(run.verdicts)


def test_there_is_a_column_for_each_app_type_and_the_probes_stand_last(samples: ModuleType) -> None:
    table = by_requirement(samples.with_findings())
    assert table.columns == ("Microsoft Entra ID (default)", "Okta (aiw)", "Okta (oin)", "Probes")


def test_a_cell_names_its_worst_outcome_and_how_often_it_came() -> None:
    mixed = cell([Outcome.PASSED, Outcome.FAILED, Outcome.NOT_APPLICABLE, Outcome.PASSED])
    assert (mixed.outcome, mixed.text) == (Outcome.FAILED, "failed 1 of 3")
    assert cell([Outcome.PASSED, Outcome.PASSED]).text == "passed 2"


def test_not_run_not_applicable_and_not_asked_are_three_different_cells() -> None:
    texts = [cell([Outcome.NOT_RUN]).text, cell([Outcome.NOT_APPLICABLE]).text, cell([]).text]
    assert texts == ["not run 1", "n/a", "—"]


def test_a_scenario_that_could_not_begin_has_a_row_that_counts_once(samples: ModuleType) -> None:
    table = by_scenario(samples.incomplete())
    row = next(r for r in table.rows if r.result.key.id == "entra/default/leaver")
    assert row.counts == {Outcome.NOT_RUN: 1}


def test_the_worst_requirement_stands_first(samples: ModuleType) -> None:
    rows = by_requirement(samples.with_findings()).rows
    assert rows[0].all.outcome is Outcome.FAILED
    assert rows[-1].all.outcome is Outcome.NOTED
