"""Looking people up: filters, pages, reduced replies, and what hostile questions get."""

import json
import time
from urllib.parse import quote

import pytest

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
NAMES = ["ada@test.example", "Bob+x@test.example", "carla@test.example", "d'arcy@test.example", "eve@test.example"]


@pytest.fixture
def five(any_house):
    ids = [any_house.person(name) for name in NAMES]
    return any_house, ids


MATCHES = {
    'userName eq "ada@test.example"': [0],
    'userName eq "ADA@TEST.example"': [0],
    'USERNAME EQ "ada@test.example"': [0],
    'userName eq "bob+X@test.example"': [1],
    'userName eq "\\u0061da@test.example"': [0],
    'userName eq "a\\"b"': [],
    'userName eq "d\'arcy@test.example"': [3],
    f'{USER}:userName eq "eve@test.example"': [4],
    f'{USER.upper()}:userName eq "eve@test.example"': [4],
    'userName ne "ada@test.example"': [1, 2, 3, 4],
    'userName co "arc"': [3],
    'userName sw "Bob"': [1],
    'userName ew "TEST.example"': [0, 1, 2, 3, 4],
    'userName gt "c"': [2, 3, 4],
    "active eq true": [0, 1, 2, 3, 4],
    "active eq false": [],
    "externalId pr": [],
    "name pr": [0, 1, 2, 3, 4],
    'name.familyName eq "family"': [0, 1, 2, 3, 4],
    'displayName eq "Given Family" and userName sw "c"': [2],
    'userName eq "ada@test.example" or userName eq "eve@test.example"': [0, 4],
    'userName sw "ada" or userName sw "eve" and active eq false': [0],
    '(userName sw "ada" or userName sw "eve") and active eq false': [],
    'not (userName sw "ada")': [1, 2, 3, 4],
    'not(userName sw "ada")': [1, 2, 3, 4],
    '((userName sw "ada"))': [0],
    'emails.value eq "carla@test.example"': [2],
    'emails[type eq "work" and value eq "carla@test.example"]': [2],
    'emails[type eq "home" and value eq "carla@test.example"]': [],
    'emails[type eq "work"].value eq "carla@test.example"': [2],
    'emails[value eq "carla@test.example"]': [2],
    'meta.lastModified gt "2000-01-01T00:00:00Z"': [0, 1, 2, 3, 4],
    'meta.lastModified lt "2000-01-01T01:00:00+01:00"': [],
    'meta.resourceType eq "User"': [0, 1, 2, 3, 4],
    'userName eq "no-such@nobody.example"': [],
}


def test_a_filter_finds_exactly_whom_it_describes(five):
    house, ids = five
    for expression, expected in MATCHES.items():
        answer = house.client.filter(expression)
        assert answer.status == 200, (expression, answer.raw)
        assert [r["id"] for r in answer.resources] == [ids[i] for i in expected], expression
        body = {"schemas": [SEARCH], "filter": expression}
        assert house.client("POST", "/Users/.search", body).json == answer.json
    assert house.client.filter(f'id eq "{ids[2]}"').json["totalResults"] == 1


NONSENSE = [
    "",
    " ",
    "userName",
    "userName eq",
    'eq "x"',
    'userName eq "x',
    "(userName pr",
    "userName pr)",
    'userName regex "a"',
    'nosuch eq "x"',
    'name eq "Given"',
    "active gt false",
    'password sw "a"',
    "password pr",
    "userName pr and",
    "(" * 10_000,
    "userName eq " + '"' + "a" * 100_000 + '"',
    " or ".join(['userName eq "x"'] * 3000),
]


@pytest.mark.parametrize("expression", NONSENSE, ids=lambda e: repr(e[:20]))
def test_a_filter_that_cannot_be_understood_is_a_quick_400_and_never_everybody(five, expression):
    house, _ = five
    started = time.perf_counter()
    for answer in (
        house.client.filter(expression),
        house.client("POST", "/Users/.search", {"schemas": [SEARCH], "filter": expression}),
    ):
        assert (answer.status, answer.json["scimType"]) == (400, "invalidFilter")
        assert answer.is_scim_error
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("value", ["*", ")(uid=*", "' OR 1=1 --", "%", "_", "\\", "\x00", "\ud7ff", "<script>", "💥"])
def test_a_hostile_value_is_only_a_value(five, value):
    house, _ = five
    answer = house.client.filter(f"userName eq {json.dumps(value)}")
    assert (answer.status, answer.json["totalResults"]) == (200, 0)


def test_pages_cover_everybody_once_in_a_steady_order(five):
    house, ids = five
    seen = []
    for start in (1, 3, 5):
        page = house.client.get(f"/Users?startIndex={start}&count=2").json
        assert page["schemas"] == [LIST]
        assert page["totalResults"] == 5
        assert page["startIndex"] == start
        assert page["itemsPerPage"] == len(page["Resources"])
        seen += [r["id"] for r in page["Resources"]]
    assert seen == ids


