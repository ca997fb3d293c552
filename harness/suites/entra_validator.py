"""Microsoft's SCIM Validator: the mandatory tests, in its own wire form (small operations, paths left out)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.scenario import Probe
from harness.model.sequence import Steps
from harness.model.step import ENTERPRISE_USER, GROUP, PATCH_OP, TOKEN, USER, Effect, Intent, Step, compact_json
from harness.model.story import Part
from harness.suites.suite import Claim, Expectation, Suite, holds, is_list, reads, status, tagged, total

_EFFECTS = {"GET": Effect.READ, "DELETE": Effect.DELETE}
_MANAGER = f"{ENTERPRISE_USER}:manager"


def _step(tag: str, title: str, method: str, path: str, *, query: str = "", body: Any = None) -> Step:
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
        tag=f"entra-validator.{tag}",
    )


def _eq(attribute: str, value: str) -> str:
    return f"filter={attribute}+eq+{quote(chr(34) + value + chr(34), safe='')}"


def _patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def run(cast: Cast) -> Steps:
    """Users first, then groups. Whatever needs a user of the test's own is left out when none could be made."""
    seed = cast.members[0].person.directory_id[:12] if cast.members else "0" * 12
    name = f"validator.{seed}@rehearsal.example"
    created = yield _step("create", "Create a new user", "POST", "/Users", body=_user(name))
    own = _id(created.resource) if created.status == 201 else ""
    person = next((m.account for m in cast if m.account is not None and m.part == "person"), None)
    known, known_as = (own, name) if own else ((person.id, person.user_name) if person else ("", name))
    if own:
        yield _step("duplicate", "Create a duplicate user", "POST", "/Users", body=_user(name))
    if known:
        yield _step("existing", "Filter for an existing user", "GET", "/Users", query=_eq("userName", known_as))
        upper = _eq("userName", known_as.upper())
        yield _step("case", "Filter for an existing user, letter case differs", "GET", "/Users", query=upper)
    absent = _eq("userName", f"nobody.{seed}@rehearsal.example")
    yield _step("absent", "Filter for a user who does not exist", "GET", "/Users", query=absent)
    if own:
        yield from _changes(f"/Users/{quote(own, safe='')}")
    if known:
        path = f"/Users/{quote(known, safe='')}"
        off = {"op": "replace", "path": "active", "value": False}
        yield _step("disable", "Patch User: disable the user", "PATCH", path, body=_patch(off))
        yield _step("disabled", "Read the disabled user by filter", "GET", "/Users", query=_eq("userName", known_as))
    if own:
        yield _step("delete", "Delete a user", "DELETE", f"/Users/{quote(own, safe='')}")
        yield _step("deleted", "Read the deleted user", "GET", f"/Users/{quote(own, safe='')}")
    yield from _groups(seed)


def _changes(path: str) -> Steps:
    replaced = {"displayName": "Grace Validator", "name.givenName": "Grace"}
    body = _patch({"op": "replace", "value": replaced})
    yield _step("replace", "Patch User: replace attributes", "PATCH", path, body=body)
    body = _patch(*({"op": "replace", "path": key, "value": value} for key, value in replaced.items()))
    yield _step("verbose", "Patch User: replace attributes, verbose request", "PATCH", path, body=body)
    body = _patch({"op": "add", "path": "title", "value": "Engineer"})
    yield _step("add", "Patch User: add attributes", "PATCH", path, body=body)
    body = _patch({"op": "add", "path": _MANAGER, "value": path.rpartition("/")[2]})
    yield _step("manager", "Patch User: add a manager", "PATCH", path, body=body)


