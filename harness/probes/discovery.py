"""The three discovery endpoints, and whether the service does what they say."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded, part, people
from harness.probes.requests import NOBODY_ID, get, patch, post

MOST = 2
"""So many schemas, types and endpoints are looked at one by one."""

NOTHING = "urn:scimulator:schemas:none"
_BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


@probe("discovery", "A client asks the service what it can do", parts=(Part("bystander-1"),))
def discovery(cast: Cast) -> Steps:
    """Reads, writes to what cannot be written, one change to nobody, an empty bulk request: nobody is changed by it."""
    yield get("/ServiceProviderConfig", "Read the configuration", tag="discovery.config")
    types = yield get("/ResourceTypes", "Read the resource types", tag="discovery.types")
    schemas = yield get("/Schemas", "Read the schemas", tag="discovery.schemas")
    yield from _one_by_one(types, schemas)
    yield from _with_parameters()
    yield get(f"/Schemas/{NOTHING}", "Read a schema that does not exist", tag="discovery.unknown")
    yield get("/ResourceTypes/none", "Read a resource type that does not exist", tag="discovery.unknown")
    for name in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
        yield post(f"/{name}", {}, f"Write to /{name}", tag="discovery.write")
    yield from _held_to_its_word(cast)


def _one_by_one(types: Exchange, schemas: Exchange) -> Steps:
    urns = [urn for urn in (part(s, "id") for s in schemas.resources) if urn]
    for urn in urns[:MOST]:
        yield get(f"/Schemas/{urn}", "Read one schema", tag="discovery.schema", template="/Schemas/{id}")
    for urn in urns[:1]:
        title = "Read one schema with its colons percent-encoded"
        yield get(f"/Schemas/{quote(urn, safe='')}", title, tag="discovery.schema-encoded", template="/Schemas/{id}")
    for entry in types.resources[:MOST]:
        keys = [key for key in dict.fromkeys((part(entry, "id"), part(entry, "name"))) if key]
        for key in keys:
            path = f"/ResourceTypes/{quote(key, safe='')}"
            answer = yield get(path, "Read one resource type", tag="discovery.type", template="/ResourceTypes/{id}")
            if answer.ok:
                break
    for entry in types.resources[:MOST]:
        if path := _endpoint(entry):
            yield get(path, f"Ask at the listed endpoint {path}", query="count=1", tag="discovery.endpoint")


def _endpoint(entry: dict[str, Any]) -> str:
    value = part(entry, "endpoint")
    return "" if not value.strip("/") or "://" in value or any(c in value for c in "?# ") else "/" + value.strip("/")


def _with_parameters() -> Steps:
    for name in ("Schemas", "ResourceTypes"):
        title = f"Ask /{name} for a second page"
        yield get(f"/{name}", title, query="startIndex=2&count=1", tag=f"discovery.paged.{name}")
    nobody = encoded(filter=f'id eq "{NOTHING}"')
    for name in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
        yield get(f"/{name}", f"Ask /{name} with a filter", query=nobody, tag="discovery.filter")


def _held_to_its_word(cast: Cast) -> Steps:
    yield from people(cast, "discovery.version")
    yield get("/Users", "Read a few people", query="count=5", tag="discovery.people")
    yield get("/Groups", "Read a group", query="count=1", tag="discovery.groups")
    match = encoded(filter='userName eq "nobody@nobody.example"', count=1)
    yield get("/Users", "Search with a filter", query=match, tag="discovery.match")
    yield get("/Users", "Ask for an order", query="sortBy=userName&count=1", tag="discovery.sort")
    off = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    yield patch(f"/Users/{NOBODY_ID}", off, "Deactivate somebody who does not exist", tag="discovery.patch")
    yield post("/Bulk", {"schemas": [_BULK], "Operations": []}, "Send an empty bulk request", tag="discovery.bulk")
