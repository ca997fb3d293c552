"""Replay: recorded requests as a scenario that the player can play, and how the answers of then and now differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from harness.codec import exchange_to_json
from harness.compare import differences
from harness.directory import Directory
from harness.intake.rebinding import (
    Binding,
    Known,
    groups_at_the_beginning,
    parts_of,
    people_at_the_beginning,
)
from harness.model.account import Cast
from harness.model.comparison import Detail, ExchangeDifference
from harness.model.exchange import Exchange, TroubleKind
from harness.model.partial import lacks
from harness.model.person import Person
from harness.model.scenario import Probe, Scenario
from harness.model.sequence import Steps
from harness.model.step import GROUP, SCIM_JSON, TOKEN, Effect, Intent, Step, compact_json
from harness.model.story import Presence
from harness.model.transcript import Transcript

_TELLING = ("active", "scimType", "userName", "members")
"""Members whose difference means another outcome; of other members and texts every service has its own."""
_COUNTS = ("totalResults",)
_NARROW = (Intent.LOOKUP, Intent.GROUP_LOOKUP, Intent.CONNECT)
"""Only where few are asked for does the number of people found say anything: another service has other people."""


@dataclass(frozen=True)
class Answered:
    """One recorded request and what came of it then and now. ``details`` are the places in which the answers differ.

    ``comparable`` is False when one of the two answers is not there. ``diverges`` says that the outcome is another one.
    """

    recorded: Exchange
    replayed: Exchange
    details: tuple[Detail, ...] = ()
    comparable: bool = True

    @property
    def diverges(self) -> bool:
        return any(_tells(detail, self.recorded.intent) for detail in self.details)

    @property
    def held_back(self) -> bool:
        """Whether our own guard did not send it."""
        return self.replayed.trouble is not None and self.replayed.trouble.kind is TroubleKind.GUARD

    @property
    def lost(self) -> bool:
        """Whether it was sent and no answer came, or was not sent."""
        return self.replayed.response is None

    def as_difference(self) -> ExchangeDifference:
        call = f"{self.recorded.method} {self.recorded.template}"
        return ExchangeDifference(
            self.replayed.scenario, self.recorded.title, call, self.recorded.id, self.replayed.id, self.details
        )


def _tells(detail: Detail, intent: Intent) -> bool:
    where = detail.where
    if where == "status":
        # 200 with the resource and 204 without are both success (RFC 7644 §3.5.2).
        return not (detail.before.startswith("2") and detail.after.startswith("2"))
    if where.endswith("/active") and {detail.before, detail.after} == {"(absent)", "true"}:
        # Who is not said to be inactive is active (RFC 7643 §4.1.1 leaves the meaning to the service).
        return False
    last = where.rpartition("/")[2]
    if last in _COUNTS:
        return intent in _NARROW
    steps = where.split("/")
    # Which people a long list shows is the other service's own affair.
    if "Resources" in steps and intent not in _NARROW:
        return False
    return last == "Resources" or any(step in _TELLING for step in steps)


@dataclass
class Replay:
    """One recorded transcript, to be played once. ``answered`` fills while it is played."""

    transcript: Transcript
    new_base: str
    listed: tuple[str, ...] = ()
    longest_pause_s: float = 0.0
    answered: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._held_back = False
        self.people = people_at_the_beginning(self.transcript)
        self.groups = groups_at_the_beginning(self.transcript)
        self.binding = Binding(self.transcript.base_url, self.new_base, longest_pause_s=self.longest_pause_s)

    def scenario(self) -> Scenario:
        """The recording as a scenario of the same id. With listed accounts only as many people play as there are."""
        people = self._cast_of_accounts() if self.listed else self.people
        parts = parts_of(people)
        if self.listed:
            parts = tuple(replace(part, presence=Presence.ACTIVE) for part in parts)
        key = self.transcript.scenario
        return Scenario(key, probe=Probe(key.id, key.title, self._run, parts))

    def accounts(self) -> tuple[str, ...]:
        """The listed accounts in the order of the people whom they play."""
        names = {name.casefold(): name for name in self.listed}
        people = self._cast_of_accounts()
        own = [names.get(one.person.user_name.casefold(), "") for one in people]
        rest = iter(name for name in self.listed if name not in own)
        return tuple(name or next(rest) for name in own)

    def _cast_of_accounts(self) -> tuple[Known, ...]:
        """Who of the recording is played by a listed account: first those who are listed themselves."""
        names = {name.casefold() for name in self.listed}
        own = [one for one in self.people if one.person.user_name.casefold() in names]
        others = [one for one in self.people if one not in own]
        return tuple([*own, *others][: len(self.listed)])

    def _run(self, cast: Cast) -> Steps:
        for member in cast:
            if member.account is not None:
                self.binding.bind(member.part, member.account.id)
                recorded = next(one for one in self.people if one.id == member.part).person.user_name
                if recorded != member.account.user_name:
                    self.binding.names[recorded] = member.account.user_name
        yield from self._make_groups()
        before = ""
        for exchange in self.transcript.exchanges:
            pause = _seconds(before, exchange.started_at) if self.longest_pause_s else 0.0
            before = exchange.started_at or before
            answer: Exchange = yield self.binding.step(exchange, pause)
            self.binding.learn(exchange, answer)
            self.answered.append(self._compared(exchange, answer))

    def _make_groups(self) -> Steps:
        """Groups that were there from the beginning are made; where the service refuses that, they stay unknown."""
        for recorded, name in self.groups:
            body = {"schemas": [GROUP], "displayName": name}
            made: Exchange = yield Step(
                title="Set up a group that was there when the recording began",
                method="POST",
                path="/Groups",
                template="/Groups",
                headers=(
                    ("User-Agent", "scimulator-witness"),
                    ("Content-Type", SCIM_JSON),
                    ("Authorization", f"Bearer {TOKEN}"),
                ),
                body=compact_json(body),
                effect=Effect.WRITE,
                intent=Intent.GROUP_CREATE,
                tag="set-up",
            )
            resource_id = made.resource.get("id")
            if not isinstance(resource_id, str):
                return
            self.binding.bind(recorded, resource_id)

    def _compared(self, recorded: Exchange, answer: Exchange) -> Answered:
        held_back = answer.trouble is not None and answer.trouble.kind is TroubleKind.GUARD
        self._held_back = self._held_back or held_back
        if recorded.response is None or answer.response is None or self._held_back:
            # What follows a write that was not sent has nothing to do with the service.
            return Answered(recorded, answer, comparable=False)
        first, second = exchange_to_json(recorded), exchange_to_json(answer)
        if "response body" in lacks(recorded):
            first["response"]["body"] = second["response"]["body"] = None
        if recorded.ok and answer.ok and not (recorded.body and answer.body):
            first["response"]["body"] = second["response"]["body"] = None
        if "response headers" in lacks(recorded):
            first["response"]["headers"] = second["response"]["headers"] = []
        first["response"]["headers"] = [[k, self.binding.text(v)] for k, v in first["response"]["headers"]]
        body = self.binding.body(recorded.body)
        if first["response"]["body"] is not None:
            first["response"]["body"] = {"text": (body or b"").decode("utf-8", "replace")}
        return Answered(recorded, answer, tuple(differences(first, second)))

    @property
    def unplayed(self) -> int:
        """How many recorded requests were never come to."""
        return len(self.transcript.exchanges) - len(self.answered)


class RecordedPeople(Directory):
    """A directory whose people are those of a recording; for every other part it invents somebody."""

    def __init__(self, seed: int, people: Iterable[Known]) -> None:
        super().__init__(seed)
        self._people = {one.id: one.person for one in people}

    def person(self, scenario: str, part: str) -> Person:
        return self._people.get(part) or super().person(scenario, part)


def divergences(replays: Iterable[Replay]) -> Iterator[Answered]:
    """Every recorded request whose outcome is another one now, in order."""
    for one in replays:
        yield from (answered for answered in one.answered if answered.diverges)


def _seconds(before: str, after: str) -> float:
    """The recorded pause between two requests, 0 when it cannot be told."""
    try:
        return max(0.0, (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
