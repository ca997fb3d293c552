"""Pace: how fast one provisioning job of an IdP works, and how it stands with work that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.model.sequence import Evidence


@dataclass(frozen=True)
class Standing:
    """How a job stands. ``returns_in`` is in how many minutes, by the IdP's own clock, it comes back by itself to what
    failed, None when nothing waits for that.

    ``waiting`` counts the pieces of work that it comes back to by itself, ``given_up`` those that wait for an
    administrator. ``slowed`` is the vendor's word for why the whole job is held back, "" while it is not.
    """

    returns_in: float | None = None
    waiting: int = 0
    given_up: int = 0
    slowed: str = ""

    @property
    def settled(self) -> bool:
        """Whether everything was done, or will not be tried again."""
        return self.waiting == 0


def _usual(_idp: Any) -> Standing:
    return Standing()


def _never(_failed: int, _objects: int) -> str:
    return ""


@dataclass(frozen=True)
class Pace:
    """``lanes`` are requests of one job under way at the same time, ``per_second`` how many it begins at most.

    Both are switches of a storm; ``lanes_evidence`` and ``rate_evidence`` say how well the value here is known, and
    INFERRED that it is assumed. ``cycle`` is the length of a cycle in minutes, 0 for an IdP that reacts to events.
    ``standing`` looks at a connected app; ``slows(failed, objects)`` gives the reason why so many failures among so
    many objects slow the job down, "" when they do not.
    """

    lanes: int = 1
    per_second: float = 25.0
    lanes_evidence: Evidence = Evidence.INFERRED
    rate_evidence: Evidence = Evidence.INFERRED
    source: str = ""
    cycle: int = 0
    standing: Callable[[Any], Standing] = _usual
    slows: Callable[[int, int], str] = _never


ASSUMED = Pace()
"""For an IdP that says nothing of its pace."""
