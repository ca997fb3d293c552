"""People as a client reads them: names, addresses, state, and what never comes back (RFC 7643 §4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.each import Resource, judges_people
from harness.checks.published import user_definition, walk
from harness.checks.reading import (
    asked,
    endpoint,
    ids,
    member,
    page,
    people,
    projected,
    schemas_of,
    shows_people,
    spelt,
    steps,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import USER

DEEPEST = 8


def _shows(exchange: Exchange, name: str) -> bool:
    """Whether people are shown, and an attribute that is returned by default has to be among what is shown."""
    if not shows_people(exchange):
        return False
    wanted = [w.strip().lower().removeprefix(f"{USER.lower()}:") for w in _names(asked(exchange).get("attributes"))]
    unwanted = [w.strip().lower() for w in _names(asked(exchange).get("excludedattributes"))]
    return (not wanted or name.lower() in wanted) and not any(name.lower() in w for w in unwanted)


def _names(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return [part for part in parts if isinstance(part, str) and part]


@judges("RFC7643-4.1-01", when=shows_people)
def a_person_names_the_user_schema(exchange: Exchange) -> Iterator[Finding]:
    for pointer, person in people(exchange):
        # An answer to attributes= may leave schemas out (C21).
        if member(person, "schemas") is None and projected(exchange):
            continue
        if USER not in schemas_of(person):
            yield Finding(
                expected=[f'"schemas": ["{USER}"]'],
                actual=member(person, "schemas"),
                at=f"{pointer}/schemas",
                hint="Clients recognise a person by this URN.",
            )


@judges("RFC7643-4.1.1-01", when=lambda exchange: _shows(exchange, "userName"))
def a_person_has_a_user_name(exchange: Exchange) -> Iterator[Finding]:
    for pointer, person in people(exchange):
        value = member(person, "userName")
        if not text(value).strip():
            yield Finding(
                expected=["a non-empty string"],
                actual=value,
                at=f"{pointer}/{spelt(person, 'userName')}",
                hint="IdPs match people by userName: without it this person cannot be found, nor deactivated.",
            )


@judges("RFC7643-4.1.1-02", when=lambda x: x.ok and x.is_list and endpoint(x) == "Users" and bool(page(x)))
def no_two_people_share_a_user_name(exchange: Exchange) -> Iterator[Finding]:
    """Within one page, ignoring letter case: between two requests a name may change hands."""
    known: dict[str, str] = {}
    if len(page(exchange)) < 2:
        return
    for index, (entry, own) in enumerate(zip(page(exchange), ids(exchange), strict=True)):
        name = text(member(entry, "userName"))
        if name and own and known.setdefault(name.lower(), own) != own:
            yield Finding(
                expected=["each userName once, letter case aside"],
                actual=name,
                at=f"/Resources/{index}/userName",
                hint="An IdP that looks this name up gets two people and deactivates the wrong one, or none.",
            )


def _publishes_active(exchange: Exchange) -> bool:
    return any(text(member(a, "name")).lower() == "active" for _, a in _published(exchange))


def _published(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    for pointer, definition in user_definition(exchange):
        yield from ((place, a) for place, a, depth in walk(definition, pointer) if not depth)


def _tells_active(exchange: Exchange) -> bool:
    return any(member(person, "active") is not None for _, person in people(exchange)) or _publishes_active(exchange)


@judges("RFC7643-4.1.1-13", when=_tells_active)
def active_is_a_boolean(exchange: Exchange) -> Iterator[Finding]:
    for pointer, person in people(exchange):
        value = member(person, "active")
        if value is not None and not isinstance(value, bool):
            yield Finding(
                expected=["true", "false"],
                actual=value,
                at=f"{pointer}/{spelt(person, 'active')}",
                likeness=type(value).__name__,
                hint="Whether somebody may sign in must not depend on how a client reads a text.",
            )
    for place, attribute in _published(exchange):
        if text(member(attribute, "name")).lower() == "active":
            kind, many = text(member(attribute, "type")).lower(), member(attribute, "multiValued")
            if kind != "boolean" or many is True:
                yield Finding(
                    expected=["type boolean, not multi-valued"],
                    actual=f"type {kind or 'string'}, multiValued {many}",
                    at=f"{place}/type",
                    likeness="published",
                    hint="Publish active as the boolean that it is.",
                )


def _has_json(exchange: Exchange) -> bool:
    return isinstance(exchange.json, dict | list) and endpoint(exchange) in ("Users", "Me", "Bulk", ".search")


@judges("RFC7643-4.1.1-15", when=_has_json)
def a_password_never_comes_back(exchange: Exchange) -> Iterator[Finding]:
    for pointer in _passwords(exchange.json, ""):
        yield Finding(
            expected=["no password, neither clear nor hashed"],
            actual="a member password",
            at=pointer,
            hint="What is never returned cannot be stolen from a log.",
        )


def _passwords(value: Any, pointer: str, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.lower() == "password" and inner is not None:
                yield f"{pointer}/{steps(name)}"
            else:
                yield from _passwords(inner, f"{pointer}/{steps(name)}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _passwords(inner, f"{pointer}/{index}", depth + 1)


@judges_people("RFC7643-4.1.2-01", when=lambda person: member(person, "emails") is not None)
def emails_are_a_list_of_objects(person: Resource) -> Iterator[Finding]:
    value, place = member(person, "emails"), f"/{spelt(person, 'emails')}"
    if not isinstance(value, list):
        yield Finding(
            expected=['a list such as [{"value": "ada@analytical.example", "type": "work"}]'],
            actual=value,
            at=place,
            likeness="no list",
            hint="emails is a list even when there is only one.",
        )
        return
    for index, email in enumerate(value):
        wrong = _wrong_in(email)
        if wrong is not None:
            yield Finding(
                expected=["an object with value, type, display and primary"],
                actual=email,
                at=f"{place}/{index}{wrong}",
                likeness=wrong or "no object",
                hint="Each address is an object; value, type and display are strings.",
            )


def _wrong_in(email: Any) -> str | None:
    """The pointer of what is wrong inside one e-mail: "" for the whole of it, None for nothing."""
    if not isinstance(email, dict):
        return ""
    for name in ("value", "type", "display"):
        told = member(email, name)
        if told is not None and not isinstance(told, str):
            return f"/{spelt(email, name)}"
    return None
