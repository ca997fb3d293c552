"""Attributes with parts and lists, written by PATCH and PUT in every way of RFC 7644, where clients write people."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import ENTERPRISE_USER, PATCH_OP, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import get, patch, put

MARK = "scimulator-attribute"
WORK, HOME, OTHER, SECOND = (f"{MARK}-{name}@probe.example" for name in ("work", "home", "other", "second"))

_TWO = [{"value": WORK, "type": "work", "primary": True}, {"value": HOME, "type": "home"}]
_THREE = [{"value": WORK, "type": "work"}, {"value": SECOND, "type": "work"}, {"value": HOME, "type": "home"}]

CHANGES: tuple[tuple[str, str, tuple[tuple[str, str | None, Any], ...]], ...] = (
    ("list.replace", "Replace all mail addresses by two", (("replace", "emails", _TWO),)),
    ("list.primary", "Make the other address the main one", (("replace", 'emails[type eq "home"].primary', True),)),
    ("list.add", "Add a third address", (("add", "emails", [{"value": OTHER, "type": "other"}]),)),
    ("list.remove-one", "Remove one address by a filter", (("remove", 'emails[type eq "home"]', None),)),
    ("list.ground", "Replace the addresses by three, two of one kind", (("replace", "emails", _THREE),)),
    ("list.each", "Name both work addresses", (("replace", 'emails[type eq "work"].display', MARK),)),
    ("list.part", "Remove the names of the work addresses", (("remove", 'emails[type eq "work"].display', None),)),
    ("none.replace", "Replace through a filter without a match", (("replace", 'emails[type eq "none"].value', OTHER),)),
    ("none.remove", "Remove through a filter without a match", (("remove", 'emails[type eq "none"]', None),)),
    ("none.add", "Add through a filter without a match", (("add", 'emails[type eq "other"].value', OTHER),)),
    ("list.remove", "Remove all addresses", (("remove", "emails", None),)),
    ("name.replace", "Replace the given name alone", (("replace", "name", {"givenName": f"{MARK}-given"}),)),
    ("name.add", "Add a middle name", (("add", "name", {"middleName": f"{MARK}-middle"}),)),
    ("name.remove", "Remove the middle name", (("remove", "name.middleName", None),)),
    ("name.dotted", "Write a dotted name without a path", (("replace", None, {"name.givenName": f"{MARK}-dotted"}),)),
    ("title.clear", "Remove the title", (("remove", "title", None),)),
    ("title.add", "Add a title where there is none", (("add", "title", f"{MARK}-title"),)),
    (
        "schemas.add",
        "Add an extension to schemas and write one of its attributes",
        (("add", "schemas", [ENTERPRISE_USER]), ("add", f"{ENTERPRISE_USER}:costCenter", f"{MARK}-cost")),
    ),
    ("schemas.filter", "Select one of the schemas", (("remove", 'schemas[value eq "urn:example:none"]', None),)),
)
"""Tag, title, and the operations as (op, path, value)."""


@probe(
    "attributes",
    "A client writes attributes that hold lists and parts",
    parts=(Part("subject"), Part("bystander-1")),
    needs=("update", "replace"),
)
def attributes(cast: Cast) -> Steps:
    """Every change is followed by a read; the person ends as they began."""
    member = cast["subject"]
    assert member.account is not None
    person = f"/Users/{quote(member.account.id, safe='')}"

    def read(tag: str) -> Step:
        return get(person, "Read the person", tag=f"attr.{tag}", subject="subject", template="/Users/{id}")

    def change(tag: str, title: str, *operations: dict[str, Any]) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return patch(person, body, title, tag=f"attr.{tag}", subject="subject", template="/Users/{id}")

    def write(tag: str, title: str, body: dict[str, Any]) -> Step:
        return put(person, body, title, tag=f"attr.{tag}", subject="subject", template="/Users/{id}")

    schemas: Exchange = yield get("/Schemas", "Read which attributes there are", tag="attr.schemas")
    first: Exchange = yield read("before")
    whole = echoed(first.resource)
    if not whole:
        return
    for tag, title, operations in CHANGES:
        yield change(tag, title, *(_operation(*o) for o in operations))
        yield read(f"{tag}.read")
    immutable = unassigned_immutable(schemas.resources, whole)
    if immutable:
        added = {"op": "add", "path": immutable, "value": f"{MARK}-first"}
        yield change("immutable.add", "Give an immutable attribute its first value", added)
        yield read("immutable.add.read")
        yield write("immutable.same", "Write it back with the same value", whole | {immutable: f"{MARK}-first"})
        yield read("immutable.same.read")
        yield write("immutable.other", "Write it back with another value", whole | {immutable: f"{MARK}-next"})
        yield read("immutable.other.read")
    cleared = whole | {"title": None, "emails": [], "nickName": None}
    yield write("put.full", "Write the person back with a title", whole | {"title": f"{MARK}-title"})
    yield read("put.full.read")
    yield write("put.cleared", "Write null and an empty list", cleared)
    yield read("put.cleared.read")
    nameless = {k: v for k, v in whole.items() if k.lower() != "username"}
    yield write("put.nameless", "Write the person back without the user name", nameless)
    yield read("put.nameless.read")
    if "bystander-1" in cast and cast["bystander-1"].account is not None:
        yield from _collide(cast, change, write, read, whole)
    yield write("restore", "Put the person back", whole | {n: whole.get(n) for n in ("title", "emails", "externalId")})


def _collide(cast: Cast, change: Any, write: Any, read: Any, whole: dict[str, Any]) -> Steps:
    other = cast["bystander-1"]
    assert other.account is not None
    taken = other.account.user_name

    def look(tag: str) -> Step:
        path = f"/Users/{quote(other.account.id, safe='')}"  # type: ignore[union-attr]
        return get(path, "Read the other person", tag=f"attr.{tag}", subject=other.part, template="/Users/{id}")

    yield look("taken.before")
    renamed = {"op": "replace", "path": "userName", "value": taken.upper()}
    answer: Exchange = yield change("taken.patch", "Take the user name of somebody else, in capitals", renamed)
    yield read("taken.patch.read")
    if answer.ok:
        yield write("taken.undo", "Give the name back", whole)
        yield read("taken.undo.read")
    yield write("taken.put", "Write the user name of somebody else", whole | {"userName": taken})
    yield read("taken.put.read")
    yield look("taken.after")


def _operation(op: str, path: str | None, value: Any) -> dict[str, Any]:
    members = {"op": op, "path": path, "value": value}
    return {k: v for k, v in members.items() if v is not None}


def unassigned_immutable(schemas: list[dict[str, Any]], person: dict[str, Any]) -> str:
    """The first User attribute that is published as an immutable text and has no value yet; "" when there is none."""
    for schema in schemas:
        published = schema.get("attributes")
        if not str(schema.get("id")).endswith(":core:2.0:User") or not isinstance(published, list):
            continue
        for attribute in published:
            if not isinstance(attribute, dict) or not isinstance(attribute.get("name"), str):
                continue
            plain = attribute.get("type") == "string" and not attribute.get("multiValued")
            if plain and attribute.get("mutability") == "immutable" and not person.get(attribute["name"]):
                return str(attribute["name"])
    return ""
