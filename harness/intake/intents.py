"""Intents: what the sender of an imported request wanted, in the words in which our own simulators mark theirs."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from harness.model.step import Effect, Intent

ENDPOINTS = {
    "users": "Users",
    "groups": "Groups",
    "serviceproviderconfig": "ServiceProviderConfig",
    "serviceproviderconfigs": "ServiceProviderConfigs",
    "resourcetypes": "ResourceTypes",
    "schemas": "Schemas",
    "bulk": "Bulk",
    "me": "Me",
    ".search": ".search",
}
"""The endpoints of RFC 7644 §3.2 by their names in lower case; the plural configuration is SCIM 1.1's."""

REMEMBERED = 100_000
"""Of so many people it is remembered by what name and how active they were seen last."""

GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
TOMBSTONE = re.compile(r"[0-9a-fA-F]{32}.+@")
"""How Entra renames somebody whom it has soft-deleted: the object id in front of the address."""

_EQUALS = re.compile(
    r'\s*(?P<attribute>[\w.:\[\]"$ -]{1,200}?)\s+eq\s+"(?P<value>(?:[^"\\]|\\.){0,1000})"\s*$', re.IGNORECASE
)
_MEMBERSHIP = re.compile(r"\bmembers(?:\.value)?\s+eq\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\bmanager(?:\.value)?\s+eq\b", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """Where in a service a URL leads: ``base`` without a trailing slash, ``path`` and ``query`` as sent.

    ``endpoint`` is spelt as the RFC spells it; ``resource_id`` is decoded, "" for a collection.
    """

    base: str
    path: str
    query: str
    endpoint: str
    resource_id: str = ""

    @property
    def template(self) -> str:
        return f"/{self.endpoint}/{{id}}" if self.resource_id else f"/{self.endpoint}"

    @property
    def exact(self) -> bool:
        """Whether the endpoint is spelt as in the RFC, letter case included."""
        return f"/{self.endpoint}" in self.path


@dataclass(frozen=True)
class Reading:
    """What a request was for. ``subject`` names the person as far as known; "" for groups and for nobody."""

    intent: Intent
    effect: Effect
    title: str
    subject: str = ""
    tag: str = ""


def address_of(url: str) -> Address | None:
    """Where a URL leads in a SCIM service; None when its path does not end like one. Never raises."""
    whole, _, query = url.partition("#")[0].partition("?")
    origin, path = _split(whole)
    segments = path.split("/")
    while len(segments) > 1 and not segments[-1]:
        segments.pop()
    for place in range(max(0, len(segments) - 2), len(segments)):
        endpoint = ENDPOINTS.get(segments[place].lower())
        if endpoint is not None and place > 0:
            behind = "/".join(segments[place + 1 :])
            base = "/".join(segments[:place]).rstrip("/")
            return Address(origin + base, path[len(base) :], query, endpoint, unquote(behind, errors="replace"))
    return None


def _split(whole: str) -> tuple[str, str]:
    """Scheme and host, and the path. A log often has the path only."""
    scheme, separator, rest = whole.partition("://")
    if not separator:
        return "", whole if whole.startswith("/") else f"/{whole}"
    host, _, path = rest.partition("/")
    return f"{scheme.lower()}://{host}", f"/{path}"


def parameters(query: str) -> dict[str, str]:
    """The parameters of a query; the last of several with one name counts. Unreadable ones are left out."""
    try:
        return dict(parse_qsl(query[:16_384], keep_blank_values=True, errors="replace", max_num_fields=200))
    except ValueError:
        return {}


def operations(body: Any) -> list[dict[str, Any]]:
    """The operations of a PATCH, whatever letter case their list has."""
    if not isinstance(body, dict):
        return []
    found = next((value for name, value in body.items() if name.lower() == "operations"), None)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def active_in(body: Any) -> bool | None:
    """What a PUT or PATCH body does to ``active``; Entra's texts "True" and "False" count. None: nothing."""
    told: Any = None
    changes = operations(body)
    if changes:
        for change in changes:
            value, path = change.get("value"), change.get("path")
            if isinstance(path, str) and path.lower().rpartition(":")[2] == "active":
                told = value
            elif not path and isinstance(value, dict):
                told = value.get("active", told)
    elif isinstance(body, dict):
        told = body.get("active")
    if isinstance(told, list) and len(told) == 1:
        told = told[0]
    if isinstance(told, dict):
        told = told.get("value")
    if isinstance(told, bool):
        return told
    return {"true": True, "false": False}.get(told.lower()) if isinstance(told, str) else None


def compared(query: str) -> tuple[str, str]:
    """The attribute and the value of a filter that compares one attribute for equality; else two empty texts."""
    match = _EQUALS.match(parameters(query).get("filter", "")[:2_000])
    return (match["attribute"], re.sub(r"\\(.)", r"\1", match["value"])) if match else ("", "")


class Names:
    """Learns from answers who stands behind an id and whether they were active, for the requests that follow."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, tuple[str, bool | None]] = OrderedDict()

    def learn(self, resource: Any) -> None:
        """Remember a person of an answer; the first name stays, so that a renamed person is still one person."""
        if not isinstance(resource, dict):
            return
        person, name, active = resource.get("id"), resource.get("userName"), resource.get("active")
        if not isinstance(person, (str, int)) or isinstance(person, bool) or not isinstance(name, str):
            return
        known = self._people.pop(str(person), ("", None))
        self._people[str(person)] = (known[0] or name, active if isinstance(active, bool) else known[1])
        if len(self._people) > REMEMBERED:
            self._people.popitem(last=False)

    def name(self, resource_id: str) -> str:
        """The name behind an id, or the id."""
        return self._people.get(resource_id, ("", None))[0] or resource_id

    def active(self, resource_id: str) -> bool | None:
        return self._people.get(resource_id, ("", None))[1]


def read_request(method: str, address: Address, body: Any, names: Names | None = None) -> Reading:
    """What a request was for. ``body`` is the parsed body, ``names`` what earlier answers told."""
    effect = _effect(method, address)
    if address.endpoint == "Users":
        return _person(method, address, body, effect, names or Names())
    if address.endpoint == "Groups":
        return _group(method, address, effect)
    if address.endpoint in ("ServiceProviderConfig", "ServiceProviderConfigs", "ResourceTypes", "Schemas"):
        if method == "GET":
            return Reading(Intent.DISCOVER, effect, f"Read {address.endpoint}")
    elif address.endpoint == ".search" and method == "POST":
        return Reading(Intent.LIST, effect, "Search with POST")
    return Reading(Intent.PROBE, effect, f"{method} {address.template}")


def _effect(method: str, address: Address) -> Effect:
    if method in ("GET", "HEAD", "OPTIONS") or (method == "POST" and address.path.rstrip("/").endswith("/.search")):
        return Effect.READ
    return Effect.DELETE if method == "DELETE" else Effect.WRITE


def _person(method: str, address: Address, body: Any, effect: Effect, names: Names) -> Reading:
    if not address.resource_id:
        return _people(method, address, body, effect)
    if address.resource_id == ".search":
        return Reading(Intent.LIST, effect, "Search people with POST")
    who = names.name(address.resource_id)
    if method in ("PUT", "PATCH"):
        return _written(method, address, body, effect, names, who)
    simple = {"GET": (Intent.READ, "Read the person by id"), "DELETE": (Intent.DELETE, "Delete the person")}
    intent, title = simple.get(method, (Intent.PROBE, f"{method} {address.template}"))
    return Reading(intent, effect, title, who)


def _written(method: str, address: Address, body: Any, effect: Effect, names: Names, who: str) -> Reading:
    active, before = active_in(body), names.active(address.resource_id)
    if active is False:
        tag = "tombstone" if _renamed_away(body) else ""
        return Reading(Intent.DEACTIVATE, effect, f"Deactivate the person ({method})", who, tag)
    # A PUT always says whether somebody is active: that they stay so is no return.
    if active and (method == "PATCH" or before is False):
        return Reading(Intent.REACTIVATE, effect, f"Activate the person again ({method})", who)
    manager = any(
        str(change.get("path", "")).lower().partition("[")[0].endswith("manager") for change in operations(body)
    )
    tag = "manager" if manager else "tombstone-rename" if _renamed_away(body) else ""
    return Reading(Intent.UPDATE, effect, f"Update the person ({method})", who, tag)


def _renamed_away(body: Any) -> bool:
    for change in operations(body):
        value = change.get("value")
        name = value.get("userName") if isinstance(value, dict) else value if change.get("path") == "userName" else None
        if isinstance(name, str) and TOMBSTONE.match(name):
            return True
    return False


def _people(method: str, address: Address, body: Any, effect: Effect) -> Reading:
    if method == "POST":
        name = body.get("userName") if isinstance(body, dict) else ""
        return Reading(Intent.CREATE, effect, "Create the person", name if isinstance(name, str) else "")
    if method != "GET":
        return Reading(Intent.PROBE, effect, f"{method} {address.template}")
    told = parameters(address.query)
    if "filter" in told:
        attribute, value = compared(address.query)
        if GUID.fullmatch(value) and attribute.lower() in ("username", "externalid"):
            return Reading(Intent.CONNECT, effect, "Test the connection: look for somebody who cannot exist")
        tag = "reference" if _REFERENCE.search(told["filter"][:2_000]) else ""
        subject = value if attribute.lower() == "username" else ""
        return Reading(Intent.LOOKUP, effect, f"Look for the person by {attribute or 'a filter'}", subject, tag)
    if told.get("count") == "2" and told.get("startIndex") == "1":
        return Reading(Intent.CONNECT, effect, "Test the connection: read two people")
    return Reading(Intent.LIST, effect, "List people")


def _group(method: str, address: Address, effect: Effect) -> Reading:
    if address.resource_id and address.resource_id != ".search":
        named = {
            "GET": (Intent.GROUP_READ, "Read the group by id"),
            "PUT": (Intent.GROUP_UPDATE, "Update the group (PUT)"),
            "PATCH": (Intent.GROUP_UPDATE, "Update the group (PATCH)"),
            "DELETE": (Intent.GROUP_DELETE, "Delete the group"),
        }
        intent, title = named.get(method, (Intent.PROBE, f"{method} {address.template}"))
        return Reading(intent, effect, title)
    if method == "POST" and not address.resource_id:
        return Reading(Intent.GROUP_CREATE, effect, "Create the group")
    told = parameters(address.query)
    if method == "GET" and "filter" in told:
        attribute, value = compared(address.query)
        if _MEMBERSHIP.search(told["filter"][:2_000]):
            return Reading(Intent.GROUP_LOOKUP, effect, "Ask whether somebody is a member", tag="membership")
        if GUID.fullmatch(value) and attribute.lower() == "displayname":
            return Reading(
                Intent.GROUP_LOOKUP, effect, "Test the connection: look for an impossible group", tag="probe"
            )
        return Reading(Intent.GROUP_LOOKUP, effect, f"Look for the group by {attribute or 'a filter'}")
    if method == "GET" or address.resource_id:
        return Reading(Intent.GROUP_READ, effect, "List groups")
    return Reading(Intent.PROBE, effect, f"{method} {address.template}")
