"""What Okta knew at each moment of a scenario, worked out from the changes and the exchanges alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from harness.model.change import (
    Assign,
    Disable,
    Feature,
    HardDelete,
    Reassign,
    SoftDelete,
    Switch,
    TeamChange,
    TimePasses,
    Unassign,
)
from harness.model.exchange import Exchange
from harness.model.outlook import Removal, RemovalState
from harness.model.person import Person, Team
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript
from simulators.okta.mapping import found_in
from simulators.render import heard, identifier, retry_after
from simulators.stories.consequences import after, regrouped

ASSIGNS = (Assign, Reassign)
ENDS = (Unassign, Disable, SoftDelete, HardDelete)
"""The ways of leaving that Okta knows."""


@dataclass
class History:
    """Told moment by moment. ``moments`` yields each Moment of this IdP with what stands before it already told.

    ``gone`` are the parts who lost the app in Okta, ``left`` the one who did in this very Moment; ``linked`` holds, of
    each part that was ever looked up, the exchange that ended the last attempt to bring them in, and whether it linked
    them; ``unprovisioned`` are those who were assigned while provisioning was off.
    """

    transcript: Transcript
    clock: int = 0
    gone: set[str] = field(default_factory=set)
    left: str = ""
    linked: dict[str, tuple[bool, Exchange]] = field(default_factory=dict)
    removals: dict[str, Removal] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)
    _teams: dict[str, Team] = field(default_factory=dict)
    _groups: dict[str, str] = field(default_factory=dict)
    unprovisioned: set[str] = field(default_factory=set)
    _provisioning: bool = True
    _unticked: bool = False

    def moments(self) -> Iterator[tuple[Moment, list[Exchange], bool]]:
        """Each Moment with what was sent in it, and whether that is all that Okta wanted to send."""
        for moment in self.transcript.moments:
            if moment.change.by:
                continue
            sent, complete = heard(moment, self.transcript)
            self._note(moment, sent, complete)
            yield moment, sent, complete

    def user_name(self, part: str) -> str:
        return self._people[part].user_name if part in self._people else part

    def group_name(self, exchange: Exchange, moment: Moment) -> str:
        """The name of the group that a call is about: what the call says, else what is known of its id or its team."""
        known = _named(exchange) or self._groups.get(_addressed(exchange), "")
        return known or self._team_name(moment)

    def _team_name(self, moment: Moment) -> str:
        team = moment.change.team if isinstance(moment.change, TeamChange) else ""
        for role, known in self._teams.items():
            if not team or role == team:
                return known.name
        return "the group"

    @property
    def app(self) -> str:
        """The label of the app. A transcript does not know the customer's: the host of the service stands for it."""
        return urlsplit(self.transcript.base_url).hostname or "the app"

    def _note(self, moment: Moment, sent: list[Exchange], complete: bool) -> None:
        change, cast = moment.change, moment.cast
        for member in cast:
            self._people.setdefault(member.part, member.person)
        for team in cast.teams:
            self._teams.setdefault(team.role, team)
        if change.part in self._people:
            self._people[change.part] = after(self._people[change.part], change)
        if isinstance(change, TeamChange):
            about = cast.team_of(change)
            if about is not None:
                self._teams[about.role] = regrouped(self._teams[about.role], change)
        match change:
            case TimePasses(minutes=minutes):
                self.clock += minutes
            case Switch(feature=Feature.DEACTIVATE, on=on):
                self._unticked = not on
            case Switch(feature=Feature.PROVISIONING, on=on):
                self._provisioning = on
        if isinstance(change, ASSIGNS) and not self._provisioning:
            self.unprovisioned.add(change.part)
        self.unprovisioned -= {x.subject for x in sent}
        if isinstance(change, ASSIGNS):
            self.gone.discard(change.part)
            self.removals.pop(change.part, None)
        for exchange in sent:
            if _named(exchange) and _addressed(exchange):
                self._groups[_addressed(exchange)] = _named(exchange)
        self._note_links(sent, complete)
        self._note_removals(moment, sent, complete)

    def _note_links(self, sent: list[Exchange], complete: bool) -> None:
        for part in dict.fromkeys(x.subject for x in sent if x.intent in (Intent.LOOKUP, Intent.CREATE)):
            asked = [x for x in sent if x.subject == part and not x.template.startswith("/Groups")]
            if complete:
                self.linked[part] = (_linked(asked), asked[-1])

    def _note_removals(self, moment: Moment, sent: list[Exchange], complete: bool) -> None:
        change = moment.change
        ending = isinstance(change, ENDS)
        self.left = change.part if ending and change.part not in self.gone else ""
        if self.left:
            removal = self._removal(change.part, sent, complete)
            if removal is not None:
                self.removals[change.part] = removal
            self.gone.add(change.part)
        elif not ending and not isinstance(change, ASSIGNS):
            # Done again by hand or after a while; or who leaves the team loses the app with it.
            for part in dict.fromkeys(x.subject for x in sent if x.intent is Intent.DEACTIVATE):
                self.gone.add(part)
            for part in self.gone & {x.subject for x in sent if x.intent in _TAKING}:
                again = self._removal(part, sent, complete)
                if again is not None:
                    self.removals[part] = again

    def _removal(self, part: str, sent: list[Exchange], complete: bool) -> Removal | None:
        """What became of taking the person's access away; None when that cannot be told."""
        asked = [x for x in sent if x.subject == part and x.intent in _TAKING]
        if not asked:
            return self._never(part) if complete else None
        last = asked[-1]
        if last.ok and last.intent is Intent.DEACTIVATE:
            active = last.resource.get("active") is True
            why = "the service confirmed it" + (", and still calls the person active: Okta does not look" * active)
            return Removal(part, RemovalState.DONE, why, last.id, inferred=active)
        if last.ok and not complete:
            return None
        seconds = retry_after(last) if last.status == 429 else None
        if seconds is not None:
            why = f"the service asked for {seconds:.0f} seconds of patience; Okta sends it again by itself after that"
            return Removal(part, RemovalState.PENDING, why, last.id, inferred=True)
        told = f"HTTP {last.status}" if last.answered else "no answer"
        why = f"{told} to the deactivation: a task waits in the dashboard, and Okta does not try again by itself"
        return Removal(part, RemovalState.LOST, why, last.id, inferred=last.status not in _KNOWN)

    def _never(self, part: str) -> Removal:
        linked, last = self.linked.get(part, (False, None))
        if part in self.unprovisioned:
            why = (
                "the person was assigned while provisioning was off, and nobody pressed Provision User since: Okta "
                "knows no account to deactivate"
            )
        elif not self._provisioning:
            why = "provisioning is off: Okta takes the assignment away and tells the service nothing"
        elif linked and not self._unticked:
            why = "nothing was sent although the person is linked: see whether Deactivate Users is ticked"
        elif linked:
            why = "Deactivate Users is not ticked: Okta takes the assignment away and tells the service nothing"
        elif last is None:
            why = "Okta never looked the person up, so it knows no account to deactivate"
        else:
            why = (
                "Okta never linked the person, because the assignment failed: it knows no account to deactivate, and "
                "one that came by a sign-in since then stays"
            )
        return Removal(part, RemovalState.NEVER_TRIED, why, last.id if last is not None and not linked else "")


