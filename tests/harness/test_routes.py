"""Routes say of every exchange what its checks say of it, whatever the exchange is."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from harness.blindfold import plainly, stand_in, traits
from harness.checks import all_checks
from harness.checks.reading import RIGHT_TOKEN, below, endpoint, people, shows_people
from harness.looking import Asked, Checks, look
from harness.model.blank import Anything, Something, Unsaid
from harness.model.check import Check, Scope
from harness.model.exchange import MEETS, WORN_KEY, Exchange, Request, Response, Role
from harness.model.partial import NotRecorded, guarded, note_of
from harness.model.profile import Profile
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript
from harness.profiles import load

Crossed = Callable[..., Exchange]

CHECKS = [check for check in all_checks().values() if check.scope is Scope.EXCHANGE]
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
ROLES = tuple(role for role in Role if role is not Role.SETUP)
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


LACKING = ("response body", "response headers", "request body", "request headers")
RECEIVED = (
    ("Cache-Control", "public"),
    ("Cache-Control", "no-store"),
    ("WWW-Authenticate", 'Bearer realm="scim"'),
    ("Allow", "GET, PATCH"),
    ("ETag", 'W/"1"'),
    ("ETag", "1"),
    ("Content-Location", "https://crm.example/scim/v2/Users/2819c223"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Seen", "Bearer [redacted:token]"),
)
SENT = (("Authorization", RIGHT_TOKEN), ("Authorization", "Bearer x"), ("Accept", "application/scim+json"))


def exchanges(crossed: Crossed, seed: int, number: int) -> Iterator[Exchange]:
    """So many exchanges, each with some that differ from it in one way."""
    dice = random.Random(seed)
    tags = ["", *TAGS, *_tags_in_conditions()]

    def sent() -> tuple[tuple[str, str], ...]:
        return tuple(dice.sample(SENT, 2))

    def received() -> tuple[tuple[str, str], ...]:
        return (("Content-Type", "application/scim+json"), *dice.sample(RECEIVED, 2))

    for _ in range(number):
        body = dice.choice(BODIES)
        first = crossed(
            body=body,
            status=dice.choice(STATUSES),
            method=dice.choice(("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
            path=dice.choice(PATHS),
            query=dice.choice(QUERIES),
            tag=dice.choice(tags),
            role=dice.choice(ROLES),
            intent=dice.choice(list(Intent)),
            notes=(note_of(dice.sample(LACKING, 1)),) if dice.random() < 0.2 else (),
        )
        assert first.response is not None
        yield first
        yield replace(first, role=dice.choice(ROLES), intent=dice.choice(list(Intent)))
        yield replace(first, tag=dice.choice(tags), id="x-other", title="another")
        yield replace(first, response=replace(first.response, headers=received()))
        yield replace(first, request=replace(first.request, headers=sent()))
        other = replace(first.response, body=json.dumps(dice.choice(BODIES[:8])).encode())
        yield replace(first, response=other)
        yield replace(
            first, response=other, role=dice.choice(ROLES), scenario=dice.choice(("entra/default/x", "okta/oin/x"))
        )


TEXTS = (
    "ada@analytical.example",
    "no address",
    "Ada Lovelace",
    "Grace",
    "2819c223",
    "bulkId:7",
    "https://crm.example/scim/v2/Users/2819c223",
    "https://ada:secret@crm.example/scim/v2/Users/7",
    "/Users/2819c223?x=/Users/7",
    "2026-01-31T09:30:00Z",
    "2026-01-31T09:30:00",
    "2026-02-30T09:30:00Z",
    "2026-01-31",
    'W/"1"',
    "en-US",
    "Europe/Berlin",
    "MIIB",
    "[redacted:token]",
    "password",
    "false",
    "404",
    "User",
    "work",
    "tel:+49-30-901820",
    LIST,
    ERROR,
    PERSON["schemas"][0],
    "Traceback (most recent call last):",
    "\ud800",
    " ",
    "",
)


def of_few_outlines(crossed: Crossed, number: int) -> Iterator[Exchange]:
    """So many answers of each kind, which differ in their texts and in little else."""
    dice = random.Random(number)

    def some() -> str:
        return dice.choice(TEXTS)

    def person(schemas: str, **more: Any) -> dict[str, Any]:
        return {
            schemas: [dice.choice((PERSON["schemas"][0], ERROR, some()))],
            "id": some(),
            "userName": some(),
            "name": {"formatted": some(), "givenName": some(), "familyName": some()},
            "emails": [{"value": some(), "type": some(), "primary": True}, {"value": some(), "type": "work"}],
            "active": True,
            "groups": [{"value": some(), "$ref": some()}],
            "meta": {"resourceType": "User", "created": some(), "lastModified": some(), "location": some()},
            **{name: some() for name in more},
        }

    for _ in range(number):
        one = person("schemas")
        odd = person(dice.choice(("Schemas", "schemas")), locale="", timezone="", profileUrl="", displayName="")
        error = {"schemas": [some()], "status": dice.choice(("404", some())), "detail": some(), "scimType": some()}
        page = {"schemas": [LIST], "totalResults": 2, "Resources": [person("schemas"), person("schemas")]}
        yield crossed(body=one, path="/Users/2819c223", method="GET")
        yield crossed(body=odd, path="/Users/2819c223", method="PATCH")
        yield crossed(body=page, path="/Users", method="GET", query="filter=userName%20eq%20%22ada%22")
        yield crossed(body=error, path="/Users/2819c223", method="GET", status=404)
        yield crossed(body={"schemas": [some()], "id": some()}, path="/Schemas", method="GET")


def alike(crossed: Crossed) -> Iterator[Exchange]:
    """Exchanges of which each differs from the others in one way: a tag, a query, a note, an address."""
    away = (("Content-Type", "application/scim+json"), ("Location", "https://ada:x@crm.example/scim/v2/Users/7"))
    error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "nobody"}
    for body, status in ((PERSON, 200), (error, 404), (error, 401)):
        first = crossed(body=body, path="/Users/2819c223", method="GET", status=status)
        several = crossed(body=body if status != 200 else BODIES[1], path="/Users", method="GET", status=status)
        assert first.response is not None
        for exchange in (first, several):
            yield from (replace(exchange, tag=tag) for tag in ["", *_tags_in_conditions(), *TAGS])
            yield from (replace(exchange, query=query) for query in QUERIES)
            yield from (replace(exchange, notes=(note,)) for note in (WORN_KEY, f"{MEETS}x-1"))
        yield replace(first, response=replace(first.response, headers=away))
        yield replace(first, path="/Users/7", request=replace(first.request, url="https://crm.example/scim/v2/Users/7"))


def _tags_in_conditions() -> list[str]:
    """Whatever stands in the code of a condition and looks like a tag."""
    found = {c for check in CHECKS for c in check.when.__code__.co_consts if isinstance(c, str) and "." in c}
    return sorted(found)


class Claims(NamedTuple):
    """What the checks say of exchanges: those that met something, those that fell over, and what was found where."""

    met: set[str]
    fell: set[str]
    found: set[tuple[str, str, str]]


def asked_directly(transcript: Transcript, profile: Profile) -> Claims:
    """Each condition and each check asked of each exchange, with nothing in between."""
    claims = Claims(set(), set(), set())
    extras = {"profile": profile, "transcript": transcript}
    for exchange, check in itertools.product(transcript.exchanges, CHECKS):
        try:
            if not check.when(exchange):
                continue
            findings = list(check.judge(exchange, **extras))
        except NotRecorded:
            continue
        except Exception:
            claims.fell.add(check.id)
            continue
        claims.met.add(check.id)
        for finding in findings:
            place = {"check": check.id, "scenario": transcript.scenario.id, "requirement": check.requirements[0]}
            placed = finding.placed(exchange=exchange.id, **place)
            # The first of its kind stands for all.
            if not any(known[:2] == (check.id, placed.id) for known in claims.found):
                claims.found.add((check.id, placed.id, repr(placed)))
    return claims


def asked_by_routes(transcript: Transcript, checks: Checks) -> Claims:
    looks = look(transcript, Asked(CHECKS), checks)
    return Claims(
        {name for name, seen in looks.items() if seen.met},
        {name for name, seen in looks.items() if seen.error},
        {(name, found.id, repr(found)) for name, seen in looks.items() for found in seen.found.values()},
    )


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", ["full", "marketbeam"])
def test_routes_say_of_every_exchange_what_its_checks_say(
    crossed: Crossed, told: Callable[..., Transcript], seed: int, name: str
) -> None:
    """One by one: what was learnt of the earlier ones serves for the later ones."""
    made = (*alike(_made(crossed)), *exchanges(_made(crossed), seed, 150))
    assert _agreed(made, told, load(name)) > (2000, 500), "hardly anything was met: the sample says nothing"


@pytest.mark.parametrize("name", ["full", "marketbeam"])
def test_answers_with_the_same_outline_are_not_taken_for_each_other(
    crossed: Crossed, told: Callable[..., Transcript], name: str
) -> None:
    """The same members again and again, with texts in them about which the checks do not think alike."""
    made = list(of_few_outlines(_made(crossed), 60))
    assert _agreed(made, told, load(name)) > (2000, 500), "hardly anything was met: the sample says nothing"


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST"])
def test_an_outline_that_does_not_tell_what_kind_of_answer_it_is_is_not_relied_on(
    crossed: Crossed, told: Callable[..., Transcript], method: str
) -> None:
    """RFC 7643 §2.1 lets a service write Schemas; whether that is an error is told by a text."""
    bodies = [{**PERSON, "schemas": None, "Schemas": [urn, "x"]} for urn in (PERSON["schemas"][0], ERROR, LIST)]
    made = [_made(crossed)(body=body, path="/Users/2819c223", method=method) for body in bodies * 3]
    for turn in (made, made[::-1]):
        assert _agreed(turn, told, load("full"))[0]


def _agreed(made: Iterable[Exchange], told: Callable[..., Transcript], profile: Profile) -> tuple[int, int]:
    """How much was met and found in these exchanges, the same by routes and asked directly."""
    checks = Checks(CHECKS, profile)
    met = found = 0
    for exchange in made:
        transcript = told(guarded(exchange))
        claims = asked_by_routes(transcript, checks)
        exchange.forget()
        straight = asked_directly(told(guarded(exchange)), profile)
        # Whoever fell over says nothing else: some of the others were told before that.
        assert claims.fell == straight.fell, traits(exchange)
        assert claims.met - claims.fell == straight.met - straight.fell, traits(exchange)
        assert {f for f in claims.found if f[0] not in claims.fell} == straight.found, traits(exchange)
        met, found = met + len(claims.met), found + len(claims.found)
    return met, found


def test_most_checks_are_told_without_a_look_at_the_exchange(
    crossed: Crossed, told: Callable[..., Transcript], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(check: Check) -> Check:
        def count(exchange: Any) -> bool:
            if isinstance(exchange, Exchange):
                asked.append(check.id)
            return bool(check.when(exchange))

        return replace(check, when=count)

    checks = Checks([counted(check) for check in CHECKS], load("marketbeam"))
    made = _made(crossed)
    for ordinal in range(3):
        exchange = made(body=PERSON, path="/Users/2819c223", method="GET", id=f"x-{ordinal}")
        before = len(asked)
        assert asked_by_routes(told(exchange), checks).met
    assert len(asked) - before < len(CHECKS) / 20


def test_a_condition_that_falls_over_is_told_with_its_first_error(
    crossed: Crossed, told: Callable[..., Transcript]
) -> None:
    def falls(exchange: Any) -> bool:
        raise ValueError(exchange.id)

    check = replace(next(check for check in CHECKS if check.each is None), when=falls)
    looks = look(told(crossed(1), crossed(2)), Asked([check]), Checks([check], load("full")))
    assert looks[check.id].error == "ValueError: x-0ddba1-001"


@pytest.mark.parametrize("tag", ["", "by-id"])
@pytest.mark.parametrize("path", ["/Users/2819c223", "/Schemas"])
def test_a_condition_that_asks_for_the_tag_last_is_asked_all_the_same(
    crossed: Crossed, told: Callable[..., Transcript], tag: str, path: str
) -> None:
    def met(exchange: Any) -> bool:
        return exchange.json.get("active") is True and exchange.tag == "by-id"

    check = replace(next(check for check in CHECKS if check.each is None and not check.arguments), when=met)
    checks, made = Checks([check], load("full")), _made(crossed)
    for ordinal in range(4):
        exchange = made(body=PERSON, path=path, method="GET", tag=tag, id=f"x-{ordinal}")
        assert bool(look(told(exchange), Asked([check]), checks)) is (tag == "by-id")


def test_a_body_that_was_seen_is_not_taken_for_the_body_of_another(
    crossed: Crossed, told: Callable[..., Transcript]
) -> None:
    made, checks = _made(crossed), Checks(CHECKS, load("marketbeam"))
    shown = [PERSON, {**PERSON, "active": "true"}, PERSON]
    for number, person in enumerate(shown):
        exchange = made(body=person, path="/Users/2819c223", method="GET")
        claims = asked_by_routes(told(exchange), checks)
        wrong = {name for name, _, _ in claims.found}
        assert ("users.active_is_a_boolean" in wrong) is (number == 1)


def test_who_stands_in_tells_what_all_have_in_common_and_nothing_else(crossed: Callable[..., Exchange]) -> None:
    exchange = _made(crossed)(body=PERSON, path="/Users/2819c223", method="GET")
    blind: Any = stand_in(exchange, plainly(exchange))
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


@pytest.mark.parametrize("stands", [Something, Anything])
@pytest.mark.parametrize(
    "looks",
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
def test_what_differs_from_exchange_to_exchange_cannot_be_looked_at(
    looks: Callable[[Any], object], stands: type[Something]
) -> None:
    with pytest.raises(Unsaid):
        looks(stands())


def test_whether_what_may_be_empty_is_empty_cannot_be_told() -> None:
    assert Something()
    with pytest.raises(Unsaid):
        bool(Anything())
