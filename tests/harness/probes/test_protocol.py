"""The probes of the protocol: what they send, what they never send, and that no answer throws them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.catalogue.loader import load
from harness.checks import all_checks
from harness.judge import judge
from harness.model.exchange import Response
from harness.model.scenario import Probe
from harness.model.step import TOKEN, Effect, Step
from harness.model.verdict import Outcome
from harness.probes import all_probes
from harness.probes.ids import below
from harness.probes.requests import NOBODY_ID
from harness.probes.tokens import PASSWORD, WRONG_TOKEN
from harness.profiles import load as load_profile

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
NAMES = (
    "bodies",
    "discovery",
    "filters",
    "formats",
    "ids",
    "methods",
    "origins",
    "paging",
    "paths",
    "root",
    "search",
    "selection",
    "tokens",
)
MOST = 196
"""So many requests all these probes together may send."""


def probe(name: str) -> Probe:
    return all_probes()[name]


def answered(body: Any, status: int = 200, **headers: str) -> Response:
    return Response(status, "", tuple(headers.items()), json.dumps(body).encode())


def somebody(step: Step) -> Response:
    """A service that knows everybody who is asked for by id, and lists two people."""
    person = {
        "schemas": [USER],
        "id": "Ab-1",
        "userName": "ada@analytical.example",
        "displayName": "Ada",
        "active": True,
    }
    person |= {"name": {"familyName": "Lovelace"}, "meta": {"location": "https://app.example/scim/v2/Users/Ab-2"}}
    if step.path.startswith("/Users/") and not step.path.endswith(".search"):
        return answered(person | {"id": step.path.rsplit("/", 1)[-1]})
    listed: list[Any] = [person, person | {"id": "Ab-2"}]
    if step.path == "/ResourceTypes":
        listed = [{"id": "User", "name": "User", "endpoint": "/Users"}, {"name": "Group", "endpoint": "/Groups"}]
    if step.path == "/Schemas":
        listed = [{"id": USER}]
    return answered({"totalResults": len(listed), "Resources": listed}, 405 if step.method == "POST" else 200)


@pytest.mark.parametrize("name", NAMES)
def test_a_probe_changes_nobody_but_its_own_subject(name: str, driven: Any) -> None:
    for exchange in driven(probe(name), somebody).exchanges:
        if exchange.effect is Effect.READ:
            assert exchange.method in ("GET", "HEAD", "OPTIONS") or exchange.path.endswith("/.search")
            continue
        known = exchange.subject == "subject" and exchange.path == "/Users/u1"
        nobody = exchange.path.endswith(NOBODY_ID)
        refused = exchange.method == "POST" and exchange.path.strip("/") in (
            "Users",
            "Groups",
            "Bulk",
            "ServiceProviderConfig",
            "ResourceTypes",
            "Schemas",
        )
        assert known or nobody or refused, f"{exchange.method} {exchange.path}"
        assert exchange.method != "DELETE" or nobody


@pytest.mark.parametrize("name", NAMES)
def test_a_probe_asks_for_a_hundred_people_at_most(name: str, driven: Any) -> None:
    for exchange in driven(probe(name), somebody).exchanges:
        if exchange.method == "GET" and exchange.path.rstrip("/") == "/Users":
            counts = [part[6:] for part in exchange.query.split("&") if part.startswith("count=")]
            assert counts or "filter" in exchange.query, exchange.query
            assert all(count == "many" or int(count) <= 100 for count in counts), exchange.query


def test_all_probes_of_the_protocol_together_send_few_requests(driven: Any) -> None:
    assert sum(len(driven(probe(name), somebody).exchanges) for name in NAMES) <= MOST


@pytest.mark.parametrize("name", [n for n in NAMES if n != "bodies"])
def test_a_probe_that_only_reads_people_needs_no_account(name: str, driven: Any) -> None:
    assert all(part.name.startswith("bystander") for part in probe(name).parts)
    assert driven(probe(name), somebody, there=False).exchanges


@pytest.mark.parametrize("name", NAMES)
def test_a_probe_looks_like_no_identity_provider_and_sends_its_key_only_as_a_placeholder(
    name: str, driven: Any
) -> None:
    for exchange in driven(probe(name), somebody).exchanges:
        assert exchange.sent_header("User-Agent") == "scimulator-probe"
        key = exchange.sent_header("Authorization") or ""
        assert not key or TOKEN in key or key in ("Bearer", f"Bearer {WRONG_TOKEN}", f"Basic {PASSWORD}")


def test_nobody_is_touched_when_the_subject_is_not_active(driven: Any) -> None:
    def asleep(_step: Step) -> Response:
        return answered({"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", "active": False})

    assert [x.method for x in driven(probe("bodies"), asleep).exchanges] == ["GET", "GET"]


def test_every_body_of_the_subject_says_that_the_person_stays_active(driven: Any) -> None:
    sent = [x.sent for x in driven(probe("bodies"), somebody).exchanges if isinstance(x.sent, dict)]
    assert sent
    assert all(operation["value"] is True for body in sent for operation in body["Operations"])


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("https://app.example/scim/v2/Users/Ab-2", "/Users/Ab-2"),
        ("/scim/v2/Users/Ab-2?x=1", "/Users/Ab-2"),
        ("https://evil.example/scim/v2/Users/Ab-2", ""),
        ("http://app.example/scim/v2/Users/Ab-2", ""),
        ("//evil.example/scim/v2/Users/1", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_a_location_is_followed_only_below_the_base_url(location: str, path: str, driven: Any) -> None:
    first = driven(probe("ids"), somebody).exchanges[0]
    assert below(first, location) == path


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = [
    "schemas",
    "id",
    "ID",
    "userName",
    "name",
    "emails",
    "active",
    "meta",
    "externalId",
    "password",
    "displayName",
    "totalResults",
    "startIndex",
    "itemsPerPage",
    "Resources",
    "resources",
    "attributes",
    "subAttributes",
    "endpoint",
    "schema",
    "schemaExtensions",
    "type",
    "filter",
    "bulk",
    "patch",
    "supported",
    "authenticationSchemes",
    "status",
    "detail",
    "scimType",
    "location",
    "created",
    "lastModified",
    "resourceType",
    "familyName",
    "primary",
    "value",
    "mutability",
    "returned",
    "nextCursor",
    "maxResults",
]
SHAPED = st.recursive(
    JSON | st.sampled_from([USER, "u1", "2026-01-31T09:30:00Z", "/Users", "true", 1, 1.5, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=12,
)
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "Allow", "WWW-Authenticate", "Location", "ETag", "Access-Control-Allow-Origin"]),
    st.text(max_size=30)
    | st.sampled_from(["Bearer error=", "GET, ,POST", "application/scim+json", "[redacted:token]"]),
    max_size=4,
)
BODIES = (JSON | SHAPED).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)
RESPONSES = st.builds(
    lambda status, headers, body: Response(status, "", tuple(headers.items()), body),
    st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 405, 422, 500, 501, 503]),
    HEADERS,
    BODIES,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(NAMES), there=st.booleans())
def test_no_answer_throws_a_probe_or_a_check(data: Any, name: str, there: bool, driven: Any) -> None:
    """Answers of any shape: the probe goes on, and every check of the project says something or nothing."""
    pool = data.draw(st.lists(RESPONSES, min_size=1, max_size=6))
    count = iter(range(10**6))
    there = there or name == "bodies"
    told = driven(probe(name), lambda _step: pool[next(count) % len(pool)], there=there)
    for family in ("full", "marketbeam"):
        verdicts = judge(told, load_profile(family), load(), all_checks().values())
        assert [v.reason for v in verdicts if v.outcome is Outcome.ERROR] == []


THEMES = (
    "addresses auth common configuration cursor_refusals cursors definitions discovery employment errors "
    "filter_operators filter_reach filter_refusals filter_results filters http lists meta naming paging published "
    "resource_types retrieval returned roots search security selection sorting unusual users values"
)
MINE = [check for check in all_checks().values() if check.id.partition(".")[0] in THEMES.split()]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("name", NAMES)
def test_a_machine_in_front_that_has_no_time_is_not_the_fault_of_the_service(
    name: str, status: int, driven: Any
) -> None:
    """Rate limits and gateways answer in their own way, for all requests or for some of them."""
    busy = Response(status, "", (("Content-Type", "text/html"),), b"<h1>Too busy</h1>")
    catalogue, full = load(), load_profile("full")
    calm = driven(probe(name), somebody)
    known = {v.requirement for v in judge(calm, full, catalogue, MINE) if v.findings}
    for every in (1, 2, 3):
        count = iter(range(10**6))
        told = driven(probe(name), lambda step: busy if next(count) % every == 0 else somebody(step))  # noqa: B023
        assert {v.requirement for v in judge(told, full, catalogue, MINE) if v.findings} - known == set()


@pytest.mark.parametrize("own", [4711, None], ids=["a number", "forgotten"])
def test_somebody_whose_id_is_a_number_or_forgotten_is_asked_about_all_the_same(own: Any, driven: Any) -> None:
    def numbers(step: Step) -> Response:
        told = somebody(step)
        body = json.loads(told.body)
        if "userName" in body:
            body["id"] = own
        return Response(told.status, "", told.headers, json.dumps(body).encode())

    for name in ("filters", "ids", "selection"):
        assert len(driven(probe(name), numbers).exchanges) > len(driven(probe(name), somebody).exchanges) // 2
