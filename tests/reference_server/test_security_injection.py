"""Injection: what comes in a filter, a path, a name or a header is a value, on either store; and no address is two."""

import socket

import pytest

from reference_server.app import ReferenceServer
from tests.reference_server.conftest import BASE, USER, Client, House

ODD = [
    "' OR '1'='1", "'; DROP TABLE resources; --", "%", "_", "\\", "\\\\' OR 1=1 --", "%s", "%(x)s", ":name", "${x}",
    "{{7*7}}", "$1", "\x00", "a\x00b", "\ud7ff", "\U0001f600", "\u202e", "\x7f", "\r\nX-Injected: 1",
]  # fmt: skip
"""Texts that mean something to SQL, to LIKE, to drivers, to templates, to PostgreSQL, to a terminal, or to HTTP."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def stored(request):
    """A house on either store."""
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    server = ReferenceServer("full", store_url=url)
    tenant = server.add_tenant("Test team", "it@test.example")
    yield House(server, Client(server.wsgi, tenant.api_key), tenant)
    server.close()


def test_odd_texts_are_values_wherever_they_stand(stored):
    person = stored.person("ada@test.example")
    for odd in ODD:
        quoted = odd.encode("utf-8").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        percent = "".join(f"%{byte:02X}" for byte in quoted)
        plain = "".join(f"%{byte:02X}" for byte in odd.encode("utf-8"))
        for operator in ("eq", "co", "sw", "ew", "ne", "gt"):
            answer = stored.client("GET", f"/Users?filter=userName%20{operator}%20%22{percent}%22")
            assert answer.status in (200, 400), (odd, operator)
            if answer.status == 200 and operator in ("eq", "co", "sw", "ew"):
                assert answer.json["totalResults"] == 0, (odd, operator)
        for query in (
            "sortBy",
            "sortOrder",
            "attributes",
            "excludedAttributes",
            "cursor",
            "startIndex",
            "count",
            "filter",
        ):
            assert stored.client("GET", f"/Users?{query}={plain}").status in (200, 400), (query, odd)
        answer = stored.client.get(f"/Users/{odd}")
        assert answer.status in (400, 404), odd
        for operation in (
            {"op": "replace", "path": odd, "value": "x"},
            {"op": "add", "path": f'emails[type eq "{odd}"]'},
        ):
            assert stored.client.patch(f"/Users/{person}", operation).status in (200, 400), (odd, operation)
    assert stored.client.filter('userName eq "ada@test.example"').json["totalResults"] == 1


def test_odd_names_are_kept_as_they_are_or_refused_and_found_again(stored):
    for number, odd in enumerate(ODD):
        name = f"{number}{odd}@test.example"
        made = stored.client(
            "POST", "/Users", {"schemas": [USER], "userName": name, "displayName": odd, "active": True}
        )
        assert made.status in (201, 400), odd
        if made.status == 201:
            assert made.json["userName"] == name
            assert stored.client.get(f"/Users/{made.json['id']}").json["userName"] == name
            assert not any("X-Injected" in header for header in made.headers)
        else:
            assert "\x00" in odd, odd


@pytest.mark.parametrize("how", ["POST", "bulk"])
@pytest.mark.parametrize(
    "more",
    [
        {"id": "chosen"}, {"meta": {"created": "2000-01-01T00:00:00Z", "version": 'W/"9"'}}, {"tenant_id": "other"},
        {"isAdmin": True}, {"unique_value": "x"}, {"version": 9}, {"__class__": "x"}, {"groups": [{"value": "admins"}]},
    ],
    ids=str,
)  # fmt: skip
def test_whoever_creates_somebody_chooses_nothing_that_is_the_server_s(open_house, how, more):
    house = open_house("full")
    body = {"schemas": [USER], "userName": "eve@test.example"} | more
    if how == "bulk":
        job = {"method": "POST", "path": "/Users", "bulkId": "1", "data": body}
        bulk = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
        assert (
            house.client("POST", "/Bulk", {"schemas": bulk, "Operations": [job]}).json["Operations"][0]["status"]
            == "201"
        )
    else:
        assert house.client("POST", "/Users", body).status == 201
    (made,) = house.client.filter('userName eq "eve@test.example"').resources
    assert made["id"] != "chosen"
    assert made["meta"]["created"][:4] != "2000"
    assert made["meta"]["version"] == 'W/"1"'
    assert not {"tenant_id", "isAdmin", "unique_value", "version", "__class__", "groups"} & set(made)
    assert house.neighbour().filter("userName pr").json["totalResults"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "/scim/v2/../v2/Users", "/scim/v2/./Users", "/scim/v2/%2e%2e/Users", "/scim/v2/Users%2f{id}",
        "/scim/v2/Users\\{id}",
        "/healthz/../scim/v2/Users", "/SCIM/v2/Users", "/scim/V2/Users", "/scim/v2;x/Users", "/scim/v2/Users%00",
        "/.well-known/../scim/v2/Users", "/sso/../scim/v2/Users/{id}", "/scim/v2/Users/{id}/..",
        "/scim/v2/Users/{id}%20",
    ],
)  # fmt: skip
def test_a_path_is_taken_as_it_is_and_never_for_another(house, path):
    """A proxy in front may let through by one reading what it would have stopped by another: there is only one here."""
    person = house.person("ada@test.example")
    answer = house.client.at("GET", path.format(id=person))
    assert answer.status in (400, 404)
    assert b"ada@test.example" not in answer.raw


@pytest.mark.socket
def test_a_request_line_that_names_another_address_opens_nothing(open_house):
    import threading

    from reference_server.serve import Listener

    listener = Listener(open_house().server)
    thread = threading.Thread(target=listener.run)
    thread.start()
    try:
        for target in (
            f"http://evil.example{BASE}/Users", f"//evil.example{BASE}/Users", f"{BASE}/Users#x", f"{BASE}/Users?x#y",
            f"http://x:y@evil.example{BASE}/Users", f"{BASE}//Users", "*", "evil.example:443",
        ):  # fmt: skip
            with socket.create_connection(("127.0.0.1", listener.port), timeout=60) as client:
                client.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                answered = b""
                while part := client.recv(65536):
                    answered += part
            assert answered.split(b" ", 2)[1] in (b"400", b"401", b"404"), (target, answered[:200])
            assert b"evil.example" not in answered
    finally:
        listener.stop()
        thread.join()
