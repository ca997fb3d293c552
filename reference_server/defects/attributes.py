"""Lists and parts of attributes that PATCH and PUT handle wrongly, where clients write people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim2_models import UniquenessException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_answer, on_discovery, on_person, on_request, operations
from reference_server.http import Request, Response, error

FULL = ["full"]
Operation = dict[str, Any]


def rewritten(behaviour: Behaviour, change: Callable[[Operation], list[Operation]]) -> None:
    """Put other operations in place of each operation of a PATCH on a person."""

    @on_request(behaviour)
    def changed(request: Request) -> Request | None:
        if not is_resource(request, "PATCH") or not operations(request):
            return None
        body = request.json | {"Operations": [new for old in operations(request) for new in change(old)]}
        return replace(request, body=json.dumps(body).encode())


def is_op(operation: Operation, op: str, path: str) -> bool:
    """Whether an operation is this one; ``path`` is a regular expression for the whole path."""
    asked = str(operation.get("op")).lower() == op
    return asked and re.fullmatch(path, str(operation.get("path"))) is not None


def answered(behaviour: Behaviour, op: str, path: str, response: Callable[[], Response]) -> None:
    """Answer each PATCH of a person that holds such an operation in place of the server."""

    @on_answer(behaviour)
    def instead(request: Request) -> Response | None:
        hit = is_resource(request, "PATCH") and any(is_op(o, op, path) for o in operations(request))
        return response() if hit else None


@defect("list-add-replaces", breaks=["RFC7644-3.5.2.1-04", "IOP-6.5.2.2-01"], presets=FULL)
def adding_to_a_list_drops_the_rest(behaviour: Behaviour) -> None:
    """An add on the mail addresses puts the new ones in place of the old ones"""
    rewritten(behaviour, lambda o: [o | {"op": "replace"}] if is_op(o, "add", "emails") else [o])


@defect("list-replace-appends", breaks=["RFC7644-3.5.2.3-03", "IOP-6.5.2.2-01"], presets=FULL)
def replacing_a_list_appends_to_it(behaviour: Behaviour) -> None:
    """A replace of the mail addresses appends the new ones to the old ones"""
    rewritten(behaviour, lambda o: [o | {"op": "add"}] if is_op(o, "replace", "emails") else [o])


@defect("primary-stays-on-others", breaks=["RFC7644-3.5.2-14", "RFC7643-2.4-01"], presets=FULL)
def two_values_are_primary(behaviour: Behaviour) -> None:
    """Making one mail address primary leaves the mark on the other one"""
    moved: list[str] = []

    @on_request(behaviour)
    def noted(request: Request) -> None:
        if is_resource(request, "PATCH") and any(str(o.get("path")).endswith("].primary") for o in operations(request)):
            moved.append(request.path)

    @on_person(behaviour)
    def shown(person: dict[str, Any]) -> None:
        if any(path.endswith(str(person.get("id"))) for path in moved):
            for mail in person.get("emails", []):
                mail["primary"] = True


def after_patch(behaviour: Behaviour, change: Callable[[list[Any], list[Any]], list[Any]]) -> None:
    """Spoil the mail addresses after a PATCH that selected some of them: (before, after) -> what is stored."""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, patch_op: Any) -> Any:
        before = [m.model_copy(deep=True) for m in getattr(current, "emails", None) or []]
        result = proceed(call, current, patch_op)
        selected = any("emails[" in str(o.get("path")) for o in operations(call.request))
        if result is not None and selected and len(result.emails or []) == len(before):
            result.emails = change(before, result.emails)
        return result


@defect("filter-replaces-first-only", breaks=["RFC7644-3.5.2.3-06"], presets=FULL)
def only_the_first_match_is_changed(behaviour: Behaviour) -> None:
    """A replace through a filter changes the first value that matches and no other"""

    def first(before: list[Any], after: list[Any]) -> list[Any]:
        changed = [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        return [before[i] if i in changed[1:] else new for i, new in enumerate(after)]

    after_patch(behaviour, first)


@defect("filter-replace-drops-others", breaks=["RFC7644-3.5.2.3-07", "RFC7644-3.5.2.2-05"], presets=FULL)
def values_that_do_not_match_are_dropped(behaviour: Behaviour) -> None:
    """A change through a filter drops the values that do not match"""
    after_patch(behaviour, lambda before, after: [n for o, n in zip(before, after, strict=True) if o != n] or after)


@defect("filter-remove-takes-all", breaks=["RFC7644-3.5.2.2-04", "RFC7644-3.5.2.2-07"], presets=FULL)
def removing_through_a_filter_takes_all(behaviour: Behaviour) -> None:
    """A remove through a filter takes the whole list away"""
    rewritten(behaviour, lambda o: [o | {"path": "emails"}] if is_op(o, "remove", r"emails\[.*\]") else [o])


@defect("list-remove-ignored", breaks=["RFC7644-3.5.2.2-03"], presets=FULL)
def a_list_cannot_be_removed(behaviour: Behaviour) -> None:
    """Removing all mail addresses is confirmed and does nothing"""
    answered(behaviour, "remove", "emails", lambda: Response(204))


@defect("part-remove-takes-the-value", breaks=["RFC7644-3.5.2.2-05"], presets=FULL)
def removing_a_part_takes_the_whole(behaviour: Behaviour) -> None:
    """Removing a part of a value removes the whole value"""

    def whole(operation: Operation) -> list[Operation]:
        if not is_op(operation, "remove", r"emails\[.*\]\.\w+|name\.\w+"):
            return [operation]
        return [operation | {"path": str(operation["path"]).rpartition(".")[0]}]

    rewritten(behaviour, whole)


@defect("complex-add-replaces", breaks=["RFC7644-3.5.2.1-05"], presets=FULL)
def adding_a_part_drops_the_others(behaviour: Behaviour) -> None:
    """An add on the name drops the parts that it does not hold"""
    rewritten(behaviour, lambda o: [{"op": "remove", "path": "name"}, o] if is_op(o, "add", "name") else [o])


@defect("complex-replace-drops-parts", breaks=["RFC7644-3.5.2.3-05"], presets=FULL)
def replacing_a_part_drops_the_others(behaviour: Behaviour) -> None:
    """A replace of the name drops the parts that it does not hold"""
    rewritten(behaviour, lambda o: [{"op": "remove", "path": "name"}, o] if is_op(o, "replace", "name") else [o])


@defect("add-needs-a-value", breaks=["RFC7644-3.5.2.1-06"], presets=FULL)
def nothing_can_be_added_where_nothing_is(behaviour: Behaviour) -> None:
    """An add on an attribute without a value is refused"""
    answered(behaviour, "add", "title", lambda: error(400, "There is no such value", "noTarget"))


UNMATCHED = r'emails\[type eq "(none|other)"\]\.value'


@defect("filter-creates-on-replace", breaks=["RFC7644-3.5.2.3-08"], presets=FULL)
def replacing_what_is_not_there_creates_it(behaviour: Behaviour) -> None:
    """A replace through a filter that matches nothing creates the value, as Entra ID expects"""

    def created(operation: Operation) -> list[Operation]:
        if not is_op(operation, "replace", r'emails\[type eq "none"\]\.value'):
            return [operation]
        return [{"op": "add", "path": "emails", "value": [{"type": "none", "value": operation["value"]}]}]

    rewritten(behaviour, created)


@defect("filter-add-silent", breaks=["ENTRA-10"], presets=FULL)
def adding_what_does_not_match_is_confirmed(behaviour: Behaviour) -> None:
    """An add through a filter that matches nothing is confirmed and stores nothing"""
    answered(behaviour, "add", UNMATCHED, lambda: Response(204))


@defect("filter-add-500", breaks=["RFC7644-3.5.2.1-09", "RFC7644-3.12-07"], presets=FULL)
def adding_what_does_not_match_breaks_the_server(behaviour: Behaviour) -> None:
    """An add through a filter that matches nothing ends in a 500"""
    answered(behaviour, "add", UNMATCHED, lambda: error(500, "Internal error"))


@defect("dotted-names-ignored", breaks=["RFC7644-3.5.2.3-11"], presets=FULL)
def dotted_names_are_read_over(behaviour: Behaviour) -> None:
    """A dotted name in a value without a path is confirmed and not stored"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        keys = [k for o in operations(request) if isinstance(o.get("value"), dict) for k in o["value"]]
        return Response(204) if is_resource(request, "PATCH") and any("." in k for k in keys) else None


