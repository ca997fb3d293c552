"""Versions: conditional reads and writes, where ETags are offered."""

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
from harness.probes.people import encoded, quoted
from harness.probes.requests import get, patch, put

MARK = "scimulator-version-"
STALE = 'W/"scimulator-stale"'
"""A tag that no service has given out."""


@probe(
    "versions",
    "A client reads and writes on conditions",
    parts=(Part("subject"),),
    needs=("etag", "deactivate"),
)
def versions(cast: Cast) -> Steps:
    """Only externalId is written, and put back at the end."""
    member = cast["subject"]
    assert member.account is not None
    person = f"/Users/{quote(member.account.id, safe='')}"

    def read(tag: str, **condition: str) -> Step:
        return get(
            person,
            "Read the person",
            tag=f"version.{tag}",
            subject="subject",
            template="/Users/{id}",
            headers=_headers(condition),
        )

    def change(tag: str, title: str, **condition: str) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": [_external_id(f"{MARK}{tag}")]}
        return patch(
            person,
            body,
            title,
            tag=f"version.{tag}",
            subject="subject",
            template="/Users/{id}",
            headers=_headers(condition),
        )

    first: Exchange = yield read("before")
    whole, now = echoed(first.resource), _tag(first)
    yield read("same")
    query = encoded(filter=f"userName eq {quoted(member.account.user_name)}")
    yield get("/Users", "Look the person up", query=query, tag="version.list", template="/Users?filter")
    if now:
        other = now[2:] if now.startswith("W/") else f"W/{now}"
        yield read("none-match.current", if_none_match=now)
        yield read("none-match.other-strength", if_none_match=other)
        yield read("none-match.any", if_none_match="*")
    yield read("none-match.stale", if_none_match=STALE)
    yield change("match.stale", "Write on an old version", if_match=STALE)
    yield read("match.stale.read")
    yield put(
        person,
        whole | {"externalId": f"{MARK}put-stale"},
        "Write the whole person on an old version",
        tag="version.put.stale",
        subject="subject",
        template="/Users/{id}",
        headers=_headers({"if_match": STALE}),
    )
    after: Exchange = yield read("put.stale.read")
    now = _tag(after)
    if now:
        yield change("match.current", "Write on the current version", if_match=now)
        after = yield read("match.current.read")
        now = _tag(after) or now
        yield put(
            person,
            echoed(after.resource) | {"externalId": f"{MARK}put-current"},
            "Write the whole person on the current version",
            tag="version.put.current",
            subject="subject",
            template="/Users/{id}",
            headers=_headers({"if_match": now}),
        )
        yield read("put.current.read")
    yield change("match.any", "Write on any version", if_match="*")
    yield read("match.any.read")
    restore = {"schemas": [PATCH_OP], "Operations": [_external_id(whole.get("externalId"))]}
    yield patch(person, restore, "Put the person back", tag="version.restore", template="/Users/{id}")


def _external_id(value: Any) -> dict[str, Any]:
    if value is None:
        return {"op": "remove", "path": "externalId"}
    return {"op": "replace", "path": "externalId", "value": value}


def _headers(condition: dict[str, str]) -> tuple[tuple[str, str], ...]:
    names = {"if_match": "If-Match", "if_none_match": "If-None-Match"}
    return tuple((names[name], value) for name, value in condition.items())


def _tag(read: Exchange) -> str:
    """The tag of a read, fit to be sent back; "" when there is none."""
    tag = (read.header("ETag") or "").strip()
    return tag if tag.isascii() and tag.isprintable() else ""
