"""The rules of PATCH, on one person and mostly on externalId, which may change without taking anybody's access away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import NOBODY_ID, get, patch

MARK = "scimulator-patch-"
"""Every value written here begins like this, so that a value found later tells which request was applied."""

BROKEN_BODIES: tuple[tuple[str, str, Any], ...] = (
    ("urn", "Patch without schemas", {"Operations": [{"op": "replace", "path": "externalId", "value": f"{MARK}urn"}]}),
    ("operations-missing", "Patch without operations", {"schemas": [PATCH_OP]}),
    ("operations-empty", "Patch with an empty list of operations", {"schemas": [PATCH_OP], "Operations": []}),
)

BROKEN_OPERATIONS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("op-missing", "Patch without saying which operation", {"path": "externalId", "value": f"{MARK}op-missing"}),
    ("op-move", "Patch with an operation of JSON Patch", {"op": "move", "path": "externalId", "value": f"{MARK}move"}),
    ("path-bracket", "Patch a path with an open bracket", {"op": "replace", "path": "emails[", "value": "x"}),
    (
        "path-filter",
        "Patch a path whose filter has no value",
        {"op": "replace", "path": "emails[type eq].value", "value": "x"},
    ),
    ("path-pointer", "Patch a JSON Pointer", {"op": "replace", "path": "/externalId", "value": f"{MARK}pointer"}),
    ("index", "Patch by the number of an element", {"op": "replace", "path": "emails[0].value", "value": "x"}),
    ("type-string", "Set active to a word that is no boolean", {"op": "replace", "path": "active", "value": "maybe"}),
    ("type-number", "Set active to a number", {"op": "replace", "path": "active", "value": 7}),
    ("add-no-value", "Add without a value", {"op": "add", "path": "externalId"}),
    ("replace-no-value", "Replace without a value", {"op": "replace", "path": "active"}),
    ("remove-no-path", "Remove without a path", {"op": "remove"}),
    (
        "unknown",
        "Patch an attribute that does not exist",
        {"op": "replace", "path": "nosuch", "value": f"{MARK}nosuch"},
    ),
    ("readonly-id", "Patch the id", {"op": "replace", "path": "id", "value": f"{MARK}id"}),
    (
        "readonly-created",
        "Patch the time of creation",
        {"op": "replace", "path": "meta.created", "value": "1970-01-01T00:00:00Z"},
    ),
    (
        "readonly-groups",
        "Patch the groups of a person",
        {"op": "replace", "path": "groups", "value": [{"value": f"{MARK}group"}]},
    ),
    ("remove-user-name", "Remove the user name", {"op": "remove", "path": "userName"}),
    ("remove-id", "Remove the id", {"op": "remove", "path": "id"}),
)

CONDITIONS: tuple[tuple[str, str, tuple[str, str]], ...] = (
    ("if-match", "Patch on a condition", ("If-Match", 'W/"scimulator-stale"')),
    ("prefer", "Patch with the wish for a later answer", ("Prefer", "respond-async")),
)


@probe("patching", "A client tries the rules of PATCH, one by one", parts=(Part("subject"),), needs=("deactivate",))
def patching(cast: Cast) -> Steps:
    """Every change is followed by a read; externalId is put back at the end, and active never changes."""
    account = cast["subject"].account
    assert account is not None
    person = f"/Users/{quote(account.id, safe='')}"

    def read(tag: str) -> Step:
        return get(person, "Read the person again", tag=f"patch.{tag}.read", subject="subject", template="/Users/{id}")

    def change(tag: str, title: str, *operations: Mapping[str, Any], query: str = "") -> Step:
        return send(tag, title, {"schemas": [PATCH_OP], "Operations": list(operations)}, query=query)

    def send(tag: str, title: str, body: Any, **more: Any) -> Step:
        return patch(person, body, title, tag=f"patch.{tag}", subject="subject", template="/Users/{id}", **more)

    def external_id(tag: str, op: str = "replace", path: str = "externalId") -> dict[str, Any]:
        return {"op": op, "path": path, "value": f"{MARK}{tag}"}

    yield get("/Schemas", "Read which attributes may be written", tag="patch.schemas")
    yield get("/ServiceProviderConfig", "Read whether PATCH is supported", tag="patch.config")
    first: Exchange = yield get(
        person, "Read the person", tag="patch.before", subject="subject", template="/Users/{id}"
    )
    original = echoed(first.resource)

    if original.get("externalId") is not None:
        yield change("clear", "Clear externalId", {"op": "replace", "path": "externalId", "value": None})
    yield change("unset", "Replace an attribute that has no value", external_id("unset"))
    yield read("unset")
    yield change("add", "Add to an attribute with one value", external_id("add", "add"))
    yield read("add")
    yield change("add-again", "Add what is already there", external_id("add", "add"))
    yield read("add-again")
    yield change("add-pathless", "Add without a path", {"op": "add", "value": {"externalId": f"{MARK}add-pathless"}})
    yield read("add-pathless")
    yield change("pathless", "Replace without a path", {"op": "replace", "value": {"externalId": f"{MARK}pathless"}})
    yield read("pathless")
    yield change(
        "name-case", "Write the name of the attribute in capitals", external_id("name-case", path="EXTERNALID")
    )
    yield read("name-case")
    yield change(
        "active-case", "Write active in capitals, as it is", {"op": "replace", "path": "ACTIVE", "value": True}
    )
    yield send(
        "member-order",
        "Send the members of the body in another order",
        {
            "Operations": [{"value": f"{MARK}member-order", "path": "externalId", "op": "replace"}],
            "schemas": [PATCH_OP],
        },
    )
    yield read("member-order")
    yield send(
        "small-operations",
        "Write Operations in small letters",
        {"schemas": [PATCH_OP], "operations": [external_id("small-operations")]},
    )
    yield change(
        "in-order",
        "Send two operations on one attribute",
        external_id("in-order-1"),
        external_id("in-order-2"),
    )
    yield read("in-order")
    yield change("attributes", "Ask for one attribute back", external_id("attributes"), query="attributes=externalId")
    yield read("attributes")
    yield change(
        "atomic",
        "Send two good operations and a bad one",
        external_id("atomic"),
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": "active", "value": "maybe"},
    )
    yield read("atomic")
    yield change(
        "atomic-readonly",
        "Send a good operation and one on the id",
        external_id("atomic-readonly"),
        {"op": "replace", "path": "id", "value": f"{MARK}id"},
    )
    yield read("atomic-readonly")
    for tag, title, header in CONDITIONS:
        yield send(tag, title, {"schemas": [PATCH_OP], "Operations": [external_id(tag)]}, headers=(header,))
    yield change("remove", "Remove externalId", {"op": "remove", "path": "externalId"})
    yield read("remove")

    for tag, title, body in BROKEN_BODIES:
        yield send(f"broken.{tag}", title, body)
    for tag, title, operation in BROKEN_OPERATIONS:
        yield change(f"broken.{tag}", title, operation)
    # Full services own the display name and may write it; the others must refuse.
    yield change(
        "display-name", "Patch the display name", {"op": "replace", "path": "displayName", "value": f"{MARK}name"}
    )
    last: Exchange = yield read("broken")

    yield patch(
        f"/Users/{NOBODY_ID}",
        {"schemas": [PATCH_OP], "Operations": [external_id("nobody")]},
        "Patch a person who does not exist",
        tag="patch.nobody",
        template="/Users/{id}",
    )
    yield from _put_back(change, original, last)


def _put_back(change: Any, original: dict[str, Any], last: Exchange) -> Steps:
    operations = [
        {"op": "replace", "path": name, "value": value}
        for name, value in (
            ("externalId", original.get("externalId")),
            ("active", original.get("active", True)),
            ("displayName", original.get("displayName")),
        )
        if last.resource and last.resource.get(name) != value
    ]
    if operations:
        yield change("restore", "Put the person back", *operations)
