"""Ways around a refusal, and addresses that behave oddly."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.creation import NO_CREATE, really_make
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    READS,
    at,
    is_collection,
    is_resource,
    is_scim,
    on_answer,
    on_reply,
    on_request,
)
from reference_server.http import Request, Response, error
from reference_server.routes import BASE_PATH

BULK = ["RFC7644-3.7-01", "RFC7644-3.7-02"]


@defect("me-200", breaks=["RFC7644-3.11-01", "RFC7644-3.11-04"])
def me_is_somebody(behaviour: Behaviour) -> None:
    """GET /Me shows the first person of the tenant"""
    on_answer(behaviour)(
        lambda r: (
            Response(200, {"schemas": [], "id": "me", "userName": "admin"})
            if r.method == "GET" and at(r, "Me")
            else None
        )
    )


@defect("me-side-door", breaks=["RFC7644-3.11-04"], presets=NO_CREATE)
def me_can_be_written(behaviour: Behaviour) -> None:
    """Every write on /Me is confirmed"""
    on_answer(behaviour)(lambda r: Response(204) if r.method not in READS and at(r, "Me") else None)


@defect("me-500", breaks=["RFC7644-3.11-01", "RFC7644-3.12-07"])
def me_breaks_the_server(behaviour: Behaviour) -> None:
    """GET /Me ends in a 500"""
    on_answer(behaviour)(lambda request: error(500, "AttributeError") if at(request, "Me") else None)


@defect("bulk-side-door", breaks=[*BULK, "PROF-D-01", "MB-2"], presets=NO_CREATE)
def bulk_creates_what_is_refused(behaviour: Behaviour) -> None:
    """A bulk request creates people although a single one may not, and bulk is not offered"""

    @on_answer(behaviour)
    def answered(request: Request) -> Response | None:
        if not is_collection(request, "POST", "Bulk"):
            return None
        body = request.json if isinstance(request.json, dict) else {}
        operations = [o for o in body.get("Operations") or [] if isinstance(o, dict)]
        for operation in operations:
            really_make(behaviour, replace(request, body=json.dumps(operation.get("data")).encode()))
        done = [{"method": o.get("method"), "status": "201"} for o in operations]
        return Response(200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": done})


@defect("bulk-500", breaks=["RFC7644-3.7-01", "RFC7644-3.12-07"], presets=NO_CREATE)
def bulk_breaks_the_server(behaviour: Behaviour) -> None:
    """A bulk request ends in a 500 where bulk is not offered"""
    on_answer(behaviour)(lambda request: error(500, "Not implemented") if at(request, "Bulk") else None)


@defect("method-override-honoured", breaks=["SEC-OVERRIDE-01"])
def a_header_changes_the_method(behaviour: Behaviour) -> None:
    """X-HTTP-Method-Override turns a POST into any other method"""

    @on_request(behaviour)
    def overridden(request: Request) -> Request | None:
        wanted = request.header("X-HTTP-Method-Override") or request.query.get("_method", "")
        return replace(request, method=wanted.upper()) if wanted and request.method == "POST" else None


@defect("path-case-side-door", breaks=["PROF-D-01", "PROF-D-14"], presets=NO_CREATE)
def another_spelling_is_another_rule(behaviour: Behaviour) -> None:
    """POST /users in small letters is not refused like POST /Users but confirmed"""
    on_answer(behaviour)(
        lambda r: Response(201, {"id": "0"}) if r.method == "POST" and r.path.endswith("/users") else None
    )


@defect("cors-wildcard", breaks=["SEC-CORS-01"])
def every_web_page_may_ask(behaviour: Behaviour) -> None:
    """Replies let every web page read them with the user's credentials"""
    allow = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}
    on_reply(behaviour)(lambda _request, response: response.headers.update(allow))


