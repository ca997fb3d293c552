"""Routes lead every exchange to each condition that it meets, whatever the exchange is."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.checks import all_checks
from harness.checks.reading import below, endpoint, people, shows_people
from harness.model.check import Scope
from harness.model.exchange import Exchange, Request, Response, Role
from harness.model.partial import note_of
from harness.model.step import Intent
from harness.routes import Routes, Something, Unsaid, stand_in, traits

Crossed = Callable[..., Exchange]

CONDITIONS = list(dict.fromkeys(c.when for c in all_checks().values() if c.scope is Scope.EXCHANGE))
PERSON = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "id": "2819c223",
    "userName": "ada@analytical.example",
    "emails": [{"value": "ada@analytical.example", "primary": True}],
    "active": True,
    "meta": {"resourceType": "User", "location": "https://crm.example/scim/v2/Users/2819c223"},
}
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
BODIES: tuple[Any, ...] = (
    PERSON,
    {"schemas": [LIST], "totalResults": 1, "Resources": [PERSON]},
    {"schemas": [LIST], "totalResults": 0},
    {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "nobody"},
    {"supported": True},
    {},
    [],
    [PERSON],
    None,
    0,
    "text",
    b"",
    b"<html>",
)
PATHS = (
    "/Users",
    "/Users/2819c223",
    "/Users/2819c223/groups",
    "/Users/.search",
    "/.search",
    "/Groups",
    "/Groups/7",
    "/ServiceProviderConfig",
    "/Schemas",
    "/Schemas/urn:x",
    "/ResourceTypes",
    "/Me",
    "/Bulk",
    "/",
    "",
    "/odd/Users",
)
QUERIES = ("", "filter=userName%20eq%20%22ada%22", "attributes=userName", "startIndex=1&count=2", "access_token=x")
STATUSES = (200, 201, 204, 301, 304, 400, 401, 403, 404, 406, 409, 415, 429, 500, 503)
TAGS = ("", "by-id", "casting", "discovery.config", "paths.slash", "ids.location", "bodies.null", "no check knows it")


def _made(crossed: Crossed) -> Crossed:
    """An exchange by what differs here."""

    def make(body: Any, path: str, method: str, query: str = "", status: int = 200, **given: Any) -> Exchange:
        url = f"https://crm.example/scim/v2{path}{'?' * bool(query)}{query}"
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = (("Content-Type", "application/scim+json"), ("Location", url))
        return crossed(
            request=Request(method, url, (("Accept", "application/scim+json"),), text),
            response=Response(status, "", headers, text),
            path=path,
            query=query,
            **given,
        )

    return make


def exchanges(crossed: Crossed, seed: int, number: int) -> Iterator[Exchange]:
    dice = random.Random(seed)
    tags = [*TAGS, *_tags_in_conditions()]
    for _ in range(number):
        notes: tuple[str, ...] = ()
        if dice.random() < 0.1:
            notes = (note_of(["response body"]),)
        yield crossed(
            body=dice.choice(BODIES),
            status=dice.choice(STATUSES),
            method=dice.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
            path=dice.choice(PATHS),
            query=dice.choice(QUERIES),
            tag=dice.choice(tags),
            role=dice.choice([r for r in Role if r is not Role.SETUP]),
            intent=dice.choice(list(Intent)),
            notes=notes,
        )


def _tags_in_conditions() -> list[str]:
    """Whatever stands in the code of a condition and looks like a tag."""
    found = {c for condition in CONDITIONS for c in condition.__code__.co_consts if isinstance(c, str) and "." in c}
    return sorted(found)


def asked_directly(conditions: list[Any], exchange: Exchange) -> set[Any]:
    met = set()
    for condition in conditions:
        try:
            if condition(exchange):
                met.add(condition)
        except Exception:
            continue
    return met


@pytest.mark.parametrize("seed", range(3))
def test_no_exchange_is_hidden_from_a_condition_that_it_meets(crossed: Callable[..., Exchange], seed: int) -> None:
    routes = Routes(CONDITIONS)
    met = 0
    for exchange in exchanges(_made(crossed), seed, 150):
        found = routes.met(exchange, {})
        assert len(found) == len(set(found))
        exchange.forget()
        assert set(found) == asked_directly(CONDITIONS, exchange), traits(exchange)
        met += len(found)
    assert met > 800, "hardly anything was met: the sample says nothing"


def test_most_conditions_are_decided_without_looking_at_the_exchange(crossed: Callable[..., Exchange]) -> None:
    asked = 0

    def counted(condition: Any) -> Any:
        def count(exchange: Any) -> bool:
            nonlocal asked
            asked += isinstance(exchange, Exchange)
            return bool(condition(exchange))

        return count

    routes = Routes([counted(condition) for condition in CONDITIONS])
    routes.met(_made(crossed)(body=PERSON, path="/Users/2819c223", method="GET"), {})
    assert asked < len(CONDITIONS) / 3


def test_a_condition_that_falls_over_is_told_with_its_first_error(crossed: Callable[..., Exchange]) -> None:
    def falls(exchange: Any) -> bool:
        raise ValueError(exchange.id)

    broken: dict[Any, Exception] = {}
    routes = Routes([falls])
    assert [routes.met(crossed(n), broken) for n in (1, 2)] == [[], []]
    assert str(broken[falls]) == "x-0ddba1-001"


def test_who_stands_in_tells_what_all_have_in_common_and_nothing_else(crossed: Callable[..., Exchange]) -> None:
    blind: Any = stand_in(_made(crossed)(body=PERSON, path="/Users/2819c223", method="GET"))
    assert (blind.method, blind.status, blind.ok, endpoint(blind), bool(below(blind))) == (
        "GET",
        200,
        True,
        "Users",
        True,
    )
    assert shows_people(blind)
    for refused in ("id", "subject", "tag", "url", "body", "moment", "elapsed_ms", "no such thing"):
        with pytest.raises(Unsaid):
            getattr(blind, refused)
    with pytest.raises(Unsaid):
        [*people(blind)]


@pytest.mark.parametrize(
    "look",
    [
        lambda value: value == "x",
        lambda value: "x" in (value,),
        lambda value: value in {"x"},
        lambda value: isinstance(value, str),
        lambda value: isinstance(value, dict | list),
        lambda value: f"{value}",
        lambda value: value["x"],
        lambda value: value.x,
        lambda value: len(value),
        lambda value: [*value],
        lambda value: value > 1,
    ],
)
def test_what_differs_from_exchange_to_exchange_cannot_be_looked_at(look: Callable[[Any], object]) -> None:
    with pytest.raises(Unsaid):
        look(Something())
