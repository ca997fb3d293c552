"""Sessions and personal tokens end with every way to become inactive, and one piece of code says whether they live."""

import threading

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patch(house, ada):
    return house.client.patch(f"/Users/{ada}", {"op": "replace", "value": {"active": False}})


def put(house, ada):
    return house.client("PUT", f"/Users/{ada}", house.read(ada) | {"active": False})


def delete(house, ada):
    return house.client("DELETE", f"/Users/{ada}")


def bulk(house, ada):
    data = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    operation = {"method": "PATCH", "path": f"/Users/{ada}", "data": data}
    return house.client("POST", "/Bulk", {"schemas": [BULK], "Operations": [operation]})


def bulk_delete(house, ada):
    operation = {"method": "DELETE", "path": f"/Users/{ada}"}
    return house.client("POST", "/Bulk", {"schemas": [BULK], "Operations": [operation]})


WAYS = [("marketbeam", patch), ("marketbeam", put), *(("full", way) for way in (patch, put, delete, bulk, bulk_delete))]


@pytest.mark.parametrize(("preset", "leave"), WAYS)
def test_every_way_to_become_inactive_ends_all_access_and_nobody_elses(open_house, preset, leave):
    house = open_house(preset)
    assert house.access("ada@test.example") == {"userName": "ada@test.example", "session": "none", "api_token": "none"}
    welcome = house.sign_in("ada@test.example").json
    bob = house.sign_in("bob@test.example").json
    second = house.sign_in("ada@test.example").json
    assert house.access("ADA@test.example")["session"] == house.access("ada@test.example")["api_token"] == "alive"
    assert leave(house, welcome["id"]).status in (200, 204)
    for secret in (welcome["session"], welcome["api_token"], second["session"], second["api_token"]):
        assert house.server.sessions.use(secret) is None
        assert house.client.at("GET", "/sso/whoami", authorization=f"Bearer {secret}").status == 401
    assert house.access("ada@test.example") == {
        "userName": "ada@test.example", "session": "ended", "api_token": "ended"
    }  # fmt: skip
    assert house.client.at("GET", "/sso/whoami", authorization=f"Bearer {bob['session']}").json == {
        "userName": "bob@test.example", "with": "session"
    }  # fmt: skip


def test_what_has_ended_does_not_come_back_with_the_person(house):
    welcome = house.sign_in("ada@test.example").json
    house.client.patch(f"/Users/{welcome['id']}", {"op": "replace", "path": "active", "value": False})
    house.client.patch(f"/Users/{welcome['id']}", {"op": "replace", "path": "active", "value": True})
    assert house.access("ada@test.example")["session"] == "ended"
    fresh = house.sign_in("ada@test.example").json
    assert house.server.sessions.use(welcome["session"]) is None
    assert house.server.sessions.use(fresh["session"]) is not None


def test_a_person_who_is_deactivated_by_whatever_hand_has_no_access(house):
    """The session is asked about the person each time, so even a row changed behind its back counts."""
    welcome = house.sign_in("ada@test.example").json
    people = house.server.people_of(house.tenant.id)
    person = people.get(house.server.user_type, welcome["id"])
    person.active = False
    people.update(house.server.user_type, person)
    assert house.server.sessions.use(welcome["session"]) is None


def test_a_session_survives_a_change_of_the_user_name(open_house):
    house = open_house("full")
    welcome = house.sign_in("ada@test.example").json
    house.client.patch(f"/Users/{welcome['id']}", {"op": "replace", "path": "userName", "value": "ada.l@test.example"})
    assert house.server.sessions.use(welcome["session"]) is not None
    assert house.access("ada.l@test.example")["session"] == "alive"


def test_deactivating_twice_at_the_same_moment_ends_inactive_without_an_error(house):
    welcome = house.sign_in("ada@test.example").json
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(patch(house, welcome["id"]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status for a in answers} == {200}
    assert house.read(welcome["id"])["active"] is False
    assert house.access("ada@test.example")["session"] == "ended"


def test_secrets_are_kept_hashed(house):
    welcome = house.sign_in("ada@test.example").json
    with house.server.database.transaction() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert "ada@test.example" in dump
    assert welcome["session"] not in dump
    assert welcome["api_token"] not in dump
    assert house.tenant.api_key not in dump
