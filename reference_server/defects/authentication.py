"""Keys that open what they should not, and refusals that do not say why."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from scim2_models import NotFoundException

from reference_server.admission import Caller, Unauthorized
from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, html, is_collection, on_reply
from reference_server.http import Request, Response, error

OPEN = ["RFC7644-2-02", "RFC7644-2-01", "MB-4"]


def also_admit(behaviour: Behaviour, when: Any) -> None:
    """Let somebody in whom the server would turn away, when ``when(request)`` is true: as the first tenant there is."""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        try:
            return proceed(request)
        except Unauthorized:
            if not when(request):
                raise
            return Caller(behaviour.server.credentials.tenants()[0], "nobody")


def token(request: Request) -> str:
    return request.header("Authorization").partition(" ")[2].strip()


def scheme(request: Request) -> str:
    return request.header("Authorization").strip().partition(" ")[0].lower()


@defect("empty-bearer-accepted", breaks=[*OPEN, "RFC6750-3-01"], source="empty-bearer-accepted")
def an_empty_key_opens(behaviour: Behaviour) -> None:
    """The word Bearer without any key lets everybody in"""
    also_admit(behaviour, lambda request: scheme(request) == "bearer" and not token(request))


@defect("any-bearer-accepted", breaks=[*OPEN, "RFC6750-3-01", "RFC6750-3-03"], source="any-bearer-accepted")
def any_key_opens(behaviour: Behaviour) -> None:
    """Any text behind the word Bearer lets everybody in"""
    also_admit(behaviour, lambda request: scheme(request) == "bearer" and bool(token(request)))


@defect("short-key-accepted", breaks=[*OPEN, "RFC6750-3-03"], source="token-compare-timing")
def the_beginning_of_a_key_opens(behaviour: Behaviour) -> None:
    """Only the first letters of a key are compared, so a key that is cut short opens"""
    issued: list[str] = []

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        if any(token(request)[:12] == known[:12] and len(token(request)) >= 12 for known in issued):
            return Caller(behaviour.server.credentials.tenants()[0], "nobody")
        caller = proceed(request)
        issued.append(token(request))
        return caller


@defect("no-key-opens-reads", breaks=OPEN, source="no-auth-mode-is-admin")
def reading_needs_no_key(behaviour: Behaviour) -> None:
    """Everybody may read without any key"""
    also_admit(behaviour, lambda request: request.method in ("GET", "HEAD") and not request.header("Authorization"))


@defect("no-key-opens-writes", breaks=["RFC7644-2-02", "AUTH-ORDER-01", "MB-4"], source="no-auth-mode-is-admin")
def writing_needs_no_key(behaviour: Behaviour) -> None:
    """PATCH and PUT are carried out without any key"""
    also_admit(behaviour, lambda request: request.method in ("PATCH", "PUT") and not request.header("Authorization"))


@defect("query-token-accepted", breaks=["RFC6750-2.3-01"])
def a_key_in_the_address_opens(behaviour: Behaviour) -> None:
    """A key in the parameter access_token opens"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        inside = request.query.get("access_token")
        if inside and not request.header("Authorization"):
            request = replace(request, headers={**request.headers, "authorization": f"Bearer {inside}"})
        return proceed(request)


@defect("basic-accepted", breaks=["AUTH-BASIC-01"])
def a_password_opens(behaviour: Behaviour) -> None:
    """The scheme Basic opens with any password, although it is not offered"""
    also_admit(behaviour, lambda request: scheme(request) == "basic" and _is_a_password(token(request)))


def _is_a_password(text: str) -> bool:
    """Whether a text is a name and a password in base64; a key never is, whatever its letters happen to be."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return decoded.isascii() and b":" in decoded


@defect("bearer-case-counts", breaks=["RFC6750-2.1-02"])
def the_letter_case_of_the_scheme_counts(behaviour: Behaviour) -> None:
    """The scheme is only understood as Bearer, not as bearer or BEARER"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        if scheme(request) == "bearer" and not request.header("Authorization").strip().startswith("Bearer"):
            raise Unauthorized("Unknown scheme")
        return proceed(request)


