"""Wrongs in writing people, where a service lets clients do it."""

from __future__ import annotations

import datetime
from typing import Any

from scim2_models import UniquenessException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.schemas import on_attributes
from reference_server.defects.tools import is_collection, is_resource, on_answer, on_reply, operations
from reference_server.http import Request, Response, error
from reference_server.presets.provider import ENTERPRISE

FULL = ["full"]


def later(response: Response, **by: int) -> None:
    """Let a person in a reply be changed a while after its creation."""
    meta = response.document["meta"]
    created = datetime.datetime.fromisoformat(meta["created"])
    changed = created.replace(microsecond=1) + datetime.timedelta(**by)
    meta["lastModified"] = changed.isoformat().replace("+00:00", "Z")


@defect("created-is-changed", breaks=["RFC7643-3.1-15"], presets=FULL)
def somebody_new_was_changed(behaviour: Behaviour) -> None:
    """Somebody who was just created was last changed a minute later"""

    @on_reply(behaviour)
    def changed(request: Request, response: Response) -> None:
        if is_collection(request, "POST") and response.status == 201:
            later(response, minutes=1)


@defect("created-is-changed-slightly", breaks=["HTTP-TIME-02"], presets=FULL)
def somebody_new_was_changed_a_moment_later(behaviour: Behaviour) -> None:
    """created and lastModified of somebody new differ by microseconds"""

    @on_reply(behaviour)
    def changed(request: Request, response: Response) -> None:
        if is_collection(request, "POST") and response.status == 201:
            later(response)


@defect("id-given-out-again", breaks=["RFC7643-3.1-07"], presets=FULL)
def an_id_is_given_out_again(behaviour: Behaviour) -> None:
    """Whoever is created with the user name of somebody deleted gets the old id"""
    known: dict[str, str] = {}

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
        person: dict[str, Any] = proceed(request, resource)
        name = str(person.get("userName", "")).casefold()
        if is_collection(request, "POST") and name:
            person["id"] = known.setdefault(name, str(person.get("id")))
        return person


@defect("user-name-taken-by-put", breaks=["RFC7643-7-U01"], presets=FULL)
def a_put_takes_a_user_name(behaviour: Behaviour) -> None:
    """A PUT with the user name of somebody else ends in a 500"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, resource: Any, version: Any) -> Any:
        try:
            return proceed(desk, kind, resource, version)
        except UniquenessException as problem:
            raise RuntimeError("duplicate key value violates unique constraint") from problem


@defect("shared-external-id-500", breaks=["RFC7643-3.1-11", "RFC7644-3.12-07"], presets=FULL)
def a_shared_external_id_breaks_the_server(behaviour: Behaviour) -> None:
    """A PATCH with the externalId of somebody else ends in a 500"""
    given: set[str] = set()

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json
        if is_collection(request, "POST") and isinstance(body, dict):
            given.add(str(body.get("externalId")))
        taken = [o for o in operations(request) if o.get("path") == "externalId" and str(o.get("value")) in given]
        return error(500, "duplicate key") if taken and is_resource(request, "PATCH") else None


@defect("odd-mail-type-500", breaks=["RFC7643-4.1.2-03", "RFC7644-3.12-07"], presets=FULL)
def an_unknown_kind_of_address_breaks_the_server(behaviour: Behaviour) -> None:
    """An e-mail address of an unknown type ends in a 500"""
    on_answer(behaviour)(lambda r: error(500, "KeyError: 'pigeon'") if b'"pigeon"' in r.body else None)


@defect("manager-name-stored", breaks=["RFC7643-4.3-04"], presets=FULL)
def the_name_of_a_manager_is_stored(behaviour: Behaviour) -> None:
    """displayName of a manager is taken from the client"""
    named: dict[str, str] = {}

    @on_reply(behaviour)
    def shown(request: Request, response: Response) -> None:
        body = request.json if is_resource(request, "PUT") else None
        told = (body.get(ENTERPRISE) or {}).get("manager") if isinstance(body, dict) else None
        if isinstance(told, dict) and told.get("displayName"):
            named[request.path] = told["displayName"]
        person = response.document if isinstance(response.document, dict) else {}
        manager = (person.get(ENTERPRISE) or {}).get("manager")
        if request.path in named and isinstance(manager, dict):
            manager["displayName"] = named[request.path]


@defect("extension-not-named", breaks=["RFC7643-4.3-07"], presets=FULL)
def an_extension_is_not_named(behaviour: Behaviour) -> None:
    """Whoever gains an attribute of the extension by PATCH does not name it in schemas"""
    gained: set[str] = set()

    @on_reply(behaviour)
    def unnamed(request: Request, response: Response) -> None:
        if any(str(o.get("path", "")).startswith(ENTERPRISE) for o in operations(request)) and response.status == 200:
            gained.add(request.path)
        if request.path in gained and isinstance(response.document, dict) and "schemas" in response.document:
            response.document["schemas"] = [u for u in response.document["schemas"] if u != ENTERPRISE]


@defect("immutable-changes", breaks=["RFC7643-7-M02"], presets=FULL)
def what_is_immutable_changes(behaviour: Behaviour) -> None:
    """title is published as immutable, and a PUT changes it"""
    on_attributes(behaviour, lambda attribute: attribute.update(mutability="immutable"), "title")
