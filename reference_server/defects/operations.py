"""Single operations of a PATCH that are waved through although a rule forbids them, or refused although none does."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.patches import refuse_operations
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_answer, operations, problem
from reference_server.http import Request, Response, error

FULL = ("full",)


def wave_through(behaviour: Behaviour, wrong: Any) -> None:
    """Confirm each PATCH of which an operation meets ``wrong(operation)``, and do nothing."""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        hit = is_resource(request, "PATCH") and any(wrong(o) for o in operations(request))
        return Response(204, None, {}) if hit else None


def names(operation: dict[str, Any], *paths: str) -> bool:
    return str(operation.get("path", "")).casefold() in paths


def op(operation: dict[str, Any]) -> str:
    return str(operation.get("op", "")).casefold()


@defect("add-without-value-accepted", breaks=["RFC7644-3.5.2.1-01"])
def adding_nothing_is_a_success(behaviour: Behaviour) -> None:
    """The operation "add" without a value is confirmed"""
    wave_through(behaviour, lambda o: op(o) == "add" and "value" not in o)


@defect("unknown-operation-accepted", breaks=["RFC7644-3.5.2-03"])
def any_operation_is_a_success(behaviour: Behaviour) -> None:
    """An operation that PATCH does not have, such as "move", is confirmed and does nothing"""
    wave_through(behaviour, lambda o: op(o) not in ("add", "remove", "replace"))


@defect("pointer-path-accepted", breaks=["RFC7644-3.5.2-15"])
def a_json_pointer_is_a_path(behaviour: Behaviour) -> None:
    """A JSON Pointer as path, such as /externalId, is confirmed and does nothing"""
    wave_through(behaviour, lambda o: str(o.get("path", "")).startswith("/"))


@defect("user-name-removal-confirmed", breaks=["RFC7644-3.5.2.2-06"])
def a_user_name_can_be_removed(behaviour: Behaviour) -> None:
    """Removing the userName is confirmed"""
    wave_through(behaviour, lambda o: op(o) == "remove" and names(o, "username"))


@defect("id-removal-confirmed", breaks=["RFC7644-3.5.2.2-06"])
def an_id_can_be_removed(behaviour: Behaviour) -> None:
    """Removing the id is confirmed"""
    wave_through(behaviour, lambda o: op(o) == "remove" and names(o, "id"))


@defect("pathless-add-refused", breaks=["RFC7644-3.5.2.1-02"])
def adding_needs_a_path(behaviour: Behaviour) -> None:
    """The operation "add" without a path is a 400"""
    refuse_operations(behaviour, lambda o: op(o) == "add" and not o.get("path"), 400, "path is required", "invalidPath")


@defect("replace-needs-a-value-to-replace", breaks=["RFC7644-3.5.2.3-04"])
def only_what_is_there_can_be_replaced(behaviour: Behaviour) -> None:
    """Replacing an attribute that has no value is a 400 with noTarget"""

    @behaviour.read_patch.around
    def read(proceed: Any, call: Any, document: Any, current: Any) -> Any:
        found = document.get("Operations") if isinstance(document, dict) else None
        for operation in found if isinstance(found, list) else []:
            unset = isinstance(operation, dict) and names(operation, "externalid") and current.external_id is None
            if unset and op(operation) == "replace" and operation.get("value") is not None:
                raise problem(400, "There is nothing to replace", "noTarget")
        return proceed(call, document, current)


@defect("replace-by-path-ignored", breaks=["RFC7644-3.5.2.3-02", "MB-1", "PROF-D-12"])
def a_replace_with_a_path_does_nothing(behaviour: Behaviour) -> None:
    """The operation "replace" with the path active is confirmed and does nothing; without a path it works"""
    wave_through(behaviour, lambda o: op(o) == "replace" and names(o, "active") and o.get("value") is False)


@defect("second-deactivation-500", breaks=["PROF-D-18", "RFC7644-3.12-07", "PROF-D-07"])
def a_second_deactivation_breaks_the_server(behaviour: Behaviour) -> None:
    """Deactivating somebody who is inactive already ends in a 500"""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, message: Any) -> Any:
        before = current.active
        changed = proceed(call, current, message)
        if before is False and changed is None:
            raise RuntimeError("UPDATE touched no row")
        return changed


@defect("operations-key-case", breaks=["RFC7644-3.12-07"], source="operations-key-case")
def the_letter_case_of_operations_counts(behaviour: Behaviour) -> None:
    """A PATCH whose member is spelled "operations" ends in a 500"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json
        hit = is_resource(request, "PATCH") and isinstance(body, dict) and "operations" in body
        return error(500, "KeyError: 'Operations'") if hit else None


@defect("last-owner-refused", breaks=["MB-1", "PROF-D-07", "OKTA-08", "ENTRA-02"], source="last-owner-refused")
def the_last_owner_cannot_leave(behaviour: Behaviour) -> None:
    """The person who came first owns the account and can never be deactivated: each try is a 409"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, resource: Any, version: Any) -> Any:
        people = desk.storage.all(kind) if kind.name == "User" else []
        first = min(people, key=lambda p: p.meta.created, default=None)
        if first is not None and first.id == resource.id and getattr(resource, "active", True) is False:
            raise problem(409, "The last owner of an account cannot be deactivated")
        return proceed(desk, kind, resource, version)


@defect(
    "same-username-called-mutation",
    breaks=["OKTA-10", "MB-1", "PROF-D-07", "RFC7644-3.5.1-04"],
    source="same-username-called-mutation",
)
def the_same_user_name_is_a_change(behaviour: Behaviour) -> None:
    """A write that repeats the user name as it is gets a 400 with mutability"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if request.method == "PUT" and is_resource(request, "PUT") else None
        put = isinstance(body, dict) and "userName" in body
        patched = is_resource(request, "PATCH") and any(names(o, "username") for o in operations(request))
        return error(400, "userName cannot be changed", "mutability") if put or patched else None


@defect(
    "groups-501-on-removal", breaks=["ENTRA-12", "RFC7644-3.5.2.2-08"], presets=FULL,
    source="groups-501-on-member-replace",
)  # fmt: skip
def members_cannot_be_removed(behaviour: Behaviour) -> None:
    """Removing a member of a group is a 501 although every other change of a group works"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_resource(request, "PATCH", "Groups") and any(op(o) == "remove" for o in operations(request))
        return error(501, "Removing members is not implemented") if hit else None


@defect("remove-with-value-rejected", breaks=["ENTRA-12"], presets=FULL, source="remove-with-value-rejected")
def removing_by_value_is_refused(behaviour: Behaviour) -> None:
    """Entra's old form of removing a member, with a value, is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_resource(request, "PATCH", "Groups") and any(
            op(o) == "remove" and "value" in o for o in operations(request)
        )
        return error(400, "A remove has no value", "invalidValue") if hit else None


@defect("add-existing-409", breaks=["RFC7644-3.5.2.1-10"], presets=FULL, source="add-existing-409")
def adding_a_member_again_is_a_conflict(behaviour: Behaviour) -> None:
    """Adding a member who is in the group already is a 409"""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, message: Any) -> Any:
        there = {m.value for m in getattr(current, "members", None) or []}
        for operation in message.operations or []:
            added = operation.value if isinstance(operation.value, list) else [operation.value]
            again = [m for m in added if isinstance(m, dict) and m.get("value") in there]
            if str(operation.op).endswith("add") and again:
                raise problem(409, "This member is in the group already", "uniqueness")
        return proceed(call, current, message)
