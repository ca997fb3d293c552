"""PATCH messages that are refused or misread."""

from __future__ import annotations

from typing import Any

from scim2_models import InvalidPathException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_answer, operations
from reference_server.http import Request, Response, error
from reference_server.patching import PATCH_OP


def refuse_operations(behaviour: Behaviour, wrong: Any, status: int, detail: str, scim_type: str = "") -> None:
    """Refuse each PATCH of which an operation meets ``wrong(operation)``."""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_resource(request, "PATCH") and any(wrong(o) for o in operations(request))
        return error(status, detail, scim_type) if hit else None


def rewrite_operations(behaviour: Behaviour, change: Any) -> None:
    """Let ``change(operations)`` give the operations that are really read."""

    @behaviour.read_patch.around
    def changed(proceed: Any, call: Any, document: Any, current: Any) -> Any:
        found = document.get("Operations")
        return proceed(call, document | {"Operations": change(found)} if isinstance(found, list) else document, current)


def is_word(value: Any) -> bool:
    return isinstance(value, str) and value.casefold() in ("true", "false")


def values(operation: dict[str, Any]) -> list[Any]:
    value = operation.get("value")
    return list(value.values()) if isinstance(value, dict) else [value]


STRING_ACTIVE = ["ENTRA-02", "MB-1", "PROF-D-07"]


@defect("active-string-false-rejected", breaks=STRING_ACTIVE, source="active-string-false-rejected")
def the_word_false_is_refused(behaviour: Behaviour) -> None:
    """A PATCH with active as the text "False" is a 400"""
    wrong = "A boolean was expected, a string was given"
    refuse_operations(behaviour, lambda o: any(map(is_word, values(o))), 400, wrong, "invalidValue")


@defect("active-string-false-truthy", breaks=["RFC7643-4.1.1-14", "PROF-D-12", *STRING_ACTIVE],
        source="active-string-false-truthy")  # fmt: skip
def the_word_false_is_true(behaviour: Behaviour) -> None:
    """A PATCH with active as the text "False" sets active to true: a text that is not empty counts as true"""

    def cast(operation: dict[str, Any]) -> dict[str, Any]:
        value = operation.get("value")
        if isinstance(value, dict):
            return operation | {"value": {k: True if is_word(v) else v for k, v in value.items()}}
        return operation | {"value": True} if is_word(value) else operation

    rewrite_operations(behaviour, lambda found: [cast(o) if isinstance(o, dict) else o for o in found])


@defect(
    "active-nonsense-accepted", breaks=["RFC7644-3.5.2-16", "RFC7643-4.1.1-14"], source="active-string-false-truthy"
)
def any_text_is_a_boolean(behaviour: Behaviour) -> None:
    """A PATCH with active as any text or number is accepted and read as true"""

    def cast(operation: dict[str, Any]) -> dict[str, Any]:
        odd = operation.get("path") == "active" and not isinstance(operation.get("value", True), bool)
        return operation | {"value": True} if odd and not is_word(operation["value"]) else operation

    rewrite_operations(behaviour, lambda found: [cast(o) if isinstance(o, dict) else o for o in found])


@defect("op-name-case", breaks=["RFC7644-3.5.2-04", "ENTRA-02", "ENTRA-04", "MB-1"], source="op-name-case")
def the_letter_case_of_an_operation_counts(behaviour: Behaviour) -> None:
    """An operation "Replace" with a capital letter is a 400"""
    refuse_operations(behaviour, lambda o: o.get("op") != str(o.get("op")).lower(), 400, "Unknown op", "invalidSyntax")


PATHLESS = ["RFC7644-3.5.2.3-01", "OKTA-08", "MB-1", "PROF-D-07"]


@defect("pathless-value-object", breaks=["RFC7644-3.12-07", *PATHLESS], source="pathless-value-object")
def an_operation_without_a_path_breaks_the_server(behaviour: Behaviour) -> None:
    """A PATCH without a path, as Okta sends it, ends in a 500"""
    refuse_operations(behaviour, lambda o: o.get("path") is None and "value" in o, 500, "path is null")


@defect("pathless-refused", breaks=PATHLESS, source="pathless-value-object")
def an_operation_without_a_path_is_refused(behaviour: Behaviour) -> None:
    """A PATCH without a path is a 400"""
    wrong = "path is required"
    refuse_operations(
        behaviour, lambda o: o.get("path") is None and o.get("op") != "remove", 400, wrong, "invalidSyntax"
    )


@defect("pathless-ignored", breaks=["PROF-D-12", *PATHLESS], source="pathless-value-object")
def an_operation_without_a_path_does_nothing(behaviour: Behaviour) -> None:
    """A PATCH without a path is confirmed and does nothing"""
    nothing = {"op": "replace", "value": {}}
    rewrite_operations(behaviour, lambda found: [nothing if "path" not in o and "value" in o else o for o in found])


