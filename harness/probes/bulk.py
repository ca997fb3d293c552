"""Bulk requests, where they are offered: what fails, what goes on, what stops, and the limits."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import ENTERPRISE_USER, GROUP, PATCH_OP, SCIM_JSON, USER, Step, compact_json
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.ids import below
from harness.probes.requests import NOBODY_ID, delete, get, post, raw

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
MARK = "scimulator-bulk-"
NOBODY = f"/Users/{NOBODY_ID}"
MOST = 1000
"""A limit above this many operations is not put to the test."""

LARGEST = 2 * 1024 * 1024
"""Nor is one above this many bytes."""

Operation = dict[str, Any]


@probe("bulk", "A client sends several changes in one job", parts=(Part("subject"),), needs=("bulk", "deactivate"))
def bulk(cast: Cast) -> Steps:
    """Only the subject and nobody are addressed; the person ends as they began."""
    account = cast["subject"].account
    assert account is not None
    person = f"/Users/{quote(account.id, safe='')}"

    def read(tag: str) -> Step:
        return get(person, "Read the person", tag=f"bulk.{tag}.read", subject="subject", template="/Users/{id}")

    def mark(path: str, tag: str) -> Operation:
        return changes(path, {"op": "replace", "path": "externalId", "value": f"{MARK}{tag}"})

    config: Exchange = yield get("/ServiceProviderConfig", "Read the limits of jobs", tag="bulk.config")
    first: Exchange = yield read("before")
    whole = echoed(first.resource)
    yield job("mixed", "A change of nobody, then one of somebody", mark(NOBODY, "nobody"), mark(person, "mixed"))
    yield read("mixed")
    yield job("stop", "The same, to stop at the first error", mark(NOBODY, "nobody"), mark(person, "stop"), fail=1)
    yield read("stop")
    complete = mark(person, "incomplete")
    for missing in ("method", "path", "data"):
        lacking = {k: v for k, v in complete.items() if k != missing}
        yield job(f"without.{missing}", f"An operation without {missing}", lacking)
    yield read("without")
    yield job("collection", "A change of the whole collection", mark("/Users", "collection"))
    stale = {"method": "PUT", "path": person, "version": 'W/"scimulator-stale"', "data": whole}
    yield job("version", "A change of an old version", stale | {"data": whole | {"externalId": f"{MARK}version"}})
    yield read("version")
    for tag, active in (("off", False), ("on", True)):
        switch = {"op": "replace", "path": "active", "value": active}
        yield job(tag, f"{'Reactivate' if active else 'Deactivate'} the person", changes(person, switch))
        yield read(tag)
    original = {"op": "replace", "path": "externalId", "value": whole.get("externalId")}
    yield job("restore", "Put the person back", changes(person, original))
    yield from _limits(config, mark)


def _limits(config: Exchange, mark: Any) -> Steps:
    limits = config.resource.get("bulk")
    limits = limits if isinstance(limits, dict) else {}
    most, largest = limits.get("maxOperations"), limits.get("maxPayloadSize")
    if isinstance(most, int) and 0 < most <= MOST:
        operations = [mark(NOBODY, str(i)) for i in range(most + 1)]
        yield job("limit", "A job as long as the limit", *operations[:-1])
        yield job("long", "A job that is one operation too long", *operations)
    if isinstance(largest, int) and 0 < largest <= LARGEST:
        body = compact_json({"schemas": [BULK], "Operations": [mark(NOBODY, "large")]})
        padded = body + b" " * (largest + 1 - len(body))
        yield raw("POST", "/Bulk", "A job that is too large", body=padded, content_type=SCIM_JSON, tag="bulk.large")


@probe("bulk-refusals", "A client creates people in a job where nobody is created", needs=("bulk", "!create"))
def bulk_refusals(_cast: Cast) -> Steps:
    name = "bulk-refused@nobody.example"
    yield job(
        "create-refused", "Create a person in a job", creates("/Users", "one", {"schemas": [USER], "userName": name})
    )
    yield get(
        "/Users",
        "Look for the person from the job",
        query=f"filter={quote(f'userName eq {chr(34)}{name}{chr(34)}')}",
        tag="refuse.bulk.lookup",
        template="/Users?filter",
    )


@probe(
    "bulk-creation",
    "A client creates people and groups that refer to each other in one job",
    needs=("bulk", "create", "delete", "groups"),
)
def bulk_creation(_cast: Cast) -> Steps:
    """Everything that is created is deleted again."""

    def person(name: str, **more: Any) -> dict[str, Any]:
        return {"schemas": [USER], "userName": f"{MARK}{name}@probe.example"} | more

    def group(name: str, *members: str) -> dict[str, Any]:
        return {"schemas": [GROUP], "displayName": f"{MARK}{name}", "members": [{"value": m} for m in members]}

    unnamed = {"method": "POST", "path": "/Users", "data": person("unnamed")}
    yield from _made("no-id", "Create somebody without a bulkId", unnamed)
    managed = person("report", schemas=[USER, ENTERPRISE_USER])
    managed[ENTERPRISE_USER] = {"manager": {"value": "bulkId:boss"}}
    yield from _made(
        "references",
        "Create people and a group that refer to each other",
        creates("/Users", "boss", person("boss")),
        creates("/Users", "report", managed),
        creates("/Groups", "team", group("team", "bulkId:boss")),
    )
    yield from _made(
        "forward",
        "Refer to somebody who comes later",
        creates("/Groups", "before", group("before", "bulkId:later")),
        creates("/Users", "later", person("later")),
    )
    yield from _made(
        "circle",
        "Create two groups that contain each other",
        creates("/Groups", "a", group("a", "bulkId:b")),
        creates("/Groups", "b", group("b", "bulkId:a")),
    )


def _made(tag: str, title: str, *operations: Operation) -> Steps:
    """Send the job, read what it has created, and delete it."""
    answer: Exchange = yield job(tag, title, *operations)
    results = answer.json.get("Operations") if isinstance(answer.json, dict) else None
    made = []
    for result in results if isinstance(results, list) else []:
        location = result.get("location") if isinstance(result, dict) else None
        if isinstance(location, str) and str(result.get("status")) == "201" and below(answer, location):
            made.append(below(answer, location))
    for there in made:
        yield get(there, "Read what was created", tag=f"bulk.{tag}.read", template=_kind(there))
    for there in made:
        yield delete(there, "Tidy up", tag="bulk.tidy", template=_kind(there))


def _kind(path: str) -> str:
    return f"/{path.strip('/').partition('/')[0]}/{{id}}"


def job(tag: str, title: str, *operations: Operation, fail: int | None = None) -> Step:
    """One bulk request; ``fail`` is failOnErrors."""
    body: dict[str, Any] = {"schemas": [BULK], "Operations": list(operations)}
    return post("/Bulk", body if fail is None else body | {"failOnErrors": fail}, title, tag=f"bulk.{tag}")


def changes(path: str, *operations: Operation) -> Operation:
    return {"method": "PATCH", "path": path, "data": {"schemas": [PATCH_OP], "Operations": list(operations)}}


def creates(path: str, bulk_id: str, data: dict[str, Any]) -> Operation:
    return {"method": "POST", "path": path, "bulkId": bulk_id, "data": data}
