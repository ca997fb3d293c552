"""Quarantine: what slows a whole job down, how much, and when it is given up.

Numbers by https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-quarantine-status and,
for the reasons, by Graph's page on synchronizationQuarantine.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.exchange import Exchange
from harness.model.outlook import Forecast, Quarantine
from harness.model.sequence import Evidence
from harness.model.step import Intent
from simulators.entra import log
from simulators.entra.escrow import DAY

HOUR = 60
BACKOFF = (6 * HOUR, 12 * HOUR, 24 * HOUR)
"""The gaps between attempts by the vendor's table: then daily."""
BACKOFF_AS_TOLD = (30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)
"""The gaps that an answer in the vendor's forum describes instead."""
STOP = 28 * DAY
"""After so long without a success the job is switched off."""

FROM = 5_000
PROPORTION = 0.4
WITHOUT_REFERENCES = 40_000
IN_ALL = 60_000

EXCEPTION = "EncounteredQuarantineException"
TOO_MANY_DELETES = "TooManyDeletes"


@dataclass(frozen=True)
class Trigger:
    """What puts a job into quarantine at once."""

    reason: str
    text: str
    evidence: Evidence
    exchange: str = ""


@dataclass
class Quarantined:
    """A job in quarantine since the minute ``since``. ``attempts`` counts the cycles that have failed since then."""

    trigger: Trigger
    since: int
    backoff: tuple[int, ...] = BACKOFF
    attempts: int = 0

    def gap(self, further: int = 0) -> int:
        """Minutes until the next attempt, or until a ``further`` one from the attempt before it."""
        return self.backoff[min(self.attempts + further, len(self.backoff) - 1)]

    @property
    def stops_at(self) -> int:
        return self.since + STOP

    def outlook(self, next_cycle: int, stopped: bool) -> Quarantine:
        """As the administrator finds it."""
        attempts = []
        at = next_cycle
        for further in range(1, 4):
            if at < self.stops_at:
                attempts.append(at)
            at += self.gap(further)
        what = "The job has been" if stopped else "Without a success until then the job will be"
        forecast = f"{what} switched off after 28 days in quarantine: nobody is provisioned or disabled any more"
        trigger = self.trigger
        return Quarantine(
            trigger.reason,
            trigger.text,
            self.since,
            trigger.evidence,
            () if stopped else tuple(attempts),
            Forecast(self.stops_at, forecast),
            trigger.exchange,
        )


def trigger_of(exchange: Exchange) -> Trigger | None:
    """Whether one answer is a fault of the whole endpoint, or of the credentials, and not of one object."""
    if exchange.intent is Intent.CONNECT:
        _, text, inferred = log.test(exchange)
        evidence = Evidence.INFERRED if inferred else Evidence.CAPTURED
        return Trigger(EXCEPTION, text, evidence, exchange.id) if text else None
    if exchange.status == 401:
        text = "The credentials were refused by the application"
        return Trigger(EXCEPTION, text, Evidence.INFERRED, exchange.id)
    if exchange.status != 404:
        return None
    if exchange.intent is Intent.LOOKUP:
        return Trigger(EXCEPTION, log.NOT_FOUND, Evidence.DOCUMENTED, exchange.id)
    if exchange.intent is Intent.GROUP_LOOKUP:
        # Reported from use; that the group mapping was the cause was the maintainers' conclusion.
        return Trigger(EXCEPTION, log.NOT_FOUND, Evidence.CAPTURED, exchange.id)
    return None


def breach(failed: int, references: int, objects: int) -> Trigger | None:
    """Whether there are too many failures: ``failed`` in all, ``references`` of them about others, of ``objects``."""
    if failed >= IN_ALL:
        return Trigger("EncounteredTotalEscrowThreshold", f"{failed} objects fail", Evidence.DOCUMENTED)
    if failed - references > WITHOUT_REFERENCES:
        text = f"{failed - references} objects fail for reasons of their own"
        return Trigger("EncounteredBaseEscrowThreshold", text, Evidence.DOCUMENTED)
    if failed >= FROM and failed > PROPORTION * objects:
        text = f"{failed} of {objects} objects fail"
        return Trigger("EncounteredEscrowProportionThreshold", text, Evidence.DOCUMENTED)
    return None