@defect("bearer-not-needed", breaks=["MB-5", "AUTH-BASIC-01", "RFC6750-2.1-01"], source="bearer-prefix-missing")
def a_key_without_a_scheme_is_needed(behaviour: Behaviour) -> None:
    """Only the bare key without the word Bearer opens"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        value = request.header("Authorization").strip()
        bare = f"Bearer {value}" if value and " " not in value else f"Bearer {value.replace(' ', '')}"
        return proceed(replace(request, headers={**request.headers, "authorization": bare}))


@defect(
    "expired-key-accepted",
    breaks=["RFC6750-3.1-02", "RFC7644-2-02", "RFC7644-7.4-01", "MB-4"],
    source="token-never-expires-or-rotates",
)
def an_expired_key_opens(behaviour: Behaviour) -> None:
    """A key goes on opening after it has expired"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        key = behaviour.server.credentials.recognise(token(request))
        return (
            Caller(key.tenant_id, key.id, key.reads_only)
            if key is not None and key.revoked_at is None
            else proceed(request)
        )


@defect(
    "revoked-key-accepted", breaks=["RFC6750-3.1-02", "RFC7644-2-02", "MB-9"], source="token-never-expires-or-rotates"
)
def a_revoked_key_opens(behaviour: Behaviour) -> None:
    """A key goes on opening after it was revoked"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        key = behaviour.server.credentials.recognise(token(request))
        return (
            Caller(key.tenant_id, key.id, key.reads_only)
            if key is not None and key.expires_at is None
            else proceed(request)
        )


@defect("session-opens-scim", breaks=["RFC7644-2-03", "MB-4"], source="user-jwt-passes-as-scim-token")
def a_persons_session_is_a_key(behaviour: Behaviour) -> None:
    """The session or personal token of any employee opens the SCIM service"""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Any:
        grant = behaviour.server.sessions.use(token(request))
        return proceed(request) if grant is None else Caller(grant.tenant, "nobody")


TENANTS = ["RFC7644-6-01", "RFC7644-6-02", "RFC7644-6-03", "MB-4"]


@defect("token-tenant-ignored", breaks=TENANTS, source="token-tenant-ignored")
def the_tenant_of_a_key_does_not_count(behaviour: Behaviour) -> None:
    """The key of one tenant reads and deactivates the people of all tenants"""
    behaviour.scope.instead(lambda _caller: None)


@defect("foreign-id-403", breaks=["SEC-TENANT-01"], source="token-tenant-ignored")
def foreign_people_are_forbidden_not_missing(behaviour: Behaviour) -> None:
    """The id of another tenant's person is a 403, which tells that the person exists"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except NotFoundException:
            behaviour.server.people_of(None).get(behaviour.server.user_type, call.route.id)
            return error(403, "This user belongs to another tenant")


def on_401(behaviour: Behaviour, change: Any) -> None:
    on_reply(behaviour)(lambda request, response: change(request, response) if response.status == 401 else None)


@defect("401-without-challenge", breaks=["RFC7644-2-01", "RFC6750-3-01"], source="bearer-prefix-missing")
def a_401_names_no_scheme(behaviour: Behaviour) -> None:
    """A 401 has no WWW-Authenticate header"""
    on_401(behaviour, lambda _request, response: response.headers.pop("WWW-Authenticate", None))


@defect("401-as-html", breaks=["RFC7644-3.12-A01", "RFC7644-3.12-01", "OKTA-04", "RFC7644-8.1-01"])
def a_401_is_a_web_page(behaviour: Behaviour) -> None:
    """A 401 is an HTML page"""

    def page(_request: Request, response: Response) -> Response:
        shown = html(401, "Unauthorized")
        shown.headers["WWW-Authenticate"] = response.headers["WWW-Authenticate"]
        return shown

    on_401(behaviour, page)


@defect("401-without-detail", breaks=["OKTA-04", "MB-7", "RFC7644-3.12-A01"], source="bearer-prefix-missing")
def a_401_says_nothing(behaviour: Behaviour) -> None:
    """A 401 has no detail"""
    on_401(behaviour, lambda _request, response: response.document.pop("detail"))


@defect("401-as-redirect", breaks=["RFC7644-2-01", "RFC7644-2-02", "OKTA-04", "MB-7"])
def a_401_leads_to_the_sign_in_page(behaviour: Behaviour) -> None:
    """Without a key, the answer is a redirect to the sign-in page"""
    on_401(behaviour, lambda _request, _response: Response(302, None, {"Location": "https://app.example/login"}))


