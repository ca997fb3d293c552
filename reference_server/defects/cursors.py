"""Pages by cursor that cannot be followed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scim2_models import SCIMException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.searching import in_search
from reference_server.defects.tools import is_collection, on_answer, on_discovery, on_list, on_request, with_query
from reference_server.http import Request, Response, error

FULL = ["full"]


def asks(request: Request) -> bool:
    return is_collection(request, "GET") and "cursor" in request.query


def on_page(behaviour: Behaviour, change: Any) -> None:
    """Alter each page by cursor, in place."""

    @on_list(behaviour)
    def altered(request: Request, page: dict[str, Any]) -> None:
        if asks(request):
            change(request, page)


@defect("cursor-empty-refused", breaks=["RFC9865-2-01"], presets=FULL)
def an_empty_cursor_is_refused(behaviour: Behaviour) -> None:
    """A cursor without a value is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        empty = asks(request) and not request.query["cursor"]
        return error(400, "Unknown cursor", "invalidCursor") if empty else None


@defect("cursor-never-ends", breaks=["RFC9865-2-02"], presets=FULL)
def the_last_page_leads_on(behaviour: Behaviour) -> None:
    """The last page has a nextCursor too"""
    on_page(behaviour, lambda request, page: page.setdefault("nextCursor", request.query["cursor"] or "again"))


@defect("cursor-needs-escaping", breaks=["RFC9865-2-03"], presets=FULL)
def a_cursor_needs_escaping(behaviour: Behaviour) -> None:
    """Cursors end in two equal signs"""

    def padded(_request: Request, page: dict[str, Any]) -> None:
        if page.get("nextCursor"):
            page["nextCursor"] += "=="

    on_page(behaviour, padded)

    @on_request(behaviour)
    def stripped(request: Request) -> Request | None:
        return with_query(request, cursor=request.query["cursor"].rstrip("=")) if asks(request) else None


@defect("cursor-before-the-first", breaks=["RFC9865-2-04"], presets=FULL)
def the_first_page_leads_back(behaviour: Behaviour) -> None:
    """The first page has a previousCursor"""
    on_page(behaviour, lambda _request, page: page.setdefault("previousCursor", "before"))


@defect("cursor-count-ignored", breaks=["RFC9865-2-05"], presets=FULL)
def a_count_of_zero_is_not_read(behaviour: Behaviour) -> None:
    """Behind a cursor a count of 0 means the default"""

    @on_request(behaviour)
    def default(request: Request) -> Request | None:
        return with_query(request, count=None) if asks(request) and request.query.get("count") == "0" else None


@defect("cursor-repeats-somebody", breaks=["RFC9865-2-06"], presets=FULL)
def pages_by_cursor_overlap(behaviour: Behaviour) -> None:
    """Each page by cursor but the first repeats the last person of the page before"""
    last: list[Any] = []

    def repeated(request: Request, page: dict[str, Any]) -> None:
        people = page.get("Resources") or []
        if request.query["cursor"] and last and people:
            people[0] = last[-1]
        last[:] = people[-1:]

    on_page(behaviour, repeated)


@defect("cursor-forged-accepted", breaks=["RFC9865-2.1-01"], presets=FULL)
def an_unknown_cursor_is_the_first_page(behaviour: Behaviour) -> None:
    """A cursor that was never given out shows the first page"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except SCIMException as problem:
            if getattr(problem, "scim_type", "") != "invalidCursor":
                raise
            return proceed(replace(call, request=with_query(call.request, cursor="")))


@defect("cursor-count-500", breaks=["RFC9865-2.1-03", "RFC7644-3.12-07"], presets=FULL)
def another_count_breaks_the_server(behaviour: Behaviour) -> None:
    """Another count behind a cursor ends in a 500"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except SCIMException as problem:
            return (
                error(500, "count mismatch") if getattr(problem, "scim_type", "") == "invalidCount" else _raise(problem)
            )


def _raise(problem: Exception) -> Response:
    raise problem


@defect("cursor-unsorted", breaks=["RFC9865-2.2-01"], presets=FULL)
def pages_by_cursor_are_not_sorted(behaviour: Behaviour) -> None:
    """Pages by cursor come in the order in which people were made, turned round, whatever was asked for"""

    def turned(request: Request, page: dict[str, Any]) -> None:
        if "sortBy" in request.query:
            people = sorted(page.get("Resources") or [], key=lambda person: person["userName"], reverse=True)
            page["Resources"] = people

    on_page(behaviour, turned)


@defect("cursor-is-the-default", breaks=["RFC9865-2.4-01"], presets=FULL)
def the_default_is_another_one(behaviour: Behaviour) -> None:
    """Lists are paged by cursor unless told otherwise, while the configuration names index as the default"""

    @on_request(behaviour)
    def by_cursor(request: Request) -> Request | None:
        plain = is_collection(request, "GET") and request.query.keys() == {"count"}
        return with_query(request, cursor="") if plain and request.query["count"] == "1" else None


@defect("search-cursor-ignored", breaks=["RFC9865-3-01"], presets=FULL)
def a_search_by_post_has_no_cursors(behaviour: Behaviour) -> None:
    """cursor in the body of a search is not read"""
    in_search(behaviour, lambda body: {k: v for k, v in body.items() if k != "cursor"})


@defect("paging-told-in-words", breaks=["RFC9865-4-01"])
def the_ways_of_paging_are_words(behaviour: Behaviour) -> None:
    """The configuration tells the ways of paging as texts"""

    @on_discovery(behaviour, "ServiceProviderConfig")
    def told(document: Any) -> None:
        document["pagination"].update(index="yes", maxPageSize="200")


def on_foreign(behaviour: Behaviour, answer: Any) -> None:
    """``answer(proceed, call, issuer)`` where a tenant comes with the cursor of another one (its id is ``issuer``)."""
    issuers: dict[str, str] = {}

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        issuer = issuers.get(call.request.query.get("cursor", ""), "")
        foreign = bool(issuer) and issuer != call.caller.tenant
        response = answer(proceed, call, issuer) if foreign else proceed(call)
        document = response.document if isinstance(response.document, dict) else {}
        if document.get("nextCursor"):
            issuers[document["nextCursor"]] = call.caller.tenant
        return response


@defect("cursor-opens-other-tenant", breaks=["RFC9865-5.2-01", "RFC7644-6-01"], presets=FULL)
def a_cursor_opens_another_tenant(behaviour: Behaviour) -> None:
    """Whoever comes with a cursor sees the people of the tenant that it was given to"""

    def opened(proceed: Any, call: Any, issuer: str) -> Any:
        server = behaviour.server
        desk = replace(call.desk, storage=server.people_of(issuer))
        return proceed(replace(call, desk=desk))

    on_foreign(behaviour, opened)


@defect("cursor-refusal-tells", breaks=["RFC9865-5.2-02"], presets=FULL)
def a_refused_cursor_tells_whose_it_is(behaviour: Behaviour) -> None:
    """The cursor of another tenant is refused in other words than one that was never given out"""
    on_foreign(behaviour, lambda _p, _call, _i: error(400, "This cursor belongs to another customer", "invalidCursor"))
