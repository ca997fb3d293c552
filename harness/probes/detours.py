"""Detours that a service points out: redirects, search in place of a filter, /Me, an answer that comes later."""

from __future__ import annotations

from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, Effect, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.ids import below
from harness.probes.people import encoded, quoted
from harness.probes.requests import get, patch, post

MARK = "scimulator-detour-"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
REDIRECTS = (301, 302, 303, 307, 308)


@probe(
    "detours", "A client takes the detours that a service points out", parts=(Part("subject"),), needs=("deactivate",)
)
def detours(cast: Cast) -> Steps:
    """A slash at the end of an address, and a filter that names somebody."""
    member = cast["subject"]
    assert member.account is not None
    person = f"/Users/{quote(member.account.id, safe='')}"

    def change(path: str, tag: str, title: str, value: str | None) -> Step:
        operation = {"op": "replace", "path": "externalId", "value": value}
        body = {"schemas": [PATCH_OP], "Operations": [operation]}
        return patch(path, body, title, tag=f"detour.{tag}", subject="subject", template="/Users/{id}")

    first: Exchange = yield get(person, "Read the person", tag="detour.before", template="/Users/{id}")
    sent: Exchange = yield change(f"{person}/", "slash", "Write to the address with a slash at its end", f"{MARK}slash")
    there = below(sent, sent.header("Location") or "") if sent.status in (307, 308) else ""
    if there:
        yield change(there, "followed", "Send the same to the address that was named", f"{MARK}slash")
        yield get(person, "Read the person", tag="detour.followed.read", template="/Users/{id}")
    if there or sent.ok:
        yield change(person, "restore", "Put the person back", echoed(first.resource).get("externalId"))
    expression = f"userName eq {quoted(member.account.user_name)}"
    found: Exchange = yield get(
        "/Users", "Look the person up", query=encoded(filter=expression), tag="detour.filter", template="/Users?filter"
    )
    if found.status == 403:
        body = {"schemas": [SEARCH], "filter": expression}
        yield post("/Users/.search", body, "Look the person up by a search request", tag="detour.search")


@probe("me", "A client asks for the owner of its key", parts=(Part("subject"),), needs=("?me",))
def me(_cast: Cast) -> Steps:
    """Only reads: the owner of a key is not somebody to be changed."""
    answer: Exchange = yield get("/Me", "Read /Me", tag="me.read")
    told = answer.header("Location") or ""
    there = below(answer, told)
    if there and (answer.ok or answer.status in REDIRECTS):
        yield get(there, "Follow the Location", tag="me.followed", template="/Users/{id}")


@probe("later", "A client is content with a later answer", parts=(Part("subject"),), needs=("deactivate",))
def later(cast: Cast) -> Steps:
    """Only where the configuration announces it; the person ends as they began."""
    account = cast["subject"].account
    assert account is not None
    config: Exchange = yield get("/ServiceProviderConfig", "Read whether answers may come later", tag="later.config")
    events = config.resource.get("securityEvents")
    kind = events.get("asyncRequest") if isinstance(events, dict) else None
    if not isinstance(kind, str) or kind.lower() not in ("long", "request"):
        return
    person = f"/Users/{quote(account.id, safe='')}"
    first: Exchange = yield get(person, "Read the person", tag="later.before", template="/Users/{id}")
    for tag, preference in (("one", "respond-async"), ("two", "respond-async"), ("wait", "respond-async, wait=10")):
        operation = {"op": "replace", "path": "externalId", "value": f"{MARK}{tag}"}
        answer: Exchange = yield patch(
            person,
            {"schemas": [PATCH_OP], "Operations": [operation]},
            f"Write with Prefer: {preference}",
            tag=f"later.{tag}",
            subject="subject",
            template="/Users/{id}",
            headers=(("Prefer", preference),),
        )
        there = below(answer, answer.header("Location") or "")
        if there and answer.status == 202:
            title = "Fetch the result without a key"
            yield get(there, title, tag="later.result.no-key", template="{result}", authorization=None)
            yield get(there, "Fetch the result", tag="later.result", template="{result}", effect=Effect.READ)
    restore = {"op": "replace", "path": "externalId", "value": echoed(first.resource).get("externalId")}
    body = {"schemas": [PATCH_OP], "Operations": [restore]}
    yield patch(person, body, "Put the person back", tag="later.restore", template="/Users/{id}")
