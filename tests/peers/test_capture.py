"""A capture in front of a service that we did not write changes nothing of what it answers."""

from __future__ import annotations

import json
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from harness.capture.backstage import BASE, PassedOn
from harness.capture.desk import Desk
from harness.capture.gate import Gate
from harness.capture.keeping import Keeper
from harness.capture.listener import Listener
from harness.model.secret import Secret
from harness.profiles import load
from harness.wire.redact import Redactor
from harness.wire.relay import looked_at
from tests.peers.conftest import TOKEN

CAPTURE = "CANARY-token-of-this-capture"


def ask(url: str, token: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, json.load(answer)


@pytest.mark.peer
def test_the_answers_of_scim2_server_come_through_as_they_are(scim2_server: str, tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.learn(CAPTURE, "token")
    redactor.learn(TOKEN, "service-key")
    backstage = PassedOn(looked_at(scim2_server), Secret(TOKEN, "test"))
    keeper = Keeper(tmp_path / "captured", load("full"), redactor, f"http://127.0.0.1{BASE}", scim2_server)
    listener = Listener(Desk(Gate(CAPTURE), backstage, keeper, "http"))
    thread = threading.Thread(target=listener.run, daemon=True)
    thread.start()
    try:
        for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Users?startIndex=1&count=2"):
            assert ask(f"{listener.origin}{BASE}{path}", CAPTURE) == ask(f"{scim2_server}{path}", TOKEN)
    finally:
        listener.stop()
        thread.join(timeout=60)
        backstage.close()
    run = keeper.finish()
    assert len(run.results[0].transcript.exchanges) == 3
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "captured").iterdir())
    assert CAPTURE not in kept
    assert TOKEN not in kept
