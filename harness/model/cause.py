"""Cause: what is behind findings that belong together; one bug of a service is one cause, however much it breaks."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.requirement import Harm, Level
from harness.model.verdict import Outcome


class Who(enum.StrEnum):
    """Who can put an end to a cause."""

    SERVICE = "service"
    """Whoever develops the service: it breaks a standard or its own promise."""
    EITHER = "service-or-customer"
    """The service keeps to the standard; it, or the settings at the customer's IdP, would have to give way."""


@dataclass(frozen=True)
class Theme:
    """A part of a service that requirements are about, and that breaks as one.

    ``holds`` are globs of requirement ids; of several that fit, the longest counts. ``explains`` names the themes whose
    findings may follow from a breach in this one. ``result`` marks what is only the outcome of other things (promises
    about people, an IdP's expectation): any theme before it may explain it. ``split`` keeps breaches of one requirement
    apart that have nothing in common. ``form`` marks what only has to do with how an answer looks: it explains nothing
    of what happened afterwards.
    """

    name: str
    title: str
    holds: tuple[str, ...]
    explains: tuple[str, ...] = ()
    result: bool = False
    split: bool = False
    form: bool = False


@dataclass(frozen=True)
class Cause:
    """Findings with one root.

    ``id`` is "C-" and six hex digits, stable over re-runs, shuffles and shards. ``requirement`` is the root: the most
    basic requirement among the findings; ``requirements`` are all of them, the root first. ``findings`` are the ids of
    the findings, ``scenarios`` where they were made. ``first_exchange`` is the id of the first exchange that shows it.
    ``harm``, ``level`` and ``outcome`` are the worst among the findings. ``because`` says what was seen first.
    """

    id: str
    title: str
    harm: Harm
    who: Who
    level: Level
    outcome: Outcome
    requirement: str
    requirements: tuple[str, ...]
    findings: tuple[str, ...]
    scenarios: tuple[str, ...]
    first_finding: str
    first_exchange: str
    because: str
