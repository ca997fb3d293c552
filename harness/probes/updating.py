"""Several attributes in one PATCH, in the words of Entra's default dialect, where clients may write people."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import get, patch

NAME = "Several Attributes"


@probe(
    "several-attributes",
    "A client updates several attributes at once, as Entra does",
    parts=(Part("subject"),),
    needs=("update",),
)
def several_attributes(cast: Cast) -> Steps:
    """With a dot in one path and a value filter in another; the person ends as they began."""
    account = cast["subject"].account
    assert account is not None
    person = f"/Users/{quote(account.id, safe='')}"

    def read(tag: str) -> Step:
        return get(person, "Read the person", tag=tag, subject="subject", template="/Users/{id}")

    def write(tag: str, title: str, values: dict[str, Any]) -> Step:
        operations = [{"op": "Replace", "path": path, "value": value} for path, value in values.items()]
        body = {"schemas": [PATCH_OP], "Operations": operations}
        return patch(person, body, title, tag=tag, subject="subject", template="/Users/{id}")

    first: Exchange = yield read("update.before")
    whole = echoed(first.resource)
    name = whole.get("name")
    given = name.get("givenName") if isinstance(name, dict) else None
    yield write(
        "update.several",
        "Update the display name, the given name and the work address",
        {
            "displayName": NAME,
            "name.givenName": "Several",
            'emails[type eq "work"].value': "several@probe.example",
        },
    )
    yield read("update.several.read")
    yield write(
        "update.restore",
        "Put the person back",
        {
            "displayName": whole.get("displayName"),
            "name.givenName": given,
            'emails[type eq "work"].value': cast["subject"].person.email,
        },
    )
