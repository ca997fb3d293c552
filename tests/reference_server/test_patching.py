"""PATCH: every spelling that clients use, and what happens to what SCIM does not own."""

import pytest

URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WRITING = ["marketbeam", "marketbeam-strict", "deprovisioning-only", "full"]
DEPROVISIONING = WRITING[:3]

SPELLINGS = {
    "path": {"op": "replace", "path": "active", "value": False},
    "Entra's default": {"op": "Replace", "path": "active", "value": "False"},
    "Entra's tutorial": {"op": "Replace", "path": "active", "value": False},
    "small word": {"op": "replace", "path": "active", "value": "false"},
    "Okta": {"op": "replace", "value": {"active": False}},
    "path-less word": {"op": "Replace", "value": {"active": "False"}},
    "add": {"op": "add", "path": "active", "value": False},
    "Add path-less": {"op": "Add", "value": {"active": False}},
    "other case": {"op": "replace", "path": "ACTIVE", "value": False},
    "other case path-less": {"op": "replace", "value": {"Active": False}},
    "qualified": {"op": "replace", "path": f"{URN}:active", "value": False},
    "qualified path-less": {"op": "replace", "value": {f"{URN}:active": False}},
    "members turned": {"value": False, "path": "active", "op": "replace"},
    "member names in capitals": {"OP": "replace", "Path": "active", "VALUE": False},
}


@pytest.mark.parametrize("preset", WRITING)
@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_deactivates_at_once_and_again_without_an_error(open_house, preset, name):
    house = open_house(preset)
    ada, bob = house.person("ada@test.example"), house.person("bob@test.example")
    before, bystander = house.read(ada), house.read(bob)
    for _ in range(2):
        answer = house.client.patch(f"/Users/{ada}", SPELLINGS[name])
        assert answer.status == 200
        assert answer.json == house.read(ada)
    after = house.read(ada)
    assert after["active"] is False
    assert {k: v for k, v in after.items() if k not in ("active", "meta")} == {
        k: v for k, v in before.items() if k not in ("active", "meta")
    }
    assert after["meta"]["created"] == before["meta"]["created"]
    assert after["meta"]["lastModified"] > before["meta"]["lastModified"]
    assert house.read(bob) == bystander
    assert house.client.filter('userName eq "ADA@test.example"').resources == [after]
    assert after in house.client.get("/Users").resources
    assert house.client.patch(f"/Users/{ada}", {"op": "replace", "value": {"active": True}}).json["active"] is True


