"""The gateway: discovery that tells the truth, one SCIM error for every wrong address, and nothing that breaks it."""

import random

import pytest

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def test_the_server_says_what_it_is(any_house):
    about = any_house.client.at("GET", "/.well-known/scimulator", authorization=None)
    assert about.json == {
        "reference_server": True,
        "version": "0.1.0",
        "preset": any_house.server.preset.name,
        "base_path": "/scim/v2",
        "hooks": {"sign_in": "/sso/sign-in", "access": "/sso/access"},
    }
    assert about.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    ["/", "/Users", "/scim", "/scim/v9/Users", "/scim/v1/Users", "/scim/v2.1/Users", "/scim/v2x/Users", "/v2/Users"],
)
def test_an_address_outside_the_base_is_a_scim_404(any_house, path):
    for authorization in ("", None):
        answer = any_house.client.at("GET", path, authorization=authorization)
        assert answer.status == 404
        assert answer.is_scim_error


@pytest.mark.parametrize(
    "path", ["/nosuch", "/Users/1/2", "/ServiceProviderConfigs", "/Me/x", "/Schemas/a/b", "/Bulk/1"]
)
def test_an_unknown_address_below_the_base_is_a_scim_404(any_house, path):
    answer = any_house.client.get(path)
    assert answer.status == 404
    assert answer.is_scim_error


@pytest.mark.parametrize("path", ["/scim/v2/Users/", "/scim/v2//Users", "//scim//v2//Users//", "/scim/v2/users"])
def test_extra_slashes_and_letter_case_do_not_matter(house, path):
    house.person("ada@test.example")
    assert house.client.at("GET", path + "?count=1").json["totalResults"] == 1


