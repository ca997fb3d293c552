"""The queries and bodies that Okta sends, and how it reads the answer to a lookup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any
from urllib.parse import quote, quote_plus

from harness.model.exchange import Exchange
from harness.model.person import Person
from harness.model.step import GROUP, PATCH_OP, USER
from simulators.okta.profile import Place
from simulators.okta.setup import Empty
from simulators.render import alphanumeric

PAGE = 100
Value = tuple[Place, Any]


def only(attribute: str, value: str, *, plus: bool = False) -> str:
    """The query for the one resource with this value, and always the first hundred. Blanks are ``%20``, or ``+``."""
    text = f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"
    encoded = quote_plus(text, errors="replace") if plus else quote(text, safe="", errors="replace")
    return f"filter={encoded}&{page(1)}"


def page(start: int, count: int = PAGE) -> str:
    return f"startIndex={start}&count={count}"


def okta_id(person: Person) -> str:
    """The id of the person in Okta, twenty characters that begin with 00u. The service gets it as ``externalId``."""
    return "00u" + alphanumeric(17, "okta-id", person.directory_id)


def okta_profile(person: Person) -> dict[str, Any]:
    """The person as an Okta user profile, with the names of Okta's base attributes. Empty values are absent."""
    profile = {
        "login": person.user_name,
        "email": person.email,
        "firstName": person.given_name,
        "lastName": person.family_name,
        "displayName": person.display_name,
        "title": person.title,
        "department": person.department,
    }
    return {name: value for name, value in profile.items() if value}


def new_user(values: Iterable[Value], person: Person) -> dict[str, Any]:
    """The body of the create request, keys in the captured order: what is mapped, then what Okta always adds.

    A random password is in it even when Sync Password is off, and so is an empty ``groups``. Nobody has captured where
    an extension stands among the keys: here it comes last.
    """
    body: dict[str, Any] = {"schemas": [USER]}
    given = [(place, value) for place, value in values if not empty(value)]
    for place, value in given:
        if place.namespace == USER:
            put(body, place, value)
    body |= {"externalId": okta_id(person), "groups": [], "password": new_password(person), "active": True}
    for place, value in given:
        if place.namespace != USER:
            put(body, place, value)
    return body


def new_password(person: Person, round_: int = 0) -> str:
    """A random password of eight letters and digits: what Okta makes up when it has to send one."""
    return alphanumeric(8, "password", person.directory_id, *([str(round_)] if round_ else []))


def merged(
    current: Mapping[str, Any], values: Iterable[Value], cleared: frozenset[Place], how: Empty, person: Person
) -> dict[str, Any]:
    """The service's own answer with the mapped attributes written over it: the body of a profile push.

    Everything else comes back as it was read: ``id``, ``meta``, ``active`` and whatever else the service shows.
    ``externalId`` is always sent, and ``groups`` is at least an empty list.
    """
    body: dict[str, Any] = deepcopy(dict(current))
    for place, value in values:
        if not empty(value):
            put(body, place, value)
        elif place in cleared:
            clear(body, place, how)
    body["externalId"] = okta_id(person)
    body.setdefault("groups", [])
    return body


def changes(values: Iterable[Value], cleared: frozenset[Place], how: Empty) -> dict[str, Any]:
    """The mapped attributes alone: the value of a profile push by PATCH, whose form nobody has captured."""
    body: dict[str, Any] = {}
    for place, value in values:
        if not empty(value):
            put(body, place, value)
        elif place in cleared and how is not Empty.OMITTED:
            put(body, place, "" if how is Empty.TEXT else None)
    body.pop("schemas", None)
    return body


def empty(value: Any) -> bool:
    return value is None or value == ""


def put(body: dict[str, Any], place: Place, value: Any) -> None:
    """Write one value where it belongs, making what is missing on the way and leaving its neighbours alone."""
    home = _home(body, place)
    if not place.sub:
        home[place.attribute] = value
    elif place.filter is None:
        _object(home, place.attribute)[place.sub] = value
    else:
        _entry(home, place)[place.sub] = value


def clear(body: dict[str, Any], place: Place, how: Empty) -> None:
    """Take a value away that was cleared in Okta; what the service did not show is left alone."""
    home: Any = body if place.namespace == USER else body.get(place.namespace)
    if place.sub and isinstance(home, dict):
        home = home.get(place.attribute)
        if place.filter is not None:
            home = _chosen(home, place.filter)
    name = place.sub or place.attribute
    if not isinstance(home, dict) or name not in home:
        return
    if how is Empty.OMITTED:
        del home[name]
    else:
        home[name] = "" if how is Empty.TEXT else None


def _home(body: dict[str, Any], place: Place) -> dict[str, Any]:
    if place.namespace == USER:
        return body
    schemas = body.setdefault("schemas", [])
    if isinstance(schemas, list) and place.namespace not in schemas:
        schemas.append(place.namespace)
    return _object(body, place.namespace)


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    inner = body.get(name)
    if not isinstance(inner, dict):
        inner = body[name] = {}
    return inner


def _entry(body: dict[str, Any], place: Place) -> dict[str, Any]:
    """The value that the filter picks. When there is none, a new one takes the place of the whole list."""
    assert place.filter is not None
    chosen = _chosen(body.get(place.attribute), place.filter)
    if chosen is None:
        key, value = place.filter
        chosen = {key: value}
        body[place.attribute] = [chosen]
    return chosen


def _chosen(values: Any, chosen: tuple[str, Any]) -> dict[str, Any] | None:
    key, wanted = chosen
    for value in values if isinstance(values, list) else ():
        if isinstance(value, dict) and value.get(key) == wanted:
            return value
    return None


def replacing(**attributes: Any) -> dict[str, Any]:
    """A PATCH body with one path-less replace."""
    return operations({"op": "replace", "value": attributes})


def operations(*operations: Mapping[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def new_group(name: str, members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": name, "members": list(members)}


def whole_group(group_id: str, name: str, members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The body of a wizard app's PUT: the group as Okta wants it, not what the service answered."""
    return {"schemas": [GROUP], "id": group_id, "displayName": name, "members": list(members)}


def removal(external_id: str) -> dict[str, Any]:
    """One member leaves: a removal by filter, one operation a person."""
    return {"op": "remove", "path": f"members[value eq {json.dumps(external_id, ensure_ascii=False)}]"}


def found_in(search: Exchange, *, strict_counts: bool = True) -> list[dict[str, Any]] | None:
    """What a lookup found; None when Okta cannot tell and gives up.

    A 404 counts as nobody found. A list without ``Resources`` or with counts that are no JSON numbers does not count.
    """
    if search.status == 404:
        return []
    body = search.json
    if not search.ok or not isinstance(body, dict) or not isinstance(body.get("Resources"), list):
        return None
    counts = ("totalResults", "startIndex", "itemsPerPage") if strict_counts else ()
    if not all(_is_number(body[name]) for name in counts if name in body):
        return None
    return [resource for resource in body["Resources"] if isinstance(resource, dict)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
