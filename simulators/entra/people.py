"""What the job knows of one person, and of one group: the state in the directory and the cached id at the service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.model.account import Member
from harness.model.change import (
    ENDS_ACCESS,
    RESTORES_ACCESS,
    Assign,
    Change,
    Disable,
    Edit,
    EnterScope,
    HardDelete,
    LeaveScope,
    Reassign,
    RenamePerson,
    Restore,
    SoftDelete,
    Unassign,
)
from harness.model.outlook import Removal, RemovalState
from harness.model.person import Person, Team
from simulators.entra.mapping import SOFT_DELETED, Clause, object_id
from simulators.render import guid
from simulators.stories.consequences import after

OF_PEOPLE = (*ENDS_ACCESS, *RESTORES_ACCESS, Assign, Edit, RenamePerson)
"""The Changes of a person that a delta query brings to the job. Entra knows neither suspension nor passwords here."""


@dataclass
class Entry:
    """One person. ``anchor`` is the cached id at the service, "" while not linked.

    ``released``: the cycle that took the person off the app has passed, nothing is exported any more.
    ``buried``: a cycle has seen the person in the recycle bin. ``off``: the service has been told, or has said itself,
    that the person is inactive. ``returning``: the cached id may be given up for a new match.
    ``manager_there`` is the manager's id as the service showed it last, ``location`` its own URI of the person.
    ``removal`` is what became of taking away the
    access; None while the person is to have it, and where a request of that kind was held back by the harness.
    """

    member: Member
    person: Person
    anchor: str = ""
    assigned: bool = False
    filtered: bool = False
    disabled: bool = False
    deleted: bool = False
    purged: bool = False
    released: bool = False
    buried: bool = False
    off: bool = False
    returning: bool = False
    manager_there: str = ""
    location: str | None = None
    removal: Removal | None = None

    @property
    def part(self) -> str:
        return self.member.part

    @property
    def name(self) -> str:
        return self.person.user_name

    @property
    def managed(self) -> bool:
        """Whether a change of this person reaches the service."""
        return bool(self.anchor) and not self.released

    def in_scope(self, scope: tuple[tuple[Clause, ...], ...]) -> bool:
        """Whether the person is assigned and passes the scoping filter."""
        return self.assigned and not self.filtered and (not scope or passes(self.attributes(False), scope))

    def attributes(self, soft_deleted: bool) -> dict[str, Any]:
        """The source attributes. The recycle bin frees the name by putting the object id in front, without dashes."""
        person = self.person
        return {
            "objectId": object_id(person.directory_id),
            "userPrincipalName": (person.directory_id if self.deleted else "") + person.user_name,
            "mail": person.email,
            "mailNickname": person.user_name.partition("@")[0],
            "displayName": person.display_name,
            "givenName": person.given_name,
            "surname": person.family_name,
            "jobTitle": person.title or None,
            "department": person.department or None,
            "accountEnabled": str(not (self.disabled or self.deleted)),
            SOFT_DELETED: str(soft_deleted),
            "appRoleAssignments": _roles(person.role),
        }

    def note(self, change: Change) -> None:
        """Let the change happen in the directory."""
        match change:
            case Assign():
                self.assigned, self.released = True, False
            case Unassign():
                self.assigned = False
            case Reassign():
                self.assigned, self.disabled, self.released, self.returning = True, False, False, True
            case LeaveScope():
                self.filtered = True
            case EnterScope():
                self.filtered, self.released, self.returning = False, False, True
            case Disable():
                self.disabled = True
            case SoftDelete():
                self.deleted = True
            case HardDelete():
                self.deleted = self.purged = True
            case Restore():
                self.deleted = False
            case Edit() | RenamePerson():
                self.person = after(self.person, change)

    def follow(self, change: Change, soft_deleted: bool) -> None:
        """Begin to follow a removal that a Change asks for, or end it when the person is to have access after all."""
        if not soft_deleted:
            self.removal = None
        elif isinstance(change, ENDS_ACCESS) and self.removal is None:
            self.removed(RemovalState.PENDING, "no cycle has seen it yet")

    def removed(self, state: RemovalState, why: str, exchange: str = "", inferred: bool = False) -> None:
        """Note what became of the removal. One that the service has confirmed stays done."""
        if self.removal is None or self.removal.state is not RemovalState.DONE:
            self.removal = Removal(self.part, state, why, exchange, inferred)


@dataclass
class TeamEntry:
    """One group. ``joining`` and ``leaving`` are parts whose membership is still to be sent, in order.

    ``sent`` are the parts that the service was told of; what it did with them is never read.
    """

    team: Team
    anchor: str = ""
    pushed: bool = False
    gone: bool = False
    sent: set[str] = field(default_factory=set)
    joining: dict[str, None] = field(default_factory=dict)
    leaving: dict[str, None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.team.name

    @property
    def attributes(self) -> dict[str, Any]:
        return {"displayName": self.team.name, "objectId": object_id(self.team.directory_id), "mail": None}

    def become(self, team: Team) -> None:
        """Take over the name and the members of the directory."""
        for part in team.members:
            if part not in self.team.members:
                self.joining[part] = None
                self.leaving.pop(part, None)
        for part in self.team.members:
            if part not in team.members:
                self.drop(part)
        self.team = team

    def drop(self, part: str) -> None:
        """A member leaves: whoever was never sent needs no removal."""
        self.joining.pop(part, None)
        if part in self.sent:
            self.leaving[part] = None

    def begin(self) -> None:
        """All members are to be sent, as when the group is provisioned for the first time."""
        self.joining = dict.fromkeys(self.team.members)
        self.leaving.clear()


def passes(attributes: Mapping[str, Any], scope: tuple[tuple[Clause, ...], ...]) -> bool:
    """Whether somebody passes a scoping filter: all the clauses of one of its groups."""
    return any(all(_holds(clause, attributes.get(clause.attribute)) for clause in group) for group in scope)


def _holds(clause: Clause, value: Any) -> bool:
    text = "" if value is None else str(value)
    match clause.operator:
        case "equals":
            return text == clause.value
        case "notequals":
            return text != clause.value
        case "istrue":
            return text.lower() == "true"
        case "isfalse":
            return text.lower() == "false"
        case "isnull":
            return value is None
        case "isnotnull":
            return value is not None
        case "includes":
            return clause.value in text
        case "regexmatch" | "notregexmatch":
            return _matches(clause.value, text) is (clause.operator == "regexmatch")
        case "greaterthan":
            return _number(text) > _number(clause.value)
        case _:
            return _number(text) >= _number(clause.value)


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("-inf")


def _roles(role: str) -> tuple[dict[str, str], ...]:
    return ({"id": guid("app-role", role), "value": role, "displayName": role},) if role else ()
