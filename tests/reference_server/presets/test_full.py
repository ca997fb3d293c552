"""The preset "full": people and groups are created, changed and deleted; sorting, versions and bulk work."""

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def house(open_house):
    return open_house("full")


def create(house, **more):
    return house.client("POST", "/Users", {"schemas": [USER], "userName": "ada@test.example"} | more)


def group(house, name="Team", *members):
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": m} for m in members]}
    answer = house.client("POST", "/Groups", body, content_type="application/json")
    assert answer.status == 201, answer.raw
    return answer.json


def test_a_person_is_created_with_server_made_values(house):
    answer = create(
        house, id="x", meta={"created": "1970-01-01T00:00:00Z", "resourceType": "Group"}, groups=[], password="p",
        nosuch="x", schemas=[USER, ENTERPRISE, "urn:x:unknown"], roles=[], title=None,
        **{ENTERPRISE: {"department": "d"}},
    )  # fmt: skip
    made = answer.json
    assert answer.status == 201
    assert answer.headers["Location"] == made["meta"]["location"]
    assert answer.headers["ETag"] == made["meta"]["version"]
    assert house.read(made["id"]) == made
    assert made["id"] != "x"
    assert made["active"] is True
    assert made["meta"]["resourceType"] == "User"
    assert made["meta"]["created"] == made["meta"]["lastModified"] > "2000"
    assert set(made["schemas"]) == {USER, ENTERPRISE}
    assert made[ENTERPRISE] == {"department": "d"}
    assert not {"password", "groups", "nosuch", "title", "roles"} & set(made)


