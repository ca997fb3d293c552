"""The rules of groups, for services that serve them. What is created is deleted again."""

from __future__ import annotations

from typing import Any

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import GROUP, PATCH_OP, USER, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import address
from harness.probes.ids import below
from harness.probes.people import encoded, quoted
from harness.probes.requests import NOBODY_ID, delete, get, patch, post

NAME = "Scimulator rules of groups"
ENTRA_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
"""What Entra ID adds to the schemas of a group that it creates."""

MANY = 50
"""How many members IPSIE wants to be changed in one request."""

Operation = dict[str, Any]


@probe(
    "group-rules",
    "A client tries the rules of groups, one by one",
    parts=(Part("subject"), Part("bystander-1"), Part("bystander-2")),
    needs=("groups",),
)
def group_rules(cast: Cast) -> Steps:
    """Without a name, empty, twice, nested; members set, exchanged, unknown, deleted, and found."""
    ids = [member.account.id for member in cast if member.account is not None]
    yield get("/Schemas", "Read the schema of groups", tag="rule.schemas")
    nameless: Exchange = yield post("/Groups", {"schemas": [GROUP]}, "Create a group without a name", tag="rule.name")
    yield from _tidy(nameless)
    name = f"{NAME} {ids[0]}"
    empty = {"schemas": [GROUP], "displayName": name, "externalId": name}
    created: Exchange = yield post("/Groups", empty, "Create a group without members", tag="rule.empty")
    if not created.resource.get("id"):
        return
    again: Exchange = yield post("/Groups", empty, "Create a group of the same name", tag="rule.again")
    yield from _tidy(again)
    foreign = {"schemas": [GROUP, ENTRA_GROUP], "displayName": f"{name} (Entra)"}
    other: Exchange = yield post("/Groups", foreign, "Create a group as Entra does", tag="rule.entra")
    yield from _tidy(other)
    yield from _members(created, ids)
    yield from _found(name, ids[0])
    yield from _nested(created, name)
    yield from _deleted(created, ids[0])
    yield from _many(created, ids)
    yield delete(_path(created), "Delete the group", tag="rule.tidy", template="/Groups/{id}")


def _members(created: Exchange, ids: list[str]) -> Steps:
    yield _change(created, "set", "Set the members", {"op": "replace", "path": "members", "value": _listed(ids[:2])})
    yield _read(created, "set")
    last = {"op": "replace", "path": "members", "value": _listed(ids[1:])}
    yield _change(created, "reset", "Set other members", last)
    shown: Exchange = yield _read(created, "reset")
    for member in (m for m in shown.resource.get("members") or [] if isinstance(m, dict)):
        there = below(shown, member["$ref"]) if isinstance(member.get("$ref"), str) else ""
        if there:
            yield get(there, "Follow the address of a member", tag="rule.ref", template="/Users/{id}")
            break
    for member_id in ids[:2]:
        person = address("Users", member_id, NOBODY_ID)
        yield get(person, "Read a person's groups", tag="rule.person", template="/Users/{id}")
    swap = {"op": "replace", "path": f"members[value eq {quoted(ids[-1])}].value", "value": ids[0]}
    yield _change(created, "swap", "Turn a member into another", swap)
    yield _read(created, "swap")
    unknown = {"op": "add", "path": "members", "value": _listed([NOBODY_ID])}
    yield _change(created, "unknown", "Add a member whom nobody knows", unknown)
    yield _read(created, "unknown")
    yield _change(created, "clean", "Set the members", {"op": "replace", "path": "members", "value": _listed(ids)})
    yield _read(created, "clean")


def _found(name: str, member_id: str) -> Steps:
    for tag, expression in (
        ("name", f"displayName eq {quoted(name)}"),
        ("external-id", f"externalId eq {quoted(name)}"),
        ("member", f"members[value eq {quoted(member_id)}]"),
    ):
        yield get(
            "/Groups",
            f"Look the group up by {tag}",
            query=encoded(filter=expression),
            tag=f"rule.find.{tag}",
            template="/Groups?filter",
        )


def _nested(created: Exchange, name: str) -> Steps:
    body = {
        "schemas": [GROUP],
        "displayName": f"{name} (outer)",
        "members": [{"value": created.resource["id"], "type": "Group"}],
    }
    outer: Exchange = yield post("/Groups", body, "Create a group with a group in it", tag="rule.nested")
    if outer.resource.get("id"):
        yield _read(outer, "nested")
    yield from _tidy(outer)


def _deleted(created: Exchange, seed: str) -> Steps:
    """Needs a service that creates and deletes people; elsewhere the first request is refused, and that is all."""
    body = {"schemas": [USER], "userName": f"member-{seed}@probe.example"}
    made: Exchange = yield post("/Users", body, "Create a person who will be deleted", tag="rule.person.create")
    person_id = made.resource.get("id")
    if not isinstance(person_id, str):
        return
    joined = {"op": "add", "path": "members", "value": _listed([person_id])}
    yield _change(created, "joined", "Add the person to the group", joined)
    yield _read(created, "joined")
    path = address("Users", person_id, NOBODY_ID)
    yield delete(path, "Delete the person", tag="rule.person.delete", template="/Users/{id}")
    yield get(path, "Read the person who was deleted", tag="rule.person.gone", template="/Users/{id}")
    yield get(_path(created), "Read the group", tag="rule.left.read", template="/Groups/{id}")


def _many(created: Exchange, ids: list[str]) -> Steps:
    """Fifty operations of one member each; three people are enough to count requests, not people."""
    in_turn = [ids[i % len(ids)] for i in range(MANY)]
    removed = [{"op": "remove", "path": f"members[value eq {quoted(i)}]"} for i in in_turn]
    yield _change(created, "many.remove", "Remove members in fifty operations", *removed)
    yield _read(created, "many.remove")
    added = [{"op": "add", "path": "members", "value": _listed([i])} for i in in_turn]
    yield _change(created, "many.add", "Add members in fifty operations", *added)
    yield _read(created, "many.add")


def _listed(ids: list[str]) -> list[dict[str, str]]:
    return [{"value": i} for i in ids]


def _path(created: Exchange) -> str:
    return address("Groups", created.resource.get("id"), NOBODY_ID)


def _change(created: Exchange, tag: str, title: str, *operations: Operation) -> Step:
    body = {"schemas": [PATCH_OP], "Operations": list(operations)}
    return patch(_path(created), body, title, tag=f"rule.{tag}", template="/Groups/{id}")


def _read(created: Exchange, tag: str) -> Step:
    return get(_path(created), "Read the group", tag=f"rule.{tag}.read", template="/Groups/{id}")


def _tidy(made: Exchange) -> Steps:
    if made.ok and made.resource.get("id"):
        yield delete(_path(made), "Tidy up", tag="rule.tidy", template="/Groups/{id}")
