"""PATCH requests that are half applied, confirmed without effect, answered oddly or not served at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scim2_models import SCIMException

from reference_server.behaviour import Behaviour
from reference_server.defects.deactivation import deactivates
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, is_resource, on_answer, on_reply, operations, problem
from reference_server.http import Request, Response, error
from reference_server.patching import read_patch
from reference_server.presets import load

MUTABILITY = ["RFC7644-3.5.2-06", "RFC7643-7-13"]


@defect("read-only-patch-confirmed", breaks=[*MUTABILITY, "PROF-D-11"], source="unknown-path-silently-ok")
def a_read_only_attribute_is_confirmed(behaviour: Behaviour) -> None:
    """A PATCH of a read-only attribute is confirmed and does nothing"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except SCIMException as refused:
            if call.request.method != "PATCH" or refused.scim_type != "mutability":
                raise
            return Response(204)


@defect("read-only-patch-applied", breaks=[*MUTABILITY, "RFC7643-7-M01", "PROF-D-11"], source="role-through-patch")
def a_read_only_attribute_is_changed(behaviour: Behaviour) -> None:
    """A PATCH can rewrite userName and displayName although they are published as read-only"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        for operation in operations(call.request):
            field = {"userName": "user_name", "displayName": "display_name"}.get(operation.get("path", ""))
            if field is None or not isinstance(operation.get("value"), str):
                continue
            kind = behaviour.server.user_type
            person = call.desk.storage.get(kind, call.route.id)
            setattr(person, field, operation["value"])
            call.desk.storage.update(kind, person)
            if len(operations(call.request)) == 1:
                return Response(204)
        return proceed(call)


@defect(
    "one-bad-op-vetoes-active", breaks=["MB-1", "PROF-D-11"], source="one-bad-op-vetoes-active", presets=["marketbeam"]
)
def one_foreign_attribute_stops_the_deactivation(behaviour: Behaviour) -> None:
    """A PATCH that also names an attribute SCIM does not own fails as a whole, and the leaver stays"""
    behaviour.read_patch.instead(
        lambda _call, document, current: read_patch(load("marketbeam-strict"), document, current)
    )


@defect("mixed-patch-drops-active", breaks=["PROF-D-11", "PROF-D-12", "MB-1"], source="one-bad-op-vetoes-active")
def a_mixed_request_loses_the_deactivation(behaviour: Behaviour) -> None:
    """A PATCH of several operations is confirmed, and the deactivation in it is not carried out"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        return Response(204) if len(operations(request)) > 1 and deactivates(request) else None


@defect("patch-not-atomic", breaks=["RFC7644-3.5.2-11", "PROF-D-11"], source="group-write-not-atomic")
def a_failed_request_is_half_applied(behaviour: Behaviour) -> None:
    """A PATCH that fails has already carried out the operations before the one that is wrong"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except SCIMException:
            if deactivates(call.request) and len(operations(call.request)) > 1:
                person = call.desk.storage.get(behaviour.server.user_type, call.route.id)
                person.active = False
                call.desk.storage.update(behaviour.server.user_type, person)
            raise


@defect("noop-moves-last-modified", breaks=["RFC7644-3.5.2.1-08"])
def a_change_of_nothing_is_a_change(behaviour: Behaviour) -> None:
    """A PATCH that changes nothing moves meta.lastModified"""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, patch_op: Any) -> Any:
        return proceed(call, current, patch_op) or current


@defect("repeated-value-400", breaks=["RFC7644-3.5.2.1-07", "PROF-D-07"])
def a_value_that_is_there_already_is_refused(behaviour: Behaviour) -> None:
    """Adding a value that is there already is a 409"""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, patch_op: Any) -> Any:
        changed = proceed(call, current, patch_op)
        if changed is None:
            raise problem(409, "The value exists already", "uniqueness")
        return changed


@defect("patch-200-empty-body", breaks=["RFC7644-3.5.2-12", "OKTA-08"])
def a_patch_is_answered_with_nothing(behaviour: Behaviour) -> None:
    """A PATCH is answered with a 200 without a body"""

    @on_reply(behaviour)
    def emptied(request: Request, response: Response) -> Response | None:
        return Response(200, raw=b"") if is_resource(request, "PATCH") and response.status == 200 else None


@defect("patch-204-despite-attributes", breaks=["RFC7644-3.5.2-13", "RFC7644-3.9-06"])
def a_wanted_reply_is_left_out(behaviour: Behaviour) -> None:
    """A PATCH is answered with a 204 even when attributes were asked for"""

    @on_reply(behaviour)
    def emptied(request: Request, response: Response) -> Response | None:
        return Response(204) if is_resource(request, "PATCH") and response.status == 200 else None


@defect("patch-202", breaks=["RFC7644-3.5.2-12", "RFC9967-2.5.1.1-05"])
def a_patch_is_only_accepted(behaviour: Behaviour) -> None:
    """A PATCH is answered with a 202, and nobody asked for that"""

    @on_reply(behaviour)
    def accepted(request: Request, response: Response) -> Response | None:
        return replace(response, status=202) if is_resource(request, "PATCH") and response.status == 200 else None


VERB = ["RFC7643-5-09", "MB-1"]


@defect("put-only-server", breaks=["OKTA-08", "ENTRA-02", "PROF-D-07", *VERB], source="put-only-server")
def patch_is_not_served(behaviour: Behaviour) -> None:
    """PATCH is a 405: people can only be written by PUT"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        allow = {"Allow": "GET, HEAD, PUT"}
        return error(405, "Use PUT", headers=allow) if is_resource(request, "PATCH") else None


@defect("patch-501", breaks=["OKTA-08", "ENTRA-02", "PROF-D-07", *VERB], source="patch-501-no-fallback")
def patch_is_not_implemented(behaviour: Behaviour) -> None:
    """PATCH is a 501 although the ServiceProviderConfig offers it"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(501, "Not implemented") if request.method == "PATCH" and at(request, "Users") else None
