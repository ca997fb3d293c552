"""The queries and bodies that Generic sends, and how it reads the answer to a lookup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from harness.model.exchange import Exchange
from harness.model.person import Person
from harness.model.step import GROUP, PATCH_OP, USER
from simulators.render import page_of


def only(attribute: str, value: str) -> str:
    """The query for the resources with this value."""
    return "filter=" + quote(f"{attribute} eq {json.dumps(value, ensure_ascii=False)}", safe="")


def found_in(search: Exchange) -> list[dict[str, Any]] | None:
    """What a lookup found; None when the answer is no list, so that nothing can be concluded from it."""
    return page_of(search)


def new_user(person: Person) -> dict[str, Any]:
    """The body of a create request: what the directory knows, and nothing that is read-only."""
    return {"schemas": [USER], **profile(person), "externalId": person.directory_id, "active": True}


def profile(person: Person) -> dict[str, Any]:
    """The attributes that an update writes."""
    attributes: dict[str, Any] = {
        "userName": person.user_name,
        "name": {"givenName": person.given_name, "familyName": person.family_name},
        "displayName": person.display_name,
        "emails": [{"value": person.email, "type": "work", "primary": True}],
    }
    return attributes | ({"title": person.title} if person.title else {})


def new_group(name: str, members: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": name, "members": list(members)}


def operations(*operations: Mapping[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def replace(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def without(member_id: str) -> dict[str, Any]:
    """The operation that takes one member out of a group and leaves the others alone."""
    return {"op": "remove", "path": f"members[value eq {json.dumps(member_id, ensure_ascii=False)}]"}
