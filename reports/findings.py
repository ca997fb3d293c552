"""The findings of a run in the order in which people should read them, and the requests that show them."""

from __future__ import annotations

from harness.model.cause import Cause
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


def by_cause(run: Run) -> list[tuple[Cause, list[tuple[Verdict, Finding]]]]:
    """Each cause that has a finding, in the order of the run: the worst for people first.

    The findings of its root come first, then the others in the order of :func:`ranked`.
    """
    by_id: dict[str, list[tuple[Verdict, Finding]]] = {}
    for verdict, finding in ranked(run):
        by_id.setdefault(finding.id, []).append((verdict, finding))
    told = []
    for cause in run.causes:
        requirements, scenarios = frozenset(cause.requirements), frozenset(cause.scenarios)
        mine = [
            (verdict, finding)
            for name in dict.fromkeys(cause.findings)
            for verdict, finding in by_id.get(name, ())
            # Six hex digits collide one day: a finding of elsewhere with the same id is not of this cause.
            if verdict.requirement in requirements and verdict.scenario in scenarios
        ]
        mine.sort(key=lambda pair: (pair[0].requirement != cause.requirement, _rank(run, *pair)))
        if mine:
            told.append((cause, mine))
    return told


def exchanges(run: Run) -> dict[str, Exchange]:
    """Every exchange of a run by its id."""
    return {x.id: x for result in run.results for x in result.transcript.exchanges}


def call(exchange: Exchange | None) -> str:
    """A request without its values: "PATCH /Users/{id}"; "" when there is none."""
    return f"{exchange.method} {exchange.template or exchange.path}" if exchange is not None else ""
