"""One Entra provisioning job: how it was set up, what it has cached of each person, how it words a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import (
    Assign,
    Change,
    Disable,
    Edit,
    HardDelete,
    Reassign,
    RenamePerson,
    Restore,
    SoftDelete,
    TeamChange,
    TestConnection,
    Unassign,
)
from harness.model.idp import Variant
from harness.model.person import Person, Team
from harness.model.sequence import Sequence, Steps
from harness.model.step import SCIM_JSON, TOKEN, Intent, Step
from simulators.entra.mapping import DEPROVISIONING, AttributeMapping, Dialect
from simulators.render import Address, collection, encoded, member_of, step_to
from simulators.stories.consequences import after, regrouped

LEGACY = Variant("default", "Entra ID without a flag: capital operations, strings for booleans")
FLAGGED = Variant("aadOptscim062020", "Entra ID with the flag aadOptscim062020: small operations, real booleans")
VARIANTS = (LEGACY, FLAGGED)


@dataclass(frozen=True)
class Setup:
    """What the administrator set, and what is not known for certain about the engine.

    ``create``, ``update`` and ``delete`` are the target object actions, all ticked as Entra ticks them. ``mapping`` is
    cut to what a deprovisioning service takes. The other three switch behaviours on whose evidence is thin or divided:
    ``probe_groups`` (the connection test asks for a group too), ``probe_each_cycle`` (every cycle begins with the
    connection test), ``rematch_after_404`` (a cached id that is gone is looked up and created again).
    """

    create: bool = True
    update: bool = True
    delete: bool = True
    mapping: AttributeMapping = DEPROVISIONING
    probe_groups: bool = True
    probe_each_cycle: bool = False
    rematch_after_404: bool = False


BY_THE_GUIDE = Setup()


@dataclass
class Entry:
    """What the job knows of one person: the profile, the cached id at the service ("" when not linked), the state."""

    person: Person
    anchor: str = ""
    assigned: bool = False
    disabled: bool = False
    deleted: bool = False
    released: bool = False

    @property
    def soft_deleted(self) -> bool:
        """Entra's ``IsSoftDeleted``: not assigned, disabled, or in the recycle bin."""
        return not self.assigned or self.disabled or self.deleted

    @property
    def managed(self) -> bool:
        """Whether a change of this person reaches the service.

        It does while the person is linked, until the cycle that took the person off the app has passed.
        """
        return bool(self.anchor) and not self.released

    @property
    def user_name(self) -> str:
        """The userName as mapped. The recycle bin frees it by putting the object id in front, without dashes."""
        prefix = self.person.directory_id if self.deleted else ""
        return prefix + self.person.user_name

    def note(self, change: Change) -> None:
        """Let the change happen in the directory."""
        match change:
            case Assign():
                self.assigned, self.released = True, False
            case Unassign():
                self.assigned = False
            case Reassign():
                self.assigned, self.disabled, self.released = True, False, False
            case Disable():
                self.disabled = True
            case SoftDelete() | HardDelete():
                self.deleted = True
            case Restore():
                self.deleted = False
            case Edit() | RenamePerson():
                self.person = after(self.person, change)


class Entra:
    """The job of one app in one tenant; each Change is one cycle. Fresh for every scenario."""

    def __init__(self, variant: Variant, setup: Setup, sequences: tuple[Sequence, ...], start: Sequence) -> None:
        self.variant = variant
        self.setup = setup
        self.dialect = Dialect(flagged=variant is FLAGGED)
        self.quarantined = False
        self.group_anchor = ""
        self._sequences = sequences
        self._start = start
        self._entries: dict[str, Entry] = {}
        self._team: Team | None = None

    def react(self, change: Change, cast: Cast) -> Steps:
        """Yield what the next cycle after this change sends; nothing at all when there is nothing to export."""
        member = cast[change.part] if change.part else None
        self._note(change, member, cast)
        if self.setup.probe_each_cycle and not isinstance(change, TestConnection):
            yield from self._start(self, member, cast)
            if self.quarantined:
                return
        for reaction in self._sequences:
            if type(change) in reaction.on:
                yield from reaction(self, member, cast)

    # What the job knows.

    def _note(self, change: Change, member: Member | None, cast: Cast) -> None:
        """The directory changes before the cycle begins, and whatever the cycle will bring."""
        team = self.team(cast)
        if member is not None:
            self.entry(member).note(change)
        if team is not None and isinstance(change, TeamChange):
            self._team = regrouped(team, change)

    def entry(self, member: Member) -> Entry:
        return self._entries.setdefault(member.part, Entry(member.person))

    def anchor(self, member: Member) -> str:
        return self.entry(member).anchor

    def team(self, cast: Cast) -> Team | None:
        return self._team or cast.team

    # How the job words a request.

    def get(self, address: Address, intent: Intent, title: str, query: str = "", tag: str = "") -> Step:
        return self._step("GET", address, intent, title, query=query, tag=tag)

    def post(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("POST", address, intent, title, body=encoded(body))

    def patch(self, address: Address, intent: Intent, title: str, body: Any, tag: str = "") -> Step:
        return self._step("PATCH", address, intent, title, body=encoded(body), tag=tag)

    def delete(self, address: Address, intent: Intent, title: str) -> Step:
        return self._step("DELETE", address, intent, title)

    def users(self, member: Member | None = None) -> Address:
        return collection("Users", member.part if member else "")

    def user(self, member: Member) -> Address:
        return member_of("Users", self.anchor(member), member.part)

    def groups(self) -> Address:
        return collection("Groups")

    def group(self, member: Member | None = None) -> Address:
        return member_of("Groups", self.group_anchor, member.part if member else "")

    def _step(
        self,
        method: str,
        address: Address,
        intent: Intent,
        title: str,
        *,
        query: str = "",
        tag: str = "",
        body: bytes | None = None,
    ) -> Step:
        headers = _headers(body)
        return step_to(method, address, intent, title, headers, query=query, tag=tag, body=body)


def _headers(body: bytes | None) -> tuple[tuple[str, str], ...]:
    # Deliberately without a User-Agent (two captures), and without an Accept, which no capture shows.
    authorization = ("Authorization", f"Bearer {TOKEN}")
    if body is None:
        return (authorization,)
    return (authorization, ("Content-Type", f"{SCIM_JSON}; charset=utf-8"))
