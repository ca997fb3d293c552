"""The rules of PUT: everything is sent, and only what the client owns may change."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import NOBODY_ID, get, put

MARK = "scimulator-put-"


@probe("replacing", "A client reads a person and writes it back whole", parts=(Part("subject"),), needs=("replace",))
def replacing(cast: Cast) -> Steps:
    """Okta's wizard apps know no other way. The person ends as he began."""
    account = cast["subject"].account
    assert account is not None
    person = f"/Users/{quote(account.id, safe='')}"

    def read(tag: str) -> Step:
        return get(person, "Read the person again", tag=f"put.{tag}.read", subject="subject", template="/Users/{id}")

    def write(tag: str, title: str, body: Any) -> Step:
        return put(person, body, title, tag=f"put.{tag}", subject="subject", template="/Users/{id}")

    first: Exchange = yield get(person, "Read the person", tag="put.before", subject="subject", template="/Users/{id}")
    if not first.resource:
        return
    whole = echoed(first.resource)
    marked = whole | {"externalId": f"{MARK}changed"}

    yield write("same", "Write the person back unchanged", whole)
    yield read("same")
    yield write("changed", "Write the person back with another externalId", marked)
    yield read("changed")
    yield write("again", "Write the same once more", marked)
    yield read("again")
    yield write("foreign", "Write another id, meta and display name along", marked | _foreign(whole))
    yield read("foreign")
    yield write("groups", "Write groups along", marked | {"groups": [{"value": f"{MARK}group", "display": "Owners"}]})
    yield read("groups")
    yield write(
        "without", "Write the person back without active", {k: v for k, v in marked.items() if k.lower() != "active"}
    )
    yield read("without")
    yield write("broken", "Write active as a word that is no boolean", marked | {"active": "maybe"})
    yield read("broken")
    yield put(
        f"/Users/{NOBODY_ID}",
        whole | {"id": NOBODY_ID, "userName": "put-creates@nobody.example"},
        "Write a person who does not exist",
        tag="put.nobody",
        template="/Users/{id}",
    )
    yield get(
        f"/Users/{NOBODY_ID}", "Read the person who does not exist", tag="put.nobody.read", template="/Users/{id}"
    )
    yield put("/Users", whole, "Write to the whole collection", tag="put.collection")
    yield write("restore", "Put the person back", whole | {"externalId": whole.get("externalId")})


def _foreign(whole: dict[str, Any]) -> dict[str, Any]:
    """What no client may set anywhere (id, meta), and a name that only some services let clients set."""
    meta = whole.get("meta")
    return {
        "id": NOBODY_ID,
        "meta": (meta if isinstance(meta, dict) else {}) | {"created": "1970-01-01T00:00:00Z", "resourceType": "Group"},
        "displayName": f"{MARK}name",
        # The same name to SCIM, so that it may also be stored where clients write user names.
        "userName": str(whole.get("userName", "")).upper(),
    }
