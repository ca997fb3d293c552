"""A plain request that is answered directly gets the very answer, and leaves the very traces, of the whole way."""

import datetime
import itertools
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference_server.app import ReferenceServer
from reference_server.ids import seeded
from reference_server.presets import names

START = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SEAMS = ("find", "search", "keep")

RICH = {
    "schemas": [USER, ENTERPRISE],
    "userName": "Rich@test.example",
    "externalId": "Ext-1",
    "active": True,
    "title": "Ché",
    "emails": [{"value": "a@test.example", "type": "work", "primary": True}, {"value": "b@test.example"}],
    "profileUrl": "https://www.test.example/rich",
    ENTERPRISE: {"department": "D", "manager": {"value": "m1", "$ref": "Users/m1"}},
}


class Twins:
    """Two servers that are alike, but that one takes the whole way always. ``ids`` are the same in both."""

    def __init__(self, preset, client_type, store_urls=("sqlite://", "sqlite://")):
        self.servers, self.clients, self.tenants = [], [], []
        for whole, url in zip((False, True), store_urls, strict=True):
            ticks = itertools.count()
            server = ReferenceServer(
                preset,
                store_url=url,
                clock=lambda ticks=ticks: START + datetime.timedelta(seconds=next(ticks)),
                new_id=seeded("twins"),
            )
            if whole:
                for name in SEAMS:
                    getattr(server.behaviour, name).around(lambda proceed, *given: proceed(*given))
            tenant = server.add_tenant("Twins", "it@test.example")
            self.servers.append(server)
            self.tenants.append(tenant.id)
            self.clients.append(client_type(server.wsgi, tenant.api_key))
        self.ids = ["nobody"]
        for number in range(3):
            body = {"userName": f"Person{number}@test.example", "givenName": "Given", "email": "p@test.example"}
            answers = [client.at("POST", "/sso/sign-in", body) for client in self.clients]
            self.ids.append(answers[0].json["id"])
        for body in (RICH, RICH | {"userName": "poor", "externalId": None, "active": False, "schemas": [USER]}):
            answer = self("POST", "/Users", body)
            if answer.status == 201:
                self.ids.append(answer.json["id"])
        self.group = self(
            "POST", "/Groups", {"schemas": [GROUP], "displayName": "G", "members": [{"value": self.ids[1]}]}
        )

    def __call__(self, method, path, body=None, **headers):
        """The answer that both give, told apart from nothing in what the other gives and does."""
        answers = [client(method, path, body, **headers) for client in self.clients]
        told = [(a.status, list(a.headers.items()), a.raw) for a in answers]
        assert told[0] == told[1]
        return answers[0]

    def traces(self):
        """What of all that happened is kept, and whether people are still signed in."""
        kept = []
        for server, tenant, client in zip(self.servers, self.tenants, self.clients, strict=True):
            entries = [(e.at, e.action, e.type, e.resource_id, dict(e.changes)) for e in server.audit.entries(tenant)]
            with server.database.transaction() as connection:
                rows = connection.exec_driver_sql(
                    "SELECT type, id, document, unique_value, external_id, active, version, created, modified"
                    " FROM resources ORDER BY seq"
                ).all()
            access = [
                client.at("POST", "/sso/access", {"userName": f"person{number}@test.example"}).json
                for number in range(3)
            ]
            kept.append((entries, [tuple(row) for row in rows], access))
        return kept

    def close(self):
        for server in self.servers:
            server.close()


KINDS = ("full", "marketbeam", "read-only")
"""Presets of each family; hypothesis tries the others too."""


@pytest.fixture(params=KINDS)
def twins(request, client_type):
    made = Twins(request.param, client_type)
    yield made
    made.close()