@pytest.mark.parametrize("preset", WRITING)
def test_the_order_of_members_and_the_case_of_operations_do_not_matter(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    operation = {"value": False, "op": "replace", "path": "active"}
    assert house.client("PATCH", f"/Users/{ada}", {"Operations": [operation], "schemas": [PATCH_OP]}).status == 200
    back = operation | {"value": True}
    assert house.client("PATCH", f"/Users/{ada}", {"operations": [back], "SCHEMAS": [PATCH_OP]}).json["active"] is True


REFUSED = {
    "no schemas": ({"Operations": [SPELLINGS["path"]]}, "invalidSyntax"),
    "another message": ({"schemas": ["urn:x"], "Operations": [SPELLINGS["path"]]}, "invalidSyntax"),
    "no operations": ({"schemas": [PATCH_OP]}, "invalidSyntax"),
    "no operation": ({"schemas": [PATCH_OP], "Operations": []}, "invalidSyntax"),
    "operations object": ({"schemas": [PATCH_OP], "Operations": {}}, "invalidSyntax"),
    "operation text": ({"schemas": [PATCH_OP], "Operations": ["x"]}, "invalidSyntax"),
}
BAD_OPERATIONS = {
    "no op": ({"path": "active", "value": False}, "invalidValue"),
    "move": ({"op": "move", "path": "active", "value": False}, "invalidValue"),
    "op is a number": ({"op": 1, "path": "active", "value": False}, "invalidValue"),
    "no value": ({"op": "replace", "path": "active"}, "invalidValue"),
    "add without value": ({"op": "add", "path": "externalId"}, "invalidValue"),
    "remove without path": ({"op": "remove"}, "noTarget"),
    "remove with value only": ({"op": "remove", "value": {"active": False}}, "noTarget"),
    "remove active": ({"op": "remove", "path": "active"}, "mutability"),
    "null active": ({"op": "replace", "path": "active", "value": None}, "mutability"),
    "path-less text": ({"op": "replace", "value": "active"}, "invalidValue"),
    "path-less nothing": ({"op": "replace"}, "invalidValue"),
    **{f"path {p!r}": ({"op": "replace", "path": p, "value": False}, "invalidPath")
       for p in ("emails[", "a b", "emails[type eq].value", "/active", "", " ", "emails[0]", "emails/0", "nosuch")},
    "path is a number": ({"op": "replace", "path": 7, "value": False}, "invalidPath"),
    **{f"active {v!r}": ({"op": "replace", "path": "active", "value": v}, "invalidValue")
       for v in ("maybe", "", "yes", "0", 0, 1, 7, 1.0, [], {}, [False])},
    "id": ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
    "meta.created": ({"op": "replace", "path": "meta.created", "value": "1970-01-01T00:00:00Z"}, "mutability"),
    "groups": ({"op": "replace", "path": "groups", "value": []}, "mutability"),
    "remove id": ({"op": "remove", "path": "id"}, "mutability"),
    "remove meta": ({"op": "remove", "path": "meta"}, "mutability"),
    "remove groups": ({"op": "remove", "path": "groups"}, "mutability"),
    "remove userName": ({"op": "remove", "path": "userName"}, "mutability"),
    "NUL": ({"op": "replace", "path": "externalId", "value": "a\0b"}, "invalidValue"),
    "externalId is an object": ({"op": "replace", "path": "externalId", "value": {"a": 1}}, "invalidValue"),
}  # fmt: skip


LEFT_ALONE = ("path 'nosuch'", "remove userName")


REMOVABLE = ("remove active", "null active")


@pytest.mark.parametrize(
    ("preset", "name"),
    [(p, n) for p in WRITING for n in (*REFUSED, *BAD_OPERATIONS) if (p, n) not in [("full", r) for r in REMOVABLE]],
)
def test_what_cannot_be_read_or_done_is_a_400_and_changes_nothing(open_house, preset, name):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    if name in REFUSED:
        body, keyword = REFUSED[name]
        answer = house.client("PATCH", f"/Users/{ada}", body)
    else:
        operation, keyword = BAD_OPERATIONS[name]
        answer = house.client.patch(f"/Users/{ada}", operation)
        if preset not in ("marketbeam", "deprovisioning-only") or name not in LEFT_ALONE:
            assert house.client.patch(f"/Users/{ada}", SPELLINGS["path"], operation).status == 400
    assert (answer.status, answer.json["scimType"]) == (400, keyword)
    assert answer.is_scim_error
    assert "pydantic" not in answer.json["detail"]
    assert "\n" not in answer.json["detail"]
    assert house.read(ada) == before


NOT_OURS = {
    "userName": {"op": "Replace", "path": "userName", "value": "0123456789abcdefada@test.example"},
    "displayName": {"op": "replace", "path": "displayName", "value": "x"},
    "name part": {"op": "replace", "path": "name.givenName", "value": "x"},
    "dotted key": {"op": "replace", "value": {"name.givenName": "x"}},
    "mail by filter": {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "x@test.example"},
    "manager": {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "u-2000"},
    "department": {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "x"},
    "unknown": {"op": "replace", "path": "nosuch", "value": "x"},
    "title": {"op": "replace", "value": {"title": "x"}},
    "several": {"op": "replace", "value": {"title": "x", "displayName": "y"}},
}


@pytest.mark.parametrize("preset", DEPROVISIONING)
@pytest.mark.parametrize("name", NOT_OURS)
def test_an_attribute_that_scim_does_not_own_cannot_be_changed_alone(open_house, preset, name):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    answer = house.client.patch(f"/Users/{ada}", NOT_OURS[name])
    assert answer.status == 400
    keywords = ("mutability",) if name not in ("manager", "department", "unknown", "title", "several") else (
        "invalidPath", "mutability"
    )  # fmt: skip
    assert answer.json["scimType"] in keywords
    assert house.read(ada) == before


@pytest.mark.parametrize("name", NOT_OURS)
@pytest.mark.parametrize("turned", [False, True])
def test_marketbeam_deactivates_and_leaves_the_rest_of_a_mixed_request_alone(house, name, turned):
    ada = house.person("ada@test.example")
    before = house.read(ada)
    operations = [{"op": "Replace", "path": "active", "value": "False"}, NOT_OURS[name]]
    answer = house.client.patch(f"/Users/{ada}", *(reversed(operations) if turned else operations))
    assert answer.status == 200
    after = house.read(ada)
    assert after == answer.json
    assert after["active"] is False
    assert {k for k in before if before[k] != after[k]} == {"active", "meta"}
    assert house.access("ada@test.example") == {
        "userName": "ada@test.example", "session": "ended", "api_token": "ended"
    }  # fmt: skip


def test_marketbeam_takes_what_is_ours_out_of_one_object(house):
    ada = house.person("ada@test.example")
    value = {"active": False, "externalId": "E-1", "userName": "x", f"{ENTERPRISE}:department": "d"}
    after = house.client.patch(f"/Users/{ada}", {"op": "replace", "value": value}).json
    assert (after["active"], after["externalId"], after["userName"]) == (False, "E-1", "ada@test.example")


@pytest.mark.parametrize("preset", ["marketbeam-strict"])
@pytest.mark.parametrize("name", NOT_OURS)
def test_a_strict_preset_refuses_a_mixed_request_as_a_whole(open_house, preset, name):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    answer = house.client.patch(f"/Users/{ada}", SPELLINGS["path"], NOT_OURS[name])
    assert answer.status == 400
    assert answer.json["scimType"] in ("mutability", "invalidPath")
    assert house.read(ada) == before
    assert house.access("ada@test.example")["session"] == "alive"


def test_marketbeam_takes_a_rename_back_to_the_name_it_has_for_done(house):
    ada = house.person("ada@test.example")
    before = house.read(ada)
    same = [
        {"op": "Replace", "path": "userName", "value": "ada@test.example"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada@test.example"},
    ]
    assert house.client.patch(f"/Users/{ada}", *same).status == 200
    assert house.read(ada) == before
    assert house.client.patch(f"/Users/{ada}", same[0], NOT_OURS["displayName"]).status == 400


@pytest.mark.parametrize("preset", WRITING)
def test_operations_apply_in_their_order(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    off, on = SPELLINGS["path"], {"op": "replace", "path": "active", "value": True}
    assert house.client.patch(f"/Users/{ada}", off, on).json["active"] is True
    assert house.client.patch(f"/Users/{ada}", on, off).json["active"] is False
    both = house.client.patch(f"/Users/{ada}", on, {"op": "replace", "path": "externalId", "value": "E"}).json
    assert (both["active"], both["externalId"]) == (True, "E")


@pytest.mark.parametrize("preset", WRITING)
def test_an_external_id_is_set_found_and_cleared_by_the_client_alone(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    assert "externalId" not in house.read(ada)
    for value in ("AbC-1", "Žluťoučký-漢字-😀", 'it\'s "quoted"'):
        answer = house.client.patch(f"/Users/{ada}", {"op": "add", "path": "externalId", "value": value})
        assert answer.json["externalId"] == house.read(ada)["externalId"] == value
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "externalId", "value": "AbC-1"})
    assert len(house.client.filter('externalId eq "AbC-1"').resources) == 1
    assert house.client.filter('externalId eq "abc-1"').resources == []
    for clearing in ({"op": "remove", "path": "externalId"}, {"op": "replace", "path": "externalId", "value": None}):
        house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "externalId", "value": "E"})
        assert "externalId" not in house.client.patch(f"/Users/{ada}", clearing).json
        assert house.client.filter("externalId pr").resources == []


