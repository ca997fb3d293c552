"""What the app of one tenant remembers: people and their links, pushed groups, and work that failed."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.model.account import Member
from harness.model.exchange import Exchange
from harness.model.person import Person, Team
from simulators.okta.profile import Place

Failure = Exchange | None
"""The exchange at which a piece of work failed; None when the service agreed to all of it."""


@dataclass
class AppUser:
    """One person as the app knows them.

    ``external_id`` is the service's id, "" while the person is not linked. ``off`` tells that Okta itself took the
    person off the app, so that another assignment means a reactivation. ``edited`` tells that a mapped value has
    changed since the last profile push, ``cleared`` which of them were emptied; ``found_as`` is the user name of the
    first lookup, ``passwords`` how many new passwords the person has had.
    """

    person: Person
    external_id: str = ""
    off: bool = False
    suspended: bool = False
    passwords: int = 0
    edited: bool = False
    cleared: frozenset[Place] = frozenset()
    found_as: str = ""

    def link(self, external_id: str) -> None:
        self.external_id, self.off = external_id, False

    def drop(self) -> str:
        """End the assignment, whatever the service will say. Returns the External ID that the person had."""
        external_id, self.external_id = self.external_id, ""
        self.off = self.off or bool(external_id)
        return external_id


@dataclass
class PushedGroup:
    """One team, and the group at the service that it is pushed to.

    ``told`` are the ids whom the service has been told about as members, in that order.
    """

    team: Team
    group_id: str = ""
    pushed: bool = False
    told: tuple[str, ...] = ()

    def end(self) -> None:
        """The team is no longer pushed; what it was pushed to is forgotten."""
        self.pushed, self.group_id, self.told = False, "", ()


class Work(enum.Enum):
    """What can fail and be done again."""

    PROVISION = "provision"
    DEPROVISION = "deprovision"
    PROFILE = "profile"
    PASSWORD = "password"  # noqa: S105 - the name of a kind of work
    PUSH = "push"


@dataclass(frozen=True)
class Task:
    """Failed work: about a person (``part``, with the id to write to) or a team (its role).

    ``due`` is the minute on Okta's clock at which Okta itself comes back to it; None: it waits for an administrator.
    """

    work: Work
    part: str = ""
    external_id: str = ""
    team: str = ""
    due: float | None = None


@dataclass
class Tasks:
    """The failed work of the app. ``clock`` is in minutes since the app was connected."""

    clock: float = 0
    waiting: list[Task] = field(default_factory=list)

    def put_off(self, task: Task, retry_after: float | None) -> None:
        """Remember failed work. ``retry_after``: minutes until Okta comes back by itself, None when it does not."""
        self.settle(task)
        self.waiting.append(replace(task, due=None if retry_after is None else self.clock + retry_after))

    def settle(self, task: Task) -> None:
        """Forget this work: it was done, or nobody wants it any more."""
        self.waiting = [t for t in self.waiting if (t.work, t.part, t.team) != (task.work, task.part, task.team)]

    def forget(self, part: str, *works: Work) -> None:
        self.waiting = [t for t in self.waiting if not (t.part == part and t.work in works)]

    def due(self) -> Iterator[Task]:
        """Work that Okta comes back to by itself up to now, each once."""
        yield from [t for t in self.waiting if t.due is not None and t.due <= self.clock]

    def about(self, part: str) -> Iterator[Task]:
        """Everything that failed, or what failed about one person."""
        yield from [t for t in self.waiting if not part or t.part == part]


def known(roster: dict[str, AppUser], member: Member) -> AppUser:
    """The person's entry; made when the app hears of them for the first time."""
    return roster.setdefault(member.part, AppUser(member.person))
