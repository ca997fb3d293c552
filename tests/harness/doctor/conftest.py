"""A patient: the reference server in this process, somebody in it, and doctor's look at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from harness.doctor import examine
from harness.model.diagnosis import Diagnosis, Line, State
from harness.model.secret import Secret
from harness.settings import Settings
from harness.wire.inprocess import HOST, WsgiAdapter
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn

BASE = f"https://{HOST}/scim/v2"
ADA = "ada@example.test"
PAGE = b"<html><body>Sign in</body></html>"


class Patient:
    """A reference server with one tenant, in which Ada has signed in once."""

    def __init__(self, preset: str = "marketbeam", *defects: str, **options: Any) -> None:
        self.server = ReferenceServer(preset, defects, **options)
        self.tenant = self.server.add_tenant("Example Team", "it@example.example")
        self.key = self.tenant.api_key
        self.adapter = WsgiAdapter(self.server.wsgi)

    def sign_in(self, user_name: str = ADA, email: str = ADA) -> str:
        return str(self.server.behaviour.sign_in(self.tenant.id, SignIn(user_name, "Ada", "Example", email)).person_id)

    def look(
        self, *idps: str, key: str | None = None, url: str = BASE, account: str = ADA, adapter: Any = None, **given: Any
    ) -> Diagnosis:
        accounts = (account,) if account else ()
        settings = Settings(target=url, idps=idps, accounts=accounts, **given)
        pasted = Secret(self.key if key is None else key, "test")
        return examine(settings, key=pasted, adapter=adapter or self.adapter)


@pytest.fixture
def patients() -> Iterator[Callable[..., Patient]]:
    """Makes patients, with Ada in them, and lets go of them at the end."""
    made: list[Patient] = []

    def make(preset: str = "marketbeam", *defects: str, ada: bool = True, **options: Any) -> Patient:
        made.append(Patient(preset, *defects, **options))
        if ada:
            made[-1].sign_in()
        return made[-1]

    yield make
    for patient in made:
        patient.server.close()


@pytest.fixture(scope="session")
def patient() -> Iterator[Patient]:
    """One for all tests that only look: a look leaves nothing behind."""
    made = Patient()
    made.sign_in()
    yield made
    made.server.close()


@pytest.fixture
def line() -> Callable[[Diagnosis, str], Line]:
    """Gives the line with an id; fails, naming those there are, when there is none."""

    def named(diagnosis: Diagnosis, id: str) -> Line:
        found = [line for line in diagnosis.lines if line.id == id]
        assert found, [line.id for line in diagnosis.lines]
        return found[0]

    return named


@pytest.fixture
def troubles() -> Callable[[Diagnosis], list[str]]:
    """Gives the ids of what is wrong or to be looked at, in their order."""
    return lambda diagnosis: [x.id for x in diagnosis.lines if x.state in (State.WRONG, State.WARNING)]


def hung_elsewhere(wsgi: Any, prefix: str, *, status: int = 404, page: bool = True, location: str = "") -> WsgiAdapter:
    """The same service under another path; everything else is a page for people, or a SCIM error."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(f"{prefix}/"):
            return wsgi({**environ, "PATH_INFO": "/scim/v2" + path.removeprefix(prefix)}, start_response)
        error = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(status),
            "detail": "no such team",
        }
        body = PAGE if page else json.dumps(error).encode()
        headers = [("Content-Type", "text/html" if page else "application/scim+json")]
        start_response(f"{status} X", headers + ([("Location", location)] if location else []))
        return [body]

    return WsgiAdapter(application)


def answering(status: int, body: bytes, media_type: str = "application/scim+json", **headers: str) -> WsgiAdapter:
    def application(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        start_response(f"{status} X", [("Content-Type", media_type), *named])
        return [body]

    return WsgiAdapter(application)


def with_headers(wsgi: Any, *more: tuple[str, str]) -> WsgiAdapter:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return wsgi(environ, lambda status, headers, *rest: start_response(status, [*headers, *more], *rest))

    return WsgiAdapter(application)


@pytest.fixture(scope="session")
def transports() -> SimpleNamespace:
    """Ways in which a service may be hung up elsewhere, or not be the service at all."""
    return SimpleNamespace(hung_elsewhere=hung_elsewhere, answering=answering, with_headers=with_headers, page=PAGE)