@pytest.mark.parametrize("preset", WRITING)
def test_a_patch_that_changes_nothing_moves_no_date(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    before = house.read(ada)
    assert house.client.patch(f"/Users/{ada}", {"op": "add", "path": "active", "value": True}).status == 200
    assert house.read(ada) == before


@pytest.mark.parametrize("preset", WRITING)
def test_the_reply_can_be_reduced(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    answer = house.client.patch(f"/Users/{ada}?attributes=active", SPELLINGS["path"])
    assert answer.status == 200
    assert answer.json == {"schemas": [URN], "id": ada, "active": False}


@pytest.mark.parametrize("preset", WRITING)
def test_an_unknown_person_is_a_404_whatever_the_body(open_house, preset):
    client = open_house(preset).client
    for body in (b"{", b"", b"[]", {"schemas": [PATCH_OP], "Operations": [SPELLINGS["path"]]}):
        answer = client("PATCH", "/Users/00000000-0000-4000-8000-000000000000", body)
        assert answer.status == 404
        assert answer.is_scim_error


@pytest.mark.parametrize("name", REMOVABLE)
def test_where_active_can_be_removed_its_absence_gives_nobody_access(open_house, name):
    house = open_house("full")
    ada = house.person("ada@test.example")
    answer = house.client.patch(f"/Users/{ada}", BAD_OPERATIONS[name][0])
    assert answer.status == 200
    assert "active" not in house.read(ada)
    assert house.access("ada@test.example")["session"] == "ended"
    assert house.sign_in("ada@test.example").status == 403


@pytest.mark.parametrize("preset", WRITING)
def test_a_schema_that_is_not_served_never_gets_onto_a_person(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    house.client.patch(f"/Users/{ada}", {"op": "add", "path": "schemas", "value": ["urn:x:y"]})
    house.client.patch(f"/Users/{ada}", {"op": "replace", "value": {"schemas": ["urn:x:y"], "active": False}})
    assert house.read(ada)["schemas"] == [URN]
    assert house.read(ada)["active"] is False


def test_too_many_operations_are_a_413(house):
    ada = house.person("ada@test.example")
    answer = house.client.patch(f"/Users/{ada}", *[SPELLINGS["path"]] * 1001)
    assert answer.status == 413
    assert house.read(ada)["active"] is True
