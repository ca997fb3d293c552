"""PUT requests that switch people off, change what is not theirs, or are not served."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scim2_models import NotFoundException, SCIMException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    is_collection,
    is_resource,
    on_answer,
    on_person,
    on_reply,
    on_request,
    parts,
    problem,
)
from reference_server.http import Request, Response, error

PUT_IS_SERVED = ["RFC7644-3.5-01", "OKTA-09", "MB-1"]
UNKNOWN_ID = ["RFC7644-3.2-02", "RFC7644-3.5.1-09"]


def says_nothing_about_active(request: Request) -> bool:
    body = request.json
    return (
        is_resource(request, "PUT") and isinstance(body, dict) and not any(str(k).casefold() == "active" for k in body)
    )


@defect("patch-only-server", breaks=PUT_IS_SERVED, source="patch-only-server")
def put_is_not_served(behaviour: Behaviour) -> None:
    """PUT is a 405: people can only be written by PATCH"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        allow = {"Allow": "GET, HEAD, PATCH"}
        return error(405, "Use PATCH", headers=allow) if is_resource(request, "PUT") else None


@defect("put-501", breaks=PUT_IS_SERVED, source="patch-only-server")
def put_is_not_implemented(behaviour: Behaviour) -> None:
    """PUT is a 501"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(501, "Not implemented") if is_resource(request, "PUT") else None


@defect("put-without-active-suspends", breaks=["PROF-D-10", "STATE-06"],
        source="put-without-active-suspends")  # fmt: skip
def silence_about_active_switches_off(behaviour: Behaviour) -> None:
    """A PUT that does not name active makes the person inactive"""

    @behaviour.apply_put.around
    def applied(proceed: Any, call: Any, current: Any, replacement: Any) -> Any:
        if says_nothing_about_active(call.request):
            replacement.active = False
        return proceed(call, current, replacement)


@defect("put-without-active-reactivates", breaks=["PROF-D-10", "MB-1"], source="put-without-active-suspends")
def silence_about_active_switches_on(behaviour: Behaviour) -> None:
    """A PUT that does not name active makes an inactive person active"""

    @behaviour.apply_put.around
    def applied(proceed: Any, call: Any, current: Any, replacement: Any) -> Any:
        if says_nothing_about_active(call.request):
            replacement.active = True
        return proceed(call, current, replacement)


@defect("put-ignores-active", breaks=["RFC7644-3.5.1-01", "OKTA-09", "PROF-D-07", "PROF-D-12", "MB-1"],
        source="patch-only-server")  # fmt: skip
def active_in_a_put_is_ignored(behaviour: Behaviour) -> None:
    """A PUT with active false is confirmed and leaves the person active"""

    @behaviour.apply_put.around
    def applied(proceed: Any, call: Any, current: Any, replacement: Any) -> Any:
        if is_resource(call.request, "PUT"):  # groups have no such attribute
            replacement.active = current.active
        return proceed(call, current, replacement)


@defect("put-creates", breaks=UNKNOWN_ID)
def a_put_on_an_unknown_id_creates(behaviour: Behaviour) -> None:
    """PUT on an id that does not exist makes a person"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except NotFoundException:
            body, kind = call.request.json, behaviour.server.user_type
            if call.request.method != "PUT" or not isinstance(body, dict) or not isinstance(body.get("userName"), str):
                raise
            model = call.preset.provider.model_for(kind)
            made = call.desk.storage.create(kind, model.model_validate({"userName": body["userName"]}))
            return Response(201, {"schemas": made.schemas, "id": made.id, "userName": made.user_name})


@defect("put-unknown-id-204", breaks=UNKNOWN_ID)
def a_put_on_an_unknown_id_succeeds(behaviour: Behaviour) -> None:
    """PUT on an id that does not exist is confirmed"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except NotFoundException:
            if call.request.method != "PUT":
                raise
            return Response(204)


IGNORED = ["RFC7644-3.5.1-04", "RFC7643-7-M01"]


@defect("put-changes-user-name", breaks=[*IGNORED, "RFC7643-7-13"], source="role-through-patch")
def a_put_renames(behaviour: Behaviour) -> None:
    """A PUT can rewrite userName and displayName although they are published as read-only"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        body = call.request.json
        if call.request.method == "PUT" and isinstance(body, dict):
            person = call.desk.storage.get(behaviour.server.user_type, call.route.id)
            person.user_name = body.get("userName") or person.user_name
            person.display_name = body.get("displayName", person.display_name)
            call.desk.storage.update(behaviour.server.user_type, person)
        return proceed(call)


