"""List answers, whoever asked: the envelope, its numbers, and the page inside (RFC 7644 §3.4.2, §3.4.2.4)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.reading import (
    asked,
    by_cursor,
    endpoint,
    mapping,
    number,
    page,
    queries,
    says_error,
    schemas_of,
    seen,
    total,
    wanted,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import LIST_RESPONSE


def _is_page(exchange: Exchange) -> bool:
    """A list of people or groups: discovery lists know no paging."""
    return exchange.ok and exchange.is_list and queries(exchange)


def _answers_with_a_list(exchange: Exchange) -> bool:
    plain = exchange.is_list or "filter" not in asked(exchange)
    return exchange.ok and queries(exchange) and plain and not says_error(exchange)


@judges("RFC7644-3.4.2-02", when=_answers_with_a_list)
def a_list_names_the_list_response(exchange: Exchange) -> Iterator[Finding]:
    if LIST_RESPONSE not in schemas_of(exchange.json):
        yield Finding(
            expected=[f'"schemas": ["{LIST_RESPONSE}"]'],
            actual=mapping(exchange.json).get("schemas") if isinstance(exchange.json, dict) else seen(exchange),
            at="/schemas",
            hint="Clients tell a list from a person by this URN.",
        )


@judges("RFC7644-3.4.2-03", when=lambda exchange: _is_page(exchange) and not by_cursor(exchange))
def a_list_tells_the_total(exchange: Exchange) -> Iterator[Finding]:
    """A page by cursor may leave the total out (C45)."""
    value = total(exchange)
    if value is None or value < 0:
        yield Finding(
            expected=["a whole number, 0 or more, without quotation marks"],
            actual=exchange.json.get("totalResults"),
            at="/totalResults",
            likeness="absent" if exchange.json.get("totalResults") is None else "",
            hint="An IdP decides by totalResults whether somebody exists and whether there are more pages.",
        )


def _has_something_to_show(exchange: Exchange) -> bool:
    count, start = wanted(exchange, "count"), wanted(exchange, "startIndex")
    known = total(exchange) if _is_page(exchange) else None
    # count=0 asks for the number alone, and past the end there is nothing (C19).
    return bool(known and known > 0) and (count is None or count > 0) and (start or 1) <= (known or 0)


@judges("RFC7644-3.4.2-04", when=_has_something_to_show)
def a_list_with_matches_has_resources(exchange: Exchange) -> Iterator[Finding]:
    if not isinstance(exchange.json.get("Resources"), list):
        other = next((k for k in exchange.json if k != "Resources" and k.lower() == "resources"), None)
        yield Finding(
            expected=['a list under "Resources"'],
            actual=f'a member "{other}"' if other else exchange.json.get("Resources"),
            at=f"/{other or 'Resources'}",
            likeness="spelling" if other else "absent",
            hint='The member is spelt "Resources", with a capital R: message members are not case-insensitive.'
            if other
            else "totalResults says that there is somebody, but nobody is shown.",
        )


def _is_partial(exchange: Exchange) -> bool:
    known = total(exchange) if _is_page(exchange) and not by_cursor(exchange) else None
    return known is not None and 0 < len(page(exchange)) < known


@judges("RFC7644-3.4.2-05", when=_is_partial)
def a_part_of_a_list_says_which_part(exchange: Exchange) -> Iterator[Finding]:
    for name in ("startIndex", "itemsPerPage"):
        if number(exchange.json.get(name)) is None:
            yield Finding(
                expected=["a whole number"],
                actual=exchange.json.get(name),
                at=f"/{name}",
                hint="Without it a client cannot ask for the next page.",
            )


def _looks_up(exchange: Exchange) -> bool:
    return "filter" in asked(exchange) and queries(exchange) and exchange.method == "GET"


def _tells_of_no_match(exchange: Exchange) -> bool:
    return _looks_up(exchange) and (exchange.ok or exchange.status == 404)


@judges("RFC7644-3.4.2-06", when=_tells_of_no_match)
def a_search_without_a_match_is_an_empty_list(exchange: Exchange, profile: Profile) -> Iterator[Finding]:
    """404 at an endpoint that the service does not have is right, and is what a refused group surface gives (C20)."""
    if endpoint(exchange) == "Groups" and not profile.supports("groups"):
        return
    nobody = exchange.tag == "filters.none" and exchange.ok and bool(page(exchange) or total(exchange))
    if exchange.status != 200 or nobody:
        yield Finding(
            expected=['200 with "totalResults": 0'],
            actual=seen(exchange),
            at="/totalResults" if nobody else "",
            likeness="found" if nobody else str(exchange.status),
            hint="An IdP looks everybody up before it does anything: an error here stops it, for all people.",
        )


@judges("RFC7644-3.4.2-07", when=lambda x: _looks_up(x) and x.ok and not says_error(x))
def a_search_with_one_match_is_still_a_list(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.is_list:
        yield Finding(
            expected=["a ListResponse, also for one match"],
            actual=seen(exchange),
            hint="Clients take the match out of Resources.",
        )


def _gave_no_start(exchange: Exchange) -> bool:
    return _is_page(exchange) and "startindex" not in asked(exchange) and not by_cursor(exchange)


@judges("RFC7644-3.4.2.4-03", when=_gave_no_start)
def a_list_begins_at_one_when_nothing_is_said(exchange: Exchange) -> Iterator[Finding]:
    value = exchange.json.get("startIndex")
    if value is not None and number(value) != 1:
        yield Finding(
            expected=['"startIndex": 1', "no startIndex"],
            actual=value,
            at="/startIndex",
            hint="Without startIndex the first page was asked for.",
        )


def _counts(exchange: Exchange) -> int | None:
    count = wanted(exchange, "count")
    return count if count is not None and count >= 0 else None


@judges("RFC7644-3.4.2.4-04", when=lambda x: _is_page(x) and _counts(x) is not None)
def a_page_holds_no_more_than_count(exchange: Exchange) -> Iterator[Finding]:
    count = _counts(exchange)
    if count is not None and len(page(exchange)) > count:
        yield Finding(
            expected=[f"{count} resources at most"],
            actual=f"{len(page(exchange))} resources",
            at="/Resources",
            hint="The client said how much it can take. Ignoring count makes every import read everybody.",
        )


def _says_how_many(exchange: Exchange) -> bool:
    told = _is_page(exchange) and number(exchange.json.get("itemsPerPage")) is not None
    # Where Resources is missing although there are matches, that is the finding.
    return told and (isinstance(exchange.json.get("Resources"), list) or not _has_something_to_show(exchange))


@judges("RFC7644-3.4.2.4-08", when=_says_how_many)
def items_per_page_is_what_is_on_the_page(exchange: Exchange) -> Iterator[Finding]:
    if number(exchange.json.get("itemsPerPage")) != len(page(exchange)):
        yield Finding(
            expected=[f'"itemsPerPage": {len(page(exchange))}'],
            actual=exchange.json.get("itemsPerPage"),
            at="/itemsPerPage",
            hint="It is the number of resources in this answer, not the number that was asked for.",
        )
