"""Lists and pages that do not add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scim2_server.storage import SearchPage

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, is_collection, on_answer, on_list, on_reply, on_request, with_query
from reference_server.http import Request, Response, error


@defect(
    "total-is-page-size", breaks=["RFC7644-3.4.2.4-09", "RFC7644-3.4.2.4-05", "OKTA-13"], source="total-is-page-size"
)
def the_total_counts_the_page(behaviour: Behaviour) -> None:
    """totalResults is the number of people on the page"""
    on_list(behaviour)(lambda _request, page: page.update(totalResults=len(page["Resources"])))


@defect("items-per-page-echo", breaks=["RFC7644-3.4.2.4-08"], source="items-per-page-echo")
def the_page_size_is_what_was_asked_for(behaviour: Behaviour) -> None:
    """itemsPerPage repeats the requested count, however many people are on the page"""

    @on_list(behaviour)
    def echoed(request: Request, page: dict[str, Any]) -> None:
        if request.query.get("count", "").isdigit():
            page["itemsPerPage"] = int(request.query["count"])


@defect("total-results-missing", breaks=["RFC7644-3.4.2-03", "OKTA-01"])
def there_is_no_total(behaviour: Behaviour) -> None:
    """Lists have no totalResults"""
    on_list(behaviour)(lambda _request, page: page.pop("totalResults"))


@defect("total-results-text", breaks=["RFC7644-3.4.2-03", "OKTA-01"])
def the_total_is_a_text(behaviour: Behaviour) -> None:
    """totalResults is a text instead of a number"""
    on_list(behaviour)(lambda _request, page: page.update(totalResults=str(page["totalResults"])))


@defect("total-results-fraction", breaks=["RFC7643-2.3.4-01"])
def the_total_has_a_fraction(behaviour: Behaviour) -> None:
    """totalResults is written with a fraction, as in 2.0"""
    on_list(behaviour)(lambda _request, page: page.update(totalResults=float(page["totalResults"])))


@defect("total-ignores-filter", breaks=["RFC7644-3.4.2.4-13", "RFC7644-3.4.2-06", "ENTRA-01"])
def the_total_does_not_know_the_filter(behaviour: Behaviour) -> None:
    """totalResults counts everybody, whatever the filter"""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        return SearchPage(len(desk.storage.all(kinds[0])), proceed(desk, kinds, request).resources)


@defect("start-index-zero-based", breaks=["RFC7644-3.4.2.4-01", "RFC7644-3.4.2.4-10"], source="start-index-zero-based")
def counting_begins_at_zero(behaviour: Behaviour) -> None:
    """startIndex counts from 0, so the first person is passed over"""

    @on_request(behaviour)
    def shifted(request: Request) -> Request | None:
        start = request.query.get("startIndex", "")
        return with_query(request, startIndex=str(int(start) + 1)) if start.isdigit() else None

    @on_list(behaviour)
    def shown(request: Request, page: dict[str, Any]) -> None:
        if request.query.get("startIndex", "").isdigit():
            page["startIndex"] = int(request.query["startIndex"])


@defect("start-index-zero-500", breaks=["RFC7644-3.4.2.4-02", "RFC7644-3.12-07"])
def a_start_below_one_breaks_the_server(behaviour: Behaviour) -> None:
    """startIndex below 1 ends in a 500"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        start = request.query.get("startIndex", "1")
        return error(500, "OFFSET must not be negative") if start.startswith("-") or start == "0" else None


@defect("count-ignored", breaks=["RFC7644-3.4.2.4-04", "RFC7644-3.4.2.4-05"], source="no-pagination")
def everybody_is_on_one_page(behaviour: Behaviour) -> None:
    """count is not read: each page holds everybody"""
    on_request(behaviour)(lambda request: with_query(request, count=None))


@defect("start-index-ignored", breaks=["RFC7644-3.4.2.4-01", "RFC7644-3.4.2.4-10"], source="no-pagination")
def every_page_is_the_first(behaviour: Behaviour) -> None:
    """startIndex is not read: each page is the first one"""
    on_request(behaviour)(lambda request: with_query(request, startIndex=None))


@defect("negative-count-400", breaks=["RFC7644-3.4.2.4-06"])
def a_negative_count_is_refused(behaviour: Behaviour) -> None:
    """A negative count is a 400 instead of counting as 0"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        negative = request.query.get("count", "").startswith("-")
        return error(400, "count must not be negative", "invalidValue") if negative else None


@defect("count-zero-returns-rows", breaks=["RFC7644-3.4.2.4-05", "RFC7644-3.4.2.4-04"])
def a_count_of_zero_means_no_limit(behaviour: Behaviour) -> None:
    """count=0 brings everybody instead of nobody"""
    on_request(behaviour)(lambda r: with_query(r, count=None) if r.query.get("count") == "0" else None)


@defect("bad-count-500", breaks=["RFC7644-3.4.2.4-12", "RFC7644-3.12-07"])
def a_count_that_is_no_number_breaks_the_server(behaviour: Behaviour) -> None:
    """A count that is not a number ends in a 500"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        bad = any(not request.query.get(n, "1").lstrip("-").isdigit() for n in ("count", "startIndex"))
        return error(500, "ValueError: invalid literal for int()") if bad else None


@defect("past-the-end-404", breaks=["RFC7644-3.4.2.4-11"])
def a_page_past_the_end_is_not_found(behaviour: Behaviour) -> None:
    """A startIndex past the end gets a 404 instead of an empty page"""

    @on_reply(behaviour)
    def answered(request: Request, response: Response) -> Response | None:
        document = response.document if isinstance(response.document, dict) else {}
        past = document.get("startIndex", 1) > max(document.get("totalResults", 1), 1)
        return error(404, "No such page") if at(request, "Users") and past else None


