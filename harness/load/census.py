"""Census: how everybody stands before and after a storm, asked by the storm itself and told by the service.

What an acknowledgement is worth shows here: the state counts, not the status.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.load import own
from harness.load.crowd import Job, named
from harness.load.order import Order
from harness.load.records import Record
from harness.model.answering import exchanged
from harness.model.exchange import Exchange, Response, Trouble
from harness.model.step import Step
from harness.witness import find, read
from simulators.render import retry_after

EXAMPLES = 5
"""How many people are named for each thing that is wrong; the others are counted."""

BUSY = (429, 503)
ATTEMPTS = 10
LONGEST_S = 30.0
"""How often the census asks again, and how long it waits at most before it does."""

Send = Callable[[Step, str], tuple[Response | None, Trouble | None, int]]


@dataclass
class Names:
    """A number of people, the first of them by name."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        self.count += 1
        if len(self.first) < EXAMPLES:
            self.first.append(name)

    def plus(self, other: Names) -> None:
        self.count += other.count
        self.first = [*self.first, *other.first][:EXAMPLES]


TOPICS = (
    "lost",
    "left",
    "touched",
    "strangers",
    "foreign_reads",
    "repeats",
    "undone",
    "missing",
    "rejoined",
    "members",
    "unasked",
)
"""What can be wrong, and how many people it concerns.

``lost``: confirmed as removed, and active. ``left``: never confirmed, and active. ``touched``: a bystander is not as
before. ``strangers``: somebody of another tenant was shown. ``foreign_reads``: somebody of another tenant could be read
by id. ``repeats``: the same removal a second time was not taken. ``undone``: one of two confirmed changes at one moment
was lost. ``missing``: somebody is no longer shown. ``rejoined``: confirmed as taken out of the group, and in it.
``members``: never confirmed as taken out, and in it. ``unasked``: a question that got no usable answer.
"""


@dataclass
class Census:
    """What was found at one tenant, or at many: ``active`` leavers in all, and the people behind each topic."""

    asked: int = 0
    active: int = 0
    topics: dict[str, Names] = field(default_factory=lambda: {topic: Names() for topic in TOPICS})
    answers: list[str] = field(default_factory=list)
    """What the service said where it did not take a repetition, or did not answer a question."""

    def add(self, topic: str, name: str) -> None:
        self.topics[topic].add(name)

    def plus(self, other: Census) -> None:
        self.asked += other.asked
        self.active += other.active
        self.answers = [*self.answers, *other.answers][:EXAMPLES]
        for topic, names in other.topics.items():
            self.topics[topic].plus(names)


