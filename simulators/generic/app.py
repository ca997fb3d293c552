"""One app that Generic provisions: how it was set up, whom it has linked, how it words a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import (
    ENDS_ACCESS,
    Assign,
    Change,
    EnterScope,
    Feature,
    Reassign,
    Restore,
    Switch,
    TeamChange,
)
from harness.model.idp import Variant
from harness.model.person import Person, Team
from harness.model.sequence import Sequence, Steps
from harness.model.step import SCIM_JSON, TOKEN, Intent, Step
from simulators.render import Address, collection, encoded, member_of, step_to
from simulators.stories.consequences import after, regrouped

STRICT = Variant("strict", "Generic, to the letter of the RFC")
VARIANTS = (STRICT,)

TICKED = frozenset({Feature.PROVISIONING, Feature.CREATE, Feature.DEACTIVATE, Feature.DELETE, Feature.PUSH_GROUPS})
"""What is on from the beginning: everything that a service which only takes access away has to meet."""


@dataclass
class Entry:
    """What the app knows of one person: the profile, the id at the service ("" when not linked), what is still owed."""

    person: Person
    id: str = ""
    entitled: bool = False
    owed: bool = False


@dataclass
class Pushed:
    """What the app knows of one team: how it is called and who is in it, and its id at the service ("": none)."""

    team: Team
    id: str = ""


@dataclass
class Generic:
    """The app of one tenant; fresh for every scenario. It reacts to events and asks the service what it can do."""

    variant: Variant
    sequences: tuple[Sequence, ...]
    ticked: set[Feature] = field(default_factory=lambda: set(TICKED))
    patches: bool = True
    """Whether ``active`` is changed by PATCH. Until the service was asked, it is taken to support what it should."""
    change: Change = field(default_factory=Change)
    """The Change that is being reacted to."""
    entries: dict[str, Entry] = field(default_factory=dict)
    teams: dict[str, Pushed] = field(default_factory=dict)

    def react(self, change: Change, cast: Cast) -> Steps:
        """Yield what is sent when this happens; nothing at all when nothing is sent."""
        member = cast[change.part] if change.part else None
        self.note(change, member, cast)
        if Feature.PROVISIONING not in self.ticked:
            return
        for reaction in self.sequences:
            if type(change) in reaction.on:
                yield from reaction(self, member, cast)

    # What the app knows.

    def note(self, change: Change, member: Member | None, cast: Cast) -> None:
        """Let the change happen in the directory, before anything is sent because of it."""
        self.change = change
        if isinstance(change, Switch):
            (self.ticked.add if change.on else self.ticked.discard)(change.feature)
        if isinstance(change, TeamChange) and (pushed := self.pushed(change, cast)) is not None:
            pushed.team = regrouped(pushed.team, change)
        elif member is not None:
            entry = self.entry(member)
            entry.person = after(entry.person, change)
            if isinstance(change, ENDS_ACCESS):
                entry.entitled = False
            elif isinstance(change, Assign | Reassign | EnterScope | Restore):
                entry.entitled = True

    def entry(self, member: Member) -> Entry:
        return self.entries.setdefault(member.part, Entry(member.person))

    def pushed(self, change: Change, cast: Cast) -> Pushed | None:
        """The team that a change is about; None when the story has no such team."""
        team = cast.team_of(change) if isinstance(change, TeamChange) else None
        return None if team is None else self.teams.setdefault(team.role, Pushed(team))

    # How the app words a request.

    def get(self, address: Address, intent: Intent, title: str, query: str = "") -> Step:
        return self._step("GET", address, intent, title, query=query)

    def post(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("POST", address, intent, title, body=encoded(body))

    def put(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("PUT", address, intent, title, body=encoded(body))

    def patch(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("PATCH", address, intent, title, body=encoded(body))

    def delete(self, address: Address, intent: Intent, title: str) -> Step:
        return self._step("DELETE", address, intent, title)

    def users(self, member: Member) -> Address:
        return collection("Users", member.part)

    def user(self, member: Member) -> Address:
        return member_of("Users", self.entry(member).id, member.part)

    def group(self, pushed: Pushed, member: Member | None = None) -> Address:
        return member_of("Groups", pushed.id, member.part if member else "")

    def _step(
        self, method: str, address: Address, intent: Intent, title: str, *, query: str = "", body: bytes | None = None
    ) -> Step:
        return step_to(method, address, intent, title, _headers(body), query=query, body=body)


def _headers(body: bytes | None) -> tuple[tuple[str, str], ...]:
    content_type = () if body is None else (("Content-Type", SCIM_JSON),)
    return (
        ("User-Agent", "scimulator-generic"),
        ("Accept", SCIM_JSON),
        *content_type,
        ("Authorization", f"Bearer {TOKEN}"),
    )