@defect("put-refuses-read-only", breaks=["RFC7644-3.1-05", "OKTA-09", *IGNORED])
def a_put_with_read_only_values_is_refused(behaviour: Behaviour) -> None:
    """A PUT whose body holds id or meta is a 400, so a person cannot be written back as read"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if is_resource(request, "PUT") else None
        holds = isinstance(body, dict) and bool({"id", "meta"} & set(body))
        return error(400, "id is read-only", "mutability") if holds else None


@defect("put-clears-names", breaks=[*IGNORED, "PROF-D-08"], source="put-clears-unsent")
def a_put_clears_what_it_does_not_name(behaviour: Behaviour) -> None:
    """A PUT removes the person's name when its body has none, although SCIM does not own it"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if desk.how == "put":
            person.name = None
        return proceed(desk, kind, person, version)


@defect("put-needs-user-name-match", breaks=["RFC7644-3.5.1-04"])
def a_put_with_another_name_is_refused(behaviour: Behaviour) -> None:
    """A PUT whose read-only userName differs is a 400 instead of being read over"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        body = call.request.json if call.request.method == "PUT" else None
        if isinstance(body, dict) and "userName" in body:
            person = call.desk.storage.get(behaviour.server.user_type, call.route.id)
            if body["userName"] != person.user_name:
                raise problem(400, "userName cannot be changed", "mutability")
        return proceed(call)


@defect("put-204", breaks=["RFC7644-3.5.1-06", "OKTA-09"])
def a_put_is_answered_with_nothing(behaviour: Behaviour) -> None:
    """A PUT is answered with a 204 instead of the person"""

    @on_reply(behaviour)
    def emptied(request: Request, response: Response) -> Response | None:
        return Response(204) if is_resource(request, "PUT") and response.status == 200 else None


@defect("put-on-collection-200", breaks=["RFC7644-3.5.1-10"])
def a_put_on_everybody_succeeds(behaviour: Behaviour) -> None:
    """PUT /Users is confirmed"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        return Response(204) if is_collection(request, "PUT") else None


@defect("put-applied-though-refused", breaks=["RFC7644-3.5.1-12"])
def a_failed_put_is_half_applied(behaviour: Behaviour) -> None:
    """A PUT that fails has already cleared the externalId and switched the person off"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except SCIMException as failed:
            if call.request.method == "PUT" and failed.status == 400:
                person = call.desk.storage.get(behaviour.server.user_type, call.route.id)
                person.active, person.external_id = False, None
                call.desk.storage.update(behaviour.server.user_type, person)
            raise


@defect("put-moves-last-modified", breaks=["RFC7644-3.1-05", "RFC7644-3.5.1-11"])
def writing_back_is_a_change(behaviour: Behaviour) -> None:
    """Writing a person back unchanged moves the date, and adds a blank to the display name each time"""

    @behaviour.apply_put.around
    def applied(proceed: Any, call: Any, current: Any, replacement: Any) -> Any:
        changed = proceed(call, current, replacement) or replacement
        changed.display_name = f"{changed.display_name} "
        return changed


@defect("schemas-order-counts", breaks=["RFC7643-3-02"], presets=["full"])
def the_order_of_schemas_counts(behaviour: Behaviour) -> None:
    """A PUT whose schemas do not begin with the core User is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if is_resource(request, "PUT") else None
        schemas = body.get("schemas") if isinstance(body, dict) else None
        turned = isinstance(schemas, list) and not str((schemas or [""])[0]).endswith("core:2.0:User")
        return error(400, "The first schema has to be the core schema", "invalidSyntax") if turned else None


@defect(
    "put-nonsense-active-accepted", breaks=["RFC7643-4.1.1-14", "RFC7644-3.5.1-12"], source="active-string-false-truthy"
)
def any_text_in_a_put_is_a_boolean(behaviour: Behaviour) -> None:
    """A PUT with active as any text is accepted and read as true"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        body = call.request.json if call.request.method == "PUT" else None
        if isinstance(body, dict) and isinstance(body.get("active"), str):
            text = call.request.body.decode("utf-8", "replace").replace(f'"{body["active"]}"', "true")
            call = replace(call, request=replace(call.request, body=text.encode()))
        return proceed(call)


@defect("groups-stored-by-put", breaks=["RFC7643-4.1.2-08"])
def groups_come_in_by_put(behaviour: Behaviour) -> None:
    """The groups that a PUT of a person holds are stored, and shown ever after"""
    stored: dict[str, Any] = {}

    @on_request(behaviour)
    def noted(request: Request) -> None:
        body = request.json if is_resource(request, "PUT") else None
        if isinstance(body, dict) and body.get("groups"):
            stored[parts(request)[1]] = body["groups"]

    @on_person(behaviour)
    def shown(person: dict[str, Any]) -> None:
        if person.get("id") in stored:
            person["groups"] = stored[person["id"]]
