"""Filters on values that are handled as if they were others."""

from __future__ import annotations

import re
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.lookups import drop_found, refuse_filters, rewrite_filter
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_answer
from reference_server.http import Response, error

FULL = ["full"]


@defect("filter-sw-means-co", breaks=["RFC7644-3.4.2.2-13"])
def beginning_means_containing(behaviour: Behaviour) -> None:
    """A filter with "sw" finds the text anywhere in the value"""
    rewrite_filter(behaviour, r"(?i) sw ", " co ")


@defect("filter-pr-takes-empty", breaks=["RFC7644-3.4.2.2-15"], presets=FULL)
def an_empty_title_is_present(behaviour: Behaviour) -> None:
    """A filter with "title pr" also finds people without a title, whose column is empty and not null"""
    rewrite_filter(behaviour, r"(?i)\btitle pr\b", "id pr")


@defect("filter-order-turned", breaks=["RFC7644-3.4.2.2-17"])
def before_means_after(behaviour: Behaviour) -> None:
    """A filter with "lt" on a text finds what comes behind it"""
    rewrite_filter(behaviour, r"(?i)\buserName lt ", "userName gt ")


@defect("filter-value-path-500", breaks=["RFC7644-3.4.2.2-24", "RFC7644-3.12-07"])
def a_value_filter_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter with square brackets ends in a 500"""
    refuse_filters(behaviour, r'emails\[type eq "work"\]', 500, "KeyError: '['")


@defect("filter-schemas-500", breaks=["RFC7644-3.4.2.2-30", "RFC7644-3.12-07"])
def a_filter_on_schemas_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter on schemas ends in a 500"""
    refuse_filters(behaviour, r"^schemas ", 500, "no such column: schemas")


@defect("filter-null-500", breaks=["RFC7644-3.4.2.2-32", "RFC7644-3.12-07"])
def null_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter that compares with null ends in a 500"""
    refuse_filters(behaviour, r" null$", 500, "'NoneType' object has no attribute 'lower'")


@defect("filter-wide-letters-500", breaks=["RFC7644-5-01", "RFC7644-3.12-07"])
def wide_letters_break_the_server(behaviour: Behaviour) -> None:
    """A filter with letters outside ASCII ends in a 500"""
    refuse_filters(behaviour, "[\uff01-\uff5e]", 500, "'ascii' codec can't encode characters")


@defect("filter-mail-case", breaks=["RFC7644-3.4.2.2-28"])
def mail_addresses_are_compared_by_case(behaviour: Behaviour) -> None:
    """A mail address is found in its own letter case only"""
    asked = re.compile(r'(?i)emails\.value eq "([^"]*)"')

    def otherwise(_desk: Any, request: Any, person: Any) -> bool:
        wanted = asked.search(str(request.filter or ""))
        return wanted is not None and wanted[1] not in [mail.value for mail in person.emails or ()]

    drop_found(behaviour, otherwise)


@defect("filter-external-id-blind", breaks=["RFC7644-3.4.2.2-09", "PROF-D-23"])
def nobody_is_found_by_external_id(behaviour: Behaviour) -> None:
    """A filter on externalId finds nobody"""
    drop_found(behaviour, lambda _desk, request, _person: "externalId eq" in str(request.filter or ""))


@defect("filter-misses-defaults", breaks=["RFC7644-3.4.2.2-33"], presets=FULL)
def what_the_server_has_set_is_not_found(behaviour: Behaviour) -> None:
    """A filter on active does not find people whose active the server itself has set"""
    unset: set[str] = set()

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        response = proceed(call)
        body = call.request.json
        if response.status == 201 and isinstance(body, dict) and "active" not in body:
            unset.add(str(response.document.get("id")))
        return response

    drop_found(behaviour, lambda _d, request, person: person.id in unset and "active eq" in str(request.filter or ""))


@defect("extension-filter-blind", breaks=["RFC7643-4.3-06"], presets=FULL)
def nobody_is_found_by_department(behaviour: Behaviour) -> None:
    """A filter on an attribute of the enterprise extension finds nobody"""
    drop_found(behaviour, lambda _desk, request, _person: "department" in str(request.filter or ""))


@defect("person-with-filter-500", breaks=["RFC7644-3.4.2.1-05", "RFC7644-3.12-07"])
def a_filter_on_one_person_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter behind an id ends in a 500"""

    @on_answer(behaviour)
    def refused(request: Any) -> Response | None:
        return error(500, "unexpected keyword") if is_resource(request, "GET") and "filter" in request.query else None
