"""The queries and bodies that Okta sends, and how it reads the answer to a lookup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from harness.model.exchange import Exchange
from harness.model.person import Person
from harness.model.step import GROUP, PATCH_OP, USER
from simulators.render import alphanumeric

LOCALE = "en-US"


def only(attribute: str, value: str) -> str:
    """The query for the one resource with this value: ``%20`` for blanks, and always the first hundred."""
    text = f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"
    return f"filter={quote(text, safe='')}&startIndex=1&count=100"


def okta_id(person: Person) -> str:
    """The id of the person in Okta, twenty characters that begin with 00u. The service gets it as ``externalId``."""
    return "00u" + alphanumeric(17, "okta-id", person.directory_id)


def new_user(person: Person) -> dict[str, Any]:
    """The body of the create request, keys in the captured order.

    A random password is in it even when Sync Password is off, and so is an empty ``groups``. Nobody has captured where
    ``title`` stands among the keys.
    """
    body: dict[str, Any] = {
        "schemas": [USER],
        "userName": person.user_name,
        "name": {"givenName": person.given_name, "familyName": person.family_name},
        "emails": [{"primary": True, "value": person.email, "type": "work"}],
        "displayName": person.display_name,
        "locale": LOCALE,
        "externalId": okta_id(person),
        "groups": [],
        "password": alphanumeric(8, "password", person.directory_id),
        "active": True,
    }
    return body | ({"title": person.title} if person.title else {})


def merged(current: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """The service's own answer with the mapped attributes written over it: the body of a profile push.

    Everything else comes back as it was read, ``id``, ``meta`` and ``active`` included. ``name`` is merged member by
    member, ``emails`` is replaced.
    """
    mapped = new_user(person)
    for unmapped in ("schemas", "password", "active"):
        del mapped[unmapped]
    name = current.get("name")
    if isinstance(name, dict):
        mapped["name"] = name | mapped["name"]
    return dict(current) | mapped


def replacing(**attributes: Any) -> dict[str, Any]:
    """A PATCH body with one path-less replace."""
    return operations({"op": "replace", "value": attributes})


def operations(*operations: Mapping[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def new_group(name: str, members: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": name, "members": list(members)}


def whole_group(group_id: str, name: str, members: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The body of a wizard app's PUT: the group as Okta wants it, not what the service answered."""
    return {"schemas": [GROUP], "id": group_id, "displayName": name, "members": list(members)}


def found_in(search: Exchange) -> list[dict[str, Any]] | None:
    """What a lookup found; None when Okta cannot tell and gives up.

    A 404 counts as nobody found. A list without ``Resources`` or with counts that are no JSON numbers does not count.
    """
    if search.status == 404:
        return []
    body = search.json
    if not search.ok or not isinstance(body, dict) or not isinstance(body.get("Resources"), list):
        return None
    if not all(_is_number(body[name]) for name in ("totalResults", "startIndex", "itemsPerPage") if name in body):
        return None
    return [resource for resource in body["Resources"] if isinstance(resource, dict)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
