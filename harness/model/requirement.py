"""Requirement: a clause as data."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Level(enum.StrEnum):
    """How binding a clause is. It decides the outcome; a check's author never does."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"
    VENDOR = "VENDOR"
    PROMISE = "PROMISE"


class Applies(enum.StrEnum):
    """How a clause is used under a kind of profile (the profile cells of the catalogue)."""

    TEST = "test"
    CLAIMED = "claimed"
    REFUSED = "refused"
    HOOK = "hook"
    OBSERVE = "observe"
    OFF = "off"


class Harm(enum.StrEnum):
    """What a breach does to people; findings are ordered by it."""

    ACCESS = "access"
    LOCKOUT = "lockout"
    LEAK = "leak"
    SETUP = "setup"
    DRIFT = "drift"
    FORM = "form"


@dataclass(frozen=True)
class Requirement:
    """One clause. ``applies`` maps a profile family ("full", "deprovisioning", "read-only") to how it is used.

    ``derived`` marks a rule without an RFC 2119 keyword at that spot. ``needs`` names the capability that has to be
    claimed for ``Applies.CLAIMED``. ``untestable`` says why no check exists. ``restates`` names the clauses that ask
    the same: a profile of SCIM that demands what an RFC leaves open is broken by whatever breaks one of them.
    """

    id: str
    level: Level
    section: str
    says: str
    link: str
    remedy: str
    applies: Mapping[str, Applies] = field(default_factory=dict)
    derived: bool = False
    needs: str = ""
    harm: Harm = Harm.FORM
    contested: str = ""
    untestable: str = ""
    admin: str = ""
    restates: tuple[str, ...] = ()

    def under(self, family: str) -> Applies:
        return self.applies.get(family, Applies.OFF)
