"""A capture in this process, over TLS, with whoever is to answer behind it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from harness.capture.backstage import BASE, Backstage, Embedded
from harness.capture.desk import Desk
from harness.capture.gate import Gate
from harness.capture.keeping import Keeper
from harness.capture.listener import Limits, Listener
from harness.model.run import Run
from harness.profiles import load
from harness.veil import Veil
from harness.wire.redact import Redactor

TOKEN = "CANARY-token-of-this-capture-7731"
PEOPLE = ("ada@example.test", "ben@example.test", "cleo@example.test")


@dataclass
class Capture:
    listener: Listener
    keeper: Keeper
    ca: str
    directory: Path

    @property
    def base_url(self) -> str:
        return f"{self.listener.origin}{BASE}"

    def end(self) -> Run:
        self.listener.stop()
        return self.keeper.finish()


@pytest.fixture
def capturing(tmp_path: Path) -> Iterator[Callable[..., Capture]]:
    begun: list[tuple[Capture, Backstage, threading.Thread]] = []

    def begin(backstage: Backstage | None = None, *, tls: bool = True, veil: bool = False, **limits: Any) -> Capture:
        behind = backstage or Embedded("marketbeam", PEOPLE)
        authority, context = trustme.CA(), None
        ca = tmp_path / "ca.pem"
        authority.cert_pem.write_to_path(str(ca))
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        redactor = Redactor()
        redactor.learn(TOKEN, "token")
        redactor.learn(behind.key, "service-key")
        directory = tmp_path / "captured"
        keeper = Keeper(
            directory,
            load("marketbeam"),
            redactor,
            f"https://127.0.0.1{BASE}",
            behind.base_url,
            Veil(b"k" * 32) if veil else None,
            meta={"redaction": "personal"} if veil else {},
        )
        desk = Desk(Gate(TOKEN, ("capture.example",)), behind, keeper, "https" if tls else "http")
        listener = Listener(desk, context=context, limits=Limits(**limits))
        thread = threading.Thread(target=listener.run, daemon=True)
        thread.start()
        capture = Capture(listener, keeper, str(ca), directory)
        begun.append((capture, behind, thread))
        return capture

    yield begin
    for capture, behind, thread in begun:
        capture.listener.stop()
        thread.join(timeout=60)
        behind.close()
