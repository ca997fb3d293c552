"""Wrongs of writing that the other families leave out: what is kept and answered, and groups where they are served."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    at,
    entries,
    is_collection,
    is_resource,
    on_answer,
    on_discovery,
    on_person,
    on_reply,
    on_request,
    operations,
    parts,
)
from reference_server.http import Request, Response, error

FULL = ["full"]
WRITING = ("PUT", "PATCH")


def _with_body(request: Request, body: Any) -> Request:
    return replace(request, body=json.dumps(body).encode())


# People.


@defect("create-without-schemas-accepted", breaks=["HTTP-CREATE-01"], presets=FULL)
def a_body_without_schemas_is_guessed(behaviour: Behaviour) -> None:
    """A creation that names no schema is taken for a User"""

    @on_request(behaviour)
    def completed(request: Request) -> Request | None:
        body = request.json if is_collection(request, "POST") else None
        if not isinstance(body, dict) or "schemas" in body:
            return None
        return _with_body(request, body | {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]})


@defect("create-keeps-the-clients-meta", breaks=["RFC7643-7-M01"], presets=FULL)
def meta_comes_from_the_creation(behaviour: Behaviour) -> None:
    """A created person shows the meta.created that the client sent"""

    @on_reply(behaviour)
    def shown(request: Request, response: Response) -> None:
        body = request.json if is_collection(request, "POST") else None
        sent = body.get("meta") if isinstance(body, dict) else None
        if response.status == 201 and isinstance(sent, dict) and "created" in sent:
            response.document["meta"]["created"] = sent["created"]


@defect("put-takes-the-clients-id", breaks=["RFC7643-3.1-04", "RFC7643-7-M01"])
def an_id_is_taken_from_a_put(behaviour: Behaviour) -> None:
    """A PUT with another id makes the person read under that id from then on"""
    renamed: dict[str, str] = {}

    @on_request(behaviour)
    def noticed(request: Request) -> None:
        body = request.json if is_resource(request, "PUT") else None
        sent = body.get("id") if isinstance(body, dict) else None
        if isinstance(sent, str) and sent != parts(request)[1]:
            renamed[parts(request)[1]] = sent

    on_person(behaviour)(lambda person: person.update(id=renamed.get(str(person.get("id")), person.get("id"))))


@defect("unknown-attribute-stored", breaks=["RFC7644-3.5.2-08"])
def anything_can_be_stored(behaviour: Behaviour) -> None:
    """A PATCH of an attribute that no schema has is confirmed, and the value shown ever after"""
    _keeps(behaviour, "nosuch")


@defect("groups-on-a-person-written", breaks=["RFC7643-4.1.2-08"])
def a_person_gets_groups_by_a_write(behaviour: Behaviour) -> None:
    """The groups that a client writes on a person are shown ever after"""
    _keeps(behaviour, "groups")


def _keeps(behaviour: Behaviour, name: str) -> None:
    """Confirm every write of one attribute, keep its value beside the person, and show it."""
    kept: dict[str, Any] = {}

    @on_answer(behaviour)
    def written(request: Request) -> Response | None:
        body = request.json if request.method in WRITING and at(request, "Users") else None
        if not isinstance(body, dict) or len(parts(request)) != 2:
            return None
        values = [o.get("value") for o in operations(request) if o.get("path") == name]
        values += [body[name]] if body.get(name) else []
        if values:
            kept[parts(request)[1]] = values[-1]
        return Response(204) if values and request.method == "PATCH" else None

    @on_person(behaviour)
    def shown(person: dict[str, Any]) -> None:
        if person.get("id") in kept:
            person[name] = kept[person["id"]]


@defect("id-passed-over-in-a-patch", breaks=["RFC7644-3.5.2-11"], presets=["marketbeam-strict"])
def an_operation_on_the_id_is_skipped(behaviour: Behaviour) -> None:
    """A PATCH that also changes the id is confirmed without that operation, although no leniency is declared"""

    @on_request(behaviour)
    def shortened(request: Request) -> Request | None:
        found = operations(request) if is_resource(request, "PATCH") else []
        rest = [o for o in found if o.get("path") != "id"]
        return _with_body(request, request.json | {"Operations": rest}) if rest and len(rest) < len(found) else None


@defect("put-refused-and-applied", breaks=["RFC7644-3.5.1-12", "PROF-D-15"], presets=["read-only"])
def a_refused_put_is_carried_out(behaviour: Behaviour) -> None:
    """A PUT is refused, and active is stored all the same"""

    @on_answer(behaviour)
    def stored(request: Request) -> None:
        body = request.json if is_resource(request, "PUT") else None
        for person in behaviour.server.people_of(None).all(behaviour.server.user_type):
            if isinstance(body, dict) and person.id == parts(request)[1]:
                setattr(person, "active", body.get("active"))  # noqa: B010 - the model is made at run time
                behaviour.server.people_of(None).update(behaviour.server.user_type, person)


@defect("read-only-confirms-writes", breaks=["PROF-D-19"], presets=["read-only"])
def every_write_is_confirmed(behaviour: Behaviour) -> None:
    """A service that is read-only answers a PATCH with success and does nothing"""
    on_answer(behaviour)(lambda request: Response(204) if is_resource(request, "PATCH") else None)


@defect("read-only-publishes-writable", breaks=["PROF-D-06"], presets=["read-only"])
def active_is_published_as_writable(behaviour: Behaviour) -> None:
    """A service that is read-only publishes active as writable"""

    @on_discovery(behaviour, "Schemas")
    def published(document: Any) -> None:
        for schema in entries(document):
            for attribute in schema.get("attributes", []):
                if attribute.get("name") == "active":
                    attribute["mutability"] = "readWrite"


@defect("delete-refused-though-claimed", breaks=["STATE-05"], presets=FULL)
def a_claimed_deletion_is_refused(behaviour: Behaviour) -> None:
    """Deleting people is refused, although it is offered"""
    no = error(405, "People are not deleted here", headers={"Allow": "GET, HEAD, PUT, PATCH"})
    on_answer(behaviour)(lambda request: no if is_resource(request, "DELETE") else None)


@defect("work-mail-filter-refused", breaks=["ENTRA-08"], source="work-email-filter")
def entras_mail_filter_is_unknown(behaviour: Behaviour) -> None:
    """A filter on emails[type eq "work"].value is a 400"""
    no = error(400, "This filter is not supported", "invalidFilter")
    on_answer(behaviour)(lambda request: no if "emails[" in request.query.get("filter", "") else None)


@defect("dotted-path-refused", breaks=["ENTRA-09"], presets=FULL)
def a_path_with_a_dot_is_unknown(behaviour: Behaviour) -> None:
    """A PATCH whose path has a dot is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        dotted = any("." in str(o.get("path", "")).rpartition(":")[2] for o in operations(request))
        wrong = request.method == "PATCH" and at(request, "Users") and dotted
        return error(400, "There is no such attribute", "invalidPath") if wrong else None