@defect("schemas-cannot-be-added", breaks=["RFC7644-3.5.2-21"], presets=FULL)
def an_extension_cannot_be_added(behaviour: Behaviour) -> None:
    """A PATCH that adds an extension to schemas is refused"""
    answered(behaviour, "add", "schemas", lambda: error(400, "schemas cannot be changed", "mutability"))


@defect("plain-value-filter-500", breaks=["RFC7644-3.5.2-22", "RFC7644-3.12-07"], presets=FULL)
def a_filter_on_plain_values_breaks_the_server(behaviour: Behaviour) -> None:
    """A path that filters a list of plain values ends in a 500"""
    answered(behaviour, "remove", r"schemas\[.*\]", lambda: error(500, "Internal error"))


@defect("taken-name-stored", breaks=["RFC7644-3.5.2-20", "RFC7644-3.5.1-08"], presets=FULL)
def a_name_can_be_taken_over(behaviour: Behaviour) -> None:
    """A change of the user name to that of somebody else is stored"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, resource: Any, version: Any) -> Any:
        try:
            return proceed(desk, kind, resource, version)
        except UniquenessException:
            resource.user_name += "\u200b"
            return proceed(desk, kind, resource, version)


@defect("put-null-refused", breaks=["RFC7644-3.5.1-07"], presets=FULL)
def null_in_a_put_is_refused(behaviour: Behaviour) -> None:
    """A PUT with null for a title is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if is_resource(request, "PUT") else None
        empty = isinstance(body, dict) and "title" in body and body["title"] is None
        return error(400, "title must be a text", "invalidValue") if empty else None