@defect("401-basic-challenge", breaks=["RFC7644-2-04", "RFC6750-3-01"], source="basic-auth-expected")
def a_401_asks_for_a_password(behaviour: Behaviour) -> None:
    """A 401 announces the scheme Basic although keys are bearer tokens"""
    on_401(behaviour, lambda _r, response: response.headers.update({"WWW-Authenticate": 'Basic realm="scim"'}))


@defect("401-realm-twice", breaks=["RFC6750-3-02"])
def a_challenge_repeats_itself(behaviour: Behaviour) -> None:
    """The challenge of a 401 names its realm twice"""
    twice = {"WWW-Authenticate": 'Bearer realm="scim", realm="api"'}
    on_401(behaviour, lambda _request, response: response.headers.update(twice))


@defect("401-error-without-token", breaks=["RFC6750-3.1-01"])
def a_missing_key_is_called_invalid(behaviour: Behaviour) -> None:
    """The challenge says invalid_token although no token came"""
    said = {"WWW-Authenticate": 'Bearer realm="scim", error="invalid_token"'}
    on_401(behaviour, lambda _request, response: response.headers.update(said))


@defect("401-error-missing", breaks=["RFC6750-3-03"])
def an_unknown_key_is_not_called_invalid(behaviour: Behaviour) -> None:
    """The challenge has no error code although a wrong token came"""
    on_401(behaviour, lambda _r, response: response.headers.update({"WWW-Authenticate": 'Bearer realm="scim"'}))


@defect("wrong-key-403", breaks=["RFC7644-2-01", "RFC6750-3-01", "RFC6750-3.1-02", "MB-4"], source="plan-gate-403")
def a_wrong_key_is_forbidden(behaviour: Behaviour) -> None:
    """A missing or wrong key is a 403 instead of a 401"""
    on_401(behaviour, lambda _request, _response: error(403, "Forbidden"))


@defect("wrong-key-404", breaks=["RFC7644-2-01", "RFC7644-2-02", "MB-4"], source="wrong-region-host")
def a_wrong_key_is_not_found(behaviour: Behaviour) -> None:
    """A missing or wrong key is a 404, as if there were no service"""
    on_401(behaviour, lambda _request, _response: error(404, "Not found"))


@defect("wrong-key-500", breaks=["RFC7644-3.12-07", "RFC6750-3-01", "MB-4"])
def a_wrong_key_breaks_the_server(behaviour: Behaviour) -> None:
    """A key of an unknown form ends in a 500"""

    def broken(request: Request, _response: Response) -> Response | None:
        return error(500, "Invalid header padding") if token(request) else None

    on_401(behaviour, broken)


@defect("wrong-key-empty-list", breaks=["RFC7644-2-02", "RFC7644-2-01", "MB-7"], source="sso-url-pasted-as-scim-base")
def a_wrong_key_sees_an_empty_house(behaviour: Behaviour) -> None:
    """With a wrong key lists are empty instead of refused, so the connection test is green"""

    def emptied(request: Request, _response: Response) -> Response | None:
        schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        page = {"schemas": schemas, "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []}
        return Response(200, page) if is_collection(request, "GET") and token(request) else None

    on_401(behaviour, emptied)


@defect("method-before-key", breaks=["AUTH-ORDER-01"])
def the_method_is_judged_before_the_key(behaviour: Behaviour) -> None:
    """A request that is not served is refused as such even without a key"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        early = request.method in ("POST", "DELETE") and at(request, "Users", "Groups")
        if early and not request.header("Authorization"):
            return error(405, "Method not allowed", headers={"Allow": "GET, HEAD"})
        return proceed(request)


@defect("token-echoed", breaks=["RFC7643-9.2-01"], source="headers-and-bodies-logged")
def an_error_repeats_the_key(behaviour: Behaviour) -> None:
    """Error replies repeat the key that came with the request"""

    @on_reply(behaviour)
    def echoed(request: Request, response: Response) -> None:
        if response.status >= 400 and token(request) and isinstance(response.document, dict):
            response.document["detail"] = f"{response.document.get('detail')} (token {token(request)})"