@pytest.mark.parametrize(
    ("change", "keyword"),
    [
        ({"userName": None}, "invalidValue"),
        ({"userName": ""}, "invalidValue"),
        ({"userName": 1}, "invalidValue"),
        ({"schemas": None}, "invalidSyntax"),
        ({"schemas": ["urn:x"]}, "invalidSyntax"),
        ({"active": "maybe"}, "invalidValue"),
        ({"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]}, "invalidValue"),
        ({"emails": "a"}, "invalidValue"),
    ],
)
def test_a_person_that_makes_no_sense_is_a_400_and_leaves_nothing_behind(house, change, keyword):
    answer = create(house, **change)
    assert (answer.status, answer.json["scimType"]) == (400, keyword)
    assert answer.is_scim_error
    assert house.client.get("/Users").json["totalResults"] == 0


@pytest.mark.parametrize("name", ["ada@test.example", "ADA@Test.Example"])
def test_the_same_user_name_in_any_case_is_a_409(house, name):
    create(house)
    answer = create(house, userName=name)
    assert (answer.status, answer.json["scimType"]) == (409, "uniqueness")
    other = create(house, userName="bob@test.example").json
    for conflict in (
        house.client.patch(f"/Users/{other['id']}", {"op": "replace", "path": "userName", "value": name}),
        house.client("PUT", f"/Users/{other['id']}", other | {"userName": name}),
    ):
        assert (conflict.status, conflict.json["scimType"]) == (409, "uniqueness")
    assert house.read(other["id"]) == other


def test_a_deleted_user_name_is_free_again_and_its_id_is_not(house):
    first = create(house).json
    house.client("DELETE", f"/Users/{first['id']}")
    second = create(house)
    assert second.status == 201
    assert second.json["id"] != first["id"]


def test_a_put_replaces_everything_but_who_is_active(house):
    made = create(house, title="x", nickName="y", active=False).json
    after = house.client.put(f"/Users/{made['id']}", {"userName": "ada@test.example", "title": "z"}).json
    assert (after["title"], after["active"]) == ("z", False)
    assert "nickName" not in after
    assert house.client.put(f"/Users/{made['id']}", {"title": "z"}).status == 400
    same = house.client.put(f"/Users/{made['id']}", {"userName": "ada@test.example", "title": "z"})
    assert same.json == after


def test_patching_follows_the_rfc(house):
    ada = create(house, name={"givenName": "A", "familyName": "L"}, emails=[{"value": "w", "type": "work"}]).json["id"]

    def patched(*operations):
        answer = house.client.patch(f"/Users/{ada}", *operations)
        assert answer.status == 200, answer.raw
        assert answer.json == house.read(ada)
        return answer.json

    named = patched({"op": "replace", "path": "name", "value": {"givenName": "B"}})
    assert named["name"] == {"givenName": "B", "familyName": "L"}
    assert patched({"op": "replace", "value": {"name.givenName": "C"}})["name"]["givenName"] == "C"
    two = patched({"op": "add", "path": "emails", "value": [{"value": "h", "type": "home", "primary": True}]})
    assert [e["value"] for e in two["emails"]] == ["w", "h"]
    moved = patched({"op": "replace", "path": 'emails[type eq "work"].primary', "value": True})
    assert [e.get("primary") for e in moved["emails"]] == [True, False]
    assert len(patched({"op": "remove", "path": 'emails[type eq "home"]'})["emails"]) == 1
    assert "emails" not in patched({"op": "remove", "path": "emails"})
    added = patched({"op": "add", "path": f"{ENTERPRISE}:employeeNumber", "value": "7"})
    assert ENTERPRISE in added["schemas"]
    assert (
        patched({"op": "add", "path": f"{ENTERPRISE}:manager", "value": {"value": ada}})[ENTERPRISE]["manager"]["value"]
        == ada
    )
    missed = house.client.patch(
        f"/Users/{ada}", {"op": "replace", "path": 'emails[type eq "none"].value', "value": "x"}
    )
    assert (missed.status, missed.json["scimType"]) == (400, "noTarget")


def test_groups_live(house):
    ada, bob = (create(house, userName=n).json["id"] for n in ("ada@test.example", "bob@test.example"))
    team = group(house, "Team", ada)
    assert team["members"] == [
        {"value": ada, "type": "User", "$ref": f"https://scim.example/scim/v2/Users/{ada}"}
    ]  # fmt: skip
    path = f"/Groups/{team['id']}"

    def members():
        return [m["value"] for m in house.client.get(path).json.get("members", [])]

    for _ in range(2):
        assert (
            house.client.patch(path, {"op": "Add", "path": "members", "value": [{"value": bob, "$ref": None}]}).status
            == 200
        )
    assert members() == [ada, bob]
    house.client.patch(path, {"op": "Remove", "path": "members", "value": [{"value": ada}]})
    assert members() == [bob]
    house.client.patch(path, {"op": "replace", "path": "members", "value": [{"value": ada}, {"value": bob}]})
    assert members() == [ada, bob]
    house.client.patch(path, {"op": "remove", "path": f'members[value eq "{bob}"]'})
    assert members() == [ada]
    assert house.client.filter("userName pr").status == 200
    found = house.client.get("/Groups?filter=displayName%20eq%20%22Team%22&excludedAttributes=members").resources
    assert [set(g) for g in found] == [{"schemas", "id", "displayName", "meta"}]
    house.client("DELETE", f"/Users/{ada}")
    assert members() == []
    renamed = house.client.patch(path, {"op": "replace", "value": {"id": team["id"], "displayName": "New"}})
    assert renamed.json["displayName"] == "New"
    assert house.client("DELETE", path).status == 204
    assert house.client.get(path).status == 404
    assert house.client("POST", "/Groups", {"schemas": [GROUP]}).status == 400


def test_the_root_asks_all_types_at_once(house):
    create(house)
    group(house)
    assert house.client.get("/").json["totalResults"] == 2
    assert house.client.get("/?filter=meta.resourceType%20eq%20%22Group%22").json["totalResults"] == 1
    assert house.client.get("/?filter=userName%20pr").json["totalResults"] == 1


def test_sorting_works(house):
    for name, title in (("b", "Z"), ("A", None), ("c", "y")):
        create(house, userName=name, title=title)

    def names(query):
        return [r["userName"] for r in house.client.get(f"/Users?{query}").resources]

    assert names("sortBy=userName") == ["A", "b", "c"]
    assert names("sortBy=userName&sortOrder=descending") == ["c", "b", "A"]
    assert names("sortBy=title") == ["c", "b", "A"]
    assert names("sortBy=title&sortOrder=descending") == ["A", "b", "c"]
    assert house.client.get("/Users?sortBy=nosuch").status == 400
    assert house.client.get("/Users?sortOrder=up").status == 400


def test_versions_guard_writes(house):
    made = create(house).json
    path, tag = f"/Users/{made['id']}", made["meta"]["version"]
    read = house.client.get(path)
    assert read.headers["ETag"] == read.json["meta"]["version"] == tag
    unchanged = house.client.get(path, IF_NONE_MATCH=tag)
    assert (unchanged.status, unchanged.raw) == (304, b"")
    assert house.client.get(path, IF_NONE_MATCH='W/"old"').status == 200
    change = {"op": "replace", "path": "title", "value": "x"}
    stale = house.client.patch(path, change, IF_MATCH='W/"old"')
    assert stale.status == 412
    assert stale.is_scim_error
    assert house.client("PUT", path, made, IF_MATCH='W/"old"').status == 412
    assert house.read(made["id"]) == made
    changed = house.client.patch(path, change, IF_MATCH=tag)
    assert changed.status == 200
    assert changed.headers["ETag"] != tag
    again = house.client.patch(path, change, IF_MATCH="*")
    assert again.headers["ETag"] == changed.headers["ETag"]
    assert house.client("DELETE", path, IF_MATCH=tag).status == 412


def test_bulk_does_what_single_requests_do(house):
    ada = house.person("ada@test.example")
    person = {"schemas": [USER], "userName": "ada@test.example", "active": "False"}
    bob = {"schemas": [USER], "userName": "bob@test.example"}
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": bob},
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {
            "schemas": [GROUP], "displayName": "Team", "members": [{"value": "bulkId:b"}]}},
        {"method": "PUT", "path": f"/Users/{ada}", "data": person},
        {"method": "POST", "path": "/Users", "bulkId": "c", "data": person | {"userName": "ADA@test.example"}},
        {"method": "DELETE", "path": "/Users/nosuch"},
        {"method": "POST", "path": "/Users", "data": {"schemas": [USER], "userName": "x"}},
    ]  # fmt: skip
    answer = house.client("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    assert answer.status == 200
    assert [o["status"] for o in answer.json["Operations"]] == ["201", "201", "200", "409", "404", "400"]
    assert house.read(ada)["active"] is False
    assert house.access("ada@test.example")["session"] == "ended"
    members = house.client.get("/Groups").resources[0]["members"]
    assert members[0]["value"] == house.client.filter('userName eq "bob@test.example"').resources[0]["id"]
    stopped = house.client("POST", "/Bulk", {"schemas": [BULK], "failOnErrors": 1, "Operations": operations[4:]})
    assert len(stopped.json["Operations"]) == 1


def test_a_bulk_job_beyond_the_limits_is_a_413_that_names_them(house):
    operation = {"method": "DELETE", "path": "/Users/nosuch"}
    many = house.client("POST", "/Bulk", {"schemas": [BULK], "Operations": [operation] * 101})
    assert many.status == 413
    assert "100" in many.json["detail"]
    large = house.client("POST", "/Bulk", b'{"x": "' + b"a" * 1_048_577 + b'"}')
    assert large.status == 413
    assert "1048576" in large.json["detail"]
    assert house.client("POST", "/Bulk", {"schemas": [BULK], "Operations": [operation] * 100}).status == 200
