"""Pages: counted from one, cut where they should be, and turned one after the other."""

from __future__ import annotations

from typing import Any

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import Step, token_of
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded, quoted
from harness.probes.requests import get, post
from harness.probes.selection import SEARCH_REQUEST

PAGE = 100
"""The longest page that is asked for: a service may hold a hundred thousand people."""

WALK = 3
"""So many pages of two are turned."""

FORGED = "forged-by-scimulator"
_SECOND = {"authorization": f"Bearer {token_of('second')}"}

WALK_BY_CURSOR = 6
"""So many pages of two are turned by cursor, unless the last one comes before."""

PARTS = (Part("bystander-1"), Part("bystander-2"), Part("bystander-3"))


@probe("paging", "An import turns the pages of the list", parts=PARTS)
def paging(cast: Cast) -> Steps:
    """The first page is read at the beginning and at the end, to see whether people came or went meanwhile."""
    config: Exchange = yield get("/ServiceProviderConfig", "Read how long a page may be", tag="paging.config")
    first: Exchange = yield _page("The first page, the beginning left to the service", "first", count=PAGE)
    yield _page("One person from the beginning", "one", startIndex=1, count=1)
    yield _page("One person from the second place on", "two", startIndex=2, count=1)
    yield _page("A page that begins at 0", "zero", startIndex=0, count=1)
    yield _page("A page that begins at -5", "negative", startIndex=-5, count=1)
    yield _page("A page of nobody", "count-zero", count=0)
    yield _page("A page of -1 people", "count-negative", count=-1)
    yield _page("A page past the end", "past", startIndex=_total(first) + 1000, count=1)
    yield _page("A page of words instead of numbers", "words", startIndex="one", count="many")
    start = 1
    for _ in range(WALK):
        answer: Exchange = yield _page("Two people, one page after the other", "walk", startIndex=start, count=2)
        start += len(answer.resources)
        # A list that does not say how many there are is turned to its end.
        if not answer.resources or 0 < _total(first) < start:
            break
    yield from _filtered(cast)
    yield from _announced(config.json if isinstance(config.json, dict) else {})
    yield _page("The first page once more", "last", count=PAGE)


def _filtered(cast: Cast) -> Steps:
    names = [member.person.user_name for member in cast if member.account is not None][:2]
    if len(names) == 2:
        both = " or ".join(f"userName eq {quoted(name)}" for name in names)
        yield _page("Look two people up at once", "filter", filter=both)
        yield _page("Look two people up, one on a page", "filtered", filter=both, startIndex=1, count=1)


def _announced(config: dict[str, Any]) -> Steps:
    """What is asked only where the configuration promises it."""
    if _says(config, "sort", "supported"):
        yield _page("People by name", "ascending", sortBy="userName", count=10)
        yield _page("People by name, backwards", "descending", sortBy="userName", sortOrder="descending", count=10)
    if _says(config, "pagination", "cursor"):
        yield from _by_cursor(sorts=_says(config, "sort", "supported"))


def _by_cursor(*, sorts: bool) -> Steps:
    """The same people by cursor (RFC 9865): from the first page on, and with every usual mistake."""
    first: Exchange = yield _page("One person, to go on by cursor", "cursor", cursor="", count=1)
    query = "cursor&count=1"
    yield get(
        "/Users", "The same with a bare parameter", query=query, tag="paging.cursor-bare", template="/Users?cursor"
    )
    yield _page("One person, the way of paging left to the service", "neither", count=1)
    yield _page("A page of nobody by cursor", "cursor-zero", cursor="", count=0)
    yield _page("A page of -1 people by cursor", "cursor-negative", cursor="", count=-1)
    yield _page("A cursor that was never given out", "cursor-forged", cursor=FORGED, count=1)
    if behind := _next(first):
        yield _page("Another count behind a cursor", "cursor-count", cursor=behind, count=2)
        query = encoded(cursor=behind, count=1)
        title = "The same cursor with the key of another tenant"
        yield get("/Users", title, query=query, tag="paging.cursor-foreign", template="/Users?cursor", **_SECOND)
        forged = encoded(cursor=FORGED, count=1)
        title = "A cursor that was never given out, with the key of another tenant"
        yield get(
            "/Users", title, query=forged, tag="paging.cursor-foreign-forged", template="/Users?cursor", **_SECOND
        )
    cursor: str = ""
    for _ in range(WALK_BY_CURSOR):
        answer: Exchange = yield _page("Two people, one page after the other", "cursor-walk", cursor=cursor, count=2)
        cursor = _next(answer)
        if not cursor:
            break
    if sorts:
        yield _page("People by name, by cursor", "cursor-sorted", cursor="", sortBy="userName", count=10)
    body = {"schemas": [SEARCH_REQUEST], "cursor": "", "count": 1}
    yield post("/Users/.search", body, "The first page by cursor, by POST", tag="paging.cursor-search")


def _next(answer: Exchange) -> str:
    value = answer.json.get("nextCursor") if isinstance(answer.json, dict) else None
    return value if isinstance(value, str) else ""


def _says(config: dict[str, Any], feature: str, name: str) -> bool:
    value = config.get(feature)
    return isinstance(value, dict) and value.get(name) is True


def _page(title: str, tag: str, **parameters: str | int) -> Step:
    template = "/Users?" + "&".join(parameters)
    return get("/Users", title, query=encoded(**parameters), tag=f"paging.{tag}", template=template)


def _total(exchange: Exchange) -> int:
    total = exchange.json.get("totalResults") if isinstance(exchange.json, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total < 10**9 else 0
