"""The attribute mapping: what of somebody in the directory goes where at the service, and what of it differs there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from harness.model.step import ENTERPRISE_USER, GROUP, USER
from simulators.entra.expressions import Expression, attribute, parse
from simulators.entra.paths import ABSENT, Path, path

OLD_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"

SOFT_DELETED = "IsSoftDeleted"
"""The source attribute that Entra works out by itself: out of scope, blocked, or in the recycle bin."""


@dataclass(frozen=True)
class Row:
    """One row of the mapping. ``matching`` is the precedence by which people are matched, 0 for none.

    ``default`` is written when the source has no value; ``creating`` rows flow when somebody is created and never
    again. A ``reference`` names another person of the directory, whose id at the service is written.
    """

    target: Path
    source: Expression
    matching: int = 0
    boolean: bool = False
    default: str | None = None
    creating: bool = False
    reference: bool = False

    def value(self, attributes: Mapping[str, Any]) -> Any:
        """What the service should have: a bool for a boolean attribute, text, a tuple of roles, or None for nothing."""
        value = self.source.value(attributes)
        if value is None or value == "":
            value = self.default
        if value in (None, "", ()):
            return None
        return str(value).lower() == "true" if self.boolean else value

    @cached_property
    def adds_only(self) -> bool:
        """Whether several roles are only ever added, and none is taken away."""
        return "AppRoleAssignmentsComplex" in self.source.functions


@dataclass(frozen=True)
class Clause:
    """One condition of a scoping filter: an attribute of the source, a word of the portal's list, a value."""

    attribute: str
    operator: str
    value: str = ""


@dataclass(frozen=True)
class ObjectMapping:
    """The mapping of people or of groups. ``enabled`` and the three actions are ticks of the portal.

    ``scope`` holds groups of clauses; who passes all the clauses of one group is in scope. Empty: everybody is.
    """

    rows: tuple[Row, ...] = ()
    enabled: bool = True
    create: bool = True
    update: bool = True
    delete: bool = True
    scope: tuple[tuple[Clause, ...], ...] = ()

    @cached_property
    def matching(self) -> tuple[Row, ...]:
        """The rows by which somebody is looked for, in their precedence."""
        return tuple(sorted((row for row in self.rows if row.matching), key=lambda row: row.matching))

    @cached_property
    def updating(self) -> tuple[Row, ...]:
        """The rows that are compared in every cycle: ``active`` first, then ``userName``, as captured."""
        return tuple(sorted((r for r in self.rows if not r.reference and not r.creating), key=_precedence))

    @cached_property
    def active(self) -> Row | None:
        return next((row for row in self.rows if row.target.text == "active"), None)

    def without(self, *targets: str) -> ObjectMapping:
        return replace(self, rows=tuple(row for row in self.rows if row.target.text not in targets))


@dataclass(frozen=True)
class Schema:
    """What a job synchronises. ``unsupported`` names rows that are left out because they are not simulated, and why."""

    users: ObjectMapping
    groups: ObjectMapping
    unsupported: tuple[str, ...] = field(default=())


def row(target: str, source: str, matching: int = 0) -> Row:
    """One row as an administrator types it: ``row("active", "Not([IsSoftDeleted])")``."""
    return Row(
        path(target),
        parse(source) if "(" in source else attribute(source),
        matching,
        boolean=target == "active",
        reference=source == "manager",
    )


USER_NAME = row("userName", "userPrincipalName", 1)
ACTIVE = row("active", f'Switch([{SOFT_DELETED}], , "False", "True", "True", "False")')
EXTERNAL_ID = row("externalId", "mailNickname")
_PHONES = (("work", "telephoneNumber"), ("mobile", "mobile"), ("fax", "facsimileTelephoneNumber"))
_PLACES = (
    ("formatted", "physicalDeliveryOfficeName"),
    ("streetAddress", "streetAddress"),
    ("locality", "city"),
    ("region", "state"),
    ("postalCode", "postalCode"),
    ("country", "country"),
)
_GROUPS = ObjectMapping((row("displayName", "displayName", 1), row("externalId", "objectId")))

DEPROVISIONING = Schema(ObjectMapping((ACTIVE, USER_NAME)), _GROUPS)
"""The mapping of an administrator who was told that the service takes nothing but ``active``."""

WITH_EXTERNAL_ID = Schema(ObjectMapping((ACTIVE, USER_NAME, EXTERNAL_ID)), _GROUPS)

FULL = Schema(
    ObjectMapping(
        (
            ACTIVE,
            USER_NAME,
            row("displayName", "displayName"),
            row("title", "jobTitle"),
            row('emails[type eq "work"].value', "mail"),
            row("preferredLanguage", "preferredLanguage"),
            row("name.givenName", "givenName"),
            row("name.familyName", "surname"),
            row("name.formatted", 'Join(" ", [givenName], [surname])'),
            *(row(f'addresses[type eq "work"].{part}', source) for part, source in _PLACES),
            *(row(f'phoneNumbers[type eq "{kind}"].value', source) for kind, source in _PHONES),
            EXTERNAL_ID,
            row(f"{ENTERPRISE_USER}:employeeNumber", "employeeId"),
            row(f"{ENTERPRISE_USER}:department", "department"),
            row(f"{ENTERPRISE_USER}:manager", "manager"),
        )
    ),
    _GROUPS,
)
"""Entra's default mapping."""


