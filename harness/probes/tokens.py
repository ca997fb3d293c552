"""Credentials that are missing, wrong, doubled, spelt otherwise, or in the wrong place."""

from __future__ import annotations

import base64
from typing import Any

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, TOKEN, USER, Step
from harness.probes import probe
from harness.probes.requests import NOBODY_ID, delete, get, patch, post, put

WRONG_TOKEN = "scimulator-wrong-token-0000000000000000"  # noqa: S105
"""A key that opens nothing anywhere. A check knows the same text: an answer must not repeat it."""

PASSWORD = base64.b64encode(b"scimulator:nobody").decode()
NOBODY = f"/Users/{NOBODY_ID}"
_SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@probe("tokens", "Somebody knocks with a wrong key, or with none", quick=True)
def tokens(_cast: Cast) -> Steps:
    """Reads, and requests that a service in order refuses before it looks at anything else.

    The create is an empty object: a service that lets strangers in does not get a person out of it.
    """
    yield _list("Read with the right key", "right", f"Bearer {TOKEN}")
    yield get("/ServiceProviderConfig", "Read the configuration with the right key", tag="token.config")
    yield _list("The key behind bearer in small letters", "lower", f"bearer {TOKEN}")
    yield _list("The key behind BEARER in capitals", "upper", f"BEARER {TOKEN}")
    yield _list("A wrong key", "wrong", f"Bearer {WRONG_TOKEN}")
    yield _list("The key with two letters too many", "longer", f"Bearer {TOKEN}zz")
    yield _list("The word Bearer without a key", "empty", "Bearer")
    yield _list("The word Bearer twice", "doubled", f"Bearer Bearer {TOKEN}")
    yield _list("The key behind the word Basic", "basic", f"Basic {TOKEN}")
    yield _list("An invented name and password", "password", f"Basic {PASSWORD}")
    in_address = f"count=1&access_token={TOKEN}"
    yield get("/Users", "The key in the address", query=in_address, tag="token.query", authorization=None)
    yield get("/Users", "The key in the header and in the address", query=in_address, tag="token.both")
    yield from _without()


def _list(title: str, tag: str, authorization: str | None) -> Step:
    return get("/Users", title, query="count=1", tag=f"token.{tag}", authorization=authorization)


def _without() -> Steps:
    off = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    somebody = {"schemas": [USER], "userName": "nobody@nobody.example"}
    yield _list("List people without a key", "none.list", None)
    yield get("/ServiceProviderConfig", "Read the configuration without a key", **_none("config"))
    yield get(NOBODY, "Read somebody without a key", **_none("read"))
    yield post("/Users/.search", {"schemas": [_SEARCH], "count": 1}, "Search without a key", **_none("search"))
    yield post("/Users", {}, "Create somebody without a key", **_none("create"))
    yield post("/Groups", {}, "Create a group without a key", **_none("group"))
    yield patch(NOBODY, off, "Deactivate somebody without a key", **_none("patch"))
    yield put(NOBODY, somebody, "Replace somebody without a key", **_none("replace"))
    yield delete(NOBODY, "Delete somebody without a key", **_none("delete"))


def _none(tag: str) -> dict[str, Any]:
    return {"tag": f"token.none.{tag}", "authorization": None}
