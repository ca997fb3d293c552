"""A service on paper: answers what a well-behaved one would, of the size that one has, without being asked.

It keeps the people of one page and forgets them with it.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

from harness.load.crowd import linked_as
from harness.model.account import Cast
from harness.model.exchange import Response
from harness.model.person import Team
from harness.model.step import GROUP, LIST_RESPONSE, SCIM_JSON, USER, Step

HEADERS = (
    ("Content-Type", f"{SCIM_JSON}; charset=utf-8"),
    ("Date", "Fri, 27 Nov 2026 12:00:00 GMT"),
    ("Location", "https://scim.example/scim/v2/Users/00000000-0000-4000-8000-000000000000"),
)
BASE = "https://scim.example/scim/v2"
GROUP_ID = "00000000-0000-4000-9000-000000000000"
FRAME = 60
"""Bytes of a request that are not in the step: the base path, "HTTP/1.1", Host, and the key in place of its mark."""


class Paper:
    """Finds, shows and changes the people of a cast: nothing ever fails.

    The group of the cast is half empty: ``people`` are in it when a storm begins, and nobody when it ends.
    """

    def __init__(self, cast: Cast, people: int = 0) -> None:
        self._people = {member.person.user_name.casefold(): _user(member.part, member) for member in cast}
        self._by_id = {user["id"]: user for user in self._people.values()}
        self._group = _group(cast.team) if cast.team else {}
        self._members = people // 2

    def __call__(self, step: Step) -> Response:
        kind, _, segment = step.path.strip("/").partition("/")
        if kind == "Groups":
            return self._grouped(step, segment)
        if not segment:
            return self._found(step)
        user = self._by_id.get(segment)
        if user is None:
            return _answer(404, {"schemas": [], "status": "404"})
        if step.method == "DELETE":
            return Response(204, headers=HEADERS)
        if step.method in ("PATCH", "PUT"):
            self._write(user, json.loads(step.body or b"{}"))
        return _answer(200, user)

    def _found(self, step: Step) -> Response:
        name = unquote_plus(step.query).partition('"')[2].partition('"')[0]
        user = self._people.get(name.casefold())
        return _listing([user] if user is not None else [])

    def _grouped(self, step: Step, segment: str) -> Response:
        if not segment:
            return _listing([self._group] if self._group else [])
        if step.method == "GET":
            return _answer(200, self._group)
        member = {"value": GROUP_ID, "$ref": f"{BASE}/Users/{GROUP_ID}", "type": "User"}
        return _answer(200, self._group | {"members": [member] * self._members})

    @staticmethod
    def _write(user: dict[str, Any], body: dict[str, Any]) -> None:
        for operation in body.get("Operations", ()):
            value, path = operation.get("value"), operation.get("path")
            user.update({path: _plain(value)} if path else {k: _plain(v) for k, v in (value or {}).items()})
        user.update({k: v for k, v in body.items() if k in ("active", "externalId")})


def weight(step: Step, response: Response) -> int:
    """The bytes of one request and its answer, heads included, compression and TLS not."""
    sent = len(step.method) + len(step.path) + len(step.query) + len(step.body or b"") + FRAME
    sent += sum(len(name) + len(value) + 4 for name, value in step.headers)
    came = len(response.body) + 20 + sum(len(name) + len(value) + 4 for name, value in response.headers)
    return sent + came


def _user(part: str, member: Any) -> dict[str, Any]:
    person = member.person
    identity = f"00000000-0000-4000-8000-{part.rpartition('-')[2]:0>12}"
    return {
        "schemas": [USER],
        "id": identity,
        "userName": person.user_name,
        "name": {
            "formatted": person.display_name,
            "familyName": person.family_name,
            "givenName": person.given_name,
        },
        "displayName": person.display_name,
        "active": True,
        "emails": [{"value": person.email, "type": "work", "primary": True}],
        "meta": {
            "resourceType": "User",
            "created": "2026-11-27T12:00:00.000000Z",
            "lastModified": "2026-11-27T12:00:00.000000Z",
            "location": f"{BASE}/Users/{identity}",
            "version": 'W/"1"',
        },
    }


def _group(team: Team) -> dict[str, Any]:
    return {
        "schemas": [GROUP],
        "id": GROUP_ID,
        "externalId": linked_as(team),
        "displayName": team.name,
        "meta": {
            "resourceType": "Group",
            "created": "2026-11-27T12:00:00.000000Z",
            "lastModified": "2026-11-27T12:00:00.000000Z",
            "location": f"{BASE}/Groups/{GROUP_ID}",
            "version": 'W/"1"',
        },
    }


def _listing(found: list[dict[str, Any]]) -> Response:
    listing = {
        "schemas": [LIST_RESPONSE],
        "totalResults": len(found),
        "startIndex": 1,
        "itemsPerPage": len(found),
        "Resources": found,
    }
    return _answer(200, listing)


def _plain(value: Any) -> Any:
    return {"True": True, "False": False}.get(value, value) if isinstance(value, str) else value


def _answer(status: int, document: dict[str, Any]) -> Response:
    body = json.dumps(document).encode()
    return Response(status, headers=(*HEADERS, ("Content-Length", str(len(body)))), body=body)
