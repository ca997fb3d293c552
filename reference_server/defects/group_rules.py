"""Groups that are served and break the rules of groups."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    is_collection,
    is_resource,
    on_answer,
    on_discovery,
    on_person,
    on_reply,
    on_request,
    operations,
)
from reference_server.http import Request, Response, error
from reference_server.store.resources import SqlStorage

FULL = ["full"]
AL2 = ["ipsie-al2", "full"]


def body_of(request: Request) -> dict[str, Any]:
    """The body of POST /Groups, {} for every other request."""
    body = request.json if is_collection(request, "POST", "Groups") else None
    return body if isinstance(body, dict) else {}


def paths(request: Request) -> list[str]:
    """The paths of a PATCH on a group."""
    return [str(o.get("path")) for o in operations(request)] if is_resource(request, "PATCH", "Groups") else []


@defect("group-without-name-accepted", breaks=["RFC7643-4.2-01"], presets=FULL)
def a_group_needs_no_name(behaviour: Behaviour) -> None:
    """A group can be created without a display name"""

    @on_request(behaviour)
    def named(request: Request) -> Request | None:
        body = body_of(request)
        if not body or "displayName" in body:
            return None
        return replace(request, body=json.dumps(body | {"displayName": "Unnamed"}).encode())


@defect("empty-group-refused", breaks=["RFC7643-4.2-09", "IPSIE-AL2-6.2-01"], presets=FULL)
def a_group_needs_members(behaviour: Behaviour) -> None:
    """A group cannot be created without members"""
    on_answer(behaviour)(
        lambda request: (
            error(400, "members is required", "invalidValue")
            if body_of(request).get("displayName") and not body_of(request).get("members")
            else None
        )
    )


@defect("second-group-is-the-first", breaks=["RFC7643-4.2-10"], presets=FULL)
def a_second_group_is_the_first(behaviour: Behaviour) -> None:
    """Creating a group of a name that is there brings a 201 with the group that is there"""

    @behaviour.create.around
    def created(proceed: Any, desk: Any, kind: Any, resource: Any) -> Any:
        name = getattr(resource, "display_name", None)
        there = [g for g in desk.storage.all(kind) if kind.name == "Group" and g.display_name == name]
        return there[0] if there else proceed(desk, kind, resource)


@defect("entra-group-urn-500", breaks=["ENTRA-14", "RFC7644-3.12-07"], presets=FULL)
def a_foreign_urn_breaks_the_server(behaviour: Behaviour) -> None:
    """A group with a URN in schemas that the server does not know ends in a 500"""
    on_answer(behaviour)(
        lambda request: error(500, "Unknown schema") if len(body_of(request).get("schemas", [])) > 1 else None
    )


@defect("members-replace-adds", breaks=["RFC7644-3.5.2.3-12", "STATE-02"], presets=FULL)
def replacing_members_adds_them(behaviour: Behaviour) -> None:
    """A replace of the members adds the new ones and keeps the old ones"""

    @on_request(behaviour)
    def added(request: Request) -> Request | None:
        if "members" not in paths(request):
            return None
        asked = [o | {"op": "add"} if o.get("op") == "replace" else o for o in operations(request)]
        return replace(request, body=json.dumps(request.json | {"Operations": asked}).encode())


@defect("member-ref-dead", breaks=["RFC7643-4.2-03"], presets=FULL)
def the_address_of_a_member_leads_nowhere(behaviour: Behaviour) -> None:
    """The $ref of a member leads to nobody"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
        document: dict[str, Any] = proceed(request, resource)
        for member in document.get("members", []):
            if "$ref" in member:
                member["$ref"] += "0"
        return document


@defect("member-can-be-swapped", breaks=["RFC7643-4.2-04"], presets=FULL)
def a_member_can_be_turned_into_another(behaviour: Behaviour) -> None:
    """The value of a member can be replaced by the id of somebody else"""

    @on_request(behaviour)
    def swapped(request: Request) -> Request | None:
        if not any(path.endswith("].value") for path in paths(request)):
            return None
        asked: list[dict[str, Any]] = []
        for o in operations(request):
            asked.append({"op": "remove", "path": str(o["path"]).removesuffix(".value")})
            asked.append({"op": "add", "path": "members", "value": [{"value": o["value"]}]})
        return replace(request, body=json.dumps(request.json | {"Operations": asked}).encode())


@defect("nested-group-left-out", breaks=["RFC7643-4.2-05"], presets=FULL)
def a_nested_group_is_left_out(behaviour: Behaviour) -> None:
    """A group as member of a new group is left out in silence"""

    @on_request(behaviour)
    def without(request: Request) -> Request | None:
        members = body_of(request).get("members", [])
        if not any(m.get("type") == "Group" for m in members):
            return None
        left = [m for m in members if m.get("type") != "Group"]
        return replace(request, body=json.dumps(body_of(request) | {"members": left}).encode())


