"""The findings of a run in the order in which people should read them, and the requests that show them."""

from __future__ import annotations

from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.run import Run
from harness.model.verdict import Verdict
from reports import words


def ranked(run: Run) -> list[tuple[Verdict, Finding]]:
    """Every finding with its verdict: what asks for action first, then by harm to people, outcome, level and id."""
    return sorted(run.findings, key=lambda told: _rank(run, *told))


def _rank(run: Run, verdict: Verdict, finding: Finding) -> tuple[bool, int, int, int, str, str, str]:
    requirement = run.requirements.get(verdict.requirement)
    return (
        not words.counts_against(verdict.outcome),
        words.harm_rank(requirement.harm) if requirement else len(words.HARMS),
        words.outcome_rank(verdict.outcome),
        words.level_rank(verdict.level),
        verdict.requirement,
        verdict.scenario,
        finding.id,
    )


def exchanges(run: Run) -> dict[str, Exchange]:
    """Every exchange of a run by its id."""
    return {x.id: x for result in run.results for x in result.transcript.exchanges}


def call(exchange: Exchange | None) -> str:
    """A request without its values: "PATCH /Users/{id}"; "" when there is none."""
    return f"{exchange.method} {exchange.template or exchange.path}" if exchange is not None else ""