@defect("any-version-served", breaks=["RFC7644-3.13-02"], source="double-v2-corrected-by-admin")
def every_version_is_the_same(behaviour: Behaviour) -> None:
    """A version that does not exist is served like version 2"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        plain = request.path.replace("/scim/v9", BASE_PATH).replace(f"{BASE_PATH}/v9", BASE_PATH)
        return proceed(replace(request, path=plain))


@defect("trailing-slash-404", breaks=["MB-7", "RFC7644-1.3-01"], source="base-url-trailing-slash")
def a_slash_too_many_is_not_found(behaviour: Behaviour) -> None:
    """A doubled or trailing slash in the address is a 404"""

    @on_answer(behaviour)
    def missed(request: Request) -> Response | None:
        return error(404, "Not found") if "//" in request.path or request.path.endswith("/") else None


@defect("head-405", breaks=["RFC9110-9.1-01", "HTTP-HEAD-01"])
def head_is_not_served(behaviour: Behaviour) -> None:
    """HEAD is a 405"""
    allow = {"Allow": "GET"}
    on_answer(behaviour)(lambda r: error(405, "Method not allowed", headers=allow) if r.method == "HEAD" else None)


@defect("head-404", breaks=["RFC9110-9.1-01"])
def head_finds_nothing(behaviour: Behaviour) -> None:
    """HEAD is always a 404"""
    on_answer(behaviour)(lambda request: error(404, "Not found") if request.method == "HEAD" else None)


@defect("redirects-to-slash", breaks=["RFC7644-1.3-01", "RFC7644-3.2-01", "MB-7"], source="base-url-trailing-slash")
def every_address_needs_a_slash(behaviour: Behaviour) -> None:
    """Addresses without a trailing slash are a redirect, which loses the key and the body"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        bare = is_collection(request, request.method) and not request.path.endswith("/")
        return Response(301, None, {"Location": f"{request.origin}{request.path}/"}) if bare else proceed(request)


@defect("server-error-once-in-a-while", breaks=["RFC7644-3.12-07", "PROF-D-07"], source="mass-unassign-burst")
def every_fifth_write_fails(behaviour: Behaviour) -> None:
    """Every third PATCH ends in a 500 and is not carried out"""
    count = [0]

    @on_answer(behaviour)
    def failed(request: Request) -> Response | None:
        count[0] += is_resource(request, "PATCH")
        return error(500, "deadlock detected") if is_resource(request, "PATCH") and count[0] % 3 == 0 else None


@defect("429-without-wait", breaks=["SEC-RATE-01"], source="429-shared-bucket")
def too_many_requests_without_a_hint(behaviour: Behaviour) -> None:
    """After forty requests every third one is a 429 without Retry-After, in plain text"""
    count = [0]

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        count[0] += is_scim(request)
        limited = is_scim(request) and count[0] > 40 and count[0] % 3 == 0
        return Response(429, None, {"Content-Type": "text/plain"}, b"slow down") if limited else proceed(request)


@defect("prefer-async-honoured", breaks=["RFC9967-2.5.1.1-05"])
def a_preference_makes_it_asynchronous(behaviour: Behaviour) -> None:
    """Prefer: respond-async brings a 202, and the change is never made"""
    on_answer(behaviour)(lambda request: Response(202) if "respond-async" in request.header("Prefer") else None)


@defect("if-match-500", breaks=["RFC7644-3.14-10", "RFC7644-3.12-07"])
def a_condition_breaks_the_server(behaviour: Behaviour) -> None:
    """An If-Match header ends in a 500"""
    on_answer(behaviour)(lambda request: error(500, "No version column") if request.header("If-Match") else None)


@defect("injection-in-id", breaks=["RFC7644-7.7-01", "RFC7644-3.12-07", "SEC-ERR-01"])
def an_id_reaches_the_database(behaviour: Behaviour) -> None:
    """An apostrophe in an id ends in a 500 that shows the SQL"""
    shown = "ProgrammingError: unterminated quoted string [SQL: SELECT * FROM users WHERE id = ''']"
    on_answer(behaviour)(lambda request: error(500, shown) if at(request, "Users") and "'" in request.path else None)
