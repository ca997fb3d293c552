"""Changes at one moment, and changes in either order: what has to hold however they meet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, Intent, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.people import encoded, quoted
from harness.probes.requests import get, patch

MARK = "scimulator-race-"
ROUNDS = 2
"""How often each meeting is tried: one may pass by chance."""

Operation = dict[str, Any]


@probe(
    "races",
    "Two clients change one person at the same moment",
    parts=(Part("subject"),),
    needs=("deactivate", "reactivate"),
)
def races(cast: Cast) -> Steps:
    """Two deactivations; a deactivation and a profile push; a deactivation that comes late, and a return."""
    member = cast["subject"]
    assert member.account is not None
    person = f"/Users/{quote(member.account.id, safe='')}"

    def read(tag: str) -> Step:
        return get(person, "Read the person", tag=f"race.{tag}.read", subject="subject", template="/Users/{id}")

    def change(tag: str, title: str, *operations: Operation) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return patch(person, body, title, tag=f"race.{tag}", subject="subject", template="/Users/{id}")

    def find(tag: str) -> Step:
        query = encoded(filter=f"userName eq {quoted(member.account.user_name)}")  # type: ignore[union-attr]
        return get("/Users", "Look the person up", query=query, tag=f"race.{tag}.find", template="/Users?filter")

    first: Exchange = yield read("before")
    original = echoed(first.resource).get("externalId")
    for number in range(ROUNDS):
        off = change(f"twice.{number}", "Deactivate the person", _set("active", False))
        again = change(f"twice.{number}", "Deactivate the person at the same moment", _set("active", False))
        yield _at_once(off, again, Intent.DEACTIVATE)
        yield read(f"twice.{number}")
        yield change("restore", "Reactivate the person", _set("active", True))
        push = change(f"push.{number}", "Write externalId at the same moment", _set("externalId", f"{MARK}{number}"))
        yield _at_once(change(f"push.{number}", "Deactivate the person", _set("active", False)), push)
        yield read(f"push.{number}")
        on = change(f"return.{number}", "Reactivate the person", _set("active", True))
        late = change(f"return.{number}", "Deactivate the person at the same moment", _set("active", False))
        yield _at_once(on, late)
        yield read(f"return.{number}")
        yield find(f"return.{number}")
        yield change("restore", "Reactivate the person", _set("active", True))
    one, two = _set("active", False), _set("externalId", f"{MARK}order")
    for tag, operations in (("order.one", (one, two)), ("order.two", (two, one))):
        yield change("restore", "Put the person back", _set("active", True), _set("externalId", original))
        for operation in operations:
            yield change(tag, f"Write {operation['path']}", operation)
        yield read(tag)
    yield change("restore", "Put the person back", _set("active", True), _set("externalId", original))


def _at_once(first: Step, second: Step, intent: Intent = Intent.PROBE) -> Step:
    return replace(first, along=(replace(second, intent=intent),), intent=intent)


def _set(path: str, value: Any) -> Operation:
    return {"op": "replace", "path": path, "value": value}
