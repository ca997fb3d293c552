"""externalId belongs to the client: set, read back, looked up, cleared."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import get, patch

VALUE = "ScImulator-00uAbC"
NAMES = "Žluťoučký-漢字-😀"


@probe("external-id", "A client keeps its own id with a person", parts=(Part("subject"),), needs=("deactivate",))
def external_id(cast: Cast) -> Steps:
    """Set, read, found by filter in its own letter case only, non-ASCII kept, cleared, and no longer present."""
    account = cast["subject"].account
    assert account is not None
    person = f"/Users/{quote(account.id, safe='')}"
    # The person's id makes the value unlike any other in the tenant, without chance.
    value = f"{VALUE}-{account.id}"

    def read(tag: str) -> Step:
        return get(person, "Read the person", tag=f"external-id.{tag}", subject="subject", template="/Users/{id}")

    def write(tag: str, title: str, new: Any) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "externalId", "value": new}]}
        return patch(person, body, title, tag=f"external-id.{tag}", subject="subject", template="/Users/{id}")

    def find(tag: str, title: str, expression: str) -> Step:
        query = urlencode({"filter": expression}, quote_via=quote)
        return get("/Users", title, query=query, tag=f"external-id.{tag}", subject="subject", template="/Users?filter")

    first: Exchange = yield read("before")
    yield write("set", "Set externalId", value)
    yield read("set.read")
    yield find("found", "Look the person up by externalId", f"externalId eq {json.dumps(value)}")
    yield find("other-case", "Look up the same in another letter case", f"externalId eq {json.dumps(value.swapcase())}")
    yield write("names", "Set externalId to letters of other scripts", NAMES)
    yield read("names.read")
    yield write("null", "Clear externalId with null", None)
    yield read("null.read")
    yield find("absent", "Look the cleared value up", f"externalId eq {json.dumps(value)}")
    original = echoed(first.resource).get("externalId")
    if original is not None:
        yield write("restore", "Put externalId back", original)
