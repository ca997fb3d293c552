"""The front of a server that is run for real: its log tells what happened and nothing about anybody."""

import json
import logging

import pytest

from reference_server import tracing
from reference_server.figures import Figures
from reference_server.front import Front, note_callers, template
from reference_server.journal import Journal, compared_attributes

NAME = "ada.canary@test.example"


class Watched:
    def __init__(self, house, client_type, level="requests"):
        self.lines = []
        self.journal = Journal(level, self.lines.append)
        note_callers(house.server)
        self.front = Front(house.server, self.journal, Figures())
        self.client = client_type(self.front, house.client.key)

    @property
    def events(self):
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def watched(house, client_type):
    house.person(NAME)
    return Watched(house, client_type)


def test_a_request_is_told_without_secrets_and_without_anybody(watched, house):
    person = watched.client.filter(f'userName eq "{NAME}" and not (name.familyName co "Canary")').resources[0]
    watched.client.patch(f"/Users/{person['id']}", {"op": "replace", "path": "active", "value": False})
    watched.client.get(f"/Users/{person['id']}", authorization="Bearer scim_canary")
    written = "".join(watched.lines)
    for secret in (NAME, "canary", "Canary", house.client.key, person["id"]):
        assert secret not in written
    searched, patched, refused = watched.events
    assert searched["filter"] == ["name.familyName", "userName"]
    assert patched["place"] == "/scim/v2/Users/{id}"
    assert (patched["method"], patched["status"], patched["tenant"]) == ("PATCH", 200, house.tenant.id)
    assert patched["key"] == house.tenant.key.id
    assert (refused["status"], refused["tenant"]) == (401, "")


def test_the_audit_names_the_request_that_the_answer_names(watched, house):
    person = watched.client.filter(f'userName eq "{NAME}"').resources[0]["id"]
    operation = {"op": "replace", "path": "active", "value": False}
    answer = watched.client.patch(f"/Users/{person}", operation, x_request_id="from-the-client.1")
    assert answer.headers["X-Request-Id"] == "from-the-client.1"
    entry = house.server.audit.entries(house.tenant.id)[-1]
    assert (entry.request_id, entry.actor, entry.resource_id) == ("from-the-client.1", house.tenant.key.id, person)
    assert entry.changes == {"active": [True, False]}


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "line\r\nbreak", "<script>", "é"])
def test_an_id_that_could_do_harm_is_replaced(watched, sent):
    given = watched.client.get("/Users", x_request_id=sent).headers["X-Request-Id"]
    assert given != sent
    assert len(given) == 32


def test_an_unexpected_exception_is_told_by_kind_and_place_only(watched, house):
    house.server.behaviour.serve.instead(lambda _call: {}[NAME])
    watched.journal.listen()
    try:
        assert watched.client.get("/Users", x_request_id="r1").status == 500
    finally:
        for name in ("reference_server", "waitress", "sqlalchemy", "alembic"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True
    problem, request = watched.events
    assert (problem["event"], problem["exception"], problem["request_id"]) == ("problem", "KeyError", "r1")
    assert problem["where"]
    assert (request["status"], request["level"]) == (500, "error")
    assert NAME not in "".join(watched.lines)


def test_by_default_only_problems_are_told(house, client_type):
    watched = Watched(house, client_type, "problems")
    watched.client.get("/Users")
    assert watched.lines == []
    house.server.behaviour.serve.instead(lambda _call: 1 / 0)
    watched.client.get("/Users")
    assert watched.events[-1]["status"] == 500


def test_an_unknown_level_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="requests, problems, none"):
        Journal("loud")


def test_health_needs_no_key_and_readiness_asks_the_store(watched, house):
    assert watched.client.at("GET", "/healthz", authorization=None).json == {"status": "ok"}
    assert watched.client.at("GET", "/readyz", authorization=None).json == {"status": "ready"}
    watched.front.stopping = True
    assert watched.client.at("GET", "/readyz").status == 503


def test_the_figures_name_kinds_of_addresses_and_nobody(watched, house):
    watched.client.get(f"/Users/{NAME}")
    watched.client.at("GET", "/somewhere/else")
    watched.client("BREW", "/Users")
    page = watched.client.at("GET", "/metrics", authorization=None).raw.decode()
    assert 'scim_requests_total{method="GET",place="/scim/v2/Users/{id}",status="404"} 1.0' in page
    assert 'method="other"' in page
    assert 'scim_request_seconds_count{place="other"} 1.0' in page
    assert NAME not in page
    assert house.tenant.id not in page


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/scim/v2/users/x", "/scim/v2/Users/{id}"),
        ("/scim/v2/Users/.search", "/scim/v2/Users/.search"),
        ("/scim/v2/Groups", "/scim/v2/Groups"),
        ("/scim/v2/.search", "/scim/v2/.search"),
        ("/scim/v2/ada@test.example", "other"),
        ("/scim/v2", "other"),
        ("/sso/sign-in", "/sso/sign-in"),
        ("/", "other"),
    ],
)
def test_an_address_is_told_by_its_kind(path, place):
    assert template(path) == place


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("filter=userName%20eq%20%22a%22", ["userName"]),
        ('filter=emails[type eq "work"].value sw "x eq y"', ["type", "value"]),
        ("filter=title pr and not (active eq true)", ["active", "title"]),
        ('filter=userName eq "a\\" or nickName eq \\"b"', ["userName"]),
        ('filter=userName eq "never closed or name.formatted eq 1', ["userName"]),
        ("count=3", []),
    ],
)
def test_of_a_filter_only_the_names_of_attributes_are_told(query, names):
    assert compared_attributes(query) == names


def test_outside_of_a_request_there_is_no_id():
    assert tracing.request_id() == ""