@dataclass(frozen=True)
class Difference:
    """One attribute that is not as it should be. ``value`` None: it is to be removed."""

    path: str
    op: str
    value: Any
    simple: bool = True


def differences(resource: Mapping[str, Any], mapping: ObjectMapping, attributes: Mapping[str, Any]) -> list[Difference]:
    """What has to change at the service: Add what its answer lacks, Replace what differs, Remove what was cleared.

    References are left for the second pass.
    """
    return [d for r in mapping.updating for d in _difference(r, r.target.read(resource), r.value(attributes))]


def _precedence(row: Row) -> int:
    return {"active": 0, "userName": 1}.get(row.target.text, 2)


def _difference(row: Row, now: Any, wanted: Any) -> Iterator[Difference]:
    name, simple = row.target.text, row.target.simple
    if isinstance(wanted, tuple):
        yield from _roles(row, now, wanted)
    elif wanted is None:
        # A boolean is never removed: an expression without a value says nothing about it.
        if now is not ABSENT and now != "" and not row.boolean:
            yield Difference(name, "Remove", None, simple)
    elif now is ABSENT:
        yield Difference(name, "Add", wanted, simple)
    elif not _same(row, now, wanted):
        yield Difference(name, "Replace", wanted, simple)


def _same(row: Row, now: Any, wanted: Any) -> bool:
    if row.boolean:
        return bool(now.lower() == str(wanted).lower() if isinstance(now, str) else now is wanted)
    # A service may keep userName in small letters; Entra matches it without regard to case.
    return isinstance(now, str) and (
        now.lower() == str(wanted).lower() if row.target.text == "userName" else now == wanted
    )


def _roles(row: Row, now: Any, wanted: tuple[Any, ...]) -> Iterator[Difference]:
    have = {role.get("value") for role in now if isinstance(role, dict)} if isinstance(now, list) else set()
    want = {role["value"] for role in wanted}
    if row.adds_only:
        missing = tuple(role for role in wanted if role["value"] not in have)
        if missing:
            yield Difference(row.target.text, "Add", missing, simple=False)
    elif have != want:
        yield Difference(row.target.text, "Replace", wanted, simple=False)


def new_user(mapping: ObjectMapping, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the create request: what is mapped, in the order of the vendor's sample, booleans as booleans.

    Attributes without a value are left out; references follow in the second pass.
    """
    body: dict[str, Any] = {"schemas": [USER, ENTERPRISE_USER]}
    kind = path("meta.resourceType")
    values = [(r.target, r.value(attributes)) for r in mapping.rows if not r.reference]
    roles: list[tuple[Path, Any]] = (
        [(path("roles"), [])] if len(mapping.rows) > 3 and not any(t.name == "roles" for t, _ in values) else []
    )
    for target, value in sorted([*values, (kind, "User"), *roles], key=lambda pair: pair[0].rank):
        if isinstance(value, tuple):
            body[target.name] = [role_in_full(role) for role in value]
        elif value is not None:
            target.write(body, value)
    return body


def role_in_full(role: Mapping[str, str]) -> dict[str, Any]:
    """One of several roles, as a create request has it."""
    return {
        "primary": False,
        "type": "WindowsAzureActiveDirectoryRole",
        "display": role["display"],
        "value": role["value"],
    }


def new_group(mapping: ObjectMapping, attributes: Mapping[str, Any], *, old_sample: bool = False) -> dict[str, Any]:
    """The body of the create request. The list of members is empty; they follow in a PATCH.

    An old sample of the developer page names a schema of the vendor's own as well, and no members.
    """
    values = {r.target.text: r.value(attributes) for r in mapping.rows}
    order = sorted(values, key=lambda name: ("externalId", "displayName").index(name) if name in _KNOWN else 2)
    return {
        "schemas": [GROUP, OLD_GROUP] if old_sample else [GROUP],
        **{name: values[name] for name in order if values[name] is not None},
        **({} if old_sample else {"members": []}),
        "meta": {"resourceType": "Group"},
    }


_KNOWN = ("externalId", "displayName")

WITHOUT_MEMBERS = "excludedAttributes=members"


def only(target: str, value: str) -> str:
    """The filter for the one resource with this value: blanks as ``+``, quotes as ``%22``."""
    return "filter=" + quote_plus(f"{target} eq {json.dumps(value, ensure_ascii=False)}", errors="replace")


def object_id(directory_id: str) -> str:
    """The object id with its dashes, as the directory shows it."""
    return str(uuid.UUID(directory_id))
