"""Account and Cast: who exists at the target, may be touched, and plays which part."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.model.change import TeamChange
from harness.model.person import Person, Team


class Source(enum.StrEnum):
    """Where an account comes from."""

    JIT = "jit"
    SCIM = "scim"
    LISTED = "listed"
    HOOK = "hook"


@dataclass(frozen=True)
class Account:
    """A person who exists at the target and may be touched by this run. ``id`` is the service's own id.

    ``since`` is the number of the Moment in which the account came into being, -1 when it was there from the beginning.
    """

    user_name: str
    id: str
    source: Source
    since: int = -1


@dataclass(frozen=True)
class Member:
    """One part of a Story, the person who plays it, and the account at the target (None: not there)."""

    part: str
    person: Person
    account: Account | None = None


@dataclass(frozen=True)
class Cast:
    """Everybody in a Scenario: who plays which part, and the teams of the Story."""

    members: tuple[Member, ...] = ()
    teams: tuple[Team, ...] = ()

    @property
    def team(self) -> Team | None:
        """The first, or only, team."""
        return self.teams[0] if self.teams else None

    def team_of(self, change: TeamChange) -> Team | None:
        """The team that a Change is about, as it was at the beginning; None when the Story has none."""
        return next((team for team in self.teams if team.role == change.team), None) if change.team else self.team

    def at(self, moment: int) -> Cast:
        """The cast as it stood in a Moment: whoever signs in for the first time later has no account yet."""
        if all(m.account is None or m.account.since <= moment for m in self.members):
            return self
        late = (replace(m, account=None) if m.account and m.account.since > moment else m for m in self.members)
        return replace(self, members=tuple(late))

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
