"""The audit trail tells who changed what, from what to what, and holds no secret."""

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def test_every_write_is_told_with_who_and_before_and_after(open_house):
    house = open_house("full")
    ada = house.person("ada@test.example")
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": False})
    house.client("PUT", f"/Users/{ada}", house.read(ada) | {"active": True, "externalId": "E"})
    house.client("DELETE", f"/Users/{ada}")
    house.client("POST", "/Users", {"schemas": [USER], "userName": "eve@test.example", "password": "canary-secret"})
    entries = house.server.audit.entries(house.tenant.id)
    assert [(e.action, e.actor) for e in entries] == [
        ("sign-in", "sso"),
        *((how, house.tenant.key.id) for how in ("patch", "put", "delete", "post")),
    ]
    assert entries[1].changes == {"active": [True, False]}
    assert entries[2].changes == {"active": [False, True], "externalId": [None, "E"]}
    assert entries[3].changes["userName"] == ["ada@test.example", None]
    assert entries[4].changes["userName"] == [None, "eve@test.example"]
    assert "canary-secret" not in repr(entries)
    assert house.tenant.api_key not in repr(entries)


def test_what_was_refused_or_changed_nothing_leaves_no_entry(house):
    ada = house.person("ada@test.example")
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "userName", "value": "x"})
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": True})
    house.client("POST", "/Users", {"schemas": [USER], "userName": "x"})
    house.client("DELETE", f"/Users/{ada}")
    assert [e.action for e in house.server.audit.entries(house.tenant.id)] == ["sign-in"]


def test_a_tenant_reads_its_own_trail_only(house):
    house.person("ada@test.example")
    assert house.server.audit.entries("another tenant") == []


def test_a_tenant_reads_its_own_trail_from_where_it_left_off_and_nobody_else_s(any_house) -> None:
    there = "/.well-known/scimulator/audit"
    begun = any_house.client.at("GET", there).json["next"]
    any_house.client.at("POST", "/sso/sign-in", {"userName": "ada@example.test"})
    told = any_house.client.at("GET", f"{there}?after={begun}").json
    assert [entry["action"] for entry in told["entries"]] == ["sign-in"]
    assert told["next"] == begun + 1
    assert any_house.client.at("GET", f"{there}?after={told['next']}").json["entries"] == []
    assert any_house.client.at("GET", there, authorization=None).status == 401
    for nonsense in ("x", "-3", "", "1" * 10, "٣"):
        refused = any_house.client.at("GET", f"{there}?after={nonsense}")
        assert refused.status == 400, nonsense
        assert "a whole number" in refused.json["detail"]
    assert any_house.client.at("POST", there, {}).status == 405
