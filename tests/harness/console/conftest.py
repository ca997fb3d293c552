"""A console without a socket: its application, somebody who was let in, and children that are not started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.console.app import create_app
from harness.console.desk import Desk

PORT = 49152
ORIGIN = f"http://127.0.0.1:{PORT}"


class Asking:
    """A browser that was let in: sends what a browser sends with our own forms."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.client = create_app(desk).test_client()
        self.csrf = ""

    def enter(self) -> Asking:
        answer = self.get(f"/enter?token={self.desk.entrance.token}")
        assert answer.status_code == 303
        cookie = self.client.get_cookie(f"scimulator-{PORT}", domain="127.0.0.1")
        assert cookie is not None
        self.csrf = self.desk.entrance.csrf(cookie.value) or ""
        return self

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, base_url=ORIGIN, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, data: Any = None, csrf: str | None = None, **headers: str) -> Any:
        form = {"csrf": self.csrf if csrf is None else csrf, **(data or {})}
        sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        return self.client.post(path, base_url=ORIGIN, data=form, headers={k: v for k, v in sent.items() if v})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    def nowhere(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    return Desk(tmp_path / "runs", port=PORT, resolver=nowhere)


@pytest.fixture
def stranger(desk: Desk) -> Asking:
    return Asking(desk)


@pytest.fixture
def guest(desk: Desk) -> Asking:
    return Asking(desk).enter()
