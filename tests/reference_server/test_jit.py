"""Signing in by SSO makes an account once, and never wakes one up."""

import threading

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def test_the_first_sign_in_makes_the_person_and_the_next_one_does_not(any_house):
    first = any_house.sign_in("Ada@Test.example", givenName="Ada", familyName="Lovelace").json
    again = any_house.sign_in("ada@test.EXAMPLE").json
    assert (first["allowed"], first["created"]) == (True, True)
    assert (again["allowed"], again["created"], again["id"]) == (True, False, first["id"])
    person = any_house.read(first["id"])
    assert person["userName"] == "Ada@Test.example"
    assert person["name"] == {"givenName": "Ada", "familyName": "Lovelace", "formatted": "Ada Lovelace"}
    assert person["active"] is True
    assert person["emails"] == [{"value": "Ada@Test.example", "type": "work", "primary": True}]
    assert "externalId" not in person
    assert person["meta"]["created"] == person["meta"]["lastModified"]


@pytest.mark.parametrize("preset", ["marketbeam", "marketbeam-strict", "deprovisioning-only", "full"])
def test_a_deactivated_person_never_comes_back_by_signing_in(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": False})
    before = house.read(ada)
    answer = house.sign_in("ada@test.example")
    assert answer.status == 403
    assert answer.json["allowed"] is False
    assert "deactivated" in answer.json["reason"]
    assert house.read(ada) == before
    assert house.client.get("/Users").json["totalResults"] == 1
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": True})
    assert house.sign_in("ada@test.example").json["id"] == ada


@pytest.mark.parametrize("preset", ["deprovisioning-only", "full"])
def test_a_deleted_person_is_not_made_again_by_an_old_sso_session(open_house, preset):
    house = open_house(preset)
    ada = house.person("ada@test.example")
    house.client("DELETE", f"/Users/{ada}")
    assert house.sign_in("ADA@test.example").status == 403
    assert house.client.get("/Users").json["totalResults"] == 0
    back = house.sign_in("ada@test.example", readmit=True).json
    assert back["created"] is True
    assert back["id"] != ada


def test_somebody_created_again_over_scim_may_sign_in_again(open_house):
    house = open_house("full")
    ada = house.person("ada@test.example")
    house.client("DELETE", f"/Users/{ada}")
    created = house.client("POST", "/Users", {"schemas": [USER], "userName": "ada@test.example"})
    assert created.status == 201
    assert house.sign_in("ada@test.example").json["id"] == created.json["id"]


def test_an_administrator_of_the_product_can_let_a_deactivated_person_in_again(house):
    ada = house.person("ada@test.example")
    house.client.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": False})
    assert house.sign_in("ada@test.example", readmit=True).json["id"] == ada
    assert house.read(ada)["active"] is True


def test_two_tenants_may_have_people_of_the_same_name(house):
    ada = house.person("ada@test.example")
    other = house.neighbour()
    answer = other.at("POST", "/sso/sign-in", {"userName": "ada@test.example"})
    assert answer.json["created"] is True
    assert answer.json["id"] != ada


@pytest.mark.parametrize("body", [{}, {"userName": ""}, {"userName": " "}, {"userName": 7}, [], b"{", b""])
def test_a_sign_in_without_a_user_name_is_a_400(house, body):
    answer = house.client.at("POST", "/sso/sign-in", body)
    assert answer.status == 400
    assert house.client.get("/Users").json["totalResults"] == 0


def test_the_hooks_need_the_key_and_the_right_method(house):
    for path in ("/sso/sign-in", "/sso/access"):
        assert house.client.at("POST", path, {"userName": "a"}, authorization=None).status == 401
        answer = house.client.at("GET", path)
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_signing_in_twice_at_the_same_moment_makes_one_person(house):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(house.sign_in("ada@test.example"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status for a in answers} == {200}
    assert len({a.json["id"] for a in answers}) == 1
    assert sum(a.json["created"] for a in answers) == 1
