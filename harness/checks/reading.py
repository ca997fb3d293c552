"""What checks read out of an answer without trusting its shape: members, pages, people, and what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from harness.checks.once import once
from harness.model.addressed import COLLECTIONS, PARTS, SEARCH, parts
from harness.model.exchange import NO_JSON, Exchange
from harness.model.partial import lacks
from harness.model.step import ERROR
from harness.model.transcript import Transcript

RIGHT_TOKEN = "Bearer [redacted:token]"  # noqa: S105
"""How the credential of the run stands in a record, sent the ordinary way."""

ENTRIES, TELLER = "_reading_entries", "_reading_teller"
_ASKED = "_reading_asked"
"""Under which an exchange remembers what hundreds of checks ask of it. ``Exchange.forget`` lets go of it."""

_IDPS = ("okta", "entra")

GATEWAY = frozenset({429, 502, 503, 504})
"""Statuses that machines in front of a service give: their form is not the service's."""


def observed(transcript: Transcript) -> list[Exchange]:
    """The answered SCIM exchanges that checks judge: not the set-up, not the hooks."""
    return list(transcript.observed)


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is a JSON object, else {}."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """The value when it is a JSON array, else []."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """The value when it is a string, else ""."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int | None:
    """The value when it is a whole JSON number (3 or 3.0, never true), else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value == value and abs(value) < 1e15 and value == int(value) else None


def member(resource: Any, name: str) -> Any:
    """A member by name in any letter case (RFC 7643 §2.1), the exact spelling first; None when absent."""
    if not isinstance(resource, dict):
        return None
    if name in resource:
        return resource[name]
    other = by_fold(tuple(resource)).get(name.lower())
    return None if other is None else resource[other]


@lru_cache(maxsize=4096)
def by_fold(names: tuple[str, ...]) -> dict[str, str]:
    """The names by their lower case; of those that differ only in letter case the first. Most objects name the same."""
    return {name.lower(): name for name in reversed(names)}


def spelt(resource: Any, name: str) -> str:
    """The spelling under which a member stands in a resource; the given one when it is absent."""
    return next((k for k in mapping(resource) if k.lower() == name.lower()), name)


def assigned(value: Any) -> bool:
    """Whether an attribute has a value: null, [] and {} are none (RFC 7643 §2.5)."""
    return value is not None and value != [] and value != {}


def attributes_of(resource: Any) -> dict[str, Any]:
    """The assigned members by name in lower case."""
    return {k.lower(): v for k, v in mapping(resource).items() if assigned(v)}


def schemas_of(resource: Any) -> list[str]:
    return [urn for urn in listing(member(resource, "schemas")) if isinstance(urn, str)]


def steps(pointer: str) -> str:
    """One member name as a step of a JSON Pointer."""
    return pointer.replace("~", "~0").replace("/", "~1")


def segments(exchange: Exchange) -> list[str]:
    """The path below the SCIM base, decoded; from the first known endpoint on where the base is not known."""
    return list(parts(exchange))


def endpoint(exchange: Exchange) -> str:
    """The first part of the path: "Users", "Schemas", ..., or "" for the base itself."""
    path = exchange.__dict__.get(PARTS) or parts(exchange)
    return path[0] if path else ""


def below(exchange: Exchange) -> str:
    """What stands behind the endpoint: an id, ".search", or "" for the endpoint itself."""
    path = parts(exchange)
    return path[1] if len(path) == 2 else "/".join(path[1:])


def asked(exchange: Exchange) -> Mapping[str, Any]:
    """The query parameters, or the members of a search request, by name in lower case; of doubled ones the last."""
    if not searches(exchange):
        return exchange.parameters
    known: dict[str, Any] | None = exchange.__dict__.get(_ASKED)
    if known is None:
        known = exchange.__dict__[_ASKED] = {k.lower(): v for k, v in mapping(exchange.sent).items()}
    return known


def searches(exchange: Exchange) -> bool:
    return exchange.method == "POST" and parts(exchange)[-1:] == (SEARCH,)


def wanted(exchange: Exchange, name: str) -> int | None:
    """A whole number that the request asked for ("count", "startIndex"); None when it did not, or in no such words."""
    value = asked(exchange).get(name.lower())
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return number(value)


def projected(exchange: Exchange) -> bool:
    """Whether the request asked for some attributes only."""
    given = asked(exchange)
    return bool(given.get("attributes") or given.get("excludedattributes"))


def queries(exchange: Exchange, *collections: str) -> bool:
    """Whether the request asks a collection ("Users", "Groups" unless named) for a list."""
    here = endpoint(exchange) in (collections or COLLECTIONS)
    return here and (searches(exchange) or (exchange.method == "GET" and not below(exchange)))


def reads_one(exchange: Exchange, *collections: str) -> bool:
    """Whether the request reads one resource of a collection by what stands in the path."""
    return exchange.method == "GET" and endpoint(exchange) in (collections or COLLECTIONS) and bool(below(exchange))


def by_cursor(exchange: Exchange) -> bool:
    """Whether a page was reached, or goes on, by cursor (RFC 9865)."""
    body = mapping(exchange.json)
    return "cursor" in asked(exchange) or any(body.get(n) is not None for n in ("nextCursor", "previousCursor"))


def page(exchange: Exchange) -> list[Any]:
    """Everything that stands in Resources of a list; in "resources" too, which is wrong and judged elsewhere (C41)."""
    return listing(member(exchange.json, "Resources"))


def total(exchange: Exchange) -> int | None:
    return number(mapping(exchange.json).get("totalResults"))


def entries(exchange: Exchange, *collections: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources of a 2xx answer at these collections with their JSON Pointers: of a list, or the single one."""
    if endpoint(exchange) not in (collections or COLLECTIONS):
        return iter(())
    return iter(shown(exchange))