def test_the_service_provider_config_is_true(any_house):
    preset = any_house.server.preset
    config = any_house.client.get("/ServiceProviderConfig").json
    assert config["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]
    assert config["patch"] == {"supported": "PATCH" in preset.resource}
    assert config["bulk"]["supported"] is (preset.name == "full")
    assert isinstance(config["bulk"]["maxOperations"], int)
    assert isinstance(config["bulk"]["maxPayloadSize"], int)
    assert config["filter"] == {"supported": True, "maxResults": 200}
    assert config["changePassword"] == {"supported": False}
    assert config["sort"] == config["etag"] == {"supported": preset.name == "full"}
    assert config["documentationUri"].startswith("https://")
    assert [s["type"] for s in config["authenticationSchemes"]] == ["oauthbearertoken"]
    assert config["meta"] == {
        "resourceType": "ServiceProviderConfig",
        "location": "https://scim.example/scim/v2/ServiceProviderConfig",
    }


def test_only_served_types_are_listed(any_house):
    types = any_house.client.get("/ResourceTypes").json
    names = [t["name"] for t in types["Resources"]]
    assert names == (["User", "Group"] if any_house.server.preset.groups else ["User"])
    assert types["schemas"] == [LIST]
    assert types["totalResults"] == len(names)
    for entry in types["Resources"]:
        assert any_house.client.get(f"/ResourceTypes/{entry['id']}").json == entry
        assert any_house.client.get(entry["endpoint"]).status == 200
    assert any_house.client.get("/ResourceTypes/none").status == 404


def test_the_schemas_publish_what_is_returned_and_what_can_be_written(any_house):
    preset = any_house.server.preset
    listed = any_house.client.get("/Schemas?startIndex=2&count=1&sortBy=x").json
    assert listed["totalResults"] == len(listed["Resources"]) == (3 if preset.groups else 1)
    for entry in listed["Resources"]:
        assert any_house.client.get(f"/Schemas/{entry['id']}").json == entry
    assert any_house.client.get("/Schemas/urn:x:none").status == 404
    user = next(s for s in listed["Resources"] if s["id"] == USER)
    mutability = {a["name"]: a["mutability"] for a in user["attributes"]}
    if preset.family == "deprovisioning":
        assert {n for n, m in mutability.items() if m != "readOnly"} == {"active"}
    if preset.family == "read-only":
        assert set(mutability.values()) == {"readOnly"}
    assert "password" not in mutability
    assert "groups" not in mutability
    assert any_house.client.get("/ResourceTypes").json["Resources"][0]["schema"] == USER
    any_house.person("ada@test.example")
    returned = any_house.client.get("/Users").resources[0]
    assert set(returned) - {"schemas", "id", "externalId", "meta"} <= set(mutability)
    assert not [a for a in user["attributes"] if a["type"] == "complex" and not a.get("subAttributes")]


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Schemas/" + USER])
def test_a_filter_on_discovery_is_a_403(any_house, path):
    answer = any_house.client.get(f"{path}?filter=id%20pr")
    assert answer.status == 403
    assert answer.is_scim_error


def test_replies_are_scim_json_and_are_not_kept_by_caches(any_house):
    any_house.person("ada@test.example")
    for accept in ("application/scim+json", "application/json", "*/*", "text/html"):
        answer = any_house.client.get("/Users", ACCEPT=accept)
        assert answer.headers["Content-Type"] == "application/scim+json"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Location" not in answer.headers


def test_a_strange_host_header_does_not_reach_the_replies(house):
    ada = house.person("ada@test.example")
    location = house.client.get(f"/Users/{ada}", HOST='evil"@x/y').json["meta"]["location"]
    assert location == f"https://localhost:80/scim/v2/Users/{ada}"


def test_the_public_address_can_be_given(open_house):
    house = open_house(public_url="https://people.example/")
    ada = house.person("ada@test.example")
    assert house.read(ada)["meta"]["location"] == f"https://people.example/scim/v2/Users/{ada}"


def test_an_unexpected_exception_is_a_bare_500(house):
    @house.server.behaviour.serve.instead
    def break_down(_call):
        raise RuntimeError("secret inside")

    answer = house.client.get("/Users")
    assert answer.status == 500
    assert answer.is_scim_error
    assert b"secret inside" not in answer.raw


PATCH = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}'
PERSON = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",7,null],%s}'
UGLY = [
    "\xff", '{"schemas":{}}', '{"Operations":[[[]]]}', "1e999", '"\\ud800"',
    PATCH % '{"op":"add","path":"active.x"}',
    PATCH % '{"op":"add","path":"emails[value eq 1].value","value":{}}',
    PATCH % '{"op":"replace","value":{"":1,"schemas":7,"id":null}}',
    PATCH % '{"op":"add","path":"urn:x:active","value":true}',
    PERSON % '"userName":{"a":[]},"emails":[[]],"meta":7,"id":[]',
    PERSON % '"userName":"x","members":5,"active":[]',
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":7,"path":{},"data":[]}]}',
]  # fmt: skip


def test_no_input_whatever_makes_the_server_fail(any_house):
    """A thousand requests put together at random from ugly pieces; the seed is fixed."""
    dice = random.Random(7)
    ada = any_house.person("ada@test.example")
    paths = [
        "/Users",
        f"/Users/{ada}",
        "/Users/x",
        "/Users/.search",
        "/Groups",
        "/Groups/1",
        "/Bulk",
        "/Schemas",
        "/Me",
    ]
    queries = [
        "",
        "?filter=%00",
        "?filter=%ff%fe",
        "?count=%F0",
        "?attributes=a.b.c",
        "?attributes=%22",
        "?" + "a&" * 999,
    ]
    bodies = [None, *(body.encode("latin-1") for body in UGLY), b"[" * 9999, b'{"a":' * 999]
    for _ in range(1000):
        method = dice.choice(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "FOO"])
        path = dice.choice(paths)
        if path.endswith(ada) and method == "DELETE":
            continue
        answer = any_house.client(method, path + dice.choice(queries), dice.choice(bodies))
        assert answer.status < 500 or answer.status == 501, (method, path, answer.raw)
        if answer.status >= 400 and method != "HEAD":
            assert answer.is_scim_error
