"""People with many details, made for the purpose: values in lists, an extension, an order. They are deleted again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, USER, Step
from harness.probes import probe
from harness.probes.echo import address, echoed
from harness.probes.ids import below
from harness.probes.people import encoded, part, quoted
from harness.probes.requests import NOBODY_ID, delete, get, patch, post, put

DOMAIN = "probe.example"
MARK = "Zz-Detailed-"
CHANGED = "Changed By Scimulator"
"""Written to an attribute that the service publishes as immutable; a check knows the same text."""
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

ALPHA: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "userName": f"zz-detailed-alpha@{DOMAIN}",
    "displayName": "Mike",
    "title": "Mason",
    "name": {"familyName": "Young", "givenName": "Alpha", "formatted": "Alpha Young"},
    "externalId": f"{MARK}one",
    "emails": [
        {"value": f"xray@{DOMAIN}", "type": "work"},
        {"value": f"bravo@{DOMAIN}", "type": "home", "primary": True},
    ],
    ENTERPRISE: {"department": f"{MARK}Sales", "employeeNumber": "1"},
}
BRAVO: dict[str, Any] = {
    "schemas": [USER],
    "userName": f"ZZ-Detailed-bravo@{DOMAIN}",
    "displayName": "Lima",
    "name": {"familyName": "Adams", "givenName": "Bravo", "formatted": "Bravo Adams"},
    "emails": [{"value": f"mike@{DOMAIN}", "type": "work", "primary": True}],
}
CHARLIE: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "userName": f"zz-detailed-charlie@{DOMAIN}",
    "displayName": "Kilo",
    "title": "Architect",
    "name": {"familyName": "Miller", "givenName": "Charlie", "formatted": "Charlie Miller"},
    "emails": [{"value": f"november@{DOMAIN}", "type": "work"}, {"value": f"alpha@{DOMAIN}", "type": "home"}],
}
PEOPLE = (ALPHA, BRAVO, CHARLIE)
"""In mixed letter case, with and without a title, and with a main address that is not the first one."""

ORDERS = ("displayName", "userName", "title", "name.familyName", "emails", "meta.created")
"""What the list is ordered by."""


@probe(
    "detailed", "A client creates people with many details and asks about them", needs=("create", "delete", "filter")
)
def detailed(_cast: Cast) -> Steps:
    """Three people are enough: with two, an order and its opposite are easily right by chance."""
    config: Exchange = yield get("/ServiceProviderConfig", "Read the configuration", tag="detailed.config")
    schemas: Exchange = yield get("/Schemas", "Read how people are described", tag="detailed.schemas")
    paths: list[str] = []
    manager = ""
    for body in PEOPLE:
        given = body
        if body is CHARLIE:
            given = body | {ENTERPRISE: {"department": f"{MARK}Research", "manager": {"value": manager}}}
        made: Exchange = yield from _made(given)
        manager = manager or part(made.resource, "id")
        if made.resource.get("id"):
            paths.append(address("Users", made.resource["id"], NOBODY_ID))
    if len(paths) == len(PEOPLE):
        yield from _asked_about(paths, config.json if isinstance(config.json, dict) else {})
        yield from _fixed(paths[0], _immutable(schemas))
    for path in paths:
        yield delete(path, "Tidy up", tag="detailed.tidy", template="/Users/{id}")


def _made(body: dict[str, Any]) -> Any:
    """Create somebody; whoever an earlier run has left behind is taken away first."""
    title = f"Create {body['displayName']} with many details"
    made: Exchange = yield post("/Users", body, title, tag="detailed.create")
    if made.status != 409:
        return made
    found: Exchange = yield _find(
        "Look for what an earlier run left", f"userName eq {quoted(body['userName'])}", "sweep"
    )
    for resource in found.resources[:1]:
        yield delete(address("Users", resource.get("id"), NOBODY_ID), "Delete it", tag="detailed.sweep.delete")
    made = yield post("/Users", body, title, tag="detailed.create")
    return made


def _asked_about(paths: list[str], config: dict[str, Any]) -> Steps:
    people: list[dict[str, Any]] = []
    for path in paths:
        read: Exchange = yield get(path, "Read the person", tag="detailed.person", template="/Users/{id}")
        people.append(echoed(read.resource))
        reference = part(read.resource.get(ENTERPRISE, {}), "manager", "$ref")
        if there := _below(read, reference):
            yield get(there, "Follow $ref of the manager", tag="detailed.reference", template="/Users/{id}")
    yield from _filters(people[0])
    yield from _chosen(paths[0])
    if part_is_true(config, "sort", "supported"):
        yield from _orders()
    yield from _written(paths, people)


def _below(read: Exchange, reference: str) -> str:
    """The path of a reference below the SCIM base, "" when it leads elsewhere. Relative ones start at the base."""
    relative = bool(reference) and not urlsplit(reference).scheme and not reference.startswith(("/", "."))
    return f"/{reference}" if relative else below(read, reference)


def part_is_true(config: dict[str, Any], feature: str, name: str) -> bool:
    value = config.get(feature)
    return isinstance(value, dict) and value.get(name) is True


def _find(title: str, text: str, tag: str) -> Step:
    query = encoded(filter=text, count=10)
    return get("/Users", title, query=query, tag=f"detailed.{tag}", template="/Users?filter")


def _filters(alpha: dict[str, Any]) -> Steps:
    home, work = quoted(f"bravo@{DOMAIN}"), '"work"'
    yield _find("Look somebody up by user name", f"userName eq {quoted(ALPHA['userName'])}", "exact")
    yield _find("Look somebody up by the second address", f"emails.value eq {home}", "second")
    one = f"emails[type eq {work} and value eq {home}]"
    yield _find("Ask for one address that is both", one, "together")
    either = f"emails.type eq {work} and emails.value eq {home}"
    yield _find("Ask for addresses that are both between them", either, "apart")
    ours = 'userName sw "zz-detailed-"'
    yield _find("Ask for people with a title", f"{ours} and title pr", "titled")
    by_department = f"{ENTERPRISE}:department eq {quoted(MARK + 'Sales')}"
    yield _find("Look people up by an attribute of the extension", by_department, "extension")
    active = alpha.get("active")
    if isinstance(active, bool):
        shown = f"userName eq {quoted(ALPHA['userName'])} and active eq {str(active).lower()}"
        yield _find("Look somebody up by the state that the service has given", shown, "default")


def _chosen(path: str) -> Steps:
    for title, tag, names in (
        ("Read one attribute of the extension", "extension-part", f"{ENTERPRISE}:department"),
        ("Read the extension alone", "extension-whole", ENTERPRISE),
    ):
        query = encoded(attributes=names)
        yield get(path, title, query=query, tag=f"detailed.{tag}", template="/Users/{id}")
    without = encoded(excludedAttributes=ENTERPRISE)
    title = "Read everything but the extension"
    yield get(path, title, query=without, tag="detailed.extension-without", template="/Users/{id}")


def _orders() -> Steps:
    ours = 'userName sw "zz-detailed-"'
    for name in ORDERS:
        yield _ordered(f"Our people by {name}", f"by.{name}", filter=ours, sortBy=name)
    for name in ("displayName", "title"):
        title = f"Our people by {name}, backwards"
        yield _ordered(title, f"back.{name}", filter=ours, sortBy=name, sortOrder="descending")
    yield _ordered("An order that does not exist", "odd", filter=ours, sortBy="displayName", sortOrder="up")
    yield _ordered("By an attribute that does not exist", "odd", filter=ours, sortBy="noSuchAttribute")
    body = {"schemas": [SEARCH_REQUEST], "filter": ours, "sortBy": "name.familyName", "sortOrder": "descending"}
    yield post("/Users/.search", body, "Our people by family name, backwards, by POST", tag="detailed.search")


def _ordered(title: str, tag: str, **parameters: str) -> Step:
    query = encoded(**parameters, count=10)
    return get("/Users", title, query=query, tag=f"detailed.{tag}", template="/Users?sortBy")


def _written(paths: list[str], people: list[dict[str, Any]]) -> Steps:
    """Writes to people whom nobody will miss; each is read again."""
    _, bravo, charlie = paths

    def change(path: str, tag: str, title: str, *operations: dict[str, Any]) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return patch(path, body, title, tag=f"detailed.{tag}", template="/Users/{id}")

    def read(path: str, tag: str) -> Step:
        return get(path, "Read the person", tag=f"detailed.{tag}.read", template="/Users/{id}")

    turned = people[2] | {"schemas": list(reversed(people[2].get("schemas", [])))}
    yield put(charlie, turned, "Write back with the schemas in another order", tag="detailed.turned")
    yield read(charlie, "turned")
    boss = people[2].get(ENTERPRISE, {}).get("manager") if isinstance(people[2].get(ENTERPRISE), dict) else None
    if isinstance(boss, dict):
        named = people[2] | {ENTERPRISE: people[2][ENTERPRISE] | {"manager": boss | {"displayName": "Nobody"}}}
        yield put(charlie, named, "Write another name of the manager", tag="detailed.manager-put")
        path = f"{ENTERPRISE}:manager.displayName"
        title = "Change the name of the manager"
        yield change(charlie, "manager-patch", title, {"op": "replace", "path": path, "value": "Nobody"})
        yield read(charlie, "manager")
    number = {"op": "add", "path": f"{ENTERPRISE}:employeeNumber", "value": "2"}
    yield change(bravo, "extended", "Give somebody an employee number", number)
    yield read(bravo, "extended")
    taken = people[1] | {"userName": ALPHA["userName"]}
    yield put(bravo, taken, "Write a user name that somebody else has", tag="detailed.taken")
    yield read(bravo, "taken")
    same = {"op": "replace", "path": "externalId", "value": ALPHA["externalId"]}
    yield change(bravo, "shared-external-id", "Give somebody the externalId of somebody else", same)
    odd = {"op": "add", "path": "emails", "value": [{"value": f"odd@{DOMAIN}", "type": "pigeon"}]}
    yield change(bravo, "odd-type", "Give somebody an address of an unknown type", odd)


def _immutable(schemas: Exchange) -> str:
    """A text of alpha that the service publishes as immutable, or ""."""
    for schema in schemas.resources:
        attributes = schema.get("attributes") if schema.get("id") == USER else None
        for attribute in attributes if isinstance(attributes, list) else ():
            if isinstance(attribute, dict) and attribute.get("mutability") == "immutable":
                name = attribute.get("name")
                if isinstance(name, str) and isinstance(ALPHA.get(name), str) and name != "userName":
                    return name
    return ""


def _fixed(path: str, name: str) -> Steps:
    """Where the service says that something cannot be changed any more, it is tried."""
    if not name:
        return
    current: Exchange = yield get(path, "Read the person", tag="detailed.fixed", template="/Users/{id}")
    changed = echoed(current.resource) | {name: CHANGED}
    yield put(path, changed, f"Write another {name}, which is immutable", tag="detailed.immutable")
    yield get(path, "Read the person", tag="detailed.immutable.read", template="/Users/{id}")
