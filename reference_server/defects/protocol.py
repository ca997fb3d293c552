"""Small wrongs of the protocol that no field report is known of, and that a client still falls over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim2_server.storage import SearchPage

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, entries, on_answer, on_discovery, on_list, on_request, parts, with_query
from reference_server.http import Request, Response, error
from reference_server.routes import BASE_PATH

SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def finds_nobody(behaviour: Behaviour, pattern: str, is_found: Any = None) -> None:
    """Let searches whose filter matches a regular expression find nobody, or only whom ``is_found`` lets through."""
    asked = re.compile(pattern, re.IGNORECASE)

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        match = asked.search(str(request.filter or ""))
        page: SearchPage = proceed(desk, kinds, request)
        if match is None:
            return page
        left = [person for person in page.resources if is_found is not None and is_found(match[1], person)]
        return SearchPage(len(left), left)


def is_search(request: Request) -> bool:
    return request.method == "POST" and parts(request)[-1:] == (".search",)


def rewrite_search(behaviour: Behaviour, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rewrite the body of each POST to .search that is a JSON object."""

    @on_request(behaviour)
    def rewritten(request: Request) -> Request | None:
        body = request.json if is_search(request) else None
        return replace(request, body=json.dumps(change(body)).encode()) if isinstance(body, dict) else None


@defect("display-name-finds-nobody", breaks=["RFC7644-3.4.2.2-07"])
def a_display_name_finds_nobody(behaviour: Behaviour) -> None:
    """A filter on displayName is accepted and matches nobody"""
    finds_nobody(behaviour, r"displayName eq (.*)")


@defect("family-name-case-counts", breaks=["RFC7643-7-C02"])
def the_letter_case_of_a_family_name_counts(behaviour: Behaviour) -> None:
    """A family name is only found in the letter case in which it is stored, though it is not case-exact"""
    finds_nobody(behaviour, r'name\.familyName eq "([^"]*)"', lambda asked, person: person.name.family_name == asked)


@defect("id-filter-finds-nobody", breaks=["RFC7644-3.4.2.2-10"])
def an_id_finds_nobody(behaviour: Behaviour) -> None:
    """A filter on id is accepted and matches nobody"""
    finds_nobody(behaviour, r"(?<![A-Za-z])id eq (.*)")


@defect("start-index-told-as-zero", breaks=["RFC7644-3.4.2.4-03"])
def an_unasked_list_begins_at_zero(behaviour: Behaviour) -> None:
    """A list that was asked for without startIndex says that it begins at 0"""

    @on_list(behaviour)
    def told(request: Request, page: dict[str, Any]) -> None:
        if request.method == "GET" and "startIndex" not in request.query and "startIndex" in page:
            page["startIndex"] = 0


@defect("page-limit-understated", breaks=["RFC7644-3.4.2.4-07"])
def pages_are_longer_than_published(behaviour: Behaviour) -> None:
    """Pages hold more people than filter.maxResults allows"""
    on_discovery(behaviour, "ServiceProviderConfig")(lambda document: document["filter"].update(maxResults=1))


@defect("two-people-share-a-name", breaks=["RFC7643-4.1.1-02"])
def a_user_name_is_given_twice(behaviour: Behaviour) -> None:
    """Two people of a list have the same userName but for its letter case"""

    @on_list(behaviour)
    def shared(_request: Request, page: dict[str, Any]) -> None:
        first, *others = page.get("Resources") or [{}]
        for other in others:
            other["userName"] = str(first.get("userName", "")).upper()


@defect("user-name-published-as-optional", breaks=["RFC7643-4.1.1-05"])
def a_user_name_need_not_be_unique(behaviour: Behaviour) -> None:
    """The published userName is neither required nor unique"""

    @on_discovery(behaviour, "Schemas")
    def published(document: Any) -> None:
        for schema in entries(document):
            for attribute in schema.get("attributes", []):
                if attribute.get("name") == "userName":
                    attribute.update(required=False, uniqueness="none")


@defect("search-without-urn-answered", breaks=["HTTP-SEARCH-01"])
def a_search_need_not_name_itself(behaviour: Behaviour) -> None:
    """A POST to .search is answered although its body does not say that it is a SearchRequest"""
    rewrite_search(behaviour, lambda body: {"schemas": [SEARCH_REQUEST], **body})


@defect("search-without-urn-breaks", breaks=["RFC7644-3.4.3-02", "RFC7644-3.12-07"])
def a_search_without_a_name_breaks_the_server(behaviour: Behaviour) -> None:
    """A POST to .search whose body does not say what it is ends in a 500"""

    @on_answer(behaviour)
    def broke(request: Request) -> Response | None:
        named = not is_search(request) or (isinstance(request.json, dict) and "schemas" in request.json)
        return None if named or request.json is None else error(500, "Internal error")


@defect("search-filter-dropped", breaks=["RFC7644-3.4.3-05"])
def a_bad_filter_in_a_search_is_dropped(behaviour: Behaviour) -> None:
    """A filter that cannot be read is left out of a POST to .search, and everybody is found"""
    broken = re.compile(r"\w+( eq)?")
    rewrite_search(
        behaviour,
        lambda body: {k: v for k, v in body.items() if k != "filter" or not broken.fullmatch(str(v))},
    )


@defect("empty-filter-finds-everybody", breaks=["HTTP-FILTER-01"])
def an_empty_filter_is_none(behaviour: Behaviour) -> None:
    """filter= without anything behind it lists everybody"""

    @on_request(behaviour)
    def dropped(request: Request) -> Request | None:
        return with_query(request, filter=None) if request.query.get("filter") == "" else None


@defect("meta-comes-unasked", breaks=["HTTP-SELECT-01"])
def meta_is_always_shown(behaviour: Behaviour) -> None:
    """meta is returned although other attributes were asked for"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> Any:
        return {"meta": {"resourceType": "User"}} | proceed(request, resource)


@defect("whole-name-for-a-part", breaks=["RFC7644-3.9-03"])
def a_part_brings_the_whole(behaviour: Behaviour) -> None:
    """attributes=name.familyName returns the whole name"""

    @on_request(behaviour)
    def widened(request: Request) -> Request | None:
        asked = request.query.get("attributes", "")
        return with_query(request, attributes=re.sub(r"\bname\.\w+", "name", asked)) if asked else None


@defect("password-on-request", breaks=["RFC7644-3.9-10", "RFC7643-4.1.1-15"])
def a_password_comes_when_asked_for(behaviour: Behaviour) -> None:
    """attributes=password returns the hash of a password"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> Any:
        hashed = {"password": "$2b$12$abcdefghijklmnopqrstuv"} if request.query.get("attributes") == "password" else {}
        return proceed(request, resource) | hashed


@defect("key-refused-on-schemas", breaks=["RFC6750-2.1-01", "RFC7644-4-02"])
def the_schemas_refuse_every_key(behaviour: Behaviour) -> None:
    """/Schemas answers 401 to the right key"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = at(request, "Schemas") and bool(request.header("Authorization"))
        return error(401, "Sign in first", headers={"WWW-Authenticate": 'Bearer realm="scim"'}) if hit else None


@defect("endpoint-repeats-the-base", breaks=["RFC7643-6-07"])
def an_endpoint_holds_the_base_too(behaviour: Behaviour) -> None:
    """The endpoint of the resource type User is /scim/v2/Users, which leads nowhere behind the base URL"""

    @on_discovery(behaviour, "ResourceTypes")
    def repeated(document: Any) -> None:
        for entry in entries(document):
            entry["endpoint"] = f"{BASE_PATH}{entry['endpoint']}"
