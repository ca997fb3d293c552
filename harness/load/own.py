"""Own: the requests of the storm itself, which no IdP sends.

They read everybody, write one person at the moment of their removal, and make the one group of a tenant, from which
leavers are then taken by several jobs at once. It is made of everybody before the storm, and deleted after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus

from harness.load.crowd import Job, linked_as, team
from harness.model.exchange import Exchange
from harness.model.step import GROUP, PATCH_OP, SCIM_JSON, Effect, Intent, Step, compact_json
from harness.witness import HEADERS

TAG = "census"
PAGE = 100
"""How many people one question for everybody asks for."""


def listing(start: int) -> Step:
    query = f"startIndex={start}&count={PAGE}"
    return _step("GET", "/Users", "Read everybody", Intent.LIST, template="/Users?startIndex&count", query=query)


def marking(path: str, value: str) -> Step:
    """Another change of somebody who is just being let go: their externalId."""
    body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "externalId", "value": value}]}
    title = "Write externalId at the same moment"
    return _step("PATCH", path, title, Intent.UPDATE, template="/Users/{id}", body=body, tag="")


def group_name(job: Job) -> str:
    return team(job).name


def finding_group(job: Job) -> Step:
    """Is a group of an earlier storm left?"""
    wanted = quote_plus(f'displayName eq "{group_name(job)}"')
    query = f"excludedAttributes=members&filter={wanted}"
    title = "Look for the group of a storm"
    return _step("GET", "/Groups", title, Intent.GROUP_LOOKUP, template="/Groups?filter", query=query)


def making_group(job: Job, members: Iterable[str]) -> Step:
    """Make the group, with people by their ids."""
    group = team(job)
    body = {
        "schemas": [GROUP],
        "displayName": group.name,
        "externalId": linked_as(group),
        "members": [{"value": member} for member in members],
    }
    return _step("POST", "/Groups", "Make the group of the storm", Intent.GROUP_CREATE, template="/Groups", body=body)


def reading_group(group: str) -> Step:
    title = "Read the group with its members"
    return _step("GET", f"/Groups/{group}", title, Intent.GROUP_READ, template="/Groups/{id}")


def deleting_group(group: str) -> Step:
    title = "Delete the group of the storm"
    return _step("DELETE", f"/Groups/{group}", title, Intent.GROUP_DELETE, template="/Groups/{id}")


def _step(
    method: str,
    path: str,
    title: str,
    intent: Intent,
    *,
    template: str,
    query: str = "",
    body: Mapping[str, Any] | None = None,
    tag: str = TAG,
) -> Step:
    return Step(
        title=title,
        method=method,
        path=path,
        query=query,
        template=template,
        headers=HEADERS if body is None else (*HEADERS, ("Content-Type", SCIM_JSON)),
        body=None if body is None else compact_json(body),
        effect=Effect.READ if method == "GET" else Effect.WRITE,
        intent=intent,
        tag=tag,
    )


def members_of(answer: Exchange) -> set[str] | None:
    """The ids of the members that an answer shows; None when it shows no group."""
    if not answer.ok or not answer.resource:
        return None
    members = answer.resource.get("members") or []
    return {str(member.get("value")) for member in members if isinstance(member, dict)}


def takes_out(step: Step) -> bool:
    """Whether a step of an IdP takes members out of a group."""
    if step.intent is not Intent.GROUP_UPDATE or step.method != "PATCH":
        return False
    operations = json.loads(step.body or b"{}").get("Operations", ())
    return any(
        str(operation.get("op", "")).lower() == "remove" and str(operation.get("path", "")).startswith("members")
        for operation in operations
    )
