"""Account and Cast: who exists at the target, may be touched, and plays which part."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from harness.model.person import Person, Team


class Source(enum.StrEnum):
    """Where an account comes from."""

    JIT = "jit"
    SCIM = "scim"
    LISTED = "listed"
    HOOK = "hook"


@dataclass(frozen=True)
class Account:
    """A person who exists at the target and may be touched by this run. ``id`` is the service's own id."""

    user_name: str
    id: str
    source: Source


@dataclass(frozen=True)
class Member:
    """One part of a Story, the person who plays it, and the account at the target (None: not there)."""

    part: str
    person: Person
    account: Account | None = None


@dataclass(frozen=True)
class Cast:
    """Everybody in a Scenario: who plays which part, and the team if the Story has one."""

    members: tuple[Member, ...] = ()
    team: Team | None = None

    def __getitem__(self, part: str) -> Member:
        for member in self.members:
            if member.part == part:
                return member
        raise KeyError(f"no part {part!r} in this cast: {[m.part for m in self.members]}")

    def __contains__(self, part: object) -> bool:
        return any(member.part == part for member in self.members)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    @property
    def bystanders(self) -> tuple[Member, ...]:
        """The members who must never change: parts whose name begins with "bystander"."""
        return tuple(m for m in self.members if m.part.startswith("bystander"))
