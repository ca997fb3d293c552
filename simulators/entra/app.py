"""One Entra provisioning job: its clock, what it has cached, what is still to be done, how it words a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import Change, Switch, TeamChange
from harness.model.idp import Variant
from harness.model.outlook import Notice
from harness.model.sequence import Steps
from harness.model.step import SCIM_JSON, TOKEN, Intent, Step
from simulators.entra.dialect import Dialect
from simulators.entra.escrow import Escrow, Key
from simulators.entra.log import Journal
from simulators.entra.people import Entry, TeamEntry
from simulators.entra.quarantine import Quarantined, Trigger
from simulators.entra.setup import Setup
from simulators.render import Address, collection, encoded, member_of, step_to

LEGACY = Variant("default", "Entra ID without a flag: capital operations, strings for booleans")
FLAGGED = Variant("aadOptscim062020", "Entra ID with the flag aadOptscim062020: small operations, real booleans")
VARIANTS = (LEGACY, FLAGGED)


class Entra:
    """The job of one app in one tenant. Fresh for every scenario.

    Its clock counts minutes from when the app was connected and is moved by the Changes alone: an ordinary Change is
    followed by the cycle that notices it, ``TimePasses`` by all the cycles that fall into that time.
    ``changed`` is what the delta query would bring since the watermark; ``initial`` asks for a cycle over everything.
    """

    def __init__(self, variant: Variant, setup: Setup, *, journal: Journal | None = None) -> None:
        self.variant = variant
        self.dialect = _dialect(variant is FLAGGED, setup)
        self.journal = journal or Journal()
        self.now = 0
        self.next_cycle = setup.interval
        self.initial = True
        self.stopped = False
        self.deletes_allowed = False
        self.quarantine: Quarantined | None = None
        self.broken: Trigger | None = None
        self.cast = Cast()
        self.people: dict[str, Entry] = {}
        self.teams: dict[str, TeamEntry] = {}
        self.changed: dict[Key, None] = {}
        self.escrow = Escrow(setup.interval)
        self._set_up(setup)

    def _set_up(self, setup: Setup) -> None:
        self.setup = setup
        self.users_mapping = setup.users
        self.teams_mapping = setup.teams

    def react(self, change: Change, cast: Cast) -> Steps:
        """Yield what the job sends after this change; nothing at all when there is nothing to export."""
        # Imported here: the cycles play the sequences, and those play on this job.
        from simulators.entra.cycles import react

        self.cast = cast
        yield from react(self, change, cast)

    # What the job knows.

    def entry(self, member: Member) -> Entry:
        entry = self.people.setdefault(member.part, Entry(member, member.person))
        entry.member = member
        return entry

    def anchor(self, member: Member) -> str:
        return self.entry(member).anchor

    def linked(self, part: str) -> str:
        """The cached id of a part, "" for one who is not linked."""
        entry = self.people.get(part)
        return entry.anchor if entry else ""

    def team(self, change: TeamChange) -> TeamEntry | None:
        """The group that a Change is about, as it was before it; None when the story has none."""
        team = self.cast.team_of(change)
        return self.teams.setdefault(team.role, TeamEntry(team)) if team else None

    def soft_deleted(self, entry: Entry) -> bool:
        """Entra's ``IsSoftDeleted``: out of scope, blocked, or in the recycle bin."""
        return entry.disabled or entry.deleted or not entry.in_scope(self.users_mapping.scope)

    def attributes(self, entry: Entry) -> dict[str, Any]:
        return entry.attributes(self.soft_deleted(entry))

    def switch(self, change: Switch) -> None:
        """Take over a tick of the portal. A change of the mapping lets the next cycle go over everything."""
        setup = self.setup.switched(change.feature, change.on)
        self.initial |= setup.mapping is not self.setup.mapping or setup.groups is not self.setup.groups
        self._set_up(setup)
        if not self.teams_mapping.enabled:
            for key in [("group", role) for role in self.teams]:
                self.changed.pop(key, None)
                self.escrow.clear(key)

    def tell(self, notice: Notice | None) -> None:
        """Put a line before the administrator, with the minute at which it appears."""
        if notice is not None and self.journal.kept:
            values = {**vars(notice), "at": self.now}
            self.journal.write(Notice(**values))

    @contextmanager
    def on_demand(self) -> Iterator[None]:
        """Provisioning on demand speaks the default dialect, whatever flag the tenant URL carries."""
        usual, self.dialect = self.dialect, _dialect(False, self.setup)
        try:
            yield
        finally:
            self.dialect = usual

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

    def group(self, team: TeamEntry, subject: str = "") -> Address:
        return member_of("Groups", team.anchor, subject)

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


def _dialect(flagged: bool, setup: Setup) -> Dialect:
    return Dialect(flagged, setup.old_manager_sample, setup.operations_first)


def _headers(body: bytes | None) -> tuple[tuple[str, str], ...]:
    # Deliberately without a User-Agent (two captures), and without an Accept, which no capture shows.
    authorization = ("Authorization", f"Bearer {TOKEN}")
    if body is None:
        return (authorization,)
    return (authorization, ("Content-Type", f"{SCIM_JSON}; charset=utf-8"))