@defect("capitals-in-a-filter-refused", breaks=["OKTA-06"], source="username-value-case")
def a_name_in_capitals_is_refused(behaviour: Behaviour) -> None:
    """A lookup of a user name in capitals is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        name = request.query.get("filter", "").partition('"')[2]
        shouted = name == name.upper() != name.lower()
        return error(400, "User names are small letters", "invalidFilter") if shouted and at(request, "Users") else None


# Groups, where they are served.


def _change_group(behaviour: Behaviour, change: Any) -> None:
    """Let ``change(before, after)`` spoil the members of a group after a PATCH; it returns the ids to keep."""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, patch_op: Any) -> Any:
        before = {m.value for m in getattr(current, "members", None) or []}
        changed = proceed(call, current, patch_op)
        if changed is None or not at(call.request, "Groups"):
            return changed
        wanted = change(before, {m.value for m in changed.members or []})
        changed.members = [m for m in changed.members or [] if m.value in wanted] or None
        return changed


@defect("group-write-noop", breaks=["STATE-02", "RFC7644-3.5.2.1-10"], presets=FULL,
        source="groups-success-that-does-nothing")  # fmt: skip
def a_group_is_confirmed_and_not_changed(behaviour: Behaviour) -> None:
    """A PATCH or PUT of a group is confirmed, and nothing is stored"""
    on_answer(behaviour)(lambda request: Response(204) if request.method in WRITING and at(request, "Groups") else None)


@defect("group-add-replaces", breaks=["RFC7644-3.5.2.1-10"], presets=FULL)
def an_added_member_is_the_only_one(behaviour: Behaviour) -> None:
    """Adding members to a group removes those who were in it"""
    _change_group(behaviour, lambda before, after: after - before if after > before else after)


@defect("group-remove-empties", breaks=["RFC7644-3.5.2.2-08", "ENTRA-12"], presets=FULL, source="remove-one-wipes-all")
def removing_one_member_removes_all(behaviour: Behaviour) -> None:
    """Removing one member empties the group"""
    _change_group(behaviour, lambda before, after: set() if after < before else after)


@defect("group-remove-by-value-empties", breaks=["ENTRA-12"], presets=FULL, source="remove-one-wipes-all")
def a_value_on_a_removal_is_ignored(behaviour: Behaviour) -> None:
    """Removing members by a value, as Entra does by default, empties the group"""

    @on_request(behaviour)
    def shortened(request: Request) -> Request | None:
        if request.method != "PATCH" or not at(request, "Groups"):
            return None
        bare = [
            {k: v for k, v in o.items() if k != "value"} if str(o.get("op")).lower() == "remove" else o
            for o in operations(request)
        ]
        return _with_body(request, request.json | {"Operations": bare}) if bare else None


@defect("group-members-as-texts", breaks=["RFC7643-4.2-02"], presets=FULL)
def members_are_bare_ids(behaviour: Behaviour) -> None:
    """The members of a group are shown as a list of ids"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
        group: dict[str, Any] = proceed(request, resource)
        if at(request, "Groups") and group.get("members"):
            group["members"] = [m.get("value") for m in group["members"]]
        return group


@defect("null-reference-refused", breaks=["ENTRA-11"], presets=FULL)
def a_member_with_a_null_reference_is_refused(behaviour: Behaviour) -> None:
    """Adding a member whose $ref is null, as Entra sends it, is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        values = [v for o in operations(request) if isinstance(o.get("value"), list) for v in o["value"]]
        empty = any(isinstance(v, dict) and "$ref" in v and v["$ref"] is None for v in values)
        return error(400, "$ref must not be null", "invalidValue") if at(request, "Groups") and empty else None
