"""Further keys: another tenant's, and keys that have run out, were revoked or may only read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from harness.model.account import Cast, Member, Source
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, USER, Intent, Place, Step, token_of
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import address, echoed
from harness.probes.people import encoded, quoted
from harness.probes.requests import NOBODY_ID, delete, get, patch, post, put

SECOND = f"Bearer {token_of('second')}"
SHARED = "scimulator-tenant-shared"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@probe("tenants", "Another tenant asks for people who are not theirs", parts=(Part("subject"),))
def tenants(cast: Cast) -> Steps:
    """Reads, lists, searches, writes; then both tenants use one externalId. The person ends as they began."""
    member = cast["subject"]
    assert member.account is not None
    person, about = f"/Users/{quote(member.account.id, safe='')}", {"subject": "subject", "template": "/Users/{id}"}
    by_name = f"userName eq {quoted(member.account.user_name)}"
    before: Exchange = yield get(person, "Read the person", tag="tenant.before", **about)
    foreign: Exchange = yield get(
        person, "Read somebody else's person", tag="tenant.read", authorization=SECOND, **about
    )
    if foreign.trouble is not None:
        return
    yield get(f"/Users/{NOBODY_ID}", "Read nobody", tag="tenant.nobody", authorization=SECOND, template="/Users/{id}")
    listed: Exchange = yield get("/Users", "List the own people", tag="tenant.list", authorization=SECOND)
    query = encoded(filter=by_name)
    yield get(
        "/Users",
        "Look somebody else's person up",
        query=query,
        tag="tenant.filter",
        authorization=SECOND,
        template="/Users?filter",
    )
    body = {"schemas": [SEARCH], "filter": by_name}
    yield post("/Users/.search", body, "Search somebody else's person", tag="tenant.search", authorization=SECOND)
    whole = echoed(before.resource)
    off = {"op": "replace", "path": "active", "value": False}
    yield patch(
        person, _body(off), "Deactivate somebody else's person", tag="tenant.patch", authorization=SECOND, **about
    )
    inactive = whole | {"active": False}
    yield put(person, inactive, "Write somebody else's person", tag="tenant.put", authorization=SECOND, **about)
    yield delete(person, "Delete somebody else's person", tag="tenant.delete", authorization=SECOND, **about)
    after: Exchange = yield get(person, "Read the person", tag="tenant.after", **about)
    if after.resource.get("active") != whole.get("active") and after.resource:
        back = {"op": "replace", "path": "active", "value": whole.get("active")}
        yield patch(person, _body(back), "Put the person back", tag="tenant.restore", **about)
    yield from _shared(cast, person, whole, listed)


def _shared(cast: Cast, person: str, whole: dict[str, Any], listed: Exchange) -> Steps:
    """Somebody in the second tenant gets the externalId of the person in the first."""
    member = cast["subject"]
    assert member.account is not None
    new = {"schemas": [USER], "userName": member.account.user_name}
    made: Exchange = yield post(
        "/Users", new, "Create a person of the same name", tag="tenant.create", authorization=SECOND
    )
    neighbour = made.resource.get("id")
    if not made.ok and listed.ok and not listed.resources and member.account.source is Source.JIT:
        answer: Exchange = yield _sign_in(member)
        neighbour = answer.json.get("id") if answer.ok and isinstance(answer.json, dict) else None
    if not isinstance(neighbour, str) or neighbour == member.account.id:
        return
    there = address("Users", neighbour, NOBODY_ID)
    shared = {"op": "replace", "path": "externalId", "value": SHARED}
    yield patch(person, _body(shared), "Set externalId", tag="tenant.shared", template="/Users/{id}")
    title = "Set the same externalId in the second tenant"
    yield patch(there, _body(shared), title, tag="tenant.shared.second", authorization=SECOND, template="/Users/{id}")
    yield get(there, "Read the person there", tag="tenant.shared.read", authorization=SECOND, template="/Users/{id}")
    back = {"op": "replace", "path": "externalId", "value": whole.get("externalId")}
    yield patch(person, _body(back), "Put the person back", tag="tenant.restore", template="/Users/{id}")
    if made.ok:
        yield delete(there, "Tidy up", tag="tenant.tidy", authorization=SECOND, template="/Users/{id}")


def _sign_in(member: Member) -> Step:
    """The hook that stands for a sign-in, called with the key of the second tenant, which says where it happens."""
    person = member.person
    body = {
        "userName": person.user_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "email": person.email,
    }
    step = post("/sign_in", body, "Somebody of the same name signs in", authorization=SECOND, tag="tenant.sign-in")
    return replace(step, template="hook sign_in", place=Place.HOOK, intent=Intent.SIGN_IN)


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": [operation]}


@probe("worn-keys", "Somebody knocks with a key that must not do", parts=(Part("subject"),))
def worn_keys(cast: Cast) -> Steps:
    """Run out, revoked, the session of an employee, and one that may only read and is asked to write."""
    account = cast["subject"].account
    assert account is not None
    person, about = f"/Users/{quote(account.id, safe='')}", {"subject": "subject", "template": "/Users/{id}"}
    for name in ("expired", "revoked"):
        yield get(
            "/Users",
            f"Read with a key that is {name}",
            query="count=1",
            tag=f"worn.{name}",
            authorization=f"Bearer {token_of(name)}",
        )
    yield get(
        "/Users",
        "Read with the session of somebody who uses the product",
        query="count=1",
        tag="worn.session",
        authorization=f"Bearer {token_of('session')}",
    )
    before: Exchange = yield get(person, "Read the person", tag="worn.before", **about)
    limited = f"Bearer {token_of('limited')}"
    operation = {"op": "replace", "path": "externalId", "value": "scimulator-limited"}
    answer: Exchange = yield patch(
        person,
        _body(operation),
        "Write with a key that may only read",
        tag="worn.limited",
        authorization=limited,
        **about,
    )
    yield get(person, "Read the person", tag="worn.after", **about)
    if answer.ok:
        back = operation | {"value": echoed(before.resource).get("externalId")}
        yield patch(person, _body(back), "Put the person back", tag="worn.restore", **about)
