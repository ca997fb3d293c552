"""A worker that finds the store gone when it starts waits for it, as long as it is to go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reference_server import running
from reference_server.app import ReferenceServer
from reference_server.running import Running, Setup
from reference_server.store.troubles import StoreError


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setattr(running, "STORE_WAIT_S", 0)
    ran = Running(Setup(store=f"sqlite:///{tmp_path / 'people.db'}", log="none"))
    ran.server.close()
    return ran


def gone(times: int, made: Callable[..., ReferenceServer]) -> tuple[list[str], Callable[..., ReferenceServer]]:
    tried: list[str] = []

    def make(*, migrate: bool) -> ReferenceServer:
        tried.append("migrated" if migrate else "opened")
        if len(tried) <= times:
            raise StoreError("the store cannot be used")
        return made(migrate=migrate)

    return tried, make


def test_a_store_that_comes_back_is_opened(ran: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, make = gone(3, ran._make)
    monkeypatch.setattr(ran, "_make", make)
    ran.made_for_a_worker(lambda: True).close()
    assert tried == ["opened"] * 4


def test_nobody_waits_once_the_server_is_to_stop(ran: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, make = gone(99, ran._make)
    monkeypatch.setattr(ran, "_make", make)
    with pytest.raises(StoreError, match="the store is gone"):
        ran.made_for_a_worker(lambda: len(tried) < 2)
    assert tried == ["opened"] * 2
