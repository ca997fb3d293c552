"""Detours that lead nowhere: redirects, /Me, searches and answers that come later."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, is_resource, is_scim, on_answer, on_discovery, on_reply, parts
from reference_server.http import Request, Response, error
from reference_server.routes import BASE_PATH

FULL = ["full"]
LATER = ["interop"]
"""Where answers may come later: strict clients cannot read what RFC 9967 adds to the configuration of ``full``."""


@defect("slash-redirect-to-the-list", breaks=["RFC7644-3.12-08"])
def a_slash_is_redirected_to_the_list(behaviour: Behaviour) -> None:
    """A write to an address with a slash at its end is redirected to the list of people"""

    @on_answer(behaviour)
    def sent_on(request: Request) -> Response | None:
        hit = is_resource(request, "PATCH") and request.path.endswith("/")
        return Response(308, None, {"Location": f"{request.origin}{BASE_PATH}/Users"}) if hit else None


@defect("filters-forbidden-everywhere", breaks=["RFC7644-7.5.2-01", "RFC7644-3.4.2.2-01", "PROF-D-22"])
def filters_are_sensitive(behaviour: Behaviour) -> None:
    """A filter is a 403 in an address, and in a search request too"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        body = request.json if request.method == "POST" and parts(request)[-1:] == (".search",) else {}
        filters = "filter" in request.query or (isinstance(body, dict) and "filter" in body)
        return error(403, "Too sensitive", "sensitive") if at(request, "Users") and filters else None


def is_me(request: Request) -> bool:
    return request.method == "GET" and at(request, "Me")


@defect("me-without-location", breaks=["RFC7644-3.11-03"], presets=FULL)
def me_has_no_address(behaviour: Behaviour) -> None:
    """/Me answers with a person and without a Location"""
    on_reply(behaviour)(lambda request, response: response.headers.pop("Location", None) if is_me(request) else None)


@defect("me-redirects-nowhere", breaks=["RFC7644-3.11-02"], presets=FULL)
def me_leads_to_nobody(behaviour: Behaviour) -> None:
    """/Me redirects to an address where nobody is"""
    nobody = f"{BASE_PATH}/Users/nobody"
    on_answer(behaviour)(lambda r: Response(308, None, {"Location": r.origin + nobody}) if is_me(r) else None)


@defect("async-kind-unknown", breaks=["RFC9967-4-01"], presets=LATER)
def the_kind_of_later_answers_is_a_word_of_its_own(behaviour: Behaviour) -> None:
    """securityEvents.asyncRequest is true in place of none, long or request"""
    on_discovery(behaviour, "ServiceProviderConfig")(lambda d: d["securityEvents"].update(asyncRequest=True))


def asks_later(request: Request) -> bool:
    return "respond-async" in request.header("Prefer")


@defect("async-refused", breaks=["RFC9967-2.5.1.1-01"], presets=LATER)
def later_answers_are_refused(behaviour: Behaviour) -> None:
    """The wish for a later answer is a 400 although the configuration announces it"""
    on_answer(behaviour)(lambda request: error(400, "Prefer is not supported") if asks_later(request) else None)


def on_202(behaviour: Behaviour, change: Any) -> None:
    on_reply(behaviour)(lambda _request, response: change(response) if response.status == 202 else None)


@defect("async-202-with-body", breaks=["RFC9967-2.5.1.1-02"], presets=LATER)
def a_202_says_something(behaviour: Behaviour) -> None:
    """A 202 has a body"""
    on_202(behaviour, lambda r: Response(202, {"status": "accepted"}, r.headers))


@defect("async-one-transaction", breaks=["RFC9967-3-01"], presets=LATER)
def all_transactions_are_one(behaviour: Behaviour) -> None:
    """Every 202 names the same transaction"""
    on_202(behaviour, lambda response: response.headers.update({"Set-Txn": "1"}))


@defect("async-without-location", breaks=["RFC9967-2.5.1.1-03"], presets=LATER)
def a_202_leads_nowhere(behaviour: Behaviour) -> None:
    """A 202 does not say where the result will be"""
    on_202(behaviour, lambda response: response.headers.pop("Location"))


@defect("async-does-not-wait", breaks=["RFC9967-2.5.1.1-04"], presets=LATER)
def nobody_waits(behaviour: Behaviour) -> None:
    """A client that would wait ten seconds gets a 202 at once"""

    @on_reply(behaviour)
    def put_off(request: Request, _response: Response) -> Response | None:
        headers = {"Set-Txn": "w", "Preference-Applied": "respond-async", "Location": request.origin + request.path}
        return Response(202, None, headers) if "wait=" in request.header("Prefer") else None


@defect("async-result-open", breaks=["RFC9967-5-01"], presets=LATER)
def results_are_shown_to_everybody(behaviour: Behaviour) -> None:
    """The result of an asynchronous request is shown without a key"""

    @behaviour.respond.around
    def shown(proceed: Any, request: Request) -> Any:
        if is_scim(request) and parts(request)[:1] == ("AsyncResults",) and not request.header("Authorization"):
            return Response(200, {"status": "done"})
        return proceed(request)


@defect("cache-public", breaks=["SEC-CACHE-01"])
def people_may_be_cached_by_anybody(behaviour: Behaviour) -> None:
    """Answers about people may be kept by shared caches"""
    on_reply(behaviour)(lambda _r, response: response.headers.update({"Cache-Control": "public, max-age=300"}))
