"""The half of Microsoft's SCIM Validator that is about groups: whoever runs it ticks whether it is played."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import GROUP
from harness.suites.entra_validator_users import tag
from harness.suites.microsoft import NOBODY, at_id, eq, made, patch, repeats, step
from harness.suites.suite import Claim, Expectation, holds, is_list, reads, status, tagged, total

WITHOUT = "excludedAttributes=members"


def play(seed: str, member: str) -> Steps:
    """A group from its creation to its deletion. ``member`` is the id of who joins and leaves it ("": nobody)."""
    name = f"Validator {seed}"
    body: dict[str, Any] = {"schemas": [GROUP], "displayName": name, "members": []}
    created = yield step(tag("group-create"), "Create a new group", "POST", "/Groups", body=body)
    group = made(created)
    if not group:
        return
    path = at_id("Groups", group)
    yield from _found(path, name, seed)
    again = yield step(tag("group-duplicate"), "Create a duplicate group", "POST", "/Groups", body=body)
    if made(again):
        # Two groups of one name would fail what is asked about the name from here on.
        yield step(tag("tidy"), "Delete the duplicate group", "DELETE", at_id("Groups", made(again)))
    replaced = ({"op": "replace", "path": key, "value": value} for key, value in _attributes(name, "EU").items())
    title = "Patch Group: replace attributes"
    yield step(tag("group-replace"), title, "PATCH", path, body=patch(*replaced))
    for key, value in _attributes(name, "UK").items():
        title = f"Patch Group: update the {key}"
        folded = patch({"op": "replace", "value": {key: value}})
        yield step(tag(f"group-{key}"), title, "PATCH", path, body=folded)
    if member:
        yield from _members(path, member)
    yield step(tag("group-delete"), "Delete a group", "DELETE", path)
    yield step(tag("group-delete-twice"), "Delete the same group once more", "DELETE", path)
    title = "Delete a group that does not exist"
    yield step(tag("group-delete-nothing"), title, "DELETE", at_id("Groups", NOBODY))


def _found(path: str, name: str, seed: str) -> Steps:
    by_name = eq("displayName", name)
    yield step(tag("group-read"), "Get a group by id, without its members", "GET", path, query=WITHOUT)
    title = "Filter for an existing group"
    yield step(tag("group-existing"), f"{title}, without its members", "GET", "/Groups", query=f"{WITHOUT}&{by_name}")
    yield step(tag("group-existing-with"), f"{title}, with its members", "GET", "/Groups", query=by_name)
    upper = f"{WITHOUT}&{eq('displayName', name.upper())}"
    yield step(tag("group-case"), f"{title}, letter case differs", "GET", "/Groups", query=upper)
    absent = f"{WITHOUT}&{eq('displayName', f'Nobody {seed}')}"
    yield step(tag("group-absent"), "Filter for a group that does not exist", "GET", "/Groups", query=absent)


def _members(path: str, member: str) -> Steps:
    """The member joins by a replace of the whole list and leaves by a filter in the path."""
    joins = {"op": "replace", "path": "members", "value": [{"value": member}]}
    leaves = {"op": "remove", "path": f'members[value eq "{member}"]'}
    yield step(tag("group-add"), "Patch Group: add a member", "PATCH", path, body=patch(joins))
    yield step(tag("group-added"), "Read the members after one was added", "GET", path)
    yield step(tag("group-remove"), "Patch Group: remove a member", "PATCH", path, body=patch(leaves))
    yield step(tag("group-removed"), "Read the members after one was removed", "GET", path)
    title = "Patch Group: add and remove a member at once"
    # The recordings name the test; that somebody joins and leaves in this order is inferred.
    both = patch({"op": "add", "path": "members", "value": [{"value": member}]}, leaves)
    yield step(tag("group-both"), title, "PATCH", path, body=both)


def _attributes(name: str, suffix: str) -> dict[str, str]:
    return {"displayName": f"{name} {suffix}", "externalId": f"{name.rpartition(' ')[2]}-{suffix}"}


def _members_are(number: int) -> Expectation:
    def expect(exchange: Exchange) -> Iterator[str]:
        members = exchange.resource.get("members") or []
        found = len(members) if isinstance(members, list) else members
        if found != number:
            yield f"expected {number} members, got {found!r}"

    return expect


_DONE = status(200, 204)
_LIST = (status(200), is_list)


def _claim(name: str, title: str, *expects: Expectation) -> Claim:
    return Claim(title, tagged(tag(f"group-{name}")), expects, ("groups",), mandatory=False)


CLAIMS = (
    _claim("create", "Create a new group", status(201), holds("id")),
    _claim("duplicate", "Create a duplicate group", status(409)),
    _claim("read", "Get a group by id, without its members", status(200), holds("id"), reads("members", None)),
    _claim(
        "existing",
        "Filter for an existing group, without its members",
        *_LIST,
        total(1),
        holds("Resources.0.id"),
        reads("Resources.0.members", None),
    ),
    _claim("existing-with", "Filter for an existing group, with its members", *_LIST, total(1)),
    _claim("case", "Filter for an existing group, letter case differs", *_LIST, total(1)),
    _claim("absent", "Filter for a group that does not exist", *_LIST, total(0)),
    _claim("replace", "Patch Group: replace attributes", _DONE, repeats),
    _claim("displayName", "Patch Group: update the displayName", _DONE, repeats),
    _claim("externalId", "Patch Group: update the externalId", _DONE, repeats),
    _claim("add", "Patch Group: add a member", _DONE),
    _claim("added", "The member is in the group", status(200), holds("id"), _members_are(1)),
    _claim("remove", "Patch Group: remove a member", _DONE),
    _claim("removed", "The member is out of the group", status(200), holds("id"), _members_are(0)),
    _claim("delete", "Delete a group", status(204)),
    _claim("both", "Preview: add and remove a member at once", _DONE),
    _claim("delete-nothing", "Preview: delete a group that does not exist", status(404)),
    _claim("delete-twice", "Preview: delete the same group twice", status(404)),
)
