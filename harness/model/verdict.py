"""Verdict: what one check says of one scenario, after Requirement and Profile have decided the outcome."""

from __future__ import annotations

import enum
from typing import NamedTuple

from harness.model.finding import Finding
from harness.model.requirement import Level


class Outcome(enum.StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NOTED = "noted"
    KNOWN = "known"
    REVIEW = "review"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    ERROR = "error"


class Conclusion(enum.StrEnum):
    """The verdict of a whole run."""

    CONFORMANT = "conformant"
    WITH_WARNINGS = "conformant-with-warnings"
    NON_CONFORMANT = "non-conformant"
    NOTHING_BROKEN = "nothing-broken"
    """Of a recording: nothing in it is broken. What was not recorded is not known, so it is never called conformant."""
    INCOMPLETE = "incomplete"
    UNREACHABLE = "unreachable"


class Verdict(NamedTuple):
    """What one check says of one scenario for one requirement. ``reason`` explains not_run and error.

    A tuple: a large run has millions of them, and one is made in a third of the time of a dataclass.
    """

    scenario: str
    check: str
    requirement: str
    level: Level
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str = ""
