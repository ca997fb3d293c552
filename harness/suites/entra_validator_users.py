"""The half of Microsoft's SCIM Validator that is about users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import ENTERPRISE_USER, USER
from harness.suites.microsoft import MANAGER, NOBODY, Asking, at_id, eq, made, patch, repeats, step, user
from harness.suites.suite import Claim, Expectation, at, echoes, holds, is_list, reads, status, tagged, total

SUITE_NAME = "entra-validator"


@dataclass(frozen=True)
class People:
    """Whom the test may write to: the user it made (``own``), a second one (``helper``), and one who was there."""

    own: str
    helper: str
    there: str

    @property
    def member(self) -> str:
        """Who is put into groups."""
        return self.helper or self.there


def tag(name: str) -> str:
    return f"{SUITE_NAME}.{name}"


def begin(cast: Cast, seed: str) -> Asking[People]:
    """Everything but the deletions. What needs a user of the test's own is left out when none could be made."""
    name = f"validator.{seed}@rehearsal.example"
    created = yield step(tag("create"), "Create a new user", "POST", "/Users", body=user(name))
    person = next((m.account for m in cast if m.account is not None and m.part == "person"), None)
    people = People(made(created), "", person.id if person else "")
    known, known_as = (people.own, name) if people.own else ((person.id, person.user_name) if person else ("", name))
    if people.own:
        yield step(tag("duplicate"), "Create a duplicate user", "POST", "/Users", body=user(name))
    if known:
        yield step(tag("existing"), "Filter for an existing user", "GET", "/Users", query=eq("userName", known_as))
        title = "Filter for an existing user, letter case differs"
        yield step(tag("case"), title, "GET", "/Users", query=eq("userName", known_as.upper()))
    absent = eq("userName", f"nobody.{seed}@rehearsal.example")
    yield step(tag("absent"), "Filter for a user who does not exist", "GET", "/Users", query=absent)
    if people.own:
        people = People(people.own, (yield from _minimal(seed)), people.there)
        known_as = yield from _changes(people, name)
    if known:
        off = patch({"op": "replace", "path": "active", "value": False})
        yield step(tag("disable"), "Patch User: disable the user", "PATCH", at_id("Users", known), body=off)
        query = eq("userName", known_as)
        yield step(tag("disabled"), "Read the disabled user by filter", "GET", "/Users", query=query)
    return people


def _minimal(seed: str) -> Asking[str]:
    """Two further users: one with a role, one with a name alone, to whom everything else is then added."""
    title = "Create a user with a role, whose primary is a string"
    with_role = {**user(f"role.{seed}@rehearsal.example"), "roles": [{**_ROLE, "primary": "True"}]}
    created = yield step(tag("role"), title, "POST", "/Users", body=with_role)
    if made(created):
        yield step(tag("tidy"), "Delete the user with a role", "DELETE", at_id("Users", made(created)))
    body = {"schemas": [USER, ENTERPRISE_USER], "userName": f"minimal.{seed}@rehearsal.example"}
    created = yield step(tag("minimal"), "Create a user with a name alone", "POST", "/Users", body=body)
    helper = made(created)
    if helper:
        operations = ({"op": "add", "path": path, "value": value} for path, value in _everything(seed).items())
        title = "Patch User: add attributes, verbose request"
        yield step(tag("add"), title, "PATCH", at_id("Users", helper), body=patch(*operations))
    return helper


def _changes(people: People, name: str) -> Asking[str]:
    """What is patched of a user who has everything. Returns the user name at the end."""
    path = at_id("Users", people.own)

    def change(mark: str, title: str, *operations: dict[str, Any]) -> Any:
        return step(tag(mark), f"Patch User: {title}", "PATCH", path, body=patch(*operations))

    replaced = {"displayName": "Grace Validator", "name.givenName": "Grace"}
    yield change("replace", "replace attributes", {"op": "replace", "value": replaced})
    verbose = ({"op": "replace", "path": key, "value": f"{value} II"} for key, value in replaced.items())
    yield change("verbose", "replace attributes, verbose request", *verbose)
    for mark, title, op, manager in (
        ("manager", "add a manager", "add", people.helper),
        ("manager-replaced", "replace the manager", "replace", people.there),
        ("manager-removed", "remove the manager", "replace", ""),
    ):
        if manager or mark == "manager-removed":
            yield change(mark, title, {"op": op, "path": MANAGER, "value": manager})
    # The recordings name these two tests; which operations they hold is inferred.
    yield change(
        "several",
        "multiple operations on different attributes",
        {"op": "add", "path": "title", "value": "Engineer"},
        {"op": "replace", "path": "displayName", "value": "Ada B. Validator"},
        {"op": "remove", "path": "name.formatted"},
    )
    yield change(
        "several-same",
        "multiple operations on one attribute",
        {"op": "remove", "path": "displayName"},
        {"op": "add", "path": "displayName", "value": "Ada C. Validator"},
        {"op": "replace", "path": "displayName", "value": "Ada D. Validator"},
    )
    other = f"renamed.{name}"
    renamed = yield change("rename", "update the userName", {"op": "replace", "value": {"userName": other}})
    return other if renamed.ok else name


