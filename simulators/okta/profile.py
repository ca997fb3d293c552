"""Attribute mappings in Okta's own form: what ``GET /api/v1/mappings/{id}`` returns drives the simulator.

A mapping says which expression fills which property of the app's user profile, and whether it is applied on create
only or on update, too. The app's user schema (``GET /api/v1/meta/schemas/apps/{id}/default``) says where a property
stands in SCIM: ``externalName`` and ``externalNamespace``.

Sources: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ProfileMapping/ and
https://developer.okta.com/docs/guides/scim-provisioning-integration-connect/main/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.model.step import ENTERPRISE_USER, USER
from simulators.okta.expressions import Expression, ExpressionError, parse


class MappingError(ValueError):
    """A mapping or schema that cannot be used; the message names the place in it and what was expected."""


@dataclass(frozen=True)
class Place:
    """Where a property stands in a SCIM user: ``name.givenName``, or ``emails.^[primary==true].value``.

    ``sub`` is "" for a simple attribute; ``filter`` picks one value of a multi-valued attribute (None: not such a one).
    ``namespace`` is the URN of the schema that the attribute belongs to.
    """

    attribute: str
    sub: str = ""
    filter: tuple[str, Any] | None = None
    namespace: str = USER


@dataclass(frozen=True)
class Attribute:
    """One mapped property. ``push`` False: it is applied when a person is created, and never again."""

    name: str
    place: Place
    expression: Expression
    push: bool = True


@dataclass(frozen=True)
class ProfileMapping:
    """The mappings of one app, in the order in which their attributes are written into a body."""

    attributes: tuple[Attribute, ...]

    def values(self, profile: Mapping[str, Any], *, creating: bool) -> Iterator[tuple[Place, Any]]:
        """Where each mapped value goes, for a create or for an update. None: the person has no such value."""
        for attribute in self.attributes:
            if creating or attribute.push:
                yield attribute.place, attribute.expression(profile)

    def user_name(self, profile: Mapping[str, Any]) -> str:
        """What the app compares with ``userName``: the property of that name, else the Okta username."""
        for attribute in self.attributes:
            if attribute.name == "userName":
                value = attribute.expression(profile)
                return value if isinstance(value, str) else ""
        return str(profile.get("login", ""))

    def without(self, *names: str) -> ProfileMapping:
        """The same mappings but for these properties."""
        return ProfileMapping(tuple(a for a in self.attributes if a.name not in names))


_NAMED = re.compile(
    r"(?P<attribute>\w[\w-]*)(?:\.\^\[(?P<key>\w+)\s*==\s*(?P<value>true|false|'[^']*'|\"[^\"]*\"|\w+)\])?"
    r"(?:\.(?P<sub>\$?\w[\w-]*))?"
)
_BOOLEANS = {"true": True, "false": False}


def place(external_name: str, namespace: str, where: str = "externalName") -> Place:
    """Read an ``externalName``. Raises MappingError."""
    match = _NAMED.fullmatch(external_name)
    if match is None or (match["key"] and not match["sub"]):
        raise MappingError(
            f"{where}: {external_name!r} cannot be read; expected a name such as userName, name.givenName or "
            "emails.^[primary==true].value"
        )
    chosen = None
    if match["key"]:
        value = match["value"]
        chosen = (match["key"], _BOOLEANS.get(value, value.strip("'\"")))
    return Place(match["attribute"], match["sub"] or "", chosen, namespace)


def _emails(sub: str) -> Place:
    return Place("emails", sub, ("primary", True))


def _phones(sub: str) -> Place:
    return Place("phoneNumbers", sub, ("primary", True))


def _addresses(sub: str) -> Place:
    return Place("addresses", sub, ("primary", True))


def _enterprise(attribute: str, sub: str = "") -> Place:
    return Place(attribute, sub, None, ENTERPRISE_USER)


PLACES: dict[str, Place] = {
    "userName": Place("userName"),
    "givenName": Place("name", "givenName"),
    "familyName": Place("name", "familyName"),
    "middleName": Place("name", "middleName"),
    "honorificPrefix": Place("name", "honorificPrefix"),
    "honorificSuffix": Place("name", "honorificSuffix"),
    "formattedName": Place("name", "formatted"),
    "email": _emails("value"),
    "emailType": _emails("type"),
    "primaryPhone": _phones("value"),
    "primaryPhoneType": _phones("type"),
    "addressType": _addresses("type"),
    "streetAddress": _addresses("streetAddress"),
    "locality": _addresses("locality"),
    "region": _addresses("region"),
    "postalCode": _addresses("postalCode"),
    "country": _addresses("country"),
    "formatted": _addresses("formatted"),
    **{
        name: Place(name)
        for name in (
            "displayName",
            "nickName",
            "profileUrl",
            "title",
            "userType",
            "preferredLanguage",
            "locale",
            "timezone",
        )
    },
    **{name: _enterprise(name) for name in ("employeeNumber", "costCenter", "organization", "division", "department")},
    "managerValue": _enterprise("manager", "value"),
    "managerDisplayName": _enterprise("manager", "displayName"),
}
"""The properties that Okta's SCIM template gives an app, and where they stand. A schema of the app overrides them."""