_TAKING = (Intent.DEACTIVATE, Intent.READ)
"""What a deactivation consists of: a wizard app reads the person first."""

_KNOWN = (400, 401, 501)
"""Refusals after which Okta has been seen, or is documented, to leave a task and not to come back."""


def _linked(asked: list[Exchange]) -> bool:
    """Whether the attempt to bring somebody in left a link: every call worked, and an account was found or made."""
    last = asked[-1]
    if last.intent is Intent.READ:
        return False
    if last.intent is Intent.LOOKUP:
        found = found_in(last)
        return bool(found) and bool(identifier(found[0] if found else None))
    return last.ok and (last.intent is not Intent.CREATE or bool(identifier(last.resource)))


def _named(exchange: Exchange) -> str:
    """The name of a group that a request tells: in its body, or in its filter."""
    if not exchange.template.startswith("/Groups"):
        return ""
    body = exchange.sent if isinstance(exchange.sent, dict) else {}
    for operation in body.get("Operations", ()):
        if isinstance(operation.get("value"), dict):
            body = operation["value"]
    name = body.get("displayName")
    if isinstance(name, str):
        return name
    asked = _NAME.fullmatch(parse_qs(exchange.query).get("filter", [""])[0])
    return json.loads(asked[1]) if asked else ""


_NAME = re.compile(r'displayName eq ("(?:[^"\\]|\\.)*")')


def _addressed(exchange: Exchange) -> str:
    """The id of the group that a call is about: in its path, or in what came back."""
    if exchange.template == "/Groups/{id}":
        return unquote(exchange.path.rpartition("/")[2])
    return identifier(exchange.resource) or identifier((found_in(exchange) or [{}])[0])
