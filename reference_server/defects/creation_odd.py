"""Creations whose body can be read in more than one way, read in a wrong one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.creation_full import FULL
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_collection, on_answer, on_person, on_reply, on_request
from reference_server.http import Request, Response, error


def shown_as_posted(behaviour: Behaviour, *names: str) -> None:
    """Show each person with these members of the body that created them."""
    posted: dict[str, dict[str, Any]] = {}

    @on_request(behaviour)
    def noted(request: Request) -> None:
        body = request.json if is_collection(request, "POST") else None
        if isinstance(body, dict) and isinstance(body.get("userName"), str):
            posted[body["userName"]] = {n: body[n] for n in names if n in body}

    on_person(behaviour)(lambda person: person.update(posted.get(str(person.get("userName")), {})))


@defect("create-stores-unknown-schema", breaks=["RFC7644-3.3-10", "RFC7643-3-01", "RFC7643-7-01"], presets=FULL)
def any_extension_is_kept(behaviour: Behaviour) -> None:
    """An extension that the service does not have is kept and shown"""
    shown_as_posted(behaviour, "schemas", "urn:example:unknown:User")


@defect("create-stores-unknown-attribute", breaks=["RFC7644-3.3-11", "RFC7643-7-10"], presets=FULL)
def any_attribute_is_kept(behaviour: Behaviour) -> None:
    """An attribute that no schema has is kept and shown"""
    shown_as_posted(behaviour, "nosuch")


@defect("create-two-primaries", breaks=["RFC7644-3.3-12", "RFC7643-2.4-01"], presets=FULL)
def two_primary_addresses_are_kept(behaviour: Behaviour) -> None:
    """Two primary mail addresses in one body are both kept"""

    @on_request(behaviour)
    def passed(request: Request) -> Request | None:
        body = request.json if is_collection(request, "POST") else None
        mails = body.get("emails") if isinstance(body, dict) else None
        if (
            not isinstance(body, dict)
            or not isinstance(mails, list)
            or sum(m.get("primary") is True for m in mails) < 2
        ):
            return None
        one = [{k: v for k, v in m.items() if k != "primary"} for m in mails]
        return replace(request, body=json.dumps(body | {"emails": one}).encode())

    shown_as_posted(behaviour, "emails")


@defect("create-null-refused", breaks=["RFC7644-3.3-08"], presets=FULL)
def null_in_a_creation_is_refused(behaviour: Behaviour) -> None:
    """A creation with null for a title is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if is_collection(request, "POST") else None
        empty = isinstance(body, dict) and "title" in body and body["title"] is None
        return error(400, "title must be a text", "invalidValue") if empty else None


@defect("create-answers-another-default", breaks=["RFC7644-3.3-07"], presets=FULL)
def the_answer_shows_another_default(behaviour: Behaviour) -> None:
    """The 201 of a person whose state was left open shows inactive, and the person is active"""

    @on_reply(behaviour)
    def shown(request: Request, response: Response) -> None:
        left_open = is_collection(request, "POST") and isinstance(request.json, dict) and "active" not in request.json
        if left_open and response.status == 201:
            response.document["active"] = False


@defect("create-trusts-resource-type", breaks=["RFC7644-3.3.1-01", "RFC7643-6-05", "RFC7643-7-M01"], presets=FULL)
def the_client_chooses_the_kind(behaviour: Behaviour) -> None:
    """A created person is shown with the resourceType that the client sent"""

    @on_reply(behaviour)
    def chosen(request: Request, response: Response) -> None:
        body = request.json if is_collection(request, "POST") else None
        kind = body.get("meta", {}).get("resourceType") if isinstance(body, dict) else None
        if response.status == 201 and kind:
            response.document["meta"]["resourceType"] = kind