@dataclass
class Taker:
    """Takes the census of one tenant. ``before`` is asked once before the storm. ``group`` is the id of its group.

    ``left``: a group was made, or tried to be, and is not known to be gone.
    """

    order: Order
    send: Send
    sleep: Callable[[float], None]
    bystanders: dict[str, str] = field(default_factory=dict)
    group: str = ""
    left: bool = False

    def before(self, tenant: int) -> Census:
        """Make the group, if there is to be one, and remember the bystanders as they are."""
        census, job = Census(), self.order.crowd.job(tenant)
        if job.group:
            self._gather(census, job)
        for number in range(self.order.bystanders):
            name = named(self.order.bystander, tenant, number)
            seen = self._bystander(census, tenant, name)
            if seen is not None:
                self.bystanders[name] = seen
        return census

    def after(self, record: Record, neighbour: Record | None) -> Census:
        """Repeat one removal, read everybody, and try to read somebody of a neighbouring tenant."""
        census, tenant = Census(), record.job.number
        self._repeat(census, record)
        self._everybody(census, record, self._members(census, record))
        for number in range(self.order.bystanders):
            name = named(self.order.bystander, tenant, number)
            seen = self._bystander(census, tenant, name)
            if seen is not None and name in self.bystanders and seen != self.bystanders[name]:
                census.add("touched", name)
        if neighbour is not None and neighbour.somebody:
            answer = self._ask(
                census, tenant, read(neighbour.somebody, "", "Read somebody of another tenant", "foreign")
            )
            if answer.ok and answer.resource:
                census.add("foreign_reads", f"tenant {tenant} reads {answer.resource.get('userName')}")
        for name in record.strangers:
            census.add("strangers", name)
        if self.group:
            answer = self._ask(census, tenant, own.deleting_group(self.group))
            self.left = not _gone(answer)
        return census

    def clear(self, census: Census, job: Job) -> bool:
        """Delete the groups that storms have left at a tenant; whether none is there any more."""
        found = self._ask(census, job.number, own.finding_group(job))
        # A service that does not look at the filter shows everybody's groups: only those of storms are ours.
        ours = [r for r in found.resources if r.get("displayName") == own.group_name(job)]
        answers = [self._ask(census, job.number, own.deleting_group(str(left.get("id")))) for left in ours]
        return found.ok and all(map(_gone, answers))

    def _gather(self, census: Census, job: Job) -> None:
        """Make the group of everybody. One that an earlier storm has left behind is deleted first."""
        self.clear(census, job)
        everybody = [str(resource.get("id")) for resource in self._listed(census, job.number)]
        self.left = True
        answer = self._ask(census, job.number, own.making_group(job, everybody))
        if answer.ok and answer.resource and isinstance(identity := answer.resource.get("id"), str):
            self.group = identity
        else:
            self._unasked(census, answer, f"tenant {job.number}, the group that the storm needs")

    def _members(self, census: Census, record: Record) -> set[str] | None:
        """Who is in the group when the storm is over; None without a group, or where that is not known."""
        if not self.group:
            return None
        answer = self._ask(census, record.job.number, own.reading_group(self.group))
        members = own.members_of(answer)
        if members is None:
            self._unasked(census, answer, f"tenant {record.job.number}, the members of its group")
        return members

    def _ask(self, census: Census, tenant: int, step: Step) -> Exchange:
        """Ask, and ask again where the service has no time just now: it is nobody's fault to be asked by us."""
        for attempt in range(ATTEMPTS):
            census.asked += 1
            response, trouble, _ = self.send(step, self.order.keys[tenant])
            answer = exchanged(step, response, trouble)
            if answer.status not in BUSY:
                break
            wait = retry_after(answer)
            self.sleep(min(LONGEST_S, attempt * 0.2 if wait is None else wait))
        return answer

    def _bystander(self, census: Census, tenant: int, name: str) -> str | None:
        """A digest of what the service shows of somebody; "" when nobody is shown, None when that is not known."""
        answer = self._ask(census, tenant, find(name, ""))
        shown = [r for r in answer.resources if str(r.get("userName", "")).casefold() == name.casefold()]
        if not answer.ok:
            self._unasked(census, answer, name)
            return None
        text = json.dumps(shown, sort_keys=True).encode()
        return hashlib.blake2b(text, digest_size=16).hexdigest() if shown else ""

    def _repeat(self, census: Census, record: Record) -> None:
        if record.repeat is None:
            return
        answer = self._ask(census, record.job.number, record.repeat)
        if not answer.ok:
            census.add("repeats", f"tenant {record.job.number}, {record.repeat.subject}")
            census.answers.append(f"{answer.status} {answer.body[:200].decode('utf-8', 'replace')}")

    def _listed(self, census: Census, tenant: int) -> Iterator[dict[str, Any]]:
        """Everybody whom the service shows, page by page."""
        start, total = 1, None
        while total is None or start <= total:
            answer = self._ask(census, tenant, own.listing(start))
            listed = answer.json.get("totalResults") if isinstance(answer.json, dict) else None
            if not answer.ok or not answer.resources or not isinstance(listed, int):
                if total is None or start <= total:
                    self._unasked(census, answer, f"tenant {tenant}, the list from {start} on")
                return
            total = listed
            start += len(answer.resources)
            yield from answer.resources

    def _everybody(self, census: Census, record: Record, members: set[str] | None) -> None:
        tenant, people = record.job.number, record.job.people
        leavers, bystanders = _reader(self.order.leaver), _reader(self.order.bystander)
        seen = bytearray(-(-people // 8))
        answered = census.topics["unasked"].count
        for resource in self._listed(census, tenant):
            name = str(resource.get("userName", "")).casefold()
            whose = leavers(name) or bystanders(name)
            if whose is not None and whose[0] != tenant:
                census.add("strangers", name)
            elif (found := leavers(name)) is not None and found[1] < people:
                seen[found[1] >> 3] |= 1 << (found[1] & 7)
                self._leaver(census, record, found[1], name, resource)
                if members is not None and resource.get("id") in members:
                    census.add("rejoined" if record.was_taken_out(found[1]) else "members", name)
            elif whose is not None and members is not None and resource.get("id") not in members:
                census.add("touched", f"{name}, no longer in the group")
        if census.topics["unasked"].count > answered:
            return
        for number in range(people):
            if not seen[number >> 3] & (1 << (number & 7)):
                census.add("missing", named(self.order.leaver, tenant, number))

    @staticmethod
    def _leaver(census: Census, record: Record, number: int, name: str, resource: dict[str, Any]) -> None:
        marked = record.met.get(number)
        if marked is not None and (resource.get("externalId") != marked or resource.get("active") is not False):
            census.add("undone", name)
        if resource.get("active") is not False:
            census.active += 1
            if marked is None:
                census.add("lost" if record.was_acknowledged(number) else "left", name)

    @staticmethod
    def _unasked(census: Census, answer: Exchange, what: str) -> None:
        census.add("unasked", what)
        trouble = answer.trouble.message if answer.trouble else f"{answer.status}"
        if len(census.answers) < EXAMPLES:
            census.answers.append(f"{what}: {trouble}")


def _gone(answer: Exchange) -> bool:
    """Whether a DELETE has left nothing."""
    return answer.ok or answer.status == 404


def _reader(pattern: str) -> Callable[[str], tuple[int, int] | None]:
    """Reads tenant and number out of a user name; None for somebody whom the pattern does not name."""
    text = re.escape(pattern.casefold())
    text = text.replace(re.escape("{tenant}"), r"(?P<tenant>\d+)", 1).replace(
        re.escape("{number}"), r"(?P<number>\d+)", 1
    )
    compiled = re.compile(text)

    def read_name(name: str) -> tuple[int, int] | None:
        found = compiled.fullmatch(name)
        if found is None:
            return None
        groups = found.groupdict()
        return int(groups.get("tenant") or 0), int(groups.get("number") or 0)

    return read_name


def census_to_json(census: Census) -> dict[str, Any]:
    return {
        "asked": census.asked,
        "active": census.active,
        "topics": {topic: {"count": names.count, "first": names.first} for topic, names in census.topics.items()},
        "answers": census.answers,
    }


def census_from_json(value: dict[str, Any]) -> Census:
    topics = {topic: Names(names["count"], list(names["first"])) for topic, names in value["topics"].items()}
    return Census(value["asked"], value["active"], topics, list(value["answers"]))