@pytest.mark.parametrize(
    ("query", "start", "rows"),
    [
        ("", 1, 5),
        ("?startIndex=0&count=1", 1, 1),
        ("?startIndex=-5&count=1", 1, 1),
        ("?count=0", 1, 0),
        ("?count=-1", 1, 0),
        ("?count=100000", 1, 5),
        ("?startIndex=2", 2, 4),
        ("?startIndex=105", 105, 0),
        (f"?startIndex={10**30}", 10**30, 0),
        (f"?count={10**30}", 1, 5),
        ("?count=1&x-unknown=1", 1, 1),
        ("?sortBy=nosuch.x&count=1&attributes=userName", 1, 1),
    ],
)
def test_paging_is_forgiving_and_true(five, query, start, rows):
    house, _ = five
    if "sortBy" in query and house.server.preset.features["sort"]:
        query = "?sortBy=userName&count=1"
    page = house.client.get(f"/Users{query}").json
    assert page["totalResults"] == 5
    assert (page["startIndex"], page["itemsPerPage"], len(page["Resources"])) == (start, rows, rows)


@pytest.mark.parametrize("query", ["count=abc", "startIndex=1.5", "count=", "startIndex=" + "9" * 5000, "count=1e3"])
def test_a_number_that_is_none_is_a_400(five, query):
    answer = five[0].client.get(f"/Users?{query}")
    assert (answer.status, answer.json["scimType"]) == (400, "invalidValue")


def test_paging_goes_together_with_a_filter(five):
    page = five[0].client.filter('userName ew "test.example"', "&startIndex=2&count=2").json
    assert (page["totalResults"], page["itemsPerPage"]) == (5, 2)
    assert [r["userName"] for r in page["Resources"]] == NAMES[1:3]


def test_a_search_by_post_is_no_creation(five):
    house, _ = five
    body = {"schemas": [SEARCH], "startIndex": 0, "count": 2, "attributes": ["userName"]}
    answer = house.client("POST", "/Users/.search", body)
    assert answer.status == 200
    assert [set(r) for r in answer.resources] == [{"schemas", "id", "userName"}] * 2
    assert house.client("POST", "/Users/.search", body | {"count": -1}).resources == []
    assert house.client.get("/Users").json["totalResults"] == 5
    assert house.client("POST", "/.search", {"schemas": [SEARCH]}).json["totalResults"] == 5
    assert house.client.get("/").json["totalResults"] == 5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        {"filter": "userName pr"},
        {"schemas": ["urn:x"]},
        {"schemas": "x"},
        {"schemas": [SEARCH], "count": "2"},
        {"schemas": [SEARCH], "startIndex": True},
        {"schemas": [SEARCH], "filter": 7},
        {"schemas": [SEARCH], "attributes": 7},
    ],
)
def test_a_search_that_cannot_be_read_is_a_400(any_house, body):
    answer = any_house.client("POST", "/Users/.search", body)
    assert answer.status == 400
    assert answer.is_scim_error


def test_a_reply_can_be_reduced_and_always_holds_the_id(five):
    house, ids = five
    one = f"/Users/{ids[0]}"
    whole = house.read(ids[0])

    def keys(query):
        return set(house.client.get(f"{one}?{query}").json)

    assert keys("attributes=userName") == {"schemas", "id", "userName"}
    assert keys("attributes=USERNAME,emails") == {"schemas", "id", "userName", "emails"}
    assert keys(f"attributes={quote(USER)}:userName") == {"schemas", "id", "userName"}
    assert house.client.get(f"{one}?attributes=name.familyName").json["name"] == {"familyName": "Family"}
    assert keys("attributes=nosuch") == keys("attributes=password") == {"schemas", "id"}
    assert keys("excludedAttributes=emails") == set(whole) - {"emails"}
    assert keys("excludedAttributes=id,schemas") >= {"id"}
    left = house.client.get(f"{one}?excludedAttributes=name.formatted").json["name"]
    assert left == {"givenName": "Given", "familyName": "Family"}
    assert [set(r) for r in house.client.get("/Users?attributes=userName").resources] == [
        {"schemas", "id", "userName"}
    ] * 5


def test_one_person_is_found_by_id_only_and_reading_changes_nothing(five):
    house, ids = five
    answer = house.client.get(f"/Users/{ids[0]}")
    assert answer.status == 200
    assert (
        answer.headers["Location"] == answer.json["meta"]["location"] == f"https://scim.example/scim/v2/Users/{ids[0]}"
    )
    assert house.read(ids[0]) == answer.json == house.client.get("/Users").resources[0]
    for wrong in ("ada@test.example", ids[0].upper(), "not-a-uuid", "..", "%00", "a" * 5000, ids[0] + "/x", "\ufffd"):
        missing = house.client.get(f"/Users/{wrong}")
        assert missing.status == 404, wrong
        assert missing.is_scim_error
        assert "Location" not in missing.headers


def test_head_answers_like_get_without_a_body(five):
    house, ids = five
    for path in ("/Users", f"/Users/{ids[0]}", "/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/Users/nosuch"):
        head, get = house.client("HEAD", path), house.client.get(path)
        assert head.status == get.status
        assert head.raw == b""
        assert head.headers == get.headers
