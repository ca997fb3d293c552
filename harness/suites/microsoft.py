"""How Microsoft's own test tools word a request, and what both of them expect of an answer."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, TypeVar
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.step import ENTERPRISE_USER, PATCH_OP, TOKEN, USER, Effect, Intent, Step, compact_json
from harness.suites.suite import Expectation, at

_T = TypeVar("_T")
Asking = Generator[Step, Exchange, _T]
"""Steps that come to an answer of their own."""

MANAGER = f"{ENTERPRISE_USER}:manager"
NOBODY = "00000000-0000-4000-8000-000000000000"
"""An id that nobody has; the guard lets it be written to."""

_EFFECTS = {"GET": Effect.READ, "DELETE": Effect.DELETE}


def step(tag: str, title: str, method: str, path: str, *, query: str = "", body: Any = None) -> Step:
    """One request of a test tool. ``tag`` names suite and step: "entra-validator.create"."""
    content_type = (("Content-Type", "application/scim+json; charset=utf-8"),) if body is not None else ()
    collection, _, known = path.removeprefix("/").partition("/")
    return Step(
        title=title,
        method=method,
        path=path,
        query=query,
        headers=(("Authorization", f"Bearer {TOKEN}"), *content_type),
        body=None if body is None else compact_json(body),
        effect=_EFFECTS.get(method, Effect.WRITE),
        intent=Intent.PROBE,
        template=f"/{collection}/{{id}}" if known else path,
        tag=tag,
    )


def eq(attribute: str, value: str) -> str:
    """A filter query as recordings show it: blanks are ``+``, quotes ``%22``, the at sign ``%40``."""
    return f"filter={attribute}+eq+{quote(chr(34) + value + chr(34), safe='')}"


def at_id(collection: str, known: str) -> str:
    return f"/{collection}/{quote(known, safe='')}"


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def user(name: str) -> dict[str, Any]:
    return {
        "schemas": [USER, ENTERPRISE_USER],
        "userName": name,
        "active": True,
        "displayName": "Ada Validator",
        "emails": [{"type": "work", "value": name, "primary": True}],
        "name": {"formatted": "Ada Validator", "familyName": "Validator", "givenName": "Ada"},
    }


def made(exchange: Exchange) -> str:
    """The id of what a creation made, "" where it made nothing."""
    value = exchange.resource.get("id") if exchange.status == 201 else None
    return value if isinstance(value, str) else ""


def seed_of(cast: Cast) -> str:
    """What makes the names of a run its own."""
    return cast.members[0].person.directory_id[:12] if cast.members else "0" * 12


# What a step expects.


def repeats(exchange: Exchange) -> Iterator[str]:
    """Every simple attribute of a PATCH stands in the answer as it was sent; an answer without a body is taken as is.

    Paths with a filter and those of an extension are left out: how they come back is compared by no recording.
    """
    if not exchange.resource:
        return
    for path, value in _written(exchange.sent).items():
        found = at(exchange.json, path)
        if value is None and found not in (None, "", []):
            yield f"expected {path} to be gone, got {found!r}"
        elif value is not None and found != value:
            yield f"expected {value!r} as {path}, got {found!r}"


def unassigned(path: str) -> Expectation:
    """The attribute is absent, null or empty: all three are taken as cleared."""

    def expect(exchange: Exchange) -> Iterator[str]:
        found = at(exchange.json, path)
        if found not in (None, "", [], {}):
            yield f"expected {path} to be absent or empty, got {found!r}"

    return expect


def _written(body: Any) -> dict[str, Any]:
    """What a PATCH wrote last to each simple attribute; None where it removed it."""
    written: dict[str, Any] = {}
    for operation in body.get("Operations", ()) if isinstance(body, dict) else ():
        path, value = operation.get("path"), operation.get("value")
        if path is None:
            written.update(value)
        else:
            written[path] = None if operation["op"] == "remove" else value
    return {path: value for path, value in written.items() if not set(path) & set("[:") and not isinstance(value, list)}