def test_reading_is_the_same(twins):
    people = [f"/Users/{one}" for one in (*twins.ids[:2], *twins.ids[4:])] + ["/Users", "/Groups", "/users/"]
    if twins.group.status == 201:
        people.append(f"/Groups/{twins.group.json['id']}")
    for path in people:
        twins("HEAD", path)
        for headers in ({}, {"if_none_match": 'W/"1"'}, {"if_none_match": "*"}, {"if_match": '"9"'}):
            twins("GET", path, **headers)
        for query in ("?attributes=userName", "?attributes=", "?other=1"):
            twins("GET", path + query)


def test_looking_up_is_the_same(twins):
    values = [
        ("userName", "person1@TEST.example"),
        ("userName", "nobody"),
        ("externalId", "Ext-1"),
        ("externalId", "ext-1"),
        ("id", twins.ids[1]),
        ("USERNAME", "poor"),
        (f"{USER}:userName", "poor"),
        ("userName", 'a\\"b'),
        ("title", "Ché"),
        ("userName", "ﬀ"),
        ("userName", ""),
    ]
    filters = [f'{name} eq "{value}"' for name, value in values]
    for more in ('userName EQ "poor"', 'userName  eq "poor"', 'userName sw "p"', "userName pr", "active eq true"):
        filters.append(more)
    for filter_ in filters:
        twins("GET", f"/Users?filter={quote(filter_)}")
    for numbers in ("count=1", "count=0", "startIndex=2", "startIndex=0&count=2", "count=-1", "count=99999", "count=x",
                    "startIndex=99", "startIndex=", "sortBy=userName", "cursor=", "COUNT=1"):  # fmt: skip
        twins("GET", f"/Users?{numbers}")
        twins("HEAD", f"/Users?filter={quote(filters[0])}&{numbers}")


VALUES = st.sampled_from(
    [True, False, None, "False", "true", "TRUE", "yes", "", " ", "text", "Ché", "x" * 2000, "\x00", "\ud800", 1, 0,
     [], ["a"], {}, {"value": "m"}]
)  # fmt: skip
PATHS = st.sampled_from(
    ["active", "ACTIVE", "externalId", "displayName", "title", "nickName", "userType", "locale", "userName", "id",
     "schemas", "meta", "groups", "profileUrl", "name", "name.familyName", "emails", 'emails[type eq "work"].value',
     "members", f"{USER}:active", f"{ENTERPRISE}:department", "unknown", "", " title"]
)  # fmt: skip
OPERATIONS = st.one_of(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["replace", "Replace", "add", "Add", "remove", "move", 3]), "path": PATHS},
        optional={"value": VALUES, "other": VALUES},
    ),
    st.fixed_dictionaries(
        {"op": st.sampled_from(["replace", "Add"]), "value": st.dictionaries(PATHS, VALUES, max_size=3)},
        optional={"path": st.none()},
    ),
)
HEADERS = st.sampled_from(
    [{}, {}, {}, {"if_match": 'W/"1"'}, {"if_match": "*"}, {"if_none_match": "*"}, {"if_match": 'W/"77"'},
     {"content_type": "application/json"}, {"content_type": "text/plain"}, {"content_type": None},
     {"content_encoding": "gzip"}]
)  # fmt: skip


@pytest.mark.parametrize("preset", sorted(set(names()) - {"interop"}))
def test_patching_is_the_same(preset, client_type):
    @settings(max_examples=3, database=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(st.integers(0, 5), st.lists(OPERATIONS, max_size=3), HEADERS), min_size=8, max_size=8),
    )
    def same(patches):
        twins = Twins(preset, client_type)
        try:
            for whom, operations, headers in patches:
                path = f"/Users/{twins.ids[whom % len(twins.ids)]}"
                twins("PATCH", path, {"schemas": [PATCH_OP], "Operations": operations}, **headers)
                twins("GET", path)
            direct, whole = twins.traces()
            assert direct == whole
        finally:
            twins.close()

    same()


