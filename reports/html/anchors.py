"""Stable deep links: which id on the page stands for a scenario, an exchange, a finding or a requirement."""

from __future__ import annotations

import re

from harness.model.finding import Finding
from harness.model.run import Run
from harness.model.verdict import Verdict

_UNSAFE = re.compile(r"[^A-Za-z0-9._:/~-]")


def anchor(name: str) -> str:
    """An id as it stands in the record, with every character that could not stand in a link spelt out."""
    return _UNSAFE.sub(lambda match: f"~{ord(match[0]):x}", name) or "~"


class Anchors:
    """Gives each thing of a run one id that is unique on the page; ids of the record are kept as they are.

    Where two things of a run bear the same id (six hex digits do collide one day), the later one gets "-2" at its end.
    """

    def __init__(self, run: Run) -> None:
        self._taken: dict[str, int] = {}
        self._scenarios: dict[str, str] = {}
        self._exchanges: dict[str, dict[str, str]] = {}
        self._findings: dict[tuple[str, str, str, str], str] = {}
        self._cards: dict[str, str] = {}
        for result in run.results:
            self._scenarios.setdefault(result.key.id, self.claim(result.key.id))
            mine = self._exchanges.setdefault(result.key.id, {})
            for exchange in result.transcript.exchanges:
                mine.setdefault(exchange.id, self.claim(exchange.id))
            for verdict in result.verdicts:
                for finding in verdict.findings:
                    key = (verdict.scenario, verdict.check, verdict.requirement, finding.id)
                    if key not in self._findings:
                        self._findings[key] = self.claim(finding.id)

    def claim(self, name: str) -> str:
        """A new id on the page for something that is called so."""
        wanted = anchor(name)
        self._taken[wanted] = self._taken.get(wanted, 0) + 1
        if self._taken[wanted] == 1:
            return wanted
        return self.claim(f"{wanted}-{self._taken[wanted]}")

    def requirement(self, requirement: str) -> str:
        """A new id for a card of a requirement; the first one is what ``card`` gives from then on."""
        claimed = self.claim(f"R-{requirement}")
        self._cards.setdefault(requirement, claimed)
        return claimed

    def card(self, requirement: str) -> str:
        """The id of the first card of a requirement; "" when it has none."""
        return self._cards.get(requirement, "")

    def scenario(self, scenario: str) -> str:
        """The id of a scenario's section; "" when the run has no such scenario."""
        return self._scenarios.get(scenario, "")

    def exchange(self, scenario: str, exchange: str) -> str:
        """The id of an exchange; "" when that scenario has no such exchange."""
        return self._exchanges.get(scenario, {}).get(exchange, "")

    def finding(self, verdict: Verdict, finding: Finding) -> str:
        """The id of a finding's place; "" when the run has no such finding."""
        return self._findings.get((verdict.scenario, verdict.check, verdict.requirement, finding.id), "")
