"""Creations that go wrong where they are offered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from scim2_models import UniquenessException
from scim2_server.storage import SearchPage

from reference_server.behaviour import Behaviour
from reference_server.defects.creation import user_name
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_collection, on_answer, on_reply, on_request
from reference_server.http import Request, Response, error

FULL = ["full"]


def on_created(behaviour: Behaviour, change: Any) -> None:
    """Rewrite each 201 of POST /Users."""

    @on_reply(behaviour)
    def changed(request: Request, response: Response) -> Any:
        return change(response) if is_collection(request, "POST") and response.status == 201 else None


@defect("create-200", breaks=["RFC7644-3.3-02", "OKTA-05"], presets=FULL)
def a_creation_is_a_200(behaviour: Behaviour) -> None:
    """Creating a person is a 200 instead of a 201"""
    on_created(behaviour, lambda response: replace(response, status=200))


@defect("create-without-body", breaks=["RFC7644-3.3-03", "OKTA-05"], presets=FULL)
def a_created_person_is_not_shown(behaviour: Behaviour) -> None:
    """The 201 of a creation has no body"""
    on_created(behaviour, lambda response: replace(response, document=None))


@defect("create-without-location", breaks=["RFC7644-3.3-04"], presets=FULL)
def a_created_person_has_no_address(behaviour: Behaviour) -> None:
    """The 201 of a creation has no Location header"""
    on_created(behaviour, lambda response: response.headers.pop("Location"))


@defect("create-location-wrong", breaks=["RFC7644-3.3-04"], presets=FULL)
def a_created_person_is_elsewhere(behaviour: Behaviour) -> None:
    """The Location of a created person leads to nobody"""
    on_created(behaviour, lambda r: r.headers.update(Location=r.headers["Location"] + "0"))


@defect("create-duplicate-200", breaks=["RFC7644-3.3-05", "OKTA-05", "IOP-6.9.1-01"], presets=FULL)
def a_second_creation_is_the_first(behaviour: Behaviour) -> None:
    """Creating somebody who exists brings a 201 with the person who is there"""

    @behaviour.create.around
    def created(proceed: Any, desk: Any, kind: Any, resource: Any) -> Any:
        name = getattr(resource, "user_name", None)
        return (name and desk.storage.by_unique(kind, name)) or proceed(desk, kind, resource)


@defect("create-duplicate-400", breaks=["RFC7644-3.3-05", "OKTA-05"], presets=FULL)
def a_conflict_is_a_400(behaviour: Behaviour) -> None:
    """Creating somebody who exists is a 400 instead of a 409"""

    @behaviour.failure.around
    def failed(proceed: Any, exception: Exception) -> Any:
        return (
            error(400, "Duplicate", "uniqueness") if isinstance(exception, UniquenessException) else proceed(exception)
        )


@defect(
    "conflict-without-scimtype",
    breaks=["RFC7644-3.3-05", "RFC7644-3.12-05"],
    source="conflict-without-scimtype",
    presets=FULL,
)
def a_conflict_has_no_keyword(behaviour: Behaviour) -> None:
    """A 409 has no scimType"""
    on_reply(behaviour)(
        lambda _r, response: response.document.pop("scimType", None) if response.status == 409 else None
    )


@defect(
    "create-duplicate-500",
    breaks=["RFC7644-3.3-05", "RFC7644-3.12-07"],
    source="parallel-create-duplicate",
    presets=FULL,
)
def a_conflict_breaks_the_server(behaviour: Behaviour) -> None:
    """Creating somebody who exists ends in a 500"""

    @behaviour.failure.around
    def failed(proceed: Any, exception: Exception) -> Any:
        return error(500, "duplicate key") if isinstance(exception, UniquenessException) else proceed(exception)


@defect(
    "create-trusts-id", breaks=["RFC7643-3.1-04", "RFC7644-3.3-01"], source="numeric-externalid-hijack", presets=FULL
)
def a_client_chooses_the_id(behaviour: Behaviour) -> None:
    """A created person is shown with the id that the client sent"""

    @on_reply(behaviour)
    def chosen(request: Request, response: Response) -> None:
        body = request.json if is_collection(request, "POST") else None
        if response.status == 201 and isinstance(body, dict) and "id" in body:
            response.document["id"] = body["id"]


@defect("create-refuses-read-only", breaks=["RFC7644-3.3-01", "OKTA-05"], presets=FULL)
def read_only_values_in_a_creation_are_refused(behaviour: Behaviour) -> None:
    """A creation whose body holds id, meta or groups is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if is_collection(request, "POST") else None
        holds = isinstance(body, dict) and bool({"id", "meta", "groups"} & set(body))
        return error(400, "Read-only attribute", "mutability") if holds else None


