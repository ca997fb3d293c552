"""Comparison: what has become of each finding, scenario and answer from one run to another."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.verdict import Outcome


class Fate(enum.StrEnum):
    """What has become of a finding. GONE means that its scenario was not played again: nothing is known."""

    NEW = "new"
    CHANGED = "changed"
    STILL = "still"
    GONE = "gone"
    FIXED = "fixed"


@dataclass(frozen=True)
class Side:
    """One of the two runs. ``name`` is the name of its directory, ``at`` when it was concluded."""

    name: str
    verdict: str
    sentence: str
    profile: str
    base_url: str
    tool: str
    seed: int
    at: str = ""


@dataclass(frozen=True)
class Difference:
    """One finding in both runs. ``before`` and ``after`` are its outcomes, None where the run has no such finding."""

    fate: Fate
    id: str
    requirement: str
    section: str
    level: str
    check: str
    scenario: str
    before: Outcome | None = None
    after: Outcome | None = None
    expected: tuple[str, ...] = ()
    actual_before: str = ""
    actual_after: str = ""
    exchange_before: str = ""
    exchange_after: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Detail:
    """One place in which two exchanges differ: "status", "header Allow", a JSON Pointer, "request", or the whole."""

    where: str
    before: str
    after: str


@dataclass(frozen=True)
class ExchangeDifference:
    """The same request in both runs, answered otherwise; or a request that only one of them holds (its id is "")."""

    scenario: str
    title: str
    call: str
    before: str
    after: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side.

    ``lost`` are scenarios that were played before and not now, ``added`` the other way round. ``notices`` are sentences
    that say why the two can be compared only in part (another profile, another seed).
    """

    before: Side
    after: Side
    differences: tuple[Difference, ...] = ()
    exchanges: tuple[ExchangeDifference, ...] = ()
    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def of(self, fate: Fate) -> tuple[Difference, ...]:
        return tuple(difference for difference in self.differences if difference.fate is fate)

    @property
    def worse(self) -> tuple[Difference, ...]:
        """What has got worse: a new finding that counts against the service, or an old one that counts for more."""
        return tuple(d for d in self.differences if weight(d.after) > weight(d.before))


_WEIGHTS = {Outcome.FAILED: 3, Outcome.ERROR: 3, Outcome.REVIEW: 2, Outcome.WARNED: 1}


def weight(outcome: Outcome | None) -> int:
    """How much an outcome counts against a service; 0 when it does not."""
    return _WEIGHTS.get(outcome, 0) if outcome is not None else 0
