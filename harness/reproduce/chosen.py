"""Chosen: a finding, or the finding of a cause that needs the least to be shown again, with all that goes into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.requirement import Requirement
from harness.model.run import Run
from harness.model.transcript import Transcript
from harness.reproduce.claims import Claim, claim
from harness.reproduce.needed import earlier_read, needed


class NothingToReproduce(ValueError):
    """There is no such finding or cause in the run, or it has no exchange; the message says what there is."""


@dataclass(frozen=True)
class Chosen:
    """What is sent again. ``seen`` is the exchange that shows the finding, ``before`` a read to compare with."""

    id: str
    finding: Finding
    requirement: Requirement
    transcript: Transcript
    exchanges: tuple[Exchange, ...]
    seen: Exchange
    claim: Claim
    before: Exchange | None = None


def choose(run: Run, name: str) -> Chosen:
    """What reproduces a finding or cause, by id ("F-1a2b3c", "C-1a2b3c"). Raises NothingToReproduce."""
    wanted = next((cause.findings for cause in run.causes if cause.id == name), (name,))
    made = list(_all(run, name, set(wanted)))
    if not made:
        raise NothingToReproduce(_what_there_is(run, name))
    root = next((c.requirement for c in run.causes if c.id == name), "")
    return min(
        made,
        key=lambda c: (
            c.claim.rank,
            c.requirement.id != root,
            len(c.exchanges),
            wanted.index(c.finding.id),
        ),
    )


def _all(run: Run, name: str, wanted: set[str]) -> Iterable[Chosen]:
    transcripts = {result.key.id: result.transcript for result in run.results}
    for verdict, finding in run.findings:
        transcript = transcripts[verdict.scenario]
        seen = transcript.exchange(finding.exchange)
        if finding.id not in wanted or seen is None or not seen.answered:
            continue
        exchanges = needed(transcript, seen)
        before = earlier_read(transcript, seen, exchanges)
        made = claim(finding, seen, before)
        before = before if made.before else None
        if before is not None:
            together = {x.ordinal: x for x in (*needed(transcript, before), *exchanges)}
            exchanges = tuple(x for _, x in sorted(together.items()))
        requirement = run.requirements[verdict.requirement]
        yield Chosen(name, finding, requirement, transcript, exchanges, seen, made, before)


def _what_there_is(run: Run, name: str) -> str:
    if any(name == finding.id for _, finding in run.findings) or any(name == cause.id for cause in run.causes):
        return f"{name} has no exchange that was answered: there is no request that shows it"
    causes = ", ".join(cause.id for cause in run.causes[:12])
    return f"the run has no finding or cause {name!r}; " + (f"its causes: {causes}" if causes else "it found nothing")
