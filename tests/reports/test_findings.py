from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from reports.findings import by_cause, call, exchanges, ranked

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


@pytest.mark.parametrize("name", RUNS)
def test_every_finding_belongs_to_exactly_one_cause(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    told = [pair for _, places in by_cause(run) for pair in places]
    assert sorted(map(id, (f for _, f in told))) == sorted(map(id, (f for _, f in run.findings)))


def test_the_findings_of_the_root_come_first(samples: ModuleType) -> None:
    for cause, places in by_cause(samples.with_findings()):
        assert places[0][0].requirement == cause.requirement


def test_the_order_does_not_depend_on_the_order_of_scenarios(samples: ModuleType) -> None:
    run = samples.with_findings()
    turned = replace(run, results=tuple(reversed(run.results)))
    assert ranked(run) == ranked(turned)


def test_a_request_is_named_without_its_values(samples: ModuleType) -> None:
    exchange = samples.exchange("s", 1, "PATCH")
    assert call(replace(exchange, template="/Users/{id}")) == "PATCH /Users/{id}"
    assert call(None) == ""


def test_every_exchange_is_found_by_its_id(samples: ModuleType) -> None:
    run = samples.with_findings()
    assert len(exchanges(run)) == sum(len(r.transcript.exchanges) for r in run.results)
