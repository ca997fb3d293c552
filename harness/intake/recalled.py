"""A service that says yes: what an IdP's own sequence is told while requests of the past are worked out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from harness.model.account import Cast
from harness.model.change import Change
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.idp import IdP
from harness.model.step import GROUP, LIST_RESPONSE, USER, Step

BASE = "https://service.invalid/scim/v2"
MOST = 40
"""So many steps of one change are worked out; a log tells of one call or two."""


@dataclass
class Yes:
    """Has the person and the group of one log entry, or does not have them yet, and agrees to everything."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By path: "/Users/u-1001"."""
    new_id: str = "{id}"
    """Whoever is created gets it: the log does not always know the id."""

    def answer(self, step: Step) -> Response:
        method, path = step.method, unquote(step.path)
        if method == "POST":
            return self._create(step, path)
        if path in ("/Users", "/Groups"):
            return _json(200, _page([r for at, r in self.resources.items() if at.startswith(f"{path}/")]))
        if path not in self.resources:
            return _json(404, {})
        if method == "DELETE":
            del self.resources[path]
            return Response(204)
        if method != "GET":
            self._write(path, step)
        return _json(200, self.resources[path])

    def _create(self, step: Step, path: str) -> Response:
        made = json.loads(step.body or b"{}") | {"id": self.new_id}
        self.resources[f"{path}/{self.new_id}"] = made
        return _json(201, made)

    def _write(self, path: str, step: Step) -> None:
        """Only what decides about the next step is remembered: whether somebody is active, and who is a member."""
        body = json.loads(step.body or b"{}")
        resource = self.resources[path]
        if step.method == "PUT":
            self.resources[path] = resource | body
            return
        for operation in body.get("Operations", []):
            path_in, value = operation.get("path"), operation.get("value")
            told = value if not path_in and isinstance(value, dict) else {path_in: value} if path_in else {}
            resource.update({name: _boolean(part) for name, part in told.items() if name != "members"})


def _boolean(value: Any) -> Any:
    return {"True": True, "False": False}.get(value, value) if isinstance(value, str) else value


def person(person_id: str, user_name: str, *, active: bool = True) -> dict[str, Any]:
    """Somebody as the service would have shown them."""
    return {"schemas": [USER], "id": person_id, "userName": user_name, "active": active}


def group(group_id: str, name: str) -> dict[str, Any]:
    return {"schemas": [GROUP], "id": group_id, "displayName": name, "members": []}


def steps(idp: IdP, change: Change, cast: Cast, service: Yes) -> Iterator[Step]:
    """What the IdP sends because of a change, each step answered with yes before the next is asked for."""
    sequence = idp.react(change, cast)
    try:
        step = next(sequence)
        for ordinal in range(MOST):
            yield step
            step = sequence.send(_exchange(ordinal, step, service.answer(step)))
    except StopIteration:
        return


def _exchange(ordinal: int, step: Step, response: Response) -> Exchange:
    query = f"?{step.query}" if step.query else ""
    return Exchange(
        id=f"x-000000-{ordinal:03d}",
        scenario="",
        ordinal=ordinal,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=0,
        title=step.title,
        intent=step.intent,
        effect=step.effect,
        request=Request(step.method, f"{BASE}{step.path}{query}", step.headers, step.body),
        response=response,
        subject=step.subject,
        tag=step.tag,
        template=step.template,
        path=step.path,
        query=step.query,
    )


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemas": [LIST_RESPONSE],
        "totalResults": len(found),
        "startIndex": 1,
        "itemsPerPage": len(found),
        "Resources": found,
    }


def _json(status: int, value: Any) -> Response:
    return Response(status, "", (("Content-Type", "application/scim+json"),), json.dumps(value).encode())
