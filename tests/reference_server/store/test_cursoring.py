"""Pages by cursor and /Me ask the store for what they show, on either store, and show what they always did."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event

from reference_server.app import ReferenceServer
from reference_server.seeding import seed
from reference_server.store.prepared import Prepared
from reference_server.store.resources import SqlStorage
from tests.reference_server.conftest import Client

SECRET = b"s" * 32
PEOPLE = 11


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'people.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def opened(url: str) -> Any:
    """Opens the store: ``through`` the seam, which has to show everybody, or as it is."""
    servers = []

    def open_one(*, through: bool = False) -> ReferenceServer:
        server = ReferenceServer("full", store_url=url, cursor_secret=SECRET)
        if through:
            server.behaviour.search.around(lambda proceed, *args: proceed(*args))
        servers.append(server)
        return server

    yield open_one
    for server in servers:
        server.close()


def pages(client: Client, more: str, cursor: str = "", way: str = "nextCursor") -> list[dict[str, Any]]:
    found = []
    while True:
        page = client.get(f"/Users?{more}&cursor={quote(cursor)}").json
        found.append(page)
        if way not in page:
            return found
        cursor = page[way]


def shown(page: dict[str, Any]) -> dict[str, Any]:
    """A page without the text of its cursors, which is another each time."""
    return {name: name.endswith("Cursor") or value for name, value in page.items()}


def names(page: dict[str, Any]) -> list[str]:
    return [person["userName"] for person in page["Resources"]]


@pytest.mark.parametrize("count", [1, 3, 10, 11, 50])
def test_pages_by_cursor_are_those_that_everybody_gives_there_and_back(opened: Any, count: int) -> None:
    as_it_is, through = opened(), opened(through=True)
    key = seed(as_it_is, 3, PEOPLE)[1].api_key
    quick, slow = Client(as_it_is.wsgi, key), Client(through.wsgi, key)
    there = pages(quick, f"count={count}")
    assert list(map(shown, there)) == list(map(shown, pages(slow, f"count={count}")))
    assert [name for page in there for name in names(page)] == [
        f"leaver-{number}@tenant-1.example" for number in range(PEOPLE)
    ]
    if len(there) == 1:
        return
    back = pages(quick, f"count={count}", there[-2]["nextCursor"], "previousCursor")
    slowly = pages(slow, f"count={count}", there[-2]["nextCursor"], "previousCursor")
    assert list(map(shown, back)) == list(map(shown, slowly))
    assert [names(page) for page in back[1:]] == [names(page) for page in reversed(there[:-1])]


@pytest.mark.parametrize(
    "more",
    [
        "count=0",
        "count=2&filter=" + quote('userName eq "LEAVER-4@tenant-1.example"'),
        "count=2&filter=" + quote('userName ew "4@tenant-1.example"'),
        "count=2&sortBy=userName&sortOrder=descending",
    ],
)
def test_whatever_else_is_asked_behind_a_cursor_is_answered_alike(opened: Any, more: str) -> None:
    as_it_is, through = opened(), opened(through=True)
    key = seed(as_it_is, 2, PEOPLE)[1].api_key
    quick, slow = (pages(Client(server.wsgi, key), more) for server in (as_it_is, through))
    assert list(map(shown, quick)) == list(map(shown, slow))


def test_who_goes_meanwhile_moves_nobody_else_and_whose_neighbour_goes_is_found_by_number(opened: Any) -> None:
    as_it_is, through = opened(), opened(through=True)
    key = seed(as_it_is, 1, PEOPLE)[0].api_key
    quick, slow = Client(as_it_is.wsgi, key), Client(through.wsgi, key)
    first = quick.get("/Users?cursor=&count=3").json
    behind = f"/Users?count=3&cursor={quote(first['nextCursor'])}"
    assert quick("DELETE", f"/Users/{first['Resources'][0]['id']}").status == 204
    assert names(quick.get(behind).json) == [f"leaver-{n}@tenant-0.example" for n in (3, 4, 5)]
    assert shown(quick.get(behind).json) == shown(slow.get(behind).json)
    assert quick("DELETE", f"/Users/{first['Resources'][2]['id']}").status == 204
    assert names(quick.get(behind).json) == [f"leaver-{n}@tenant-0.example" for n in (5, 6, 7)]
    assert shown(quick.get(behind).json) == shown(slow.get(behind).json)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many resources were made of rows, and how many rows the prepared statements have fetched."""
    seen = {"resources": 0, "rows": 0}
    make, fetch = SqlStorage._resource, Prepared.rows

    def made(self: Any, row: Any) -> Any:
        seen["resources"] += 1
        return make(self, row)

    def fetched(self: Any, *args: Any) -> Any:
        rows = fetch(self, *args)
        seen["rows"] += len(rows)
        return rows

    monkeypatch.setattr(SqlStorage, "_resource", made)
    monkeypatch.setattr(Prepared, "rows", fetched)
    return seen


def test_neither_a_page_by_cursor_nor_me_reads_more_than_it_shows(opened: Any, asked: dict[str, int]) -> None:
    server = opened()
    client = Client(server.wsgi, seed(server, 2, 300)[1].api_key)
    cursor = client.get("/Users?cursor=&count=5").json["nextCursor"]
    statements: list[str] = []
    event.listen(server.database._engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    asked.update(resources=0, rows=0)
    page = client.get(f"/Users?count=5&cursor={quote(cursor)}").json
    assert (page["totalResults"], len(page["Resources"])) == (300, 5)
    assert asked["resources"] == 5
    assert len([s for s in statements if s.startswith("SELECT")]) == 3  # the neighbour, the numbers, the page
    statements.clear()
    asked.update(resources=0, rows=0)
    me = client.get("/Me").json
    assert me["userName"] == "leaver-0@tenant-1.example"
    assert asked["resources"] == 1
    assert asked["rows"] <= 3  # the key, who was there first, and the person
    assert statements == []
