"""How much faster we accept a valid user than jsonschema does: prints both times and their ratio.

Both sides judge the same resource by the same JSON Schema in the same process;
the other side is a ``Draft202012Validator`` built beforehand. Our time includes folding the letter case of names.
"""

from __future__ import annotations

import json
import timeit
from collections.abc import Iterator

import jsonschema

from benchmarks.figure import Figure, at_least
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.step import ENTERPRISE_USER, USER, Effect, Intent
from harness.validation import compiled, validate

GOAL = 20.0
"""How many times faster a valid user has to be accepted."""

RESOURCE = {
    "schemas": [USER, ENTERPRISE_USER],
    "id": "2b7c1f7e-52c5-4a6e-9d5f-0f6f6a6f5b11",
    "externalId": "00u7h3k2qLpYx1s5d7",
    "userName": "grace.hopper@compilers.example",
    "name": {"formatted": "Grace Hopper", "givenName": "Grace", "familyName": "Hopper"},
    "displayName": "Grace Hopper",
    "title": "Rear Admiral",
    "locale": "en-US",
    "timezone": "America/New_York",
    "active": True,
    "emails": [
        {"value": "grace.hopper@compilers.example", "type": "work", "primary": True},
        {"value": "grace@home.example", "type": "home"},
    ],
    "phoneNumbers": [{"value": "tel:+1-202-555-0143", "type": "work"}],
    "groups": [{"value": "9", "$ref": "../Groups/9", "display": "Compilers"}],
    ENTERPRISE_USER: {
        "employeeNumber": "1906",
        "department": "Languages",
        "manager": {"value": "26", "$ref": "../Users/26", "displayName": "Howard Aiken"},
    },
    "meta": {
        "resourceType": "User",
        "created": "2026-01-31T09:30:00Z",
        "lastModified": "2026-02-01T10:00:00Z",
        "version": 'W/"7"',
        "location": "https://scim.example/v2/Users/2b7c1f7e-52c5-4a6e-9d5f-0f6f6a6f5b11",
    },
}


def best(statement: object, repetitions: int, rounds: int = 7) -> float:
    """Return the best time of one call in microseconds."""
    assert callable(statement)
    return min(timeit.repeat(statement, number=repetitions, repeat=rounds)) / repetitions * 1e6


def times() -> dict[str, float]:
    """Return the times in microseconds ("jsonschema", "ours", "whole answer") and the "ratio" of the first two."""
    ours = compiled("User")
    plain = jsonschema.Draft202012Validator(ours.schema)
    assert ours.accepts(RESOURCE)
    assert plain.is_valid(RESOURCE)
    exchange = _answer()
    assert validate(exchange) == []
    slow = best(lambda: plain.is_valid(RESOURCE), 200)
    fast = best(lambda: ours.accepts(RESOURCE), 5_000)
    whole = best(lambda: validate(exchange), 5_000)
    return {"jsonschema": slow, "ours": fast, "whole answer": whole, "ratio": slow / fast}


def _answer() -> Exchange:
    path = "/Users/2b7c1f7e-52c5-4a6e-9d5f-0f6f6a6f5b11"
    return Exchange(
        id="x-000001",
        scenario="benchmark",
        ordinal=1,
        role=Role.WITNESS,
        phase=Phase.BEFORE,
        moment=0,
        title="Read the person",
        intent=Intent.READ,
        effect=Effect.READ,
        request=Request("GET", f"https://scim.example/v2{path}"),
        response=Response(200, body=json.dumps(RESOURCE).encode()),
        path=path,
    )


def measure() -> Iterator[Figure]:
    """The ratio with its goal, and the microseconds behind it."""
    taken = times()
    yield at_least(
        "accepting a valid user: how many times faster",
        f"{taken['ours']:.1f} µs",
        f"plain jsonschema {taken['jsonschema']:.0f} µs",
        taken["ratio"],
        GOAL,
    )
    yield Figure("the same with choosing the schema", f"{taken['whole answer']:.1f} µs")
