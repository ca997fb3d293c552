"""The people of a service, asked from the service: only read, page by page, and no guess where it does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.configuration import Given, check, roster
from harness.configuration.people import open_people
from harness.model.diagnosis import State
from harness.model.secret import Secret
from harness.settings import Settings
from harness.wire.inprocess import HOST, WsgiAdapter
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn

SETTINGS = Settings(target=f"http://{HOST}/scim/v2")


@pytest.fixture
def service() -> Any:
    server = ReferenceServer("marketbeam")
    yield server
    server.close()


def asked(server: ReferenceServer, key: str) -> Any:
    return roster.ask(SETTINGS, Secret(key, "test"), WsgiAdapter(server.wsgi))


def test_everybody_is_listed_over_several_pages_and_nothing_is_written(service: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(roster, "PAGE", 2)
    tenant = service.add_tenant("Example", "it@example.test")
    for name in ("ada", "ben", "cleo", "dan", "eve"):
        service.behaviour.sign_in(tenant.id, SignIn(f"{name}@example.test"))
    there, lines, exchanges = asked(service, tenant.api_key)
    assert sorted(there.people) == [f"{n}@example.test" for n in ("ada", "ben", "cleo", "dan", "eve")]
    assert lines == []
    assert [(x.method, x.query) for x in exchanges] == [
        ("GET", "startIndex=1&count=2"),
        ("GET", "startIndex=3&count=2"),
        ("GET", "startIndex=5&count=2"),
    ]


def test_an_empty_service_has_nobody(service: Any) -> None:
    there, lines, _ = asked(service, service.add_tenant("Example", "it@example.test").api_key)
    assert (there.people, lines) == ({}, [])


def test_a_refusal_is_told_and_nobody_is_taken_to_be_missing(service: Any, tmp_path: Path, marketbeam: Any) -> None:
    there, lines, _ = asked(service, "wrong")
    assert there is None
    assert lines[0].state is State.COULD_NOT_ASK
    assert "HTTP 401" in lines[0].title
    assert "--there FILE" in lines[0].fix
    path = tmp_path / "people.csv"
    path.write_text("userPrincipalName,accountEnabled\nada@example.test,True\n", "utf-8")
    people, _ = open_people(path)
    assert "people-no-account" not in [one.id for one in check(Given(people=people, there=there), marketbeam).lines]


def test_a_service_that_never_ends_its_list_is_left(monkeypatch: Any) -> None:
    def endless(_environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "application/scim+json")])
        return [
            b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":99999999,'
            b'"Resources":[{"id":"1","userName":"ada"}]}'
        ]

    monkeypatch.setattr(roster, "MOST", 5)
    there, lines, exchanges = roster.ask(SETTINGS, Secret("key", "test"), WsgiAdapter(endless))
    assert there is None
    assert "more than 5 people" in lines[0].title
    assert len(exchanges) == 5
