"""Known: a failure that somebody has looked at and accepted for a while."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase


class KnownState(enum.StrEnum):
    """What became of an entry of the file in one run."""

    USED = "used"
    """It stands for at least one breach of this run."""
    STALE = "stale"
    """What it lists was judged in this run and is not broken any more, or there is no such requirement."""
    EXPIRED = "expired"
    """It stands for a breach, but only until a day that is over."""
    UNMET = "unmet"
    """Nothing that it lists was judged in this run: nothing can be said."""


@dataclass(frozen=True)
class KnownEntry:
    """One entry of the file of known failures. ``requirement`` and ``scenarios`` are globs ("okta/*", "MB-1").

    ``until`` is the last day on which it holds; None for no end.
    """

    requirement: str
    scenarios: tuple[str, ...]
    reason: str
    owner: str
    until: date | None = None

    def lists(self, requirement: str, scenario: str) -> bool:
        return fnmatchcase(requirement, self.requirement) and any(fnmatchcase(scenario, s) for s in self.scenarios)


@dataclass(frozen=True)
class Known:
    """An entry with what became of it."""

    entry: KnownEntry
    state: KnownState

    @property
    def spoilt(self) -> bool:
        """Whether the file has to be put in order."""
        return self.state in (KnownState.STALE, KnownState.EXPIRED)
