"""People who are not found, or the wrong ones who are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from scim2_models import InvalidFilterException, NotFoundException
from scim2_server.storage import SearchPage

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    at,
    is_collection,
    is_resource,
    on_answer,
    on_list,
    on_reply,
    on_request,
    parts,
    problem,
    with_query,
)
from reference_server.http import Request, Response, error


def rewrite_filter(behaviour: Behaviour, pattern: str, by: str) -> None:
    """Rewrite the filter of each query by a regular expression."""

    @on_request(behaviour)
    def rewritten(request: Request) -> Request | None:
        text = request.query.get("filter")
        return None if text is None else with_query(request, filter=re.sub(pattern, by, text))


def drop_found(behaviour: Behaviour, hidden: Any) -> None:
    """Leave out of every search the people for whom ``hidden(desk, request, person)`` is true."""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        whole: SearchPage = proceed(desk, kinds, request.model_copy(update={"start_index": 1, "count": None}))
        left = [person for person in whole.resources if not hidden(desk, request, person)]
        start = (request.start_index or 1) - 1
        return SearchPage(len(left), left[start : None if request.count is None else start + request.count])


def refuse_filters(behaviour: Behaviour, pattern: str, status: int, detail: str) -> None:
    """Refuse each query whose filter matches a regular expression."""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = re.search(pattern, request.query.get("filter", ""))
        return error(status, detail, "invalidFilter" if status == 400 else "") if hit else None


@defect("no-match-404", breaks=["RFC7644-3.4.2-06", "OKTA-03", "ENTRA-01", "MB-7"], source="no-match-404")
def a_query_without_a_match_is_not_found(behaviour: Behaviour) -> None:
    """A filter that matches nobody gets a 404 instead of an empty list"""

    @on_reply(behaviour)
    def answered(request: Request, response: Response) -> Response | None:
        empty = isinstance(response.document, dict) and response.document.get("totalResults") == 0
        return error(404, "No user matches the filter") if empty and "filter" in request.query else None


BAD_FILTER = ["RFC7644-3.4.2.2-04", "RFC7644-3.4.2.2-05", "RFC7644-3.4.2.2-34"]


@defect("bad-filter-returns-all", breaks=BAD_FILTER, source="bad-filter-returns-all")
def a_bad_filter_finds_everybody(behaviour: Behaviour) -> None:
    """A filter that cannot be read is dropped, and everybody comes back"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except InvalidFilterException:
            return proceed(replace(call, request=with_query(call.request, filter=None)))


@defect("bad-filter-500", breaks=["RFC7644-3.12-07", *BAD_FILTER], source="bad-filter-500")
def a_bad_filter_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter that cannot be read ends in a 500"""

    @behaviour.failure.around
    def failed(proceed: Any, exception: Exception) -> Any:
        return error(500, "Internal error") if isinstance(exception, InvalidFilterException) else proceed(exception)


@defect("bad-filter-empty", breaks=["RFC7644-3.4.2.2-04", "RFC7644-3.4.2.2-05"], source="unquoted-value")
def a_bad_filter_finds_nobody(behaviour: Behaviour) -> None:
    """A filter that cannot be read is answered with an empty list, as if nobody matched"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except InvalidFilterException:
            request = with_query(call.request, filter='userName eq "nobody@nobody.example"')
            return proceed(replace(call, request=request))


@defect(
    "filter-ignored", breaks=["RFC7644-3.4.2.2-01", "RFC7644-3.4.2-06", "ENTRA-01"], source="bad-filter-returns-all"
)
def every_filter_finds_everybody(behaviour: Behaviour) -> None:
    """The filter is not read at all: every query lists everybody"""
    on_request(behaviour)(lambda request: with_query(request, filter=None) if at(request, "Users") else None)


@defect("first-row-wins", breaks=["RFC7644-3.4.2-06", "RFC7644-3.4.2.2-01"], source="bad-filter-returns-all")
def somebody_else_is_found(behaviour: Behaviour) -> None:
    """When nobody matches, the first person of the tenant comes back"""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        page: SearchPage = proceed(desk, kinds, request)
        everybody = desk.storage.all(kinds[0]) if page.total == 0 and request.filter is not None else []
        return SearchPage(1, everybody[:1]) if everybody else page


CASE = ["RFC7643-4.1.1-03", "RFC7643-7-C02", "RFC7644-3.4.2.2-28", "OKTA-06"]


@defect("username-value-case", breaks=CASE, source="username-value-case")
def the_letter_case_of_a_user_name_counts(behaviour: Behaviour) -> None:
    """A user name is only found in the letter case in which it is stored"""
    hidden = re.compile(r'userName eq "([^"]*)"', re.IGNORECASE)

    def other_case(_desk: Any, request: Any, person: Any) -> bool:
        asked = hidden.search(str(request.filter or ""))
        return asked is not None and asked[1] != person.user_name

    drop_found(behaviour, other_case)


@defect(
    "only-externalid-users-visible",
    breaks=["MB-2", "PROF-D-23", "RFC7644-3.4.2.2-07", "RFC7644-3.4.2.2-01"],
    source="only-externalid-users-visible",
)
def people_who_came_by_sso_cannot_be_found(behaviour: Behaviour) -> None:
    """Lists and filters only show people who have an externalId"""
    drop_found(behaviour, lambda _desk, _request, person: not person.external_id)