def from_okta(mapping: Any, schema: Any = None) -> ProfileMapping:
    """Read a profile mapping and, if the app has properties of its own, its user schema, both as Okta returns them.

    A property whose schema entry has no ``externalNamespace`` is left out without a word, as Okta does it. Raises
    MappingError, naming the place, for what is no mapping to an app, has an unreadable expression or an unknown target.
    """
    if not isinstance(mapping, Mapping) or not isinstance(mapping.get("properties"), Mapping):
        raise MappingError("expected a profile mapping of Okta: an object with properties")
    target = mapping.get("target")
    if isinstance(target, Mapping) and target.get("type", "appuser") != "appuser":
        raise MappingError(
            f"target/type: expected appuser, found {target['type']!r}: this mapping leads into Okta, not to the app"
        )
    places = _places(schema)
    attributes = []
    for name, entry in mapping["properties"].items():
        where = f"properties/{name}"
        if not isinstance(entry, Mapping) or not isinstance(entry.get("expression"), str):
            raise MappingError(f"{where}/expression: expected a text")
        status = entry.get("pushStatus", "PUSH")
        if status not in ("PUSH", "DONT_PUSH"):
            raise MappingError(f"{where}/pushStatus: expected PUSH or DONT_PUSH, found {status!r}")
        if name not in places:
            raise MappingError(
                f"{where}: it is unknown where this property stands in SCIM; give the app's user schema as well, or "
                f"use one of {', '.join(sorted(PLACES))}"
            )
        try:
            expression = parse(entry["expression"])
        except ExpressionError as error:
            raise MappingError(f"{where}/expression: {error}") from error
        stands = places[name]
        if stands is not None:
            attributes.append(Attribute(name, stands, expression, status == "PUSH"))
    return ProfileMapping(tuple(attributes))


def _places(schema: Any) -> dict[str, Place | None]:
    places: dict[str, Place | None] = dict(PLACES)
    if schema is None:
        return places
    definitions = schema.get("definitions") if isinstance(schema, Mapping) else None
    if not isinstance(definitions, Mapping):
        raise MappingError("expected an app user schema of Okta: an object with definitions")
    for kind, definition in definitions.items():
        properties = definition.get("properties") if isinstance(definition, Mapping) else None
        for name, entry in properties.items() if isinstance(properties, Mapping) else ():
            external = entry.get("externalName") if isinstance(entry, Mapping) else None
            if external is None:
                continue
            where = f"definitions/{kind}/properties/{name}/externalName"
            namespace = entry.get("externalNamespace")
            places[name] = place(str(external), str(namespace), where) if namespace else None
    return places


def mapped(**expressions: str) -> ProfileMapping:
    """A mapping to properties of the template, by name."""
    return from_okta({"properties": {name: {"expression": text} for name, text in expressions.items()}})


def create_only(mapping: ProfileMapping, *names: str) -> ProfileMapping:
    """The same mappings, with these properties applied on create only."""
    return ProfileMapping(tuple(replace(a, push=False) if a.name in names else a for a in mapping.attributes))


# The order is that of the captured create request. The locale is applied on create only, because the captured profile
# push left the service's own spelling of it alone.
GUIDE = create_only(
    mapped(
        userName="user.login",
        givenName="user.firstName",
        familyName="user.lastName",
        email="user.email",
        emailType="'work'",
        displayName="user.displayName",
        locale="'en-US'",
        title="user.title",
    ),
    "locale",
)
"""What a service for deactivation is sent: the captured attributes, and the job title."""

TEMPLATE = ProfileMapping((*GUIDE.attributes, *mapped(department="user.department").attributes))
"""The same with the department, which brings the enterprise extension along."""
