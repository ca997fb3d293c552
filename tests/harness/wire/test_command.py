"""A hook may be a command: what it reads, what it says, and what becomes of it when it fails."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from harness.model.exchange import Response, Trouble, TroubleKind
from harness.model.secret import Secret
from harness.model.step import Effect, Intent, Place, Step
from harness.model.target import Target
from harness.wire import command
from harness.wire.session import Session


def written(place: Path, text: str) -> str:
    program = place / "hook.py"
    program.write_text(text)
    return f"command:{sys.executable} {program}"


def told(address: str, body: bytes = b'{"userName": "ada"}', deadline_s: float = 10.0) -> Response | Trouble:
    return command.run(address, body, deadline_s, lambda text: text.replace("s3cret", "***"))


def test_a_command_answers_what_it_was_asked(tmp_path: Path) -> None:
    address = written(tmp_path, "import sys\nprint(sys.stdin.read())")
    answer = told(address)
    assert isinstance(answer, Response)
    assert (answer.status, json.loads(answer.body)) == (200, {"userName": "ada"})


def test_exit_status_three_is_a_refusal(tmp_path: Path) -> None:
    answer = told(written(tmp_path, "print('{\"allowed\": false}')\nraise SystemExit(3)"))
    assert isinstance(answer, Response)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("program", "kind", "message"),
    [
        ("raise SystemExit('no s3cret here')", TroubleKind.PROTOCOL, "ended with status 1: no *** here"),
        ("import time\ntime.sleep(60)", TroubleKind.TIMEOUT, "did not end within 0.5 s"),
    ],
)
def test_a_command_that_fails_is_a_trouble_and_no_answer(
    tmp_path: Path, program: str, kind: TroubleKind, message: str
) -> None:
    answer = told(written(tmp_path, program), deadline_s=0.5 if "sleep" in program else 10.0)
    assert isinstance(answer, Trouble)
    assert answer.kind is kind
    assert message in answer.message


@pytest.mark.parametrize("address", ["command:", "command:/no/such/program"])
def test_a_command_that_is_not_there_is_a_trouble(address: str) -> None:
    assert isinstance(told(address), Trouble)


def test_the_session_asks_a_command_and_hands_over_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIMULATOR_TOKEN", "k3y-of-the-run")
    asked = "import os, sys\nprint(sys.stdin.read(), sum('k3y' in v for v in os.environ.values()))"
    address = written(tmp_path, asked)
    session = Session(Target("http://127.0.0.1:1/scim/v2", Secret("k3y-of-the-run", "test"), hooks={"access": address}))
    step = Step("Ask", "POST", "/access", Effect.READ, Intent.ACCESS, body=b"{}", place=Place.HOOK)
    sent = session.send(step)
    assert sent.response is not None
    assert sent.response.body.split() == [b"{}", b"0"]