ODD = [
    {"Operations": [{"op": "replace", "path": "active", "value": False}]},
    {"schemas": [PATCH_OP]},
    {"schemas": [PATCH_OP, "urn:other"], "Operations": [{"op": "replace", "path": "active", "value": False}]},
    {"SCHEMAS": [PATCH_OP], "operations": [{"OP": "replace", "PATH": "active", "VALUE": False}]},
    {"schemas": [PATCH_OP], "Operations": {"op": "replace", "path": "active", "value": False}},
    {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}], "more": 1},
    {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": True}] * 1001},
    {"schemas": [PATCH_OP], "Operations": ["replace"]},
    b"",
    b"[]",
    b"{",
    b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": '
    b'"active", "value": false, "value": true}]}',
    b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": '
    b'"displayName", "value": "a\\u0000b"}]}',
]


def test_odd_bodies_are_treated_the_same(twins):
    for body in ODD:
        for person in twins.ids[:2]:
            twins("PATCH", f"/Users/{person}", body)
    direct, whole = twins.traces()
    assert direct == whole


def test_patching_a_group_is_the_same(client_type):
    twins = Twins("full", client_type)
    for value in ("New", "New", " ", "", None, ["New"]):
        for path in ("displayName", "externalId", "members"):
            body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": path, "value": value}]}
            twins("PATCH", f"/Groups/{twins.group.json['id']}", body)
    direct, whole = twins.traces()
    assert direct == whole
    twins.close()


def deactivation(value=False):
    return {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": value}]}


def test_the_plain_requests_are_answered_directly_and_the_others_are_not(house, monkeypatch):
    person = house.person("ada@test.example")
    went: list[str] = []
    monkeypatch.setattr(
        "reference_server.handler.CallHandler.handle",
        lambda _self, request: went.append(f"{request.method} {request.path}") or 1 / 0,
    )
    for path in (f"/Users/{person}", "/Users", "/Users?filter=userName%20eq%20%22ada@test.example%22"):
        assert house.client("GET", path).status == 200
    for value in (False, True, "False"):
        assert house.client("PATCH", f"/Users/{person}", deactivation(value)).status == 200
    assert went == []
    assert house.client("GET", f"/Users/{person}?attributes=id").status == 500
    assert house.client("GET", "/Users?filter=active%20eq%20true").status == 500
    assert len(went) == 2


@pytest.mark.parametrize("seam", ["read_patch", "apply_patch", "keep", "end_access", "find"])
def test_a_defect_at_a_seam_of_a_patch_is_met(open_house, seam):
    house = open_house()
    person = house.person("ada@test.example")
    met: list[str] = []
    getattr(house.server.behaviour, seam).around(lambda proceed, *given: met.append(seam) or proceed(*given))
    assert house.client("PATCH", f"/Users/{person}", deactivation()).status == 200
    assert met == [seam]


def test_what_another_preset_has_stored_goes_the_whole_way(client_type, tmp_path):
    store = f"sqlite:///{tmp_path / 'people.db'}"
    full = ReferenceServer("full", store_url=store)
    tenant = full.add_tenant("Team", "it@test.example")
    made = client_type(full.wsgi, tenant.api_key)("POST", "/Users", RICH).json
    full.close()
    poor = ReferenceServer("marketbeam", store_url=store)
    client = client_type(poor.wsgi, tenant.api_key)
    read = client.get(f"/Users/{made['id']}").json
    assert ENTERPRISE not in read
    assert "title" not in read
    patched = client("PATCH", f"/Users/{made['id']}", deactivation())
    assert patched.status == 200
    assert ENTERPRISE not in patched.json
    poor.close()


def test_a_change_that_cannot_be_noted_is_undone(house, monkeypatch):
    person = house.person("ada@test.example")
    monkeypatch.setattr(house.server.audit, "note", lambda *_given: 1 / 0)
    assert house.client("PATCH", f"/Users/{person}", deactivation()).status == 500
    monkeypatch.undo()
    assert house.read(person)["active"] is True
    assert house.access("ada@test.example") == {
        "userName": "ada@test.example",
        "session": "alive",
        "api_token": "alive",
    }
    assert house.client("PATCH", f"/Users/{person}", deactivation()).status == 200
    assert house.read(person)["active"] is False
