"""Attacks: every address and method from the table itself, other tenants, filters, bodies, and who exists."""

import pytest
from sqlalchemy import event

from reference_server.front import Front
from reference_server.hooks import ABOUT, ACCESS, AUDIT, SIGN_IN, WHO_AM_I
from reference_server.journal import Journal
from reference_server.routes import BASE_PATH, Place
from reference_server.store.prepared import Prepared

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
KEY, OPEN_TO_READ = "a key, always", "open to be read, a key for the rest"

RULES = {
    Place.ROOT: (KEY, ("/",)),
    Place.ROOT_SEARCH: (KEY, ("/.search",)),
    Place.CONFIG: (OPEN_TO_READ, ("/ServiceProviderConfig",)),
    Place.TYPES: (OPEN_TO_READ, ("/ResourceTypes", "/ResourceTypes/User")),
    Place.SCHEMAS: (OPEN_TO_READ, ("/Schemas", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")),
    Place.BULK: (KEY, ("/Bulk",)),
    Place.ME: (KEY, ("/Me",)),
    Place.COLLECTION: (KEY, ("/Users", "/users", "//Users//")),
    Place.SEARCH: (KEY, ("/Users/.search",)),
    Place.RESOURCE: (KEY, ("/Users/{id}", "/USERS/{id}", "/Users/{id}/")),
    Place.UNSERVED: (KEY, ("/Groups", "/Groups/{id}")),
    Place.UNKNOWN: (KEY, ("/Nothing", "/Users/{id}/active", "/Users/../Users/{id}", "/%55sers", "/Users;x/{id}")),
}
"""Every kind of address, who may come, and how it is written. A new kind has to be given its rule here."""

HOOKS = {ABOUT: "open", AUDIT: KEY, SIGN_IN: KEY, ACCESS: KEY, WHO_AM_I: "a person's session"}


def test_every_kind_of_address_has_a_rule(house):
    assert set(RULES) == set(Place)
    served = house.server.wsgi._hooks._served
    assert set(HOOKS) == set(served)
    assert set(Front(house.server, Journal("none"))._own) == {"/healthz", "/readyz", "/openapi.json"}


@pytest.mark.parametrize("preset", ["full", "marketbeam"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", list(Place), ids=lambda place: place.name)
def test_without_a_good_key_nothing_is_served_and_nothing_changes(open_house, place, method, preset):
    house = open_house(preset)
    person = house.person("ada@test.example")
    before = house.read(person)
    rule, paths = RULES[place]
    for path in paths:
        for authorization in (None, "Bearer scim_wrong", f"Basic {house.client.key}", f"Bearer {house.client.key}x"):
            answer = house.client(method, path.format(id=person), {"active": False}, authorization=authorization)
            if rule == OPEN_TO_READ and method in ("GET", "HEAD") and authorization is None:
                assert answer.status == 200
                continue
            assert answer.status == 401, (path, authorization)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert b"ada@test.example" not in answer.raw
    assert house.read(person) == before


@pytest.mark.parametrize("path", [SIGN_IN, ACCESS, WHO_AM_I, AUDIT])
@pytest.mark.parametrize("method", METHODS)
def test_hooks_serve_nobody_without_a_key(house, path, method):
    answer = house.client.at(method, path, {"userName": "ada@test.example"}, authorization=None)
    assert answer.status in (401, 405)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("preset", ["full", "marketbeam"])
def test_another_tenant_s_person_is_nobody(open_house, method, preset):
    """Status, headers and body are those of an id that never was, and nothing changes."""
    house = open_house(preset)
    mine = house.person("ada@test.example")
    before = house.read(mine)
    stranger = house.neighbour()
    never = "0" * len(mine)
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp", "urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "taken@test.example",
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }
    for path in ("/Users/{}", "/Users/{}?attributes=userName", "/users/{}/"):
        theirs, nobody = (stranger(method, path.format(person), body) for person in (mine, never))
        assert theirs.status == nobody.status >= 400 or method in ("HEAD",)
        assert theirs.raw.replace(mine.encode(), never.encode()) == nobody.raw
        assert theirs.headers == nobody.headers
    assert house.read(mine) == before


def test_lists_filters_and_bulk_stay_inside_of_the_tenant(open_house):
    house = open_house("full")
    mine = house.person("ada@test.example")
    stranger = house.neighbour()
    for expression in ('userName eq "ada@test.example"', f'id eq "{mine}"', "userName pr", f'not (id eq "{mine}x")'):
        assert stranger.filter(expression).json["totalResults"] == 0
    job = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{"method": "DELETE", "path": f"/Users/{mine}"}],
    }
    assert stranger("POST", "/Bulk", job).json["Operations"][0]["status"] == "404"
    assert house.read(mine)["active"] is True


def test_nobody_learns_by_a_conflict_who_is_at_another_tenant(open_house):
    house = open_house("full")
    house.person("ada@test.example")
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@test.example"}
    assert house.neighbour()("POST", "/Users", body).status == 201
    assert house.client("POST", "/Users", body).status == 409


def test_the_store_is_asked_as_often_for_whom_there_is_as_for_whom_there_is_not(open_house, monkeypatch):
    """What takes the same steps takes the same time: neither ids nor keys can be guessed by the clock."""
    house = open_house("full")
    mine = house.person("ada@test.example")
    stranger = house.neighbour()
    asked = []
    executed = Prepared._execute
    monkeypatch.setattr(Prepared, "_execute", lambda self, *given: asked.append("prepared") or executed(self, *given))
    event.listen(house.server.database._engine, "before_cursor_execute", lambda *_: asked.append("built"))

    def steps(client, path, **options):
        asked.clear()
        client.get(path, **options)
        return list(asked)

    assert steps(stranger, f"/Users/{mine}") == steps(stranger, f"/Users/{'0' * 32}") != []
    assert steps(house.client, "/Users/x", authorization="Bearer scim_a") == steps(
        house.client, "/Users/x", authorization="Bearer " + "b" * 40
    )


@pytest.mark.parametrize(
    "value",
    [
        "' OR '1'='1",
        '\\" or userName pr or userName eq \\"',
        "%",
        "_",
        "ada%",
        "*",
        ")(",
        "'; DROP TABLE resources; --",
        "\\u0027",
    ],
)
@pytest.mark.parametrize("operator", ["eq", "co", "sw"])
@pytest.mark.parametrize("attribute", ["userName", "externalId", "id"])
def test_a_filter_value_is_a_value_whatever_it_holds(house, attribute, operator, value):
    house.person("ada@test.example")
    answer = house.client.filter(f'{attribute} {operator} "{value}"')
    assert answer.status in (200, 400)
    if answer.status == 200:
        assert answer.json["totalResults"] == 0
    assert house.client.filter('userName eq "ada@test.example"').json["totalResults"] == 1


@pytest.mark.parametrize(
    "more",
    [
        {"id": "chosen"}, {"meta": {"version": 'W/"9"', "created": "2000-01-01T00:00:00Z"}}, {"tenant_id": "other"},
        {"tenantId": "other"}, {"isAdmin": True}, {"unique_value": "x"}, {"seq": 1}, {"__class__": "x"},
        {"version": 9}, {"groups": [{"value": "admins"}]},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("how", ["PUT", "PATCH"])
def test_nobody_writes_what_is_the_server_s(any_house, how, more):
    house = any_house
    person = house.person("ada@test.example")
    before = house.read(person)
    if how == "PUT":
        house.client.put(f"/Users/{person}", {"userName": "ada@test.example", "active": True} | more)
    else:
        house.client.patch(f"/Users/{person}", {"op": "replace", "value": more})
    after = house.read(person)
    for name in ("id", "userName", "active"):
        assert after[name] == before[name]
    assert after["meta"]["created"] == before["meta"]["created"]
    assert not {"tenant_id", "tenantId", "isAdmin", "unique_value", "seq", "__class__", "groups", "version"} & set(
        after
    )
    assert house.neighbour().filter("userName pr").json["totalResults"] == 0


@pytest.mark.parametrize(
    "header", ["x_forwarded_host", "x_original_url", "x_http_method_override", "x_tenant", "forwarded"]
)
def test_headers_of_proxies_change_nothing(house, header):
    person = house.person("ada@test.example")
    plain = house.client.get(f"/Users/{person}")
    told = house.client.get(f"/Users/{person}", **{header: "evil.example"})
    assert (told.status, told.json) == (plain.status, plain.json)


def test_limits_end_what_would_take_long(open_house):
    house = open_house("full")
    person = house.person("ada@test.example")
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    assert house.client("PATCH", f"/Users/{person}", deep).status == 400
    many = [{"op": "replace", "path": "active", "value": True}] * 1001
    assert house.client.patch(f"/Users/{person}", *many).status == 413
    assert house.client("PATCH", f"/Users/{person}", b" " * (1024 * 1024 + 1)).status == 413
    assert house.client.filter(" or ".join(['userName eq "a"'] * 600)).status == 400
    assert house.client.filter("not (" * 200 + "userName pr" + ")" * 200).status == 400
    assert house.client.get(f"{BASE_PATH}").status in (404, 501)
    assert house.read(person)["active"] is True
