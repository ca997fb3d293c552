"""The crowd of a storm: which jobs there are, when each begins and whom it lets go. All of it is worked out when asked.

A job is one provisioning job: a tenant, an IdP, an app type. Nothing is kept for each person, so that a million weigh
no more than one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from harness.model.account import Cast, Member
from harness.model.change import Assign, Change, PushGroup, RemoveMember, Unassign
from harness.model.person import Person, Team

PAGE = 50
"""How many leavers one telling of the story has at most. Each has an IdP of its own and is forgotten when it ends."""

PAGE_OF_A_GROUP = 5
"""How many, where all of them are taken out of one group: small pages, so that many changes of the group meet."""

LEAVER = "leaver-{number}@tenant-{tenant}.example"
"""How leavers are called, unless the target says otherwise; numbers begin with 0."""

BYSTANDER = "bystander-{number}@tenant-{tenant}.example"

Speaker = tuple[str, str]
"""An IdP and one of its app types."""


@dataclass(frozen=True)
class Job:
    """One provisioning job. ``begins`` is in how many seconds after the storm it is meant to begin.

    ``group``: everybody of the tenant is in one group, and leavers are taken out of it too. Each lane is then a job of
    its own that works on that group.
    """

    number: int
    idp: str
    variant: str
    begins: float
    people: int
    group: bool = False

    @property
    def id(self) -> str:
        return f"{self.idp}/{self.variant}/tenant-{self.number}"

    @property
    def speaker(self) -> Speaker:
        return self.idp, self.variant


@dataclass(frozen=True)
class Page:
    """The leavers ``first`` up to ``last`` (not included) of a job: one telling of the story of the layoff."""

    job: Job
    first: int
    last: int

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(f"leaver-{number}" for number in range(self.first, self.last))


@dataclass(frozen=True)
class Crowd:
    """``people`` is how many leave in each tenant. Jobs begin within ``ramp`` seconds, at moments drawn by ``seed``.

    The moments are drawn one by one and evenly, which makes them an open process: nobody waits for anybody else.
    """

    tenants: int
    people: int
    speakers: tuple[Speaker, ...]
    ramp: float = 0.0
    seed: int = 7
    group: bool = False

    @property
    def leavers(self) -> int:
        return self.tenants * self.people

    def job(self, number: int) -> Job:
        idp, variant = self.speakers[number % len(self.speakers)]
        return Job(number, idp, variant, self.ramp * _even(self.seed, number), self.people, self.group)

    def jobs(self, worker: int = 0, workers: int = 1) -> Iterator[Job]:
        """The jobs of one of several workers. Every job belongs to exactly one of them."""
        return (self.job(number) for number in range(worker, self.tenants, workers))

    def count(self, speaker: Speaker) -> int:
        """How many jobs speak so."""
        place = self.speakers.index(speaker)
        return len(range(place, self.tenants, len(self.speakers)))


def page_size(job: Job, lanes: int = 1) -> int:
    """How many stand on a page: so few that every lane of a small job has one."""
    return max(1, min(PAGE_OF_A_GROUP if job.group else PAGE, -(-job.people // lanes)))


def pages(job: Job, lane: int = 0, lanes: int = 1) -> Iterator[Page]:
    """The pages of one of the lanes of a job; every leaver stands on exactly one page of one lane."""
    size = page_size(job, lanes)
    for first in range(lane * size, job.people, lanes * size):
        yield Page(job, first, min(first + size, job.people))


def cast(page: Page, pattern: str = LEAVER) -> Cast:
    """The people of a page, invented anew and always alike."""
    members = tuple(Member(f"leaver-{n}", person(page.job, n, pattern)) for n in range(page.first, page.last))
    return Cast(members, (team(page.job, page.parts),) if page.job.group else ())


def team(job: Job, members: tuple[str, ...] = ()) -> Team:
    """The one group of a tenant, as far as a page knows it."""
    name = f"Storm, everybody of tenant {job.number}"
    return Team(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), name, members)


def linked_as(group: Team) -> str:
    """The externalId of a group that Entra has linked before: a GUID."""
    return str(uuid.UUID(group.directory_id))


def person(job: Job, number: int, pattern: str = LEAVER) -> Person:
    """One leaver of a job."""
    name = named(pattern, job.number, number)
    directory_id = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return Person(directory_id, name, "Leaver", f"Number-{number}", name)


def named(pattern: str, tenant: int, number: int) -> str:
    """A user name: ``{tenant}`` and ``{number}`` filled in."""
    return pattern.replace("{tenant}", str(tenant)).replace("{number}", str(number))


def arrivals(page: Page) -> Iterator[Change]:
    """Everybody on the page is taken over by the IdP. What one in cycles would see at once is told to it at once."""
    group = page.job.group
    yield from (Assign(part, rushed=group or part is not page.parts[-1]) for part in page.parts)
    if group:
        yield PushGroup()


def layoff(page: Page) -> Iterator[Change]:
    """Everybody on the page loses the app, and their place in the group."""
    if page.job.group:
        yield from (RemoveMember(part, rushed=True) for part in page.parts)
    yield from (Unassign(part, rushed=part is not page.parts[-1]) for part in page.parts)


def _even(seed: int, number: int) -> float:
    """A number from 0 up to 1 that looks random and depends on its place only."""
    digest = hashlib.blake2b(f"{seed}/{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
