"""The base URL itself as an endpoint: a query over people and groups together (RFC 7644 §3.4.2.1)."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import Effect
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded
from harness.probes.requests import get, post
from harness.probes.selection import SEARCH_REQUEST


@probe("root", "A client asks at the base URL, for whatever there is", parts=(Part("bystander-1"),))
def root(_cast: Cast) -> Steps:
    """Whoever does not offer this says so; whoever does has to mean all kinds of resources."""
    yield get("/Users", "Ask for people without a page", query="count=100", tag="root.people")
    first = yield get("/", "Ask at the base for anything", query="count=10", tag="root.any")
    body = {"schemas": [SEARCH_REQUEST], "count": 10}
    title = "Search at the base by POST"
    yield post("/.search", body, title, tag="root.search", effect=Effect.READ)
    if first.ok and first.is_list:
        kind = encoded(filter='meta.resourceType eq "User"', count=10)
        yield get("/", "Ask at the base for people alone", query=kind, tag="root.users")
        named = encoded(filter="userName pr", count=100)
        yield get("/", "Ask at the base for whatever has a user name", query=named, tag="root.named")
