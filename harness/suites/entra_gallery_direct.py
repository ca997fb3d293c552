"""What the test before publication in the gallery asks the service itself, past Entra. The bodies are inferred."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.scenario import Probe
from harness.model.sequence import Steps
from harness.model.step import GROUP, USER
from harness.model.story import Part
from harness.suites.microsoft import MANAGER, at_id, made, patch, repeats, seed_of, step, unassigned, user
from harness.suites.suite import Claim, Expectation, holds, is_list, numeric, status, tagged

SUITE_NAME = "entra-gallery"
_PAGE = 1
"""How many resources a page may hold: one, so that a service with two people has to turn the page."""


def _tag(name: str) -> str:
    return f"{SUITE_NAME}.{name}"


def run(cast: Cast) -> Steps:
    """Schemas, pages, a user and a group of the test's own. What cannot be created is not asked about further."""
    seed = seed_of(cast)
    yield step(_tag("schemas"), "Schema discoverability", "GET", "/Schemas")
    yield from _pages("users", "/Users")
    created = yield step(
        _tag("user"), "Create a user directly", "POST", "/Users", body=user(f"gallery.{seed}@rehearsal.example")
    )
    if made(created):
        person = next((m.account.id for m in cast if m.account is not None), made(created))
        yield from _user(at_id("Users", made(created)), person)
    body = {"schemas": [GROUP], "displayName": f"Gallery {seed}", "members": []}
    created = yield step(_tag("group"), "Create a group directly", "POST", "/Groups", body=body)
    if made(created):
        yield from _pages("groups", "/Groups")
        path = at_id("Groups", made(created))
        renamed = patch({"op": "replace", "path": "displayName", "value": f"Gallery {seed} EU"})
        yield step(_tag("group-update"), "Update a group directly", "PATCH", path, body=renamed)
        yield step(_tag("tidy"), "Delete the group", "DELETE", path)


def _user(path: str, manager: str) -> Steps:
    changed = patch({"op": "replace", "path": "displayName", "value": "Grace Gallery"})
    yield step(_tag("user-update"), "Update a user directly", "PATCH", path, body=changed)
    for name, value in (("empty", ""), ("null", None)):
        title = "Engineer"
        there = patch({"op": "replace", "path": "title", "value": title})
        yield step(_tag(f"{name}-before"), f"Give a title, to be cleared by {name}", "PATCH", path, body=there)
        cleared = patch({"op": "replace", "path": "title", "value": value})
        yield step(_tag(f"{name}-update"), f"Null update: {name}", "PATCH", path, body=cleared)
        yield step(_tag(f"{name}-after"), f"Read the title after {name}", "GET", path)
    for name, op, value in (("manager", "add", manager), ("manager-gone", "replace", "")):
        body = patch({"op": op, "path": MANAGER, "value": value})
        title = "Set the manager directly" if value else "Remove the manager directly"
        yield step(_tag(name), title, "PATCH", path, body=body)
    yield step(_tag("tidy"), "Delete the user", "DELETE", path)


def _pages(name: str, path: str) -> Steps:
    for start in (1, 2):
        query = f"startIndex={start}&count={_PAGE}"
        yield step(_tag(f"{name}-{start}"), f"Page {start} of the {name}", "GET", path, query=query)


def _publishes(urn: str) -> Expectation:
    def expect(exchange: Exchange) -> Iterator[str]:
        if urn not in [resource.get("id") for resource in exchange.resources]:
            yield f"expected the schema {urn} among the Resources"

    return expect


def _short(exchange: Exchange) -> Iterator[str]:
    if len(exchange.resources) > _PAGE:
        yield f"expected at most {_PAGE} resource, got {len(exchange.resources)}"


def _claim(name: str, title: str, needs: tuple[str, ...], *expects: Expectation, mandatory: bool = True) -> Claim:
    return Claim(title, tagged(_tag(name)), expects, needs, mandatory)


_DONE = status(200, 204)
_GROUPS, _CHANGED = ("groups",), ("create", "update")
_PAGED = (status(200), is_list, numeric("totalResults"), _short)

CLAIMS = (
    _claim("schemas", "Schema discoverability", (), status(200), is_list, _publishes(USER)),
    _claim("schemas", "Schema discoverability: groups", _GROUPS, status(200), _publishes(GROUP)),
    _claim("user", "Direct create user", ("create",), status(201), holds("id")),
    _claim("user-update", "Direct update user", _CHANGED, _DONE, repeats),
    _claim("group", "Direct create group", _GROUPS, status(201), holds("id")),
    _claim("group-update", "Direct update group", _GROUPS, _DONE, repeats),
    _claim(
        "empty-after",
        "Null update: cleared by an empty string",
        _CHANGED,
        status(200),
        holds("id"),
        unassigned("title"),
    ),
    _claim("null-after", "Null update: cleared by null", _CHANGED, status(200), holds("id"), unassigned("title")),
    _claim("manager", "Direct manager test: set", _CHANGED, _DONE),
    _claim("manager-gone", "Direct manager test: removed", _CHANGED, _DONE),
    _claim("users-1", "User pagination: the first page", ("read",), *_PAGED),
    _claim("users-2", "User pagination: the second page", ("read",), *_PAGED),
    _claim("groups-1", "Group pagination", _GROUPS, *_PAGED, mandatory=False),
)

PROBE = Probe(
    name=SUITE_NAME,
    title="What the test before publication in the gallery asks past Entra",
    run=run,
    parts=(Part("person"), Part("bystander-1")),
    suite=SUITE_NAME,
)