@defect("unfiltered-list-400", breaks=["OKTA-01", "OKTA-13", "RFC7644-3.2-01", "MB-7"], source="unfiltered-list-400")
def a_list_needs_a_filter(behaviour: Behaviour) -> None:
    """Listing people without a filter is refused"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        plain = is_collection(request, "GET") and "filter" not in request.query
        return error(400, "A filter is required", "invalidFilter") if plain else None


@defect(
    "externalid-filter-400",
    breaks=["PROF-D-22", "RFC7644-3.4.2.2-09", "IPSIE-AL1-5.4-02"],
    source="externalid-filter-400",
)
def an_external_id_cannot_be_asked_for(behaviour: Behaviour) -> None:
    """A filter on externalId is refused as not supported"""
    refuse_filters(behaviour, r"(?i)externalid", 400, "Only userName can be filtered")


@defect("work-email-filter-500", breaks=["RFC7644-3.12-07", "PROF-D-23", "ENTRA-08"], source="work-email-filter")
def a_filter_on_mail_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter on e-mail addresses ends in a 500"""
    refuse_filters(behaviour, r"(?i)emails", 500, "Internal error")


@defect("inactive-hidden", breaks=["PROF-D-23", "RFC7644-3.4.2.2-36", "OKTA-11", "ENTRA-06"], source="inactive-hidden")
def inactive_people_are_left_out_of_lists(behaviour: Behaviour) -> None:
    """Lists and filters leave out people who are inactive"""
    drop_found(behaviour, lambda _desk, _request, person: person.active is False)


@defect(
    "inactive-404-by-id", breaks=["OKTA-11", "PROF-D-12", "PROF-D-23", "ENTRA-06"], source="deactivate-means-delete"
)
def inactive_people_cannot_be_read(behaviour: Behaviour) -> None:
    """Reading an inactive person by id is a 404, though the filter still finds them"""

    @on_reply(behaviour)
    def answered(request: Request, response: Response) -> Response | None:
        inactive = isinstance(response.document, dict) and response.document.get("active") is False
        return error(404, "User not found") if inactive and is_resource(request, "GET") else None


@defect("lookup-shows-stale-state", breaks=["PROF-D-12", "PROF-D-23"], source="patch-noop-success")
def a_lookup_shows_an_old_state(behaviour: Behaviour) -> None:
    """Filters and lists go on showing a deactivated person as active"""
    on_list(behaviour)(
        lambda _request, page: [entry.update(active=True) for entry in page.get("Resources", []) if "active" in entry]
    )


@defect("unknown-id-500", breaks=["RFC7644-3.4.1-02", "RFC7644-3.12-07", "OKTA-03"], source="client-error-as-500")
def an_unknown_id_breaks_the_server(behaviour: Behaviour) -> None:
    """Asking for an id that does not exist ends in a 500"""

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        try:
            return proceed(desk, kind, resource_id)
        except NotFoundException:
            raise problem(500, "No row was found for the identifier") from None


@defect("unknown-id-200-empty", breaks=["RFC7644-3.4.1-02", "OKTA-03"])
def an_unknown_id_is_an_empty_success(behaviour: Behaviour) -> None:
    """Asking for an id that does not exist brings a 200 with an empty object"""

    @on_reply(behaviour)
    def answered(request: Request, response: Response) -> Response | None:
        return Response(200, {}) if is_resource(request, "GET") and response.status == 404 else None


@defect("odd-id-400", breaks=["RFC7644-3.4.1-02"])
def an_id_of_another_shape_is_a_bad_request(behaviour: Behaviour) -> None:
    """An id that is not a UUID gets a 400 instead of a 404"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        odd = is_resource(request, "GET") and not re.fullmatch(r"[0-9a-fA-F-]{32,36}", parts(request)[1])
        return error(400, "badly formed hexadecimal UUID string", "invalidValue") if odd else None


@defect("id-path-takes-user-names", breaks=["RFC7644-3.4-02", "IOP-6.1-01"])
def a_user_name_works_as_an_id(behaviour: Behaviour) -> None:
    """GET /Users/{userName} finds the person, though only ids stand in that place"""

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        return desk.storage.by_unique(kind, resource_id) or proceed(desk, kind, resource_id)


@defect("id-ignores-case", breaks=["RFC7643-3.1-06", "HTTP-ID-01"])
def the_letter_case_of_an_id_does_not_count(behaviour: Behaviour) -> None:
    """An id in another letter case finds the same person"""

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        return proceed(desk, kind, resource_id.lower())


@defect("external-id-ignores-case", breaks=["RFC7643-3.1-09", "RFC7643-7-C02", "RFC7644-3.4.2.2-09"])
def the_letter_case_of_an_external_id_does_not_count(behaviour: Behaviour) -> None:
    """A filter on externalId matches in any letter case"""

    @behaviour.search.around
    def searched(proceed: Any, desk: Any, kinds: Any, request: Any) -> Any:
        asked = re.search(r'externalId eq "([^"]*)"', str(request.filter or ""))
        if asked is None:
            return proceed(desk, kinds, request)
        same = [p for p in desk.storage.all(kinds[0]) if (p.external_id or "").lower() == asked[1].lower()]
        return SearchPage(len(same), same)


@defect("search-endpoint-404", breaks=["RFC7644-3.4.3-01", "RFC7644-3.4.3-08"])
def searching_by_post_is_not_served(behaviour: Behaviour) -> None:
    """POST /Users/.search is a 404 although filters on personal data are served"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(404, "Not found") if parts(request)[-1:] == (".search",) else None


@defect("search-taken-for-create", breaks=["RFC7644-3.4.3-01", "RFC7644-3.4.3-08"])
def searching_by_post_is_taken_for_creating(behaviour: Behaviour) -> None:
    """POST /Users/.search is handled like POST /Users"""

    @on_request(behaviour)
    def rerouted(request: Request) -> Request | None:
        return replace(request, path=request.path.replace("/.search", "")) if "/.search" in request.path else None
