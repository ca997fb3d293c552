"""Servers as the command starts them, which are stopped when a test is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.served import Served


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(*arguments: str, **environment: str) -> Served:
        served = Served(tmp_path / f"log-{len(started)}", *arguments, **environment)
        started.append(served)
        return served

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two workers of the preset full that the tests of a module share, on either store."""
    place = tmp_path_factory.mktemp("shared")
    if request.param == "sqlite":
        store = f"sqlite:///{place / 'people.db'}"
    else:
        store = request.getfixturevalue("postgres").create(f"shared_{request.module.__name__.rpartition('.')[2]}")
    served = Served(place / "log", "--preset", "full", "--store", store, "--workers", "2")
    yield served
    assert served.stop() == 0


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty durable store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'people.db'}"
    return str(request.getfixturevalue("postgres_url"))