@defect("put-without-name-accepted", breaks=["RFC7644-3.5.1-05"], presets=FULL)
def a_put_without_the_name_is_carried_out(behaviour: Behaviour) -> None:
    """A PUT without userName is carried out"""

    @on_request(behaviour)
    def completed(request: Request) -> Request | None:
        body = request.json if is_resource(request, "PUT") else None
        if not isinstance(body, dict) or "userName" in body:
            return None
        server = behaviour.server
        same = [p for p in server.people_of(None).all(server.user_type) if request.path.endswith(str(p.id))]
        if not same:
            return None
        named = body | {"userName": getattr(same[0], "user_name")}  # noqa: B009 - the model is made at run time
        return replace(request, body=json.dumps(named).encode())


def publish_title_immutable(behaviour: Behaviour) -> None:
    @on_discovery(behaviour, "Schemas")
    def published(document: dict[str, Any]) -> None:
        for schema in document.get("Resources", [document]):
            for attribute in schema.get("attributes", []):
                if attribute["name"] == "title":
                    attribute["mutability"] = "immutable"


@defect("immutable-not-kept", breaks=["RFC7644-3.5.1-03"], presets=FULL)
def an_immutable_value_can_be_changed(behaviour: Behaviour) -> None:
    """title is published as immutable, and a PUT changes it all the same"""
    publish_title_immutable(behaviour)


@defect("immutable-first-value-lost", breaks=["RFC7644-3.5.2-07"], presets=FULL)
def an_immutable_attribute_loses_its_first_value(behaviour: Behaviour) -> None:
    """title is published as immutable, and an add is confirmed and not stored"""
    publish_title_immutable(behaviour)
    answered(behaviour, "add", "title", lambda: Response(204))
