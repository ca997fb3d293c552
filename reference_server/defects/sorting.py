"""Lists in another order than was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scim2_server.storage import SearchPage

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.searching import in_search
from reference_server.defects.tools import is_collection, on_answer, on_request, with_query
from reference_server.http import Request, Response, error

FULL = ["full"]


def sorted_by(behaviour: Behaviour, key: Callable[[Any, str], Any], *names: str) -> None:
    """Sort by ``key(person, path)`` when the list is ordered by one of these paths."""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        path = str(request.sort_by or "")
        if path not in names:
            return proceed(desk, kinds, request)
        whole = proceed(desk, kinds, request.model_copy(update={"start_index": 1, "count": None, "sort_by": None}))
        backwards = str(request.sort_order or "").endswith("descending")
        found = sorted(whole.resources, key=lambda person: key(person, path), reverse=backwards)
        start = (request.start_index or 1) - 1
        return SearchPage(len(found), found[start : None if request.count is None else start + request.count])


def without(behaviour: Behaviour, *names: str) -> None:
    """Leave these paths unsorted."""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        unsorted = str(request.sort_by or "") in names
        return proceed(desk, kinds, request.model_copy(update={"sort_by": None}) if unsorted else request)


@defect("sort-by-name-ignored", breaks=["RFC7644-3.4.2.3-01"], presets=FULL)
def an_order_is_not_kept(behaviour: Behaviour) -> None:
    """Sorting by displayName changes nothing, unless it is backwards"""

    @on_request(behaviour)
    def plain(request: Request) -> Request | None:
        ascending = request.query.get("sortBy") == "displayName" and "sortOrder" not in request.query
        return with_query(request, sortBy=None) if ascending else None


@defect("sort-order-ignored", breaks=["RFC7644-3.4.2.3-02", "RFC7644-3.4.2.3-04"], presets=FULL)
def descending_is_not_read(behaviour: Behaviour) -> None:
    """sortOrder is not read: the order is always ascending"""

    @on_request(behaviour)
    def ascending(request: Request) -> Request | None:
        return with_query(request, sortOrder=None) if request.query.get("sortOrder") == "descending" else None


@defect("sort-capitals-first", breaks=["RFC7644-3.4.2.3-03"], presets=FULL)
def capitals_come_first(behaviour: Behaviour) -> None:
    """User names are sorted by code point, so capitals come before small letters"""
    sorted_by(behaviour, lambda person, _path: person.user_name, "userName")


@defect("sort-nothing-first", breaks=["RFC7644-3.4.2.3-04"], presets=FULL)
def nothing_comes_first(behaviour: Behaviour) -> None:
    """Who has no title comes first when the list is sorted by title"""
    sorted_by(behaviour, lambda person, _path: (person.title or "").casefold(), "title")


@defect("sort-part-ignored", breaks=["RFC7644-3.4.2.3-05"], presets=FULL)
def parts_are_not_sorted_by(behaviour: Behaviour) -> None:
    """Sorting by name.familyName changes nothing"""
    without(behaviour, "name.familyName")


@defect("sort-first-mail", breaks=["RFC7644-3.4.2.3-06"], presets=FULL)
def the_first_value_is_sorted_by(behaviour: Behaviour) -> None:
    """Sorting by emails looks at the first address, whichever is primary"""
    sorted_by(behaviour, lambda person, _path: person.emails[0].value if person.emails else "~", "emails")


@defect("sort-unknown-500", breaks=["RFC7644-3.4.2.3-07", "RFC7644-3.12-07"], presets=FULL)
def an_unknown_order_breaks_the_server(behaviour: Behaviour) -> None:
    """Sorting by an attribute that does not exist ends in a 500"""

    @on_answer(behaviour)
    def broken(request: Request) -> Response | None:
        return error(500, "no such column") if request.query.get("sortBy") == "noSuchAttribute" else None


@defect("unoffered-sort-500", breaks=["RFC7644-3.4.2.3-08", "RFC7644-3.12-07"])
def an_order_that_is_not_offered_breaks_the_server(behaviour: Behaviour) -> None:
    """sortBy ends in a 500, where the configuration says that there is no sorting"""

    @on_answer(behaviour)
    def broken(request: Request) -> Response | None:
        return error(500, "unknown parameter") if is_collection(request, "GET") and "sortBy" in request.query else None


@defect("search-order-ignored", breaks=["RFC7644-3.4.3-06"], presets=FULL)
def a_search_by_post_is_not_ordered(behaviour: Behaviour) -> None:
    """sortBy in the body of a search is not read"""
    in_search(behaviour, lambda body: {k: v for k, v in body.items() if k != "sortBy"})