@defect("add-op-on-single-value", breaks=["RFC7644-3.5.2.1-03", "PROF-D-07"], source="add-op-on-single-value")
def adding_to_a_single_value_is_refused(behaviour: Behaviour) -> None:
    """The operation "add" on an attribute with one value is a 400"""
    wrong = "add needs an attribute with several values"
    refuse_operations(behaviour, lambda o: str(o.get("op")).lower() == "add", 400, wrong, "invalidPath")


@defect("path-case-counts", breaks=["RFC7643-2.1-01", "RFC7644-3.5.2-09"])
def the_letter_case_of_a_path_counts(behaviour: Behaviour) -> None:
    """A path "ACTIVE" is an unknown attribute"""
    refuse_operations(behaviour, lambda o: o.get("path") in ("ACTIVE", "Active"), 400, "Unknown path", "invalidPath")


@defect("urn-path-refused", breaks=["RFC7644-3.5.2-09"])
def a_fully_qualified_path_is_unknown(behaviour: Behaviour) -> None:
    """A path that names the attribute with its schema is a 400"""
    refuse_operations(behaviour, lambda o: ":active" in str(o.get("path")), 400, "Unknown path", "invalidPath")


@defect("member-order-counts", breaks=["RFC7643-2.3.8-01"])
def the_order_of_members_counts(behaviour: Behaviour) -> None:
    """A PATCH body that begins with Operations instead of schemas is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        turned = (
            request.method == "PATCH" and isinstance(request.json, dict) and next(iter(request.json), "") != "schemas"
        )
        return error(400, "schemas has to come first", "invalidSyntax") if turned and operations(request) else None


@defect("operations-reversed", breaks=["RFC7644-3.5.2-10"])
def operations_apply_in_reverse(behaviour: Behaviour) -> None:
    """The operations of a PATCH are applied last to first"""
    rewrite_operations(behaviour, lambda found: found[::-1])


@defect("only-first-operation", breaks=["RFC7644-3.5.2-19", "RFC7644-3.5.2-10"])
def only_the_first_operation_counts(behaviour: Behaviour) -> None:
    """Of several operations only the first is applied"""
    rewrite_operations(behaviour, lambda found: found[:1])


@defect("empty-operations-204", breaks=["RFC7644-3.5.2-02"], source="empty-operations")
def no_operation_is_a_success(behaviour: Behaviour) -> None:
    """A PATCH without any operation is confirmed"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        body = request.json
        return Response(204) if isinstance(body, dict) and body.get("Operations") == [] else None


@defect("patch-schemas-unread", breaks=["RFC7644-3.5.2-01"])
def a_patch_need_not_say_what_it_is(behaviour: Behaviour) -> None:
    """A PATCH body without schemas is accepted"""

    @behaviour.read_patch.around
    def read(proceed: Any, call: Any, document: Any, current: Any) -> Any:
        return proceed(call, document | {"schemas": [PATCH_OP]}, current)


@defect("replace-without-value-accepted", breaks=["RFC7644-3.5.2.3-10"], source="replace-without-value")
def a_missing_value_means_false(behaviour: Behaviour) -> None:
    """An operation that replaces active by nothing sets it to false"""
    rewrite_operations(
        behaviour, lambda found: [{"value": False} | o if o.get("path") == "active" else o for o in found]
    )


@defect("remove-without-path-204", breaks=["RFC7644-3.5.2.2-01"], source="remove-silently-ok")
def removing_nothing_succeeds(behaviour: Behaviour) -> None:
    """An operation "remove" without a path is confirmed"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        bare = any(o.get("op") == "remove" and "path" not in o for o in operations(request))
        return Response(204) if bare else None


@defect("remove-active-deactivates", breaks=["PROF-D-10", "RFC7644-3.5.2.2-02"])
def removing_active_reactivates(behaviour: Behaviour) -> None:
    """Removing active from an inactive person makes the person active"""

    def cast(operation: dict[str, Any]) -> dict[str, Any]:
        gone = operation.get("op") == "remove" and operation.get("path") == "active"
        return {"op": "replace", "path": "active", "value": True} if gone else operation

    rewrite_operations(behaviour, lambda found: [cast(o) if isinstance(o, dict) else o for o in found])


@defect("malformed-path-500", breaks=["RFC7644-3.5.2-05", "RFC7644-3.12-07"], source="client-error-as-500")
def a_malformed_path_breaks_the_server(behaviour: Behaviour) -> None:
    """A path that cannot be read ends in a 500"""

    @behaviour.failure.around
    def failed(proceed: Any, exception: Exception) -> Any:
        return error(500, "unexpected token") if isinstance(exception, InvalidPathException) else proceed(exception)


@defect("unknown-path-silently-ok", breaks=["RFC7644-3.5.2-08", "STATE-03"], source="unknown-path-silently-ok")
def an_unknown_path_is_a_success(behaviour: Behaviour) -> None:
    """A PATCH on an attribute that does not exist is confirmed and does nothing"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except InvalidPathException:
            return Response(204)
