"""Media types of requests and answers, and bodies that are broken or of the wrong shape."""

from __future__ import annotations

from typing import Any

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, SCIM_JSON, Step, compact_json
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import user_path
from harness.probes.requests import get, raw

SHAPES: tuple[tuple[str, str, bytes | None], ...] = (
    ("A body that ends in the middle", "truncated", b'{"schemas":["' + PATCH_OP.encode() + b'"],"Operations":[{"op":'),
    ("A list instead of an object", "array", b"[]"),
    ("A text instead of an object", "string", b'"deactivate"'),
    ("A number instead of an object", "number", b"1"),
    ("null instead of an object", "null", b"null"),
    ("No body at all", "empty", None),
)

DOUBLED = (
    b'{"schemas":["'
    + PATCH_OP.encode()
    + b'"],"Operations":[{"op":"replace","op":"replace","path":"active","value":true}]}'
)
LARGE = 1_100_000
"""Bytes of white space behind a change: more than any change needs, and little enough to be sent to anybody."""


@probe("formats", "A client asks for other media types than usual")
def formats(_cast: Cast) -> Steps:
    one = "count=1"
    yield get("/Users", "Ask for application/scim+json", query=one, tag="formats.scim")
    yield get("/Users", "Ask for application/json", query=one, tag="formats.json", accept="application/json")
    yield get("/Users", "Ask for no media type", query=one, tag="formats.none", accept=None)
    yield get("/Users", "Ask for any media type", query=one, tag="formats.any", accept="*/*")
    yield get("/Users", "Ask for a page for people", query=one, tag="formats.html", accept="text/html")
    yield get("/Users", "Send a parameter that nobody knows", query="count=1&x-unknown=1", tag="formats.parameter")


@probe(
    "bodies",
    "A client sends bodies that are typed otherwise, or broken",
    parts=(Part("subject"),),
    needs=("deactivate",),
)
def bodies(cast: Cast) -> Steps:
    """Every well-formed body says that the active subject is active: nothing changes, whoever obeys it."""
    account = cast["subject"].account
    if account is None:
        return
    path = user_path(account.id)
    yield get("/ServiceProviderConfig", "Read the configuration", tag="bodies.config")
    before = yield get(path, "Read the person", subject="subject", tag="bodies.before", template="/Users/{id}")
    own = str(before.resource.get("id", account.id))
    if before.resource.get("active") is not True or own != account.id:
        return
    active = compact_json({"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": True}]})
    for title, tag, content_type in (
        ("A change typed as usual", "plain", SCIM_JSON),
        ("A change typed with a charset", "charset", f"{SCIM_JSON}; charset=utf-8"),
        ("A change typed as plain JSON", "json", "application/json"),
        ("A change typed as XML", "xml", "text/xml"),
    ):
        yield _send(path, title, tag, active, content_type)
    for title, tag, body in SHAPES:
        yield _send(path, title, tag, body, SCIM_JSON)
    yield _send(path, "A change that names a member twice", "doubled", DOUBLED, SCIM_JSON)
    yield _send(path, "A change in a body of more than a megabyte", "large", active + b" " * LARGE, SCIM_JSON)
    yield get(
        path, "Read the person after the large body", subject="subject", tag="bodies.after", template="/Users/{id}"
    )


def _send(path: str, title: str, tag: str, body: bytes | None, content_type: str) -> Step:
    options: dict[str, Any] = {"subject": "subject", "tag": f"bodies.{tag}", "template": "/Users/{id}"}
    return raw("PATCH", path, title, body=body, content_type=content_type, **options)
