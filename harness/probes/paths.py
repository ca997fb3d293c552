"""Addresses that do not exist, and a page of somebody else that calls."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.probes import probe
from harness.probes.requests import get, request

STRANGER = "https://scimulator.nobody.example"
"""The origin of the foreign page. A check knows the same text."""


@probe("paths", "A client asks at addresses that do not exist")
def paths(_cast: Cast) -> Steps:
    yield get("/scimulator-unknown-path", "Ask at a path that nothing is at", tag="paths.unknown")
    yield get("/v9/Users", "Ask for a version that does not exist", query="count=1", tag="paths.version")
    yield get("/Users/", "Ask with a slash at the end", query="count=1", tag="paths.slash")
    yield get("//Users", "Ask below a base URL with a slash at its end", query="count=1", tag="paths.slash")


@probe("origins", "A page of another site calls the service")
def origins(_cast: Cast) -> Steps:
    origin = ("Origin", STRANGER)
    asked = ("Access-Control-Request-Method", "PATCH")
    yield get("/Users", "Read people from a foreign page", query="count=1", tag="origins", headers=(origin,))
    title = "Ask whether a foreign page may write"
    yield request("OPTIONS", "/Users", title, tag="origins", authorization=None, headers=(origin, asked))
