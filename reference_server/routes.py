"""Where a request wants to go: the path below the base, taken apart once."""

from __future__ import annotations

import enum
from dataclasses import dataclass

BASE = ("scim", "v2")
BASE_PATH = "/" + "/".join(BASE)


class Place(enum.Enum):
    """A kind of address."""

    ROOT = "root"
    ROOT_SEARCH = "root search"
    CONFIG = "ServiceProviderConfig"
    TYPES = "ResourceTypes"
    SCHEMAS = "Schemas"
    BULK = "Bulk"
    ME = "Me"
    COLLECTION = "collection"
    SEARCH = "search"
    RESOURCE = "resource"
    UNSERVED = "unserved type"
    UNKNOWN = "unknown"

    @property
    def is_discovery(self) -> bool:
        return self in (Place.CONFIG, Place.TYPES, Place.SCHEMAS)


@dataclass(frozen=True)
class Route:
    """``path`` is the plain spelling below the base ("/Users/123"); ``endpoint`` is "Users"; ``id`` as sent."""

    place: Place
    path: str
    endpoint: str = ""
    id: str = ""


_FIXED = {
    "serviceproviderconfig": (Place.CONFIG, "ServiceProviderConfig"),
    "resourcetypes": (Place.TYPES, "ResourceTypes"),
    "schemas": (Place.SCHEMAS, "Schemas"),
    "bulk": (Place.BULK, "Bulk"),
    "me": (Place.ME, "Me"),
}

CORE_ENDPOINTS = ("Users", "Groups")


def segments(path: str) -> tuple[str, ...]:
    """The parts of a path; empty ones, from trailing or doubled slashes, do not count."""
    return tuple(part for part in path.split("/") if part)


def route(parts: tuple[str, ...], served: tuple[str, ...]) -> Route:
    """The route of a path below the base. ``served`` are the endpoints of the served resource types.

    Names of endpoints are matched in any letter case: a refusal must not depend on the spelling of the path.
    """
    if any("\0" in part for part in parts):
        # Nobody has such an id, and PostgreSQL cannot even be asked for it.
        return Route(Place.UNKNOWN, "/" + "/".join(parts))
    if not parts:
        return Route(Place.ROOT, "/")
    if parts == (".search",):
        return Route(Place.ROOT_SEARCH, "/.search")
    first = parts[0].casefold()
    endpoint = next((e for e in (*served, *CORE_ENDPOINTS) if e.casefold() == first), "")
    if endpoint in served:
        return _resource(endpoint, parts[1:])
    if endpoint:
        return Route(Place.UNSERVED, "/" + "/".join((endpoint, *parts[1:])), endpoint, "/".join(parts[1:]))
    place, name = _FIXED.get(first, (Place.UNKNOWN, parts[0]))
    path = "/" + "/".join((name, *parts[1:]))
    if place in (Place.TYPES, Place.SCHEMAS) and len(parts) == 2:
        return Route(place, path, name, parts[1])
    return Route(place if len(parts) == 1 else Place.UNKNOWN, path, name)


def _resource(endpoint: str, rest: tuple[str, ...]) -> Route:
    path = "/" + "/".join((endpoint, *rest))
    if not rest:
        return Route(Place.COLLECTION, path, endpoint)
    if rest == (".search",):
        return Route(Place.SEARCH, path, endpoint)
    if len(rest) == 1:
        return Route(Place.RESOURCE, path, endpoint, rest[0])
    return Route(Place.UNKNOWN, path)
