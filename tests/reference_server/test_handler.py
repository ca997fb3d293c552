"""PUT, DELETE and media types: existence first, read-only values ignored, silence never changes who is active."""

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WRITING = ["marketbeam", "marketbeam-strict", "deprovisioning-only", "full"]
DEPROVISIONING = WRITING[:3]
UNKNOWN = "/Users/00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("preset", WRITING)
def test_writing_back_what_was_read_changes_nothing(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    answer = house.client("PUT", f"/Users/{ada}", before)
    assert answer.status == 200
    assert answer.json == before == house.read(ada)


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("value", [False, "False", "false"])
def test_okta_deactivates_by_writing_the_whole_person_back(open_house, preset, value):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    sent = before | {"active": value, "groups": [], "password": "x"}
    for _ in range(2):
        answer = house.client("PUT", f"/Users/{ada}", sent, content_type="application/json; charset=utf-8")
        assert answer.status == 200
    after = house.read(ada)
    assert answer.json == after
    assert after["active"] is False
    assert {k for k in before if before[k] != after[k]} == {"active", "meta"}
    assert house.access("ada@test.example")["session"] == "ended"
    assert house.client("PUT", f"/Users/{ada}", sent | {"active": True}).json["active"] is True


@pytest.mark.parametrize("preset", DEPROVISIONING)
def test_a_put_ignores_what_scim_does_not_own(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    body = {
        "schemas": [USER, ENTERPRISE],
        "id": "x",
        "meta": {"created": "1970-01-01T00:00:00Z"},
        "userName": "other@test.example",
        "name": "not even an object",
        "emails": "neither",
        "displayName": 7,
        "title": "x",
        ENTERPRISE: {"department": "d"},
        "externalId": "E-1",
    }
    answer = house.client("PUT", f"/Users/{ada}", body)
    assert answer.status == 200
    after = house.read(ada)
    assert {k for k in after if before.get(k) != after[k]} == {"externalId", "meta"}
    assert after["meta"]["created"] == before["meta"]["created"]


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("active", [True, False])
def test_a_put_that_says_nothing_about_active_leaves_it_as_it_is(open_house, preset, active):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": active})
    for body in ({"userName": "ada@test.example"}, {"userName": "ada@test.example", "active": None}):
        assert house.client.put(f"/Users/{ada}", body | {"externalId": "E"}).json["active"] is active


@pytest.mark.parametrize("preset", DEPROVISIONING)
def test_a_put_needs_nothing_but_what_scim_owns(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    assert house.client.put(f"/Users/{ada}", {"active": False}).json["active"] is False


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("value", ["maybe", 0, 1, 7, [], {}])
def test_a_put_with_a_senseless_active_is_a_400_and_changes_nothing(open_house, preset, value):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    answer = house.client("PUT", f"/Users/{ada}", before | {"active": value})
    assert (answer.status, answer.json["scimType"]) == (400, "invalidValue")
    assert house.read(ada) == before


@pytest.mark.parametrize("preset", WRITING)
def test_a_put_never_creates(open_house, preset):
    house = open_house(preset)
    body = {"schemas": [USER], "userName": "new@nobody.example"}
    answer = house.client("PUT", UNKNOWN, body)
    assert answer.status == 404
    assert answer.is_scim_error
    assert house.client.get(UNKNOWN).status == 404
    assert house.client.get("/Users").json["totalResults"] == 0


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"1", b"null", b"\xff\xfe", b"[" * 100_000, b'{"schemas": NaN}', b'{"a": "\\ud800"}'],
)
def test_a_body_that_is_no_json_object_is_a_400(open_house, preset, method, body):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    answer = house.client(method, f"/Users/{ada}", body)
    assert (answer.status, answer.json["scimType"]) == (400, "invalidSyntax")
    assert answer.is_scim_error
    assert house.read(ada) == before


READABLE = [
    "application/scim+json",
    "application/scim+json; charset=utf-8",
    'application/scim+json;charset="UTF-8"',
    "application/json",
    "application/json; charset=utf-8",
    "Application/SCIM+JSON",
    None,
]
UNREADABLE = [
    "text/xml",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/scim+json; charset=utf-16",
    "application/vnd.api+json",
]


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("content_type", READABLE)
def test_scim_json_and_plain_json_are_read(open_house, preset, content_type):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    operation = {"op": "replace", "path": "active", "value": False}
    assert house.client.patch(f"/Users/{ada}", operation, content_type=content_type).json["active"] is False


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("content_type", UNREADABLE)
def test_any_other_media_type_is_a_415_and_changes_nothing(open_house, preset, content_type):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    operation = {"op": "replace", "path": "active", "value": False}
    answer = house.client.patch(f"/Users/{ada}", operation, content_type=content_type)
    assert answer.status == 415
    assert answer.is_scim_error
    assert house.read(ada)["active"] is True


def test_a_compressed_body_is_a_415(house):
    ada = house.person("ada@test.example")
    answer = house.client("PATCH", f"/Users/{ada}", b"\x1f\x8b", CONTENT_ENCODING="gzip")
    assert answer.status == 415


@pytest.mark.parametrize("preset", WRITING)
def test_a_body_that_is_too_large_is_a_413_and_the_next_request_works(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    answer = house.client("PATCH", f"/Users/{ada}", b'{"x": "' + b"a" * 2_000_000 + b'"}')
    assert answer.status == 413
    assert answer.is_scim_error
    assert house.read(ada)["active"] is True


@pytest.mark.parametrize("preset", ["deprovisioning-only", "full"])
def test_a_deleted_person_is_gone_for_every_request(open_house, preset):
    house = open_house(preset)
    ada, bob = house.person("ada@test.example"), house.person("bob@test.example")
    answer = house.client("DELETE", f"/Users/{ada}")
    assert (answer.status, answer.raw) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert house.client.get(f"/Users/{ada}").status == 404
    assert house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": True}).status == 404
    assert house.client.put(f"/Users/{ada}", {"userName": "ada@test.example"}).status == 404
    assert house.client("DELETE", f"/Users/{ada}").status == 404
    assert house.client.filter('userName eq "ada@test.example"').json["totalResults"] == 0
    assert [r["id"] for r in house.client.get("/Users").resources] == [bob]
    assert house.access("ada@test.example")["session"] == "ended"


@pytest.mark.parametrize("preset", WRITING)
def test_conditions_are_ignored_where_versions_are_not_offered(open_house, preset):
    if preset == "full":
        preset = "deprovisioning-only"
    house = open_house(preset)
    ada = house.person("ada@test.example")
    operation = {"op": "replace", "path": "active", "value": False}
    assert house.client.patch(f"/Users/{ada}", operation, IF_MATCH='"x"', PREFER="respond-async").status == 200
    assert "version" not in house.read(ada)["meta"]