def shown(exchange: Exchange) -> tuple[tuple[str, dict[str, Any]], ...]:
    """What ``entries`` gives for a collection, whatever the endpoint is."""
    known: tuple[tuple[str, dict[str, Any]], ...] | None = exchange.__dict__.get(ENTRIES)
    if known is None:
        known = exchange.__dict__[ENTRIES] = listed(exchange)
    return known


def listed(exchange: Exchange) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The same, worked out anew."""
    return tuple(_entries(exchange))


def _entries(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    if exchange.is_list or searches(exchange):
        if exchange.ok:
            for index, entry in enumerate(page(exchange)):
                if isinstance(entry, dict):
                    yield f"/Resources/{index}", entry
    elif exchange.resource and ERROR not in schemas_of(exchange.resource):
        yield "", exchange.resource


def people(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    """The users of a 2xx answer with their JSON Pointers."""
    return entries(exchange, "Users")


@once
def people_shown(transcript: Transcript) -> list[tuple[Exchange, str, dict[str, Any]]]:
    """All that ``people`` gives of what checks judge: the exchange, the JSON Pointer, the user."""
    return [(x, pointer, person) for x in transcript.observed for pointer, person in people(x)]


def shows_people(exchange: Exchange) -> bool:
    return next(people(exchange), None) is not None


def shows_resources(exchange: Exchange) -> bool:
    return next(entries(exchange), None) is not None


def own_id(resource: Any) -> str:
    """The id of a resource; a number as its digits, which is wrong and judged elsewhere; "" when there is none."""
    value = member(resource, "id")
    return text(value) or ("" if number(value) is None else str(value))


def ids(exchange: Exchange) -> list[str]:
    """The ids on a page, in their order; what has none counts as ""."""
    return [own_id(entry) for entry in page(exchange)]


def known_as(resource: Any) -> str:
    """What a resource can be told from others by: its id, or the user name where a service forgets the id."""
    return own_id(resource) or text(member(resource, "userName")).casefold()


def names(exchange: Exchange) -> list[str]:
    """What the resources on a page are known as, in their order."""
    return [known_as(entry) for entry in page(exchange)]


def holds(exchange: Exchange, resource: Any) -> bool:
    """Whether a resource is on a page: by its id, or by its user name where either of the two shows no id."""
    own, name = own_id(resource), text(member(resource, "userName"))
    for entry in page(exchange):
        there = own_id(entry)
        if (own and there == own) or (not (own and there) and same_name(member(entry, "userName"), name or None)):
            return True
    return False


def teller(exchange: Exchange) -> str:
    """Which IdP tells the scenario of an exchange: "okta", "entra" or ""."""
    known: str | None = exchange.__dict__.get(TELLER)
    if known is None:
        known = exchange.__dict__[TELLER] = _teller(exchange.scenario)
    return known


@lru_cache(maxsize=4096)
def _teller(scenario: str) -> str:
    return next((part for part in scenario.split("/")[:2] if part in _IDPS), "")


_PLAIN = re.compile(r"[\w-]+", re.ASCII).fullmatch


def plainly_ends_in(address: str, *names: str) -> bool:
    """Whether the path of an address ends in these words, which are told without taking it apart. False says nothing.

    Nearly all addresses do, and to take them apart costs more than everything else that is asked of a resource.
    """
    plain = address.endswith(f"/{'/'.join(names)}") and "?" not in address and "#" not in address
    return plain and all(map(_PLAIN, names))


def has_body(exchange: Exchange) -> bool:
    return bool(exchange.body.strip()) and exchange.method != "HEAD"


def says_error(exchange: Exchange) -> bool:
    """Whether an error document came under a status of success: one wrong, which other clauses need not repeat."""
    return exchange.ok and ERROR in schemas_of(exchange.json)


def unread(exchange: Exchange) -> bool:
    """Whether the request was answered before it was looked at.

    By a machine in front that had no time for it, by a refusal of its Accept, or by an error that came as a 2xx. The
    last two are wrongs of their own, which other clauses need not repeat.
    """
    return exchange.status in GATEWAY or exchange.status == 406 or says_error(exchange)


def elsewhere(exchange: Exchange) -> bool:
    """Whether the question was not answered here: unread, or sent to another address."""
    return unread(exchange) or 300 <= exchange.status < 400


def is_json(exchange: Exchange) -> bool:
    return exchange.json is not NO_JSON


def same_name(first: Any, second: Any) -> bool:
    """Whether two user names are one (RFC 7643 §4.1.1: letter case does not count)."""
    return isinstance(first, str) and isinstance(second, str) and first.lower() == second.lower()


def short(value: Any, most: int = 200) -> str:
    """A value for a finding, cut to a readable length."""
    shown = value if isinstance(value, str) else repr(value)
    return shown if len(shown) <= most else f"{shown[:most]}..."


def seen(exchange: Exchange) -> str:
    """An answer in one line, for ``actual``: status, media type and the beginning of its body, as far as recorded.

    What a check has found does not come undone because a log lacks what would only be shown here.
    """
    lacking = lacks(exchange)
    kind = "" if "response headers" in lacking else exchange.media_type
    body = "" if "response body" in lacking else exchange.body[:120].decode("utf-8", "replace").strip()
    return " ".join(part for part in (str(exchange.status), kind, short(body, 120)) if part)