@defect("create-without-name-accepted", breaks=["RFC7643-4.1.1-04", "RFC7643-4.1.1-01"], presets=FULL)
def somebody_without_a_name_is_created(behaviour: Behaviour) -> None:
    """A person can be created without a userName"""

    @on_answer(behaviour)
    def made(request: Request) -> Response | None:
        nameless = is_collection(request, "POST") and isinstance(request.json, dict) and not user_name(request)
        return (
            Response(201, {"schemas": request.json["schemas"], "id": "0"})
            if nameless and "schemas" in request.json
            else None
        )


@defect(
    "create-case-variant-accepted",
    breaks=["RFC7643-4.1.1-03", "RFC7643-4.1.1-02", "RFC7644-3.3-05"],
    source="case-variant-create",
    presets=FULL,
)
def the_same_name_in_capitals_is_another_person(behaviour: Behaviour) -> None:
    """The same userName in another letter case makes a second person"""

    @behaviour.create.around
    def created(proceed: Any, desk: Any, kind: Any, resource: Any) -> Any:
        try:
            return proceed(desk, kind, resource)
        except UniquenessException:
            if desk.storage.by_unique(kind, resource.user_name).user_name == resource.user_name:
                raise
            resource.user_name += "\u200b"
            return proceed(desk, kind, resource)


@defect("dedupe-on-email", breaks=["RFC7644-3.3-05", "RFC7644-3.3-02"], source="dedupe-on-email", presets=FULL)
def a_shared_mail_is_a_conflict(behaviour: Behaviour) -> None:
    """Creating somebody whose e-mail address another person has is a 409"""

    @behaviour.create.around
    def created(proceed: Any, desk: Any, kind: Any, resource: Any) -> Any:
        mails = {e.value for e in getattr(resource, "emails", None) or []}
        if any(e.value in mails for p in desk.storage.all(kind) for e in getattr(p, "emails", None) or []):
            raise UniquenessException(detail="The e-mail address is taken")
        return proceed(desk, kind, resource)


@defect("create-found-late", breaks=["STATE-04"], presets=FULL)
def a_created_person_is_found_late(behaviour: Behaviour) -> None:
    """The first lookups of a person after the creation find nobody: the index of the search lags behind"""
    behind: dict[str, int] = {}

    @behaviour.create.around
    def created(proceed: Any, desk: Any, kind: Any, resource: Any) -> Any:
        made = proceed(desk, kind, resource)
        behind[made.id] = 2
        return made

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        page = proceed(desk, kinds, request)
        late = {r.id for r in page.resources if request.filter is not None and behind.get(r.id, 0) > 0}
        behind.update({found: behind[found] - 1 for found in late})
        return SearchPage(page.total - len(late), [r for r in page.resources if r.id not in late])


@defect("create-accepts-any-type", breaks=["RFC7644-3.3-06"], presets=FULL)
def a_creation_is_not_looked_at(behaviour: Behaviour) -> None:
    """A creation with a number as userName is a 201: the number is made a text"""

    @on_request(behaviour)
    def cast(request: Request) -> Request | None:
        body = request.json
        number = isinstance(body, dict) and isinstance(body.get("userName"), int)
        if not number or not is_collection(request, "POST"):
            return None
        return replace(request, body=json.dumps({**body, "userName": str(body["userName"])}).encode())
