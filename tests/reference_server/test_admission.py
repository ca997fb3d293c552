"""Who is let in: only a living key in the Authorization header, and a telling sentence for everybody else."""

import datetime

import pytest

from reference_server.store.resources import utcnow

WRONG = {
    "nothing": (None, "No API key came"),
    "empty": ("   ", "No API key came"),
    "scheme only": ("Bearer", "holds no API key"),
    "scheme and spaces": ("Bearer    ", "holds no API key"),
    "scheme missing": ("{key}", "no scheme"),
    "doubled": ("Bearer Bearer {key}", "comes twice"),
    "doubled small": ("bearer BEARER {key}", "comes twice"),
    "unknown": ("Bearer x", "not known here"),
    "cut short": ("Bearer {cut}", "not known here"),
    "white space inside": ("Bearer {cut} {cut}", "white space"),
    "basic": ("Basic YTpi", "Only the scheme Bearer"),
    "hostile": ("Bearer \x00\xff'; --", "white space"),
}


@pytest.mark.parametrize("value", ["Bearer {key}", "bearer {key}", "BEARER {key}", "  Bearer   {key}  \t"])
def test_a_living_key_opens_whatever_the_white_space_around_it(any_house, value):
    authorization = value.format(key=any_house.tenant.api_key)
    assert any_house.client.get("/Users?count=1", authorization=authorization).status == 200


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_header_is_a_401_that_says_what_is_wrong(any_house, name):
    value, said = WRONG[name]
    key = any_house.tenant.api_key
    authorization = None if value is None else value.format(key=key, cut=key[:-1])
    answer = any_house.client.get("/Users", authorization=authorization)
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status == 401
    assert answer.is_scim_error
    assert said in answer.json["detail"]
    assert challenge.startswith('Bearer realm="scim"')
    assert key.encode() not in answer.raw
    presented = name in ("doubled", "doubled small", "unknown", "cut short", "white space inside", "hostile")
    assert ('error="invalid_token"' in challenge) == presented


def test_a_key_in_the_address_does_not_open(house):
    answer = house.client.get(f"/Users?access_token={house.tenant.api_key}", authorization=None)
    assert answer.status == 401
    assert "access_token" in answer.json["detail"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["/Users", "/Users/1", "/Users/.search", "/.search", "/Groups", "/Groups/1", "/Bulk", "/Me", "/nosuch", ""]
)
def test_authentication_is_decided_before_method_and_body(any_house, method, path):
    answer = any_house.client(method, path, b"{" if method != "GET" else None, authorization=None)
    assert answer.status == 401


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"])
def test_discovery_is_open_but_a_wrong_key_is_told(any_house, path):
    assert any_house.client.get(path, authorization=None).status == 200
    assert any_house.client.get(path, authorization="Bearer x").status == 401
    assert any_house.client("POST", path, {}, authorization=None).status == 401


def test_an_expired_key_stays_outside(house):
    key = house.server.credentials.issue(house.tenant.id, "short", expires_at=utcnow())
    answer = house.client.get("/Users", authorization=f"Bearer {key.api_key}")
    assert answer.status == 401
    assert "expired on" in answer.json["detail"]
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_revoked_key_stops_at_once(house):
    second = house.server.credentials.issue(house.tenant.id, "second")
    house.server.credentials.revoke(house.tenant.key.id)
    answer = house.client.get("/Users")
    assert answer.status == 401
    assert "revoked on" in answer.json["detail"]
    assert house.client.get("/Users", authorization=f"Bearer {second.api_key}").status == 200


def test_a_key_that_will_expire_still_opens(house):
    later = utcnow() + datetime.timedelta(hours=1)
    key = house.server.credentials.issue(house.tenant.id, "long", expires_at=later)
    assert house.client.get("/Users", authorization=f"Bearer {key.api_key}").status == 200


@pytest.mark.parametrize("kind", ["session", "api_token"])
def test_what_a_person_holds_is_no_scim_key(house, kind):
    secret = house.sign_in("ada@test.example").json[kind]
    assert house.client.get("/Users", authorization=f"Bearer {secret}").status == 401


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_another_tenants_key_finds_nobody_of_ours(open_house, method):
    house = open_house("full")
    ada = house.person("ada@test.example")
    before = house.read(ada)
    other = house.neighbour()
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": []}
    assert other(method, f"/Users/{ada}", None if method in ("GET", "DELETE") else body).status == 404
    assert other.get("/Users").json["totalResults"] == 0
    assert other.filter('userName eq "ada@test.example"').json["totalResults"] == 0
    assert house.read(ada) == before
