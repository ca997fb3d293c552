"""The look that writes is killed at every one of its requests; --undo puts the account back each time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.doctor import undo
from harness.ledger import unfinished
from harness.model.diagnosis import State
from harness.model.secret import Secret
from harness.settings import Settings
from reference_server.serve import Listener

ADA = "ada@example.test"

WRITE = """
import os, sys
from pathlib import Path
from harness.doctor import carry_out, intend
from harness.plan import vendors
from harness.settings import Settings

vendors()
# Everything is imported once; each look is a process of its own all the same, and dies alone.
for order in sys.stdin:
    url, idp, folder = order.split()
    child = os.fork()
    if child:
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    settings = Settings(target=url, idps=(idp,), accounts=("ada@example.test",), patience=0)
    carry_out(intend(settings), Path(folder))
    os._exit(0)
"""


class Killer:
    """A service that kills its caller at one of the caller's requests, before or after it has done what was asked."""

    def __init__(self, wsgi: Any) -> None:
        self._wsgi = wsgi
        self.lock = threading.Lock()
        self.victim = 0
        self.at = -1
        self.count = 0
        self.before = True

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self.lock:
            now, self.count = self.count, self.count + 1
            fatal = now == self.at and self.victim
            if fatal and self.before:
                os.kill(self.victim, signal.SIGKILL)
            answer = self._wsgi(environ, start_response)
            if fatal and not self.before:
                os.kill(self.victim, signal.SIGKILL)
            return answer

    def again(self, at: int, *, before: bool) -> None:
        self.at, self.before, self.count, self.victim = at, before, 0, 0


class Place:
    """The service on a socket, and a process that writes there."""

    def __init__(
        self, patient: Any, listener: Listener, killer: Killer, folder: Path, writers: subprocess.Popen[str]
    ) -> None:
        self.patient, self.killer, self.folder, self.writers = patient, killer, folder, writers
        self.url = f"{listener.origin}/scim/v2"

    def write(self, idp: str) -> int:
        """How the process that writes ended."""
        assert self.writers.stdin is not None
        assert self.writers.stdout is not None
        with self.killer.lock:  # Its first request waits until the service knows whom to kill.
            self.writers.stdin.write(f"{self.url} {idp} {self.folder}\n")
            self.writers.stdin.flush()
            self.killer.victim = int(self.writers.stdout.readline())
        return int(self.writers.stdout.readline())

    def undo(self) -> list[str]:
        """Put back what is left behind; the ids of lines that are not fine."""
        self.killer.again(-1, before=True)
        settings = Settings(target=self.url, idps=("okta",))
        done, _ = undo(settings, self.folder, pasted=Secret(self.patient.key), settle_s=0)
        return [line.id for line in done.lines if line.state is not State.OK]

    def person(self) -> dict[str, Any]:
        """Ada as an administrator of the service sees her, without what every change moves."""
        storage = self.patient.server.people_of(self.patient.tenant.id)
        found = storage.get(self.patient.server.user_type, self.patient.ada).model_dump(mode="json")
        return {k: v for k, v in found.items() if k != "meta"}


@pytest.fixture
def place(patients: Callable[..., Any], tmp_path: Path) -> Iterator[Place]:
    patient = patients(ada=False)
    patient.ada = patient.sign_in()
    killer = Killer(patient.server.wsgi)
    patient.server.wsgi = killer
    listener = Listener(patient.server)
    thread = threading.Thread(target=listener.run, daemon=True)
    thread.start()
    writers = subprocess.Popen(
        [sys.executable, "-c", WRITE],
        env={**os.environ, "SCIMULATOR_TOKEN": patient.key},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with writers:
        yield Place(patient, listener, killer, tmp_path / "ledger", writers)
    listener.stop()
    thread.join(60)


@pytest.mark.socket
@pytest.mark.thorough
@pytest.mark.parametrize(
    ("idp", "before"), [("okta:oin", True), ("okta:oin", False), ("okta:aiw", False), ("entra", True), ("entra", False)]
)
def test_whoever_is_left_switched_off_by_a_killed_look_is_put_back(place: Place, idp: str, before: bool) -> None:
    original = place.person()
    at = 0
    left_off = 0
    while True:
        place.killer.again(at, before=before)
        code = place.write(idp)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        left_off += place.person()["active"] is False
        assert place.undo() == []
        assert place.person() == original
        assert unfinished(place.folder) == []
        at += 1
    # The look reads who is there, switches off, looks, switches on, looks again: it was killed at each of these.
    assert at >= 8
    assert left_off >= 2
