"""Searches by POST, questions at the base, and choices of attributes that are read in a way of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    at,
    is_collection,
    is_resource,
    is_scim,
    on_answer,
    on_reply,
    on_request,
    parts,
    with_query,
)
from reference_server.http import Request, Response, empty_list, error
from reference_server.presets.provider import ENTERPRISE

FULL = ["full"]


def in_search(behaviour: Behaviour, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the body of each search by POST before anything else sees it."""

    @on_request(behaviour)
    def changed(request: Request) -> Request | None:
        searches = request.method == "POST" and at(request, "Users") and parts(request)[1:] == (".search",)
        body = request.json if searches else None
        return replace(request, body=json.dumps(change(body)).encode()) if isinstance(body, dict) else None


@defect("search-attributes-ignored", breaks=["RFC7644-3.4.3-03"])
def a_search_does_not_choose(behaviour: Behaviour) -> None:
    """attributes in the body of a search is not read"""
    in_search(behaviour, lambda body: {k: v for k, v in body.items() if k != "attributes"})


@defect("search-count-ignored", breaks=["RFC7644-3.4.3-04"])
def a_search_does_not_count(behaviour: Behaviour) -> None:
    """count and startIndex in the body of a search are not read"""
    in_search(behaviour, lambda body: {k: v for k, v in body.items() if k not in ("count", "startIndex")})


def is_root(request: Request) -> bool:
    return is_scim(request) and not parts(request)


@defect("root-query-500", breaks=["RFC7644-3.4.2.1-01", "RFC7644-3.12-07"])
def the_base_breaks(behaviour: Behaviour) -> None:
    """GET on the base URL itself ends in a 500"""
    on_answer(behaviour)(lambda r: error(500, "index out of range") if is_root(r) and r.method == "GET" else None)


@defect("root-search-500", breaks=["RFC7644-3.4.3-07", "RFC7644-3.12-07"])
def a_search_at_the_base_breaks(behaviour: Behaviour) -> None:
    """POST to .search at the base URL ends in a 500"""
    on_answer(behaviour)(lambda r: error(500, "no such type") if parts(r) == (".search",) else None)


@defect("root-type-finds-nobody", breaks=["RFC7644-3.4.2.1-02"])
def the_base_knows_no_kinds(behaviour: Behaviour) -> None:
    """At the base URL a filter on meta.resourceType finds nobody"""

    @on_answer(behaviour)
    def answered(request: Request) -> Response | None:
        return empty_list() if is_root(request) and "resourceType" in request.query.get("filter", "") else None


@defect("root-unknown-attribute-400", breaks=["RFC7644-3.4.2.1-03"], presets=FULL)
def the_base_refuses_what_one_kind_lacks(behaviour: Behaviour) -> None:
    """At the base URL a filter on userName is a 400, because not every resource has one"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_root(request) and "userName" in request.query.get("filter", "")
        return error(400, "userName is no common attribute", "invalidFilter") if hit else None


@defect("long-list-refused", breaks=["RFC7644-3.4.2.1-04"])
def a_long_list_is_refused_without_its_name(behaviour: Behaviour) -> None:
    """A list of a hundred people is a 400 that does not say tooMany"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_collection(request, "GET") and request.query.get("count") == "100" and "filter" not in request.query
        return error(400, "The list is too long", "invalidValue") if hit else None


@defect("attributes-not-split", breaks=["RFC7644-3.9-02"])
def names_are_not_read_apart(behaviour: Behaviour) -> None:
    """Of several names in attributes= only the first is read"""

    @on_request(behaviour)
    def first(request: Request) -> Request | None:
        named = request.query.get("attributes", "")
        return with_query(request, attributes=named.partition(",")[0]) if "," in named else None


@defect("excluded-part-ignored", breaks=["RFC7644-3.9-04"])
def a_part_cannot_be_left_out(behaviour: Behaviour) -> None:
    """excludedAttributes= does not know parts of attributes"""

    @on_request(behaviour)
    def whole(request: Request) -> Request | None:
        return (
            with_query(request, excludedAttributes=None) if "." in request.query.get("excludedAttributes", "") else None
        )


@defect("attributes-by-case", breaks=["RFC7644-3.9-05"])
def names_are_read_by_case(behaviour: Behaviour) -> None:
    """attributes=USERNAME chooses nothing"""

    @on_request(behaviour)
    def unknown(request: Request) -> Request | None:
        return with_query(request, attributes="nothing") if request.query.get("attributes") == "USERNAME" else None


@defect("both-choices-500", breaks=["RFC7644-3.9-08", "RFC7644-3.12-07"])
def choosing_twice_breaks_the_server(behaviour: Behaviour) -> None:
    """attributes and excludedAttributes in one request end in a 500"""

    @on_answer(behaviour)
    def broken(request: Request) -> Response | None:
        both = {"attributes", "excludedAttributes"} <= request.query.keys()
        return error(500, "conflicting projections") if both else None


@defect("extension-choice-ignored", breaks=["RFC7644-3.9-09"], presets=FULL)
def an_extension_cannot_be_left_out(behaviour: Behaviour) -> None:
    """excludedAttributes= with the URN of an extension is not read"""

    @on_request(behaviour)
    def whole(request: Request) -> Request | None:
        named = request.query.get("excludedAttributes")
        return with_query(request, excludedAttributes=None) if named == ENTERPRISE else None


@defect("manager-address-500", breaks=["RFC7643-2.3.7-01", "RFC7644-3.12-07"], presets=FULL)
def the_address_of_a_manager_breaks_the_server(behaviour: Behaviour) -> None:
    """$ref of a manager leads to an address that ends in a 500"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
        person: dict[str, Any] = proceed(request, resource)
        manager = (person.get(ENTERPRISE) or {}).get("manager")
        if isinstance(manager, dict) and manager.get("value"):
            manager["$ref"] = f"{request.origin}/scim/v2/Users/manager-{manager['value']}"
        return person

    @on_reply(behaviour)
    def broken(request: Request, _response: Response) -> Response | None:
        hit = is_resource(request, "GET") and parts(request)[1].startswith("manager-")
        return error(500, "invalid literal for int()") if hit else None
