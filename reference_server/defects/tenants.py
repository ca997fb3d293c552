"""Tenants and keys that are not kept apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, is_collection, on_answer, on_reply
from reference_server.http import Request, Response, error


@defect("lists-show-all-tenants", breaks=["RFC7644-6-03"])
def lists_reach_over_tenants(behaviour: Behaviour) -> None:
    """Lists and filters show the people of every tenant"""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        everybody = behaviour.server.people_of(None)
        return proceed(replace(desk, storage=everybody), kinds, request)


@defect("foreign-write-applied", breaks=["RFC7644-6-02"])
def writes_reach_over_tenants(behaviour: Behaviour) -> None:
    """A PATCH, PUT or DELETE reaches people of other tenants"""

    @behaviour.scope.around
    def scoped(proceed: Any, caller: Any) -> Any:
        return None if writing else proceed(caller)

    writing: list[bool] = []

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        if request.method in ("PATCH", "PUT", "DELETE") and at(request, "Users"):
            writing.append(True)
        try:
            return proceed(request)
        finally:
            writing.clear()


@defect("user-names-unique-over-tenants", breaks=["RFC7644-6-05"], presets=["full"])
def a_name_is_taken_by_another_tenant(behaviour: Behaviour) -> None:
    """A user name that another tenant uses is a conflict"""

    @on_answer(behaviour)
    def taken(request: Request) -> Response | None:
        body = request.json if is_collection(request, "POST") else None
        name = body.get("userName") if isinstance(body, dict) else None
        server = behaviour.server
        people = server.people_of(None).all(server.user_type) if isinstance(name, str) else []
        there = any(str(getattr(p, "user_name", "")).lower() == str(name).lower() for p in people)
        return error(409, "This userName is taken", "uniqueness") if there else None


@defect("limited-key-writes", breaks=["RFC7644-2-03"])
def a_key_that_may_only_read_writes(behaviour: Behaviour) -> None:
    """A key that may only read can write"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        return replace(proceed(request), reads_only=False)


@defect("limited-key-refused-as-unknown", breaks=["RFC6750-3.1-03"])
def a_limited_key_is_called_unknown(behaviour: Behaviour) -> None:
    """A key that may only read is refused with a 401 when it writes"""

    @on_reply(behaviour)
    def refused(_request: Request, response: Response) -> Response | None:
        limited = response.status == 403 and "insufficient_scope" in response.headers.get("WWW-Authenticate", "")
        return error(401, "Unauthorized", headers={"WWW-Authenticate": "Bearer"}) if limited else None


@defect("expired-key-without-reason", breaks=["RFC6750-3.1-02"])
def a_worn_key_gets_no_reason(behaviour: Behaviour) -> None:
    """A key that has run out or was revoked is a 403 without a reason"""

    @on_reply(behaviour)
    def refused(_request: Request, response: Response) -> Response | None:
        detail = str(response.document.get("detail")) if isinstance(response.document, dict) else ""
        worn = response.status == 401 and ("expired on" in detail or "was revoked" in detail)
        return error(403, "Forbidden") if worn else None
