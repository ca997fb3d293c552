"""What is not served is refused by address and method alone: same answer for everybody, no trace left behind."""

import pytest

BODIES = {
    "valid": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "new@nobody.example"},
    "invalid": {"userName": 7},
    "duplicate": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@test.example"},
    "no json": b"{",
    "nothing": None,
}
REFUSING = ["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"]


@pytest.mark.parametrize("preset", REFUSING)
@pytest.mark.parametrize("path", ["/Users", "/users", "/Users/", "//Users", "/Users?_method=PUT"])
def test_creating_a_person_is_refused_in_the_same_way_whatever_the_body(open_house, preset, path):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.client.get("/Users").json
    for body in BODIES.values():
        for _ in range(2):
            answer = house.client("POST", path, body, X_HTTP_METHOD_OVERRIDE="PUT")
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
            assert answer.is_scim_error
            assert "Location" not in answer.headers
            assert "SSO" in answer.json["detail"]
    assert house.client.get("/Users").json == before
    assert house.client.filter('userName eq "new@nobody.example"').json["totalResults"] == 0
    assert house.read(ada)["active"] is True


@pytest.mark.parametrize("preset", REFUSING)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/Groups", "/Groups/1", "/groups/2", "/Groups/.search", "/Groups/1/members"])
def test_every_group_write_is_a_404_with_a_sentence_for_the_administrator(open_house, preset, method, path):
    answer = open_house(preset).client(method, path, {"displayName": "x"})
    assert answer.status == 404
    assert answer.is_scim_error
    assert "roups" in answer.json["detail"]
    assert "Allow" not in answer.headers


@pytest.mark.parametrize(
    ("preset", "status"),
    [("marketbeam", 200), ("marketbeam-strict", 200), ("deprovisioning-only", 404), ("read-only", 404), ("full", 200)],
)
def test_the_list_of_groups_is_empty_or_not_there(open_house, preset, status):
    client = open_house(preset).client
    answer = client.get("/Groups?startIndex=1&count=100")
    assert answer.status == status
    if status == 200:
        assert answer.json["totalResults"] == 0
        assert answer.resources == []
    else:
        assert answer.is_scim_error
    assert client.get("/Groups/0000").status == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_me_is_501_where_nobody_is_there_and_never_written(any_house, method):
    answer = any_house.client(method, "/Me", {} if method != "GET" else None)
    if any_house.server.preset.features["me"]:
        # Nobody is there yet whom the key could stand for; and nobody is written to by a name that is not theirs.
        assert answer.status == (501 if method == "GET" else 405)
    else:
        assert answer.status == 501
    assert answer.is_scim_error


@pytest.mark.parametrize("preset", REFUSING)
def test_bulk_is_501_where_it_is_not_offered(open_house, preset):
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": BODIES["valid"]}],
    }
    house = open_house(preset)
    assert house.client("POST", "/Bulk", body).status == 501
    assert house.client.get("/Users").json["totalResults"] == 0


@pytest.mark.parametrize(
    ("preset", "collection", "resource"),
    [
        ("marketbeam", "GET, HEAD", "GET, HEAD, PUT, PATCH"),
        ("marketbeam-strict", "GET, HEAD", "GET, HEAD, PUT, PATCH"),
        ("deprovisioning-only", "GET, HEAD", "GET, HEAD, PUT, PATCH, DELETE"),
        ("read-only", "GET, HEAD", "GET, HEAD"),
        ("full", "GET, HEAD, POST", "GET, HEAD, PUT, PATCH, DELETE"),
    ],
)
def test_a_405_names_exactly_what_is_served(open_house, preset, collection, resource):
    client = open_house(preset).client
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = client(method, "/Users", {})
        assert (answer.status, answer.headers["Allow"]) == (405, collection)
    unknown = "/Users/00000000-0000-4000-8000-000000000000"
    answer = client("POST", unknown, {})
    assert (answer.status, answer.headers["Allow"]) == (405, resource)
    for method in resource.split(", "):
        body = None if method in ("GET", "HEAD", "DELETE") else {"schemas": ["urn:x"]}
        assert client(method, unknown, body).status == 404


def test_discovery_can_only_be_read(any_house):
    for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = any_house.client(method, path, {})
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
            assert answer.is_scim_error


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written_when_read_only(open_house, method):
    house = open_house("read-only")
    ada = house.person("ada@test.example")
    before = house.read(ada)
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "active": False}
    answer = house.client(method, f"/Users/{ada}", body)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert house.read(ada) == before


def test_deleting_is_refused_by_marketbeam_and_the_person_stays(house):
    ada = house.person("ada@test.example")
    answer = house.client("DELETE", f"/Users/{ada}")
    assert answer.status == 405
    assert answer.is_scim_error
    assert house.read(ada)["active"] is True
    assert house.access("ada@test.example")["session"] == "alive"
