"""What a service does not offer has to be refused properly: the same way each time, and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import GROUP, PATCH_OP, USER, Effect, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import NOBODY_ID, delete, get, patch, post, put

NOBODY = "refused@nobody.example"
GROUP_IDS = (NOBODY_ID, "not-a-uuid", "none")
"""Ids of no group: one refusal must not depend on the id."""

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
_SUBJECT = (Part("subject"),)


@probe(
    "refused-creation",
    "A client tries to create people where they come from their first sign-in",
    parts=_SUBJECT,
    needs=("!create",),
    quick=True,
)
def refused_creation(cast: Cast) -> Steps:
    """Valid, invalid and existing people, again and again; then proof that nobody came into being."""
    person = _person(cast)
    valid = _new(NOBODY)
    yield _read(person, "refuse.before")
    for _ in range(3):
        yield post("/Users", valid, "Create a person", tag="refuse.create.repeat")
    yield post("/Users", {"schemas": [USER]}, "Create a person without a user name", tag="refuse.create.invalid")
    existing = _new(cast["subject"].person.user_name)
    yield post("/Users", existing, "Create a person who exists", tag="refuse.create.duplicate")
    yield post("/users", valid, "Create a person under a path in small letters", tag="refuse.create.other-case")
    yield get(
        "/Users",
        "Look for the person who was refused",
        query=urlencode({"filter": f'userName eq "{NOBODY}"'}, quote_via=quote),
        tag="refuse.create.lookup",
        template="/Users?filter",
    )
    yield _read(person, "refuse.after")
    yield get("/ServiceProviderConfig", "Read what the service says about itself", tag="declared.config")
    yield get("/ResourceTypes", "Read which kinds of resource it serves", tag="declared.types")


@probe("refused-groups", "A client tries to push a group where groups are not served", needs=("!groups",), quick=True)
def refused_groups(_cast: Cast) -> Steps:
    """Every writing method, on several ids, and the reads that an IdP makes before it writes."""
    group = {"schemas": [GROUP], "displayName": "Refused at nobody.example", "members": []}
    yield get("/Groups", "List the groups", query="startIndex=1&count=100", tag="refuse.group.list")
    yield post("/Groups", group, "Create a group", tag="refuse.group.create")
    for group_id in GROUP_IDS:
        yield patch(
            f"/Groups/{group_id}",
            {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "displayName", "value": "Renamed"}]},
            "Rename a group",
            tag="refuse.group.write",
            template="/Groups/{id}",
        )
    yield put(f"/Groups/{NOBODY_ID}", group, "Replace a group", tag="refuse.group.put", template="/Groups/{id}")
    yield delete(f"/Groups/{NOBODY_ID}", "Delete a group", tag="refuse.group.delete", template="/Groups/{id}")
    yield get(f"/Groups/{NOBODY_ID}", "Read a group", tag="refuse.group.read", template="/Groups/{id}")


@probe(
    "refused-deletion", "A client tries to delete somebody where nobody is deleted", parts=_SUBJECT, needs=("!delete",)
)
def refused_deletion(cast: Cast) -> Steps:
    person = _person(cast)
    yield _read(person, "refuse.before")
    yield delete(person, "Delete the person", tag="refuse.delete", subject="subject", template="/Users/{id}")
    yield _read(person, "refuse.after")


@probe("whole-collection", "A client tries to delete everybody at once", parts=_SUBJECT)
def whole_collection(cast: Cast) -> Steps:
    """Only ever sent to the reference server: the guard keeps it from any other."""
    person = _person(cast)
    yield delete("/Users", "Delete the whole collection", tag="collection.delete")
    yield _read(person, "collection.after")


@probe("refused-bulk", "A client tries the bulk endpoint where it is not offered", needs=("!bulk",))
def refused_bulk(_cast: Cast) -> Steps:
    operation = {"method": "POST", "path": "/Users", "bulkId": "one", "data": _new(f"bulk-{NOBODY}")}
    yield post("/Bulk", {"schemas": [BULK], "Operations": [operation]}, "Create a person in bulk", tag="refuse.bulk")
    yield get(
        "/Users",
        "Look for the person from the bulk request",
        query=urlencode({"filter": f'userName eq "bulk-{NOBODY}"'}, quote_via=quote),
        tag="refuse.bulk.lookup",
        template="/Users?filter",
    )


@probe("refused-me", "A client asks for itself where a key stands for no person", needs=("!me",))
def refused_me(_cast: Cast) -> Steps:
    yield get("/Me", "Read /Me", tag="refuse.me.read")
    body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": True}]}
    yield patch("/Me", body, "Patch /Me", tag="refuse.me.write")
    yield delete("/Me", "Delete /Me", tag="refuse.me.write.delete")


@probe(
    "refused-writes",
    "A client tries to change people at a service that is read-only",
    parts=_SUBJECT,
    needs=("!create", "!deactivate", "!replace"),
)
def refused_writes(cast: Cast) -> Steps:
    """Each writing method on a person who exists and on one who does not, and on a group."""
    person = _person(cast)
    ended = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    first = yield _read(person, "refuse.before")

    def about(method: Callable[..., Step], *body: Any, title: str, tag: str) -> Step:
        return method(person, *body, title, tag=tag, subject="subject", template="/Users/{id}")

    for _ in range(2):
        yield about(patch, ended, title="Deactivate the person", tag="refuse.write.repeat")
    yield about(
        put, echoed(first.resource) | {"active": False}, title="Write the person back, inactive", tag="refuse.write.put"
    )
    yield about(delete, title="Delete the person", tag="refuse.write.delete")
    yield patch(
        f"/Users/{NOBODY_ID}", ended, "Deactivate nobody", tag="refuse.write.unknown-id", template="/Users/{id}"
    )
    group = {"schemas": [GROUP], "displayName": "Refused at nobody.example", "members": []}
    yield post("/Groups", group, "Create a group", tag="refuse.write.group")
    yield delete(f"/Groups/{NOBODY_ID}", "Delete a group", tag="refuse.write.group-delete", template="/Groups/{id}")
    yield _read(person, "refuse.after")


@probe("method-override", "A client hides a method behind another one", parts=_SUBJECT)
def method_override(cast: Cast) -> Steps:
    """Headers and parameters that some frameworks obey; on a real service only where deletion is allowed."""
    person = _person(cast)
    marked = {
        "schemas": [PATCH_OP],
        "Operations": [{"op": "replace", "path": "externalId", "value": "scimulator-override"}],
    }
    yield _read(person, "override.before")
    yield post(
        person,
        marked,
        "Send a PATCH behind a POST",
        headers=(("X-HTTP-Method-Override", "PATCH"),),
        tag="override.try.patch",
        subject="subject",
        template="/Users/{id}",
    )
    yield get(
        person,
        "Send a DELETE behind a GET, in the query",
        query="_method=DELETE",
        effect=Effect.DELETE,
        tag="override.try.query",
        subject="subject",
        template="/Users/{id}",
    )
    yield post(
        person,
        {},
        "Send a DELETE behind a POST",
        headers=(("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "DELETE"), ("X-Method-Override", "DELETE")),
        effect=Effect.DELETE,
        tag="override.try.delete",
        subject="subject",
        template="/Users/{id}",
    )
    yield _read(person, "override.after")


def _person(cast: Cast) -> str:
    account = cast["subject"].account
    assert account is not None
    return f"/Users/{quote(account.id, safe='')}"


def _read(person: str, tag: str) -> Step:
    return get(person, "Read the person", tag=tag, subject="subject", template="/Users/{id}")


def _new(user_name: str) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "userName": user_name,
        "name": {"givenName": "Refused", "familyName": "Nobody"},
        "emails": [{"value": user_name, "type": "work", "primary": True}],
        "active": True,
    }
