"""Run: the record of what was planned, sent, received and found; every report is a pure function of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model.cause import Cause
from harness.model.finding import Finding
from harness.model.known import Known
from harness.model.outlook import Outlook, RemovalState
from harness.model.programme import Programme
from harness.model.requirement import Level, Requirement
from harness.model.scenario import ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome, Verdict


@dataclass(frozen=True)
class ScenarioResult:
    """One played scenario: what crossed the wire, what the checks said, what the IdP's administrator sees."""

    key: ScenarioKey
    outcome: Outcome
    transcript: Transcript
    verdicts: tuple[Verdict, ...] = ()
    outlook: Outlook = field(default_factory=Outlook)
    reason: str = ""

    @property
    def troubled(self) -> bool:
        """Whether the IdP's administrator does not get here what they expect, whatever a standard says of it.

        So it is when an expectation of the vendor or a requirement is broken, also a known one, or when the IdP has
        given up taking somebody's access away.
        """
        broken = any(
            v.findings and (v.level is Level.VENDOR or v.outcome in (Outcome.FAILED, Outcome.KNOWN))
            for v in self.verdicts
        )
        return broken or any(removal.state is RemovalState.LOST for removal in self.outlook.removals)


@dataclass(frozen=True)
class Run:
    """A whole run, read back from its directory. ``requirements`` holds the entry of every requirement in a verdict.

    ``meta`` carries what is only shown: tool version, command, started_at, finished_at, seed, versions of libraries.
    ``doubts`` are sentences that make the result doubtful ("2 scenarios could not run"). ``causes`` group the findings
    by what is behind them, the worst for people first; every finding belongs to exactly one. ``known`` says what became
    of each entry of the file of known failures. ``programmes`` say how each published suite of a vendor went that was
    played, step by step; they never change the conclusion.
    """

    profile: str
    idps: tuple[str, ...]
    base_url: str
    reference_server: bool
    conclusion: Conclusion
    counts: Mapping[str, int]
    results: tuple[ScenarioResult, ...]
    requirements: Mapping[str, Requirement]
    meta: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    sentence: str = ""
    causes: tuple[Cause, ...] = ()
    known: tuple[Known, ...] = ()
    programmes: tuple[Programme, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(v for result in self.results for v in result.verdicts)

    @property
    def findings(self) -> tuple[tuple[Verdict, Finding], ...]:
        """Every finding with the verdict that carries its outcome and level."""
        return tuple((v, f) for v in self.verdicts for f in v.findings)