@defect("user-groups-stale", breaks=["RFC7643-4.2-06", "RFC7643-7-10"], presets=FULL)
def people_show_groups_that_they_left(behaviour: Behaviour) -> None:
    """People show a group that they are not in"""
    on_person(behaviour)(lambda person: person.update(groups=[{"value": "g-1", "display": "Everyone"}]))


@defect("unknown-member-empties-group", breaks=["RFC7643-4.2-07"], presets=FULL)
def an_unknown_member_empties_the_group(behaviour: Behaviour) -> None:
    """Adding a member whom nobody knows empties the group"""
    nobody = "00000000-0000-4000-8000-000000000000"

    @on_request(behaviour)
    def emptied(request: Request) -> Request | None:
        if not paths(request) or nobody not in request.body.decode("utf-8", "replace"):
            return None
        body = request.json | {"Operations": [{"op": "remove", "path": "members"}]}
        return replace(request, body=json.dumps(body).encode())


@defect("deleted-people-stay-members", breaks=["HTTP-MEMBER-01"], presets=FULL)
def the_deleted_stay_in_their_groups(behaviour: Behaviour) -> None:
    """Whoever is deleted stays a member of their groups"""

    @behaviour.remove.instead
    def removed(desk: Any, kind: Any, resource_id: str, version: str | None) -> None:
        storage: SqlStorage = desk.storage
        storage.delete(kind, resource_id, expected_version=version)


@defect("deleted-members-still-resolve", breaks=["RFC7643-4.2-08", "RFC7644-3.6-02", "RFC7644-3.6-03"], presets=FULL)
def a_deletion_is_only_confirmed(behaviour: Behaviour) -> None:
    """A deletion of a person is confirmed and does nothing, so that they stay a member of their groups"""

    @behaviour.remove.around
    def removed(proceed: Any, desk: Any, kind: Any, resource_id: str, version: str | None) -> None:
        if kind.name != "User":
            proceed(desk, kind, resource_id, version)


@defect("member-display-required", breaks=["RFC7643-4.2-11"], presets=FULL)
def the_name_of_a_member_is_required(behaviour: Behaviour) -> None:
    """members.display is published as required"""

    @on_discovery(behaviour, "Schemas")
    def published(document: dict[str, Any]) -> None:
        for schema in document.get("Resources", [document]):
            for attribute in schema.get("attributes", []):
                for part in attribute.get("subAttributes", []) if attribute["name"] == "members" else []:
                    part["required"] = part["name"] == "display" or part.get("required", False)


@defect("members-remove-empties-group", breaks=["RFC7644-3.5.2.2-09", "STATE-02"], presets=FULL)
def removing_by_value_empties_the_group(behaviour: Behaviour) -> None:
    """Removing one member by a list of values removes all of them"""

    @on_request(behaviour)
    def emptied(request: Request) -> Request | None:
        asked = operations(request)
        by_value = [o for o in asked if str(o.get("op")).lower() == "remove" and o.get("path") == "members"]
        if not paths(request) or not any("value" in o for o in by_value):
            return None
        body = request.json | {"Operations": [{"op": "remove", "path": "members"}]}
        return replace(request, body=json.dumps(body).encode())


@defect("groups-not-found-by-member", breaks=["IPSIE-AL2-6.2.5-01"], presets=AL2)
def groups_are_not_found_by_a_member(behaviour: Behaviour) -> None:
    """Groups cannot be looked up by a member"""
    on_answer(behaviour)(
        lambda request: (
            error(400, "Unsupported filter", "invalidFilter")
            if is_collection(request, "GET", "Groups") and request.query.get("filter", "").startswith("members[")
            else None
        )
    )


@defect("few-operations-only", breaks=["IPSIE-AL2-6.2.6-01"], presets=AL2)
def a_patch_takes_few_operations(behaviour: Behaviour) -> None:
    """A PATCH of a group takes at most twenty operations"""
    on_answer(behaviour)(lambda request: error(413, "At most 20 operations") if len(paths(request)) > 20 else None)


@defect("group-external-id-dropped", breaks=["IPSIE-AL2-6.2-01"], presets=AL2)
def the_external_id_of_a_group_is_dropped(behaviour: Behaviour) -> None:
    """externalId of a new group is not shown"""

    @on_reply(behaviour)
    def dropped(request: Request, response: Response) -> None:
        if is_collection(request, "POST", "Groups") and response.status == 201:
            response.document.pop("externalId", None)
