"""Sampling: of a storm's answers some are held against their schemas at once, and a few are kept to be judged in full.

What is kept is redacted before it goes anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from harness.codec import exchange_to_json
from harness.load.crowd import Job, Speaker
from harness.model.exchange import Exchange, Request, Response
from harness.model.profile import Profile
from harness.model.secret import Secret
from harness.model.step import TOKEN
from harness.validation import Violation, validate
from harness.wire.redact import Redactor

KEPT = 24
"""Answers that are kept for each IdP and app type, whatever they are."""

KEPT_BAD = 12
"""How many more are kept of those that fail, or differ from their schema."""

ORDINARY = 3
"""How many of the first answers to each kind of request are kept, so that the kept ones are not all alike."""


def scenario_of(speaker: Speaker) -> str:
    return f"{speaker[0]}/{speaker[1]}/storm"


@dataclass
class Sampler:
    """Looks at the answers of one worker. ``looked_at`` counts those that were held against their schema."""

    base_url: str
    every: int
    keys: Mapping[int, str] = field(default_factory=dict, repr=False)
    profile: Profile | None = None
    worker: int = 0
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    kept: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0
    looked_at: int = 0
    invalid: Counter[str] = field(default_factory=Counter)
    _of: Counter[tuple[Speaker, str]] = field(default_factory=Counter)
    _kinds: Counter[tuple[Speaker, str, int]] = field(default_factory=Counter)

    def look(self, job: Job, exchange: Exchange, milliseconds: float) -> None:
        """Look at one answer, if its turn has come."""
        self.seen += 1
        kind = (job.speaker, exchange.intent.value, exchange.status)
        fresh = self._kinds[kind] < ORDINARY
        if not fresh and self.seen % self.every:
            return
        self._kinds[kind] += 1
        violations = self._violations(exchange)
        bad = bool(violations) or not exchange.ok
        shelf = (job.speaker, "bad" if bad else "good")
        if self._of[shelf] < (KEPT_BAD if bad else KEPT):
            self._of[shelf] += 1
            self._keep(job, exchange, milliseconds)

    def _violations(self, exchange: Exchange) -> list[Violation]:
        if self.profile is None:
            return []
        self.looked_at += 1
        found = validate(exchange, self.profile)
        for violation in found[:5]:
            self.invalid[f"{violation.pointer} {violation.keyword}"] += 1
        return found

    def _keep(self, job: Job, exchange: Exchange, milliseconds: float) -> None:
        """Keep an answer as a record has it: whole and redacted, the person named with the tenant."""
        url = f"{self.base_url}{exchange.path}" + (f"?{exchange.query}" if exchange.query else "")
        redactor = Redactor()
        redactor.learn(Secret(self.keys.get(job.number, ""), "storm"), "token")
        text = redactor.text
        number = sum(self._of.values())
        response = exchange.response
        kept = replace(
            exchange,
            id=f"x-{self.worker:02d}{number:04d}-{number:03d}",
            scenario=scenario_of(job.speaker),
            ordinal=self.worker * 10_000 + number,
            subject=f"tenant-{job.number}/{exchange.subject}",
            started_at=self.clock().isoformat(timespec="milliseconds"),
            elapsed_ms=round(milliseconds, 3),
            request=Request(
                exchange.request.method,
                text(url),
                tuple((name, text(value)) for name, value in masked(exchange.request.headers)),
                None if exchange.request.body is None else redactor.data(exchange.request.body),
            ),
            response=None
            if response is None
            else Response(
                response.status,
                text(response.reason),
                redactor.headers(response.headers),
                redactor.data(response.body),
            ),
        )
        self.kept.append(exchange_to_json(kept))


def masked(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Headers as they are kept: the mark for the key says that one stood there."""
    return tuple((name, value.replace(TOKEN, "[redacted:token]")) for name, value in headers)
