"""Own: the requests of the storm itself, which no IdP sends.

They read everybody, write one person at the moment of their removal, and make the one group of a tenant, from which
leavers are then taken by several jobs at once. It is made of everybody before the storm, and deleted after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote_plus

from harness.load.crowd import Job, linked_as, team
from harness.model.exchange import Exchange
from harness.model.step import GROUP, PATCH_OP, SCIM_JSON, Effect, Intent, Step, compact_json
from harness.witness import HEADERS

TAG = "census"
PAGE = 100
"""How many people one question for everybody asks for."""


def listing(start: int) -> Step:
    return Step(
        title="Read everybody",
        method="GET",
        path="/Users",
        query=f"startIndex={start}&count={PAGE}",
        template="/Users?startIndex&count",
        headers=HEADERS,
        effect=Effect.READ,
        intent=Intent.LIST,
        tag=TAG,
    )


def marking(path: str, value: str) -> Step:
    """Another change of somebody who is just being let go: their externalId."""
    body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "externalId", "value": value}]}
    return Step(
        title="Write externalId at the same moment",
        method="PATCH",
        path=path,
        template="/Users/{id}",
        headers=(*HEADERS, ("Content-Type", SCIM_JSON)),
        body=compact_json(body),
        effect=Effect.WRITE,
        intent=Intent.UPDATE,
    )


def finding_group(job: Job) -> Step:
    """Is a group of an earlier storm left?"""
    wanted = quote_plus(f'displayName eq "{team(job).name}"')
    return Step(
        title="Look for the group of a storm",
        method="GET",
        path="/Groups",
        query=f"excludedAttributes=members&filter={wanted}",
        template="/Groups?filter",
        headers=HEADERS,
        effect=Effect.READ,
        intent=Intent.GROUP_LOOKUP,
        tag=TAG,
    )


def making_group(job: Job, members: Iterable[str]) -> Step:
    """Make the group, with people by their ids."""
    group = team(job)
    body = {
        "schemas": [GROUP],
        "displayName": group.name,
        "externalId": linked_as(group),
        "members": [{"value": member} for member in members],
    }
    return Step(
        title="Make the group of the storm",
        method="POST",
        path="/Groups",
        template="/Groups",
        headers=(*HEADERS, ("Content-Type", SCIM_JSON)),
        body=compact_json(body),
        effect=Effect.WRITE,
        intent=Intent.GROUP_CREATE,
        tag=TAG,
    )


def reading_group(group: str) -> Step:
    return _one(group, "GET", "Read the group with its members", Effect.READ, Intent.GROUP_READ)


def deleting_group(group: str) -> Step:
    return _one(group, "DELETE", "Delete the group of the storm", Effect.WRITE, Intent.GROUP_DELETE)


def _one(group: str, method: str, title: str, effect: Effect, intent: Intent) -> Step:
    return Step(
        title=title,
        method=method,
        path=f"/Groups/{group}",
        template="/Groups/{id}",
        headers=HEADERS,
        effect=effect,
        intent=intent,
        tag=TAG,
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
