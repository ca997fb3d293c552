"""A patient: the reference server in this process, somebody in it, and doctor's look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