@defect("unsteady-order", breaks=["RFC7644-3.4.2.4-10", "OKTA-13"])
def the_order_changes_between_pages(behaviour: Behaviour) -> None:
    """Later pages are cut from the list in another order than the first one"""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        if request.filter is not None or (request.start_index or 1) <= 1:
            return proceed(desk, kinds, request)
        everybody = desk.storage.all(kinds[0])[::-1]
        start = request.start_index - 1
        return SearchPage(len(everybody), everybody[start : start + (request.count or 100)])


@defect("resources-key-lower-case", breaks=["RFC7644-3.4.2-04"], source="resources-key-missing")
def the_resources_are_spelled_small(behaviour: Behaviour) -> None:
    """The members of a list stand under "resources" instead of "Resources\""""
    on_list(behaviour)(lambda _request, page: page.update(resources=page.pop("Resources")))


@defect("list-schemas-missing", breaks=["RFC7644-3.4.2-02", "RFC7644-3.1-02"])
def a_list_does_not_say_what_it_is(behaviour: Behaviour) -> None:
    """Lists have no schemas"""
    on_list(behaviour)(lambda _request, page: page.pop("schemas"))


@defect("page-numbers-missing", breaks=["RFC7644-3.4.2-05"])
def a_partial_page_does_not_say_where_it_is(behaviour: Behaviour) -> None:
    """Pages have neither startIndex nor itemsPerPage"""
    on_list(behaviour)(lambda _request, page: [page.pop(name, None) for name in ("startIndex", "itemsPerPage")])


@defect("list-is-bare-array", breaks=["RFC7644-3.4.2-02", "RFC7644-3.4.2-03", "OKTA-01"])
def a_list_is_a_bare_array(behaviour: Behaviour) -> None:
    """A list of people is a JSON array without an envelope"""

    @on_reply(behaviour)
    def bare(request: Request, response: Response) -> Response | None:
        return replace(response, document=response.resources) if at(request, "Users") and response.resources else None


@defect("single-match-is-no-list", breaks=["RFC7644-3.4.2-07", "RFC7644-3.4.2-02"])
def one_match_comes_without_a_list(behaviour: Behaviour) -> None:
    """A filter with exactly one match answers with the person instead of a list of one"""

    @on_reply(behaviour)
    def unwrapped(request: Request, response: Response) -> Response | None:
        alone = "filter" in request.query and len(response.resources) == 1
        return replace(response, document=response.resources[0]) if alone else None


@defect("person-listed-twice", breaks=["RFC7643-3.1-02", "RFC7643-4.1.1-02", "RFC7644-3.4.2.4-10"])
def somebody_is_listed_twice(behaviour: Behaviour) -> None:
    """The first person of an unfiltered list stands in it twice"""

    @on_list(behaviour)
    def doubled(request: Request, page: dict[str, Any]) -> None:
        if "filter" not in request.query and page["Resources"]:
            page["Resources"].append(page["Resources"][0])
            page["itemsPerPage"] += 1
            page["totalResults"] += 1


@defect("empty-tenant-500", breaks=["RFC7644-3.12-07", "RFC7644-3.4.2-06", "MB-7"], source="empty-tenant-500")
def a_tenant_without_people_breaks_the_server(behaviour: Behaviour) -> None:
    """As long as nobody has signed in, every list ends in a 500"""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        if not desk.storage.all(kinds[0]):
            raise RuntimeError("empty IN () list")
        return proceed(desk, kinds, request)


@defect("attributes-ignored", breaks=["RFC7644-3.4.2.5-01", "RFC7644-3.9-01", "HTTP-SELECT-01"])
def a_choice_of_attributes_is_ignored(behaviour: Behaviour) -> None:
    """attributes= is not read: replies are always whole"""
    on_request(behaviour)(lambda request: with_query(request, attributes=None))


@defect(
    "excluded-attributes-ignored", breaks=["RFC7644-3.4.2.5-02", "RFC7644-3.9-04"], source="excluded-members-still-sent"
)
def excluding_attributes_is_ignored(behaviour: Behaviour) -> None:
    """excludedAttributes= is not read"""
    on_request(behaviour)(lambda request: with_query(request, excludedAttributes=None))


@defect("unknown-attribute-name-400", breaks=["RFC7644-3.9-07"])
def an_unknown_attribute_name_is_refused(behaviour: Behaviour) -> None:
    """attributes= with an unknown name is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(400, "No such attribute", "invalidValue") if request.query.get("attributes") == "nosuch" else None


@defect("unknown-parameter-400", breaks=["RFC7644-3.4.2-01"])
def an_unknown_parameter_is_refused(behaviour: Behaviour) -> None:
    """A query parameter that SCIM does not know is a 400"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        strange = is_collection(request, "GET") and any(name.startswith("x-") for name in request.query)
        return error(400, "Unknown parameter", "invalidValue") if strange else None


@defect("page-numbers-as-texts", breaks=["HTTP-SCHEMA-01"])
def the_numbers_of_a_page_are_texts(behaviour: Behaviour) -> None:
    """startIndex and itemsPerPage are texts instead of numbers"""
    names = ("startIndex", "itemsPerPage")
    on_list(behaviour)(lambda _request, page: page.update({n: str(page[n]) for n in names if n in page}))
