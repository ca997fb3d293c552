"""The rules of POST, DELETE and group membership, for services that offer them. What is created is deleted again."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import GROUP, PATCH_OP, USER, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import address
from harness.probes.ids import below
from harness.probes.requests import NOBODY_ID, delete, get, patch, post, put

DOMAIN = "probe.example"
BROKEN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("no-user-name", "Create a person without a user name", {"schemas": [USER], "displayName": "Nameless"}),
    ("no-schemas", "Create a person without schemas", {"userName": f"no-schemas@{DOMAIN}"}),
    (
        "wrong-schema",
        "Create a person with an unknown schema",
        {"schemas": ["urn:example:nothing"], "userName": f"wrong-schema@{DOMAIN}"},
    ),
    ("wrong-type", "Create a person with a number for a name", {"schemas": [USER], "userName": 1}),
)
ODD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cleared", "Create a person with null and an empty list", {"title": None, "emails": []}),
    (
        "unknown-schema",
        "Create a person with an extension that nobody knows",
        {"schemas": [USER, "urn:example:unknown:User"], "urn:example:unknown:User": {"colour": "blue"}},
    ),
    ("unknown-attribute", "Create a person with an attribute that nobody knows", {"nosuch": "scimulator"}),
    (
        "two-primaries",
        "Create a person with two main addresses",
        {
            "emails": [
                {"value": f"first@{DOMAIN}", "type": "work", "primary": True},
                {"value": f"second@{DOMAIN}", "type": "home", "primary": True},
            ]
        },
    ),
)
"""Bodies that may be read in more than one way: each is a person of its own, read back and deleted."""


@probe("creating", "A client creates people, rightly and wrongly, and deletes them", needs=("create", "delete"))
def creating(_cast: Cast) -> Steps:
    """Minimal and with read-only members, twice, in another letter case, and with every usual mistake."""
    name, twin = f"Created.One@{DOMAIN}", f"Created.Two@{DOMAIN}"
    yield from _sweep(name)
    yield from _sweep(twin)
    yield get("/Schemas", "Read which attributes are unique", tag="create.schemas")
    body = {
        "schemas": [USER],
        "userName": name,
        "id": NOBODY_ID,
        "meta": {"resourceType": "Group", "created": "1970-01-01T00:00:00Z"},
        "name": {"formatted": "Created One", "givenName": "Created", "familyName": "One"},
        "emails": [{"value": f"shared@{DOMAIN}"}],
        "active": True,
    }
    created: Exchange = yield post(
        "/Users", body, "Create a person, with an id and meta of our own", tag="create.valid"
    )
    person = _address(created)
    yield get(_located(created) or person, "Read the person at the Location", tag="create.read", template="/Users/{id}")
    yield post("/Users", body, "Create the same person again", tag="create.duplicate")
    shouted = body | {"userName": name.upper()}
    yield post("/Users", shouted, "Create the same person in capitals", tag="create.duplicate.case")
    shared = {"schemas": [USER], "userName": twin, "emails": body["emails"]}
    second: Exchange = yield post(
        "/Users", shared, "Create somebody else with the same mail address", tag="create.twin"
    )
    if second.resource.get("id"):
        yield delete(_address(second), "Tidy up", tag="create.tidy", template="/Users/{id}")
    for tag, title, broken in BROKEN:
        yield post("/Users", broken, title, tag=f"create.broken.{tag}")
    for tag, title, odd in ODD:
        yield from _odd(tag, title, odd)
    yield _find(f"no-schemas@{DOMAIN}", "refuse.create.lookup")
    yield _find(f"wrong-schema@{DOMAIN}", "refuse.create.lookup")
    if created.resource.get("id"):
        yield from _delete(person, name, body)


def _odd(tag: str, title: str, odd: dict[str, Any]) -> Steps:
    name = f"odd-{tag}@{DOMAIN}"
    yield from _sweep(name)
    made: Exchange = yield post("/Users", {"schemas": [USER], "userName": name} | odd, title, tag=f"create.odd.{tag}")
    if made.resource.get("id"):
        person = _address(made)
        yield get(person, "Read the new person", tag=f"create.odd.{tag}.read", template="/Users/{id}")
        if tag == "cleared":
            old = (("If-Match", 'W/"scimulator-stale"'),)
            yield delete(
                person, "Delete on an old version", tag="create.odd.delete", template="/Users/{id}", headers=old
            )
            left: Exchange = yield get(person, "Read again", tag="create.odd.delete.read", template="/Users/{id}")
            if not left.ok:
                return
        yield delete(person, "Tidy up", tag="create.tidy", template="/Users/{id}")


def _delete(person: str, name: str, body: dict[str, Any]) -> Steps:
    gone: Exchange = yield delete(person, "Delete the person", tag="delete.person", template="/Users/{id}")
    if not gone.ok:
        return
    ended = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    yield get(person, "Read the deleted person", tag="delete.afterwards.get", template="/Users/{id}")
    yield patch(person, ended, "Patch the deleted person", tag="delete.afterwards.patch", template="/Users/{id}")
    yield put(person, body, "Write to the deleted person", tag="delete.afterwards.put", template="/Users/{id}")
    yield delete(person, "Delete the person again", tag="delete.afterwards.delete", template="/Users/{id}")
    yield _find(name, "delete.lookup")
    plain = {"schemas": [USER], "userName": name}
    again: Exchange = yield post("/Users", plain, "Create the deleted person anew", tag="delete.create-again")
    if again.resource.get("id"):
        yield delete(_address(again), "Tidy up", tag="create.tidy", template="/Users/{id}")


@probe(
    "group-members",
    "A client adds members to a group and removes them",
    parts=(Part("subject"), Part("bystander-1"), Part("bystander-2")),
    needs=("groups",),
)
def group_members(cast: Cast) -> Steps:
    """Three members, because with two nobody can tell "all" from "the other one"."""
    ids = [member.account.id for member in cast if member.account is not None]
    new = {"schemas": [GROUP], "displayName": f"Probe {DOMAIN} {ids[0]}", "members": [{"value": i} for i in ids[1:]]}
    created: Exchange = yield post("/Groups", new, "Create a group with two members", tag="group.create")
    group_id = created.resource.get("id")
    if not isinstance(group_id, str) or not group_id:
        return
    group = address("Groups", group_id, NOBODY_ID)

    def change(tag: str, title: str, operation: dict[str, Any]) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": [operation]}
        return patch(group, body, title, tag=f"group.{tag}", template="/Groups/{id}")

    def read(tag: str) -> Step:
        return get(group, "Read the group", tag=f"group.{tag}.read", template="/Groups/{id}")

    add = {"op": "add", "path": "members", "value": [{"value": ids[0]}]}
    remove = {"op": "remove", "path": f'members[value eq "{ids[0]}"]'}
    yield read("create")
    yield change("add", "Add a third member", add)
    yield read("add")
    yield change("add-again", "Add the same member again", add)
    yield read("add-again")
    yield change("remove", "Remove that member by a filter", remove)
    yield read("remove")
    yield change("remove-again", "Remove somebody who is no member", remove)
    yield read("remove-again")
    yield change("add-back", "Add that member again", add)
    yield read("add-back")
    by_value = {"op": "Remove", "path": "members", "value": [{"value": ids[0]}]}
    yield change("remove-by-value", "Remove that member by a value, as Entra does by default", by_value)
    yield read("remove-by-value")
    yield delete(group, "Delete the group", tag="group.delete", template="/Groups/{id}")


def _sweep(name: str) -> Steps:
    """Take away what an earlier run that was cut short has left behind."""
    found: Exchange = yield _find(name, "create.sweep")
    for resource in found.resources[:1]:
        if isinstance(resource.get("id"), str):
            path = address("Users", resource["id"], NOBODY_ID)
            yield delete(path, "Delete what an earlier run left", tag="create.sweep.delete", template="/Users/{id}")


def _find(user_name: str, tag: str) -> Step:
    query = urlencode({"filter": f'userName eq "{user_name}"'}, quote_via=quote)
    return get("/Users", "Look the person up", query=query, tag=tag, template="/Users?filter")


def _address(created: Exchange) -> str:
    return address("Users", created.resource.get("id"), NOBODY_ID)


def _located(created: Exchange) -> str:
    """The Location of a new resource as a path below the base URL; "" when there is none or it leads elsewhere."""
    there = below(created, created.header("Location") or "")
    return there if there.startswith("/Users/") else ""