def _groups(seed: str) -> Steps:
    name = f"Validator {seed}"
    body: dict[str, Any] = {"schemas": [GROUP], "displayName": name, "members": []}
    created = yield _step("group-create", "Create a new group", "POST", "/Groups", body=body)
    group = _id(created.resource) if created.status == 201 else ""
    if not group:
        return
    path = f"/Groups/{quote(group, safe='')}"
    without = "excludedAttributes=members"
    yield _step("group-duplicate", "Create a duplicate group", "POST", "/Groups", body=body)
    yield _step("group-read", "Get a group by id, without its members", "GET", path, query=without)
    query = f"{without}&{_eq('displayName', name)}"
    yield _step("group-existing", "Filter for an existing group", "GET", "/Groups", query=query)
    absent = _eq("displayName", f"Nobody {seed}")
    yield _step("group-absent", "Filter for a group that does not exist", "GET", "/Groups", query=absent)
    renamed = _patch({"op": "replace", "value": {"displayName": f"{name} EU"}})
    yield _step("group-rename", "Patch Group: update the displayName", "PATCH", path, body=renamed)
    yield _step("group-delete", "Delete a group", "DELETE", path)


def _user(name: str) -> dict[str, Any]:
    return {
        "schemas": [USER, ENTERPRISE_USER],
        "userName": name,
        "active": True,
        "displayName": "Ada Validator",
        "emails": [{"type": "work", "value": name, "primary": True}],
        "name": {"formatted": "Ada Validator", "familyName": "Validator", "givenName": "Ada"},
    }


def _id(resource: dict[str, Any]) -> str:
    value = resource.get("id")
    return value if isinstance(value, str) else ""


_DONE = status(200, 204)
_INACTIVE = reads("Resources.0.active", False)
_OWN, _GROUPS = ("create",), ("groups",)
_CLAIMS: tuple[tuple[str, str, tuple[str, ...], tuple[Expectation, ...]], ...] = (
    ("create", "Create a new user", _OWN, (status(201), holds("id"))),
    ("duplicate", "Create a duplicate user", _OWN, (status(409),)),
    ("existing", "Filter for an existing user", ("filter",), (status(200), is_list, total(1))),
    ("absent", "Filter for a user who does not exist", ("filter",), (status(200), is_list, total(0))),
    ("case", "Filter for an existing user, letter case differs", ("filter",), (status(200), total(1))),
    ("replace", "Patch User: replace attributes", ("create", "update"), (_DONE,)),
    ("verbose", "Patch User: replace attributes, verbose request", ("create", "update"), (_DONE,)),
    ("add", "Patch User: add attributes", ("create", "update"), (_DONE,)),
    ("manager", "Patch User: add a manager", ("create", "update"), (_DONE,)),
    ("disable", "Patch User: disable the user", ("deactivate",), (_DONE,)),
    (
        "disabled",
        "The disabled user says so",
        ("deactivate", "filter"),
        (status(200), reads("Resources.0.active", False)),
    ),
    ("delete", "Delete a user", ("create", "delete"), (status(204),)),
    ("deleted", "A deleted user is gone", ("create", "delete"), (status(404),)),
    ("group-create", "Create a new group", _GROUPS, (status(201), holds("id"))),
    ("group-duplicate", "Create a duplicate group", _GROUPS, (status(409),)),
    ("group-read", "Get a group by id, without its members", _GROUPS, (status(200), reads("members", None))),
    ("group-existing", "Filter for an existing group", _GROUPS, (status(200), is_list, total(1))),
    ("group-absent", "Filter for a group that does not exist", _GROUPS, (status(200), is_list, total(0))),
    ("group-rename", "Patch Group: update the displayName", _GROUPS, (_DONE,)),
    ("group-delete", "Delete a group", _GROUPS, (status(204),)),
)
_OPTIONAL = frozenset(tag for tag, *_ in _CLAIMS if tag.startswith("group-"))
"""Tests of groups are ticked by whoever runs the validator."""

SUITE = Suite(
    name="entra-validator",
    title="Microsoft Entra SCIM Validator",
    programme="a full pass of the Microsoft Entra SCIM Validator",
    source="https://learn.microsoft.com/entra/identity/app-provisioning/scim-validator-tutorial",
    claims=tuple(
        Claim(title, tagged(f"entra-validator.{tag}"), expects, needs, tag not in _OPTIONAL)
        for tag, title, needs, expects in _CLAIMS
    ),
    probe=Probe(
        name="entra-validator",
        title="Microsoft's SCIM Validator, its mandatory tests",
        run=run,
        parts=(Part("person"), Part("bystander-1")),
        suite="entra-validator",
    ),
)
