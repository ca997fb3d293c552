"""Looking: brings what crossed the wire in one scenario before the checks that have something to look at there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.checks.each import at
from harness.checks.once import let_go
from harness.checks.reading import endpoint
from harness.model.addressed import COLLECTIONS
from harness.model.check import Check, Predicate, Scope
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.partial import NotRecorded
from harness.model.profile import Profile
from harness.model.transcript import Transcript
from harness.routes import Routes, Told
from harness.shown import Known, Page, Shown


@dataclass(slots=True)
class Look:
    """What one check met in a scenario: anything at all, its findings by id, and the error over which it fell or ""."""

    met: bool = False
    found: dict[str, Finding] = field(default_factory=dict)
    error: str = ""

    def plus(self, other: Look) -> None:
        """Add what it met in a later part of the same scenario."""
        self.met = self.met or other.met
        for name, finding in other.found.items():
            self.found.setdefault(name, finding)
        self.error = self.error or other.error


MET = Look(met=True)
"""The look of each check that met something and found nothing: most of them do. Nobody changes it."""


@dataclass(frozen=True)
class Part:
    """What of a transcript is looked at by itself: the answers ``start`` to ``stop``, and the larger whole or not.

    Moments and the transcript itself are looked at with all their exchanges, once.
    """

    start: int = 0
    stop: int | None = None
    larger: bool = True


WHOLE = Part()


class Checks:
    """The checks of a run, sorted by what they look at. What is learnt of one transcript serves for the next ones."""

    def __init__(self, checks: Iterable[Check], profile: Profile) -> None:
        self.checks = tuple(checks)
        self.profile = profile
        self.by_condition: dict[Predicate, list[Check]] = {}
        for check in self.checks:
            if check.scope is Scope.EXCHANGE and check.each is None:
                self.by_condition.setdefault(check.when, []).append(check)
        self.routes = Routes(self.by_condition, {"profile": profile})
        self.shown = Shown(self.checks)


class Asked:
    """The checks that are asked of a scenario, by what they look at."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self.checks = tuple(checks)
        self.ids = frozenset(check.id for check in self.checks)
        self.of_moments = tuple(check for check in self.checks if check.scope is Scope.MOMENT)
        self.of_transcripts = tuple(check for check in self.checks if check.scope is Scope.TRANSCRIPT)


def look(transcript: Transcript, asked: Asked, checks: Checks, part: Part = WHOLE) -> dict[str, Look]:
    """What each check that is asked met in a transcript, by id. A check that is not in it met nothing."""
    looking = _Looking(transcript, asked.ids, checks)
    looking.exchanges(transcript.observed[part.start : part.stop])
    if part.larger:
        looking.larger(asked.of_moments, transcript.moments)
        looking.larger(asked.of_transcripts, (transcript,))
    for subject in (*transcript.moments, transcript) if part.larger else (transcript,):
        let_go(subject)
    return looking.told()


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


class _Looking:
    def __init__(self, transcript: Transcript, asked: frozenset[str], checks: Checks) -> None:
        self.transcript = transcript
        self.asked = asked
        self.checks = checks
        self.extras = {"profile": checks.profile, "transcript": transcript}
        self.looks: dict[str, Look] = {}
        self.met: set[str] = set()
        self.broken: dict[Predicate, Exception] = {}

    def exchanges(self, exchanges: Sequence[Exchange]) -> None:
        heard: dict[int, Told] = {}
        for exchange in exchanges:
            told = self.checks.routes.told(exchange)
            heard[id(told)] = told
            for check, findings in told.found:
                if check.id in self.asked:
                    self._keep(check, findings, exchange.id)
            for condition, checks in told.left:
                if condition is None or self._meets(exchange, condition):
                    for check in checks:
                        if check.id in self.asked:
                            self._apply(check, exchange, exchange.id)
        self._resources(exchanges)
        self.met.update(*(told.met for told in heard.values()))
        for condition, error in self.broken.items():
            for check in self.checks.by_condition[condition]:
                self._of(check).error = described(error)

    def _meets(self, exchange: Exchange, condition: Predicate) -> bool:
        """Whether it does; what asks for something that was not recorded is not met."""
        try:
            return condition(exchange)
        except NotRecorded:
            return False
        except Exception as error:
            self.broken.setdefault(condition, error)
            return False

    def _of(self, check: Check) -> Look:
        found = self.looks.get(check.id)
        if found is None:
            found = self.looks[check.id] = Look()
        return found

    def _apply(self, check: Check, subject: Any, exchange: str) -> None:
        seen = self.looks.get(check.id)
        if seen is not None and seen.error:
            return
        arguments = check.arguments
        try:
            findings = (
                check.function(subject, **{name: self.extras[name] for name in arguments})
                if arguments
                else check.function(subject)
            )
            findings = tuple(findings) if findings else ()
        except NotRecorded:
            return
        except Exception as error:  # a check of ours that falls over is our bug, and must not hide the others
            self._of(check).error = described(error)
            return
        self.met.add(check.id)
        if findings:
            self._keep(check, findings, exchange)

    def _keep(self, check: Check, findings: Iterable[Finding], exchange: str) -> None:
        seen = self._of(check)
        for finding in findings:
            placed = finding.placed(
                check=check.id,
                scenario=self.transcript.scenario.id,
                requirement=check.requirements[0],
                exchange=exchange,
            )
            # One wrong habit of a service shows in many exchanges: the first of them stands for all.
            seen.found.setdefault(placed.id, placed)

    def _resources(self, exchanges: Sequence[Exchange]) -> None:
        merged: dict[int, Known] = {}
        turned: dict[int, Page] = {}
        for exchange in exchanges:
            collection = endpoint(exchange)
            if collection not in COLLECTIONS:
                continue
            try:
                page = self.checks.shown.page(collection, exchange)
            except NotRecorded:
                continue
            if id(page) in turned:
                continue
            turned[id(page)] = page
            for pointer, known in page:
                if id(known) in merged and not known.found:
                    continue
                merged[id(known)] = known
                for check, error in known.broken:
                    if check.id in self.asked:
                        seen = self._of(check)
                        seen.error = seen.error or described(error)
                for check, findings in known.found:
                    if check.id in self.asked:
                        self._keep(check, [at(pointer, f) for f in findings], exchange.id)
        self.met.update(*(known.met for known in merged.values()))
        self.met.update(*{id(known.alike): known.alike for known in merged.values()}.values())

    def told(self) -> dict[str, Look]:
        """What each check met."""
        for name in self.met & self.looks.keys():
            self.looks[name].met = True
        return {**dict.fromkeys(self.met & self.asked, MET), **self.looks}

    def larger(self, checks: Sequence[Check], subjects: Sequence[Any]) -> None:
        met: dict[Predicate, list[Any] | Exception] = {}
        for check in checks:
            found = met.get(check.when)
            if found is None:
                found = met[check.when] = _met(check.when, subjects)
            if isinstance(found, Exception):
                self._of(check).error = described(found)
                continue
            for subject in found:
                self._apply(check, subject, subject.exchanges[0].id if subject.exchanges else "")


def _met(condition: Callable[[Any], bool], subjects: Iterable[Any]) -> list[Any] | Exception:
    found = []
    for subject in subjects:
        try:
            if condition(subject):
                found.append(subject)
        except NotRecorded:
            continue
        except Exception as error:
            return error
    return found