def end(people: People) -> Steps:
    """The deletions, and what they leave behind."""
    if not people.own:
        return
    path = at_id("Users", people.own)
    yield step(tag("delete"), "Delete a user", "DELETE", path)
    yield step(tag("deleted"), "Read the deleted user", "GET", path)
    yield step(tag("delete-twice"), "Delete the same user once more", "DELETE", path)
    yield step(tag("delete-nobody"), "Delete a user who does not exist", "DELETE", at_id("Users", NOBODY))
    if people.helper:
        yield step(tag("tidy"), "Delete the second user", "DELETE", at_id("Users", people.helper))


_ROLE = {"display": "Validator", "value": "validator", "type": "WindowsAzureActiveDirectoryRole"}


def _everything(seed: str) -> dict[str, str]:
    """About three dozen attributes, each of them an operation; the time zone is one that exists."""
    plain = {
        "externalId": seed,
        "displayName": "Ada Minimal",
        "nickName": "Ada",
        "title": "Engineer",
        "userType": "Employee",
        "preferredLanguage": "en-GB",
        "locale": "en-GB",
        "timezone": "Europe/Paris",
        "profileUrl": "https://people.rehearsal.example/ada",
    }
    name = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
    address = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
    employment = ("employeeNumber", "costCenter", "organization", "division", "department")
    return {
        **plain,
        'emails[type eq "work"].value': f"minimal.{seed}@rehearsal.example",
        **{f"name.{part}": f"Ada {part}" for part in name},
        **{f'phoneNumbers[type eq "{kind}"].value': "tel:+44-555-0100" for kind in ("work", "mobile", "fax", "home")},
        **{f'addresses[type eq "work"].{part}': "GB" if part == "country" else f"Ada {part}" for part in address},
        **{f'roles[primary eq "True"].{part}': value for part, value in _ROLE.items()},
        **{f"{ENTERPRISE_USER}:{part}": f"Ada {part}" for part in employment},
    }


def _manager(exchange: Exchange) -> Iterator[str]:
    """Where the answer shows the user, the manager is an object with this id, or gone when it was emptied."""
    if not exchange.resource:
        return
    wanted = exchange.sent["Operations"][0]["value"]
    extension = exchange.resource.get(ENTERPRISE_USER)
    found = at(extension, "manager.value") if isinstance(extension, dict) else None
    if (found or "") != wanted:
        yield f"expected {wanted!r} as manager.value, got {found!r}"


_DONE = status(200, 204)
_OWN, _CHANGED, _GONE = ("create",), ("create", "update"), ("create", "delete")


def _claim(name: str, title: str, needs: tuple[str, ...], *expects: Expectation, mandatory: bool = True) -> Claim:
    return Claim(title, tagged(tag(name)), expects, needs, mandatory)


CLAIMS = (
    _claim("create", "Create a new user", _OWN, status(201), holds("id"), echoes("userName", "displayName", "active")),
    _claim("duplicate", "Create a duplicate user", _OWN, status(409)),
    _claim("existing", "Filter for an existing user", ("filter",), status(200), is_list, total(1)),
    _claim("absent", "Filter for a user who does not exist", ("filter",), status(200), is_list, total(0)),
    _claim("case", "Filter for an existing user, letter case differs", ("filter",), status(200), total(1)),
    _claim("replace", "Patch User: replace attributes", _CHANGED, _DONE, repeats),
    _claim("verbose", "Patch User: replace attributes, verbose request", _CHANGED, _DONE, repeats),
    _claim("rename", "Patch User: update the userName", _CHANGED, _DONE, repeats),
    _claim("add", "Patch User: add attributes, verbose request", _CHANGED, _DONE, repeats),
    _claim("manager", "Patch User: add a manager", _CHANGED, _DONE, _manager),
    _claim("manager-replaced", "Patch User: replace the manager", _CHANGED, _DONE, _manager),
    _claim("manager-removed", "Patch User: remove the manager", _CHANGED, _DONE, _manager),
    _claim("disable", "Patch User: disable the user", ("deactivate",), _DONE, repeats),
    _claim(
        "disabled",
        "The disabled user says so",
        ("deactivate", "filter"),
        status(200),
        reads("Resources.0.active", False),
    ),
    _claim("delete", "Delete a user", _GONE, status(204)),
    _claim("deleted", "A deleted user is gone", _GONE, status(404)),
    # In which request the role was sent is not told; that a strict service refuses the string is its right.
    _claim("role", "Create a user with a role, whose primary is a string", _OWN, status(201), mandatory=False),
    _claim(
        "several",
        "Preview: multiple operations on different attributes",
        _CHANGED,
        _DONE,
        repeats,
        mandatory=False,
    ),
    _claim("several-same", "Preview: multiple operations on one attribute", _CHANGED, _DONE, repeats, mandatory=False),
    _claim("delete-nobody", "Preview: delete a user who does not exist", _GONE, status(404), mandatory=False),
    _claim("delete-twice", "Preview: delete the same user twice", _GONE, status(404), mandatory=False),
)
