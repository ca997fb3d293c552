"""Explanation: what a pasted text or an id means, and what to check in order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One thing that a text names, explained.

    ``kind`` is "message", "requirement", "finding", "cause", "defect" or "rule"; ``score`` 0 to 1. ``title`` names it,
    ``answered`` is what the service answered. ``related`` are ids that ``explain`` takes, too.
    """

    id: str
    kind: str
    title: str
    means: str
    score: float = 1.0
    idp: str = ""
    where: str = ""
    answered: str = ""
    checks: tuple[str, ...] = ()
    who: str = ""
    evidence: str = ""
    related: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class Explanation:
    """Everything that was recognised in a text, the most telling first. ``said`` are the service's own words in it.

    ``known`` is false when nothing was recognised; ``collect`` then says what to ask for.
    """

    known: bool
    answers: tuple[Answer, ...]
    checks: tuple[str, ...]
    said: str = ""
    collect: tuple[str, ...] = ()
    alternatives: tuple[Answer, ...] = ()
