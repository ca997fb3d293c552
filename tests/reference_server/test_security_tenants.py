"""Tenants: at no address, by no method, and by no count of steps does anybody learn who is at another tenant."""

import itertools

import pytest
from sqlalchemy import event

from reference_server.hooks import ABOUT, ACCESS, AUDIT, SIGN_IN, WHO_AM_I
from reference_server.routes import Place
from reference_server.store.prepared import Prepared

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
NAME, DISPLAYED = "ada.canary@test.example", "Canary team"

PATHS = {
    Place.ROOT: "/",
    Place.ROOT_SEARCH: "/.search",
    Place.CONFIG: "/ServiceProviderConfig",
    Place.TYPES: "/ResourceTypes/User",
    Place.SCHEMAS: "/Schemas",
    Place.BULK: "/Bulk",
    Place.ME: "/Me",
    Place.COLLECTION: "/Users",
    Place.SEARCH: "/Groups/.search",
    Place.RESOURCE: "/Users/{id}",
    Place.UNSERVED: "/Groups/{id}",
    Place.UNKNOWN: "/AsyncResults/{id}",
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ACTIVE = {"op": "replace", "path": "active", "value": False}
BODY = {
    "schemas": [PATCH_OP, SEARCH, BULK, USER, GROUP],
    "userName": "somebody@test.example",
    "displayName": "Somebody",
    "filter": "id pr",
    "Operations": [ACTIVE],
}


def test_every_kind_of_address_is_tried_by_a_stranger():
    assert set(PATHS) == set(Place)


@pytest.fixture
def two(open_house):
    house = open_house("full")
    person = house.person(NAME)
    house.client("POST", "/Groups", {"schemas": [GROUP], "displayName": DISPLAYED, "members": [{"value": person}]})
    return house, person, house.neighbour()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", list(Place), ids=lambda place: place.name)
def test_a_stranger_with_a_good_key_sees_nobody_and_changes_nobody(two, place, method):
    house, person, stranger = two
    before = house.client.get("/Users").raw, house.client.get("/Groups").raw
    operations = [
        {"method": "PATCH", "path": f"/Users/{person}", "data": {"schemas": [PATCH_OP], "Operations": [ACTIVE]}}
    ]
    body = BODY | ({"Operations": operations} if place is Place.BULK else {})
    answer = stranger(method, PATHS[place].format(id=person), None if method == "GET" else body)
    assert answer.status < 500 or answer.status == 501
    # Where something was made or refused, what the stranger sent itself may come back: never a name or an id.
    for secret in (NAME, DISPLAYED):
        assert secret.encode() not in answer.raw
    assert (house.client.get("/Users").raw, house.client.get("/Groups").raw) == before


@pytest.mark.parametrize("path", [ABOUT, AUDIT, SIGN_IN, ACCESS, WHO_AM_I])
def test_the_hooks_tell_a_stranger_nothing_either(two, path):
    house, person, stranger = two
    session = house.sign_in(NAME).json["session"]
    for method in ("GET", "POST"):
        answer = stranger.at(method, path, {"userName": NAME} if method == "POST" else None)
        assert answer.status < 500
        assert person.encode() not in answer.raw
        assert session.encode() not in answer.raw
    assert house.access(NAME)["session"] == "alive"
    asked = stranger.at("POST", ACCESS, {"userName": "nobody@test.example"}).json
    assert asked | {"userName": ""} == house.neighbour().at("POST", ACCESS, {"userName": NAME}).json | {"userName": ""}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_whom_a_stranger_asks_for_takes_the_steps_that_nobody_takes(two, method, monkeypatch):
    """What takes the same steps in the store takes the same time, whatever is done to the person."""
    house, person, stranger = two
    asked = []
    executed = Prepared._execute
    monkeypatch.setattr(Prepared, "_execute", lambda self, *given: asked.append("prepared") or executed(self, *given))
    event.listen(house.server.database._engine, "before_cursor_execute", lambda *_: asked.append("built"))
    steps = []
    for wanted in (person, "0" * len(person)):
        asked.clear()
        answer = stranger(method, f"/Users/{wanted}", None if method in ("GET", "DELETE") else BODY)
        assert answer.status == 404
        steps.append(list(asked))
    assert steps[0] == steps[1] != []


@pytest.mark.parametrize("expression", ['userName eq "{}"', 'userName sw "{}"', 'not (userName ne "{}")'])
def test_a_search_for_another_tenant_s_person_takes_the_steps_of_a_search_for_nobody(two, expression, monkeypatch):
    house, _, stranger = two
    asked = []
    executed = Prepared._execute
    monkeypatch.setattr(Prepared, "_execute", lambda self, *given: asked.append("prepared") or executed(self, *given))
    event.listen(house.server.database._engine, "before_cursor_execute", lambda *_: asked.append("built"))
    steps, answers = [], []
    for name in (NAME, "nobody.at.all@test.example"):
        asked.clear()
        answers.append(stranger.filter(expression.format(name)))
        steps.append(list(asked))
    assert steps[0] == steps[1] != []
    assert answers[0].raw == answers[1].raw
    assert answers[0].headers == answers[1].headers


def test_a_key_that_was_revoked_is_told_only_to_whoever_holds_it(two):
    """Every key that never was gets one and the same answer, however much it looks like one that was."""
    house, _, _ = two
    key = house.client.key
    nearly = [key[:-1] + ("a" if key[-1] != "a" else "b"), key[:-1], key + "a", key.upper(), "scim_" + "0" * 40]
    answers = [house.client.get("/Users", authorization=f"Bearer {wrong}") for wrong in nearly]
    assert {answer.status for answer in answers} == {401}
    assert all(a.raw == b.raw and a.headers == b.headers for a, b in itertools.pairwise(answers))
