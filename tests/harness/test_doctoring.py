from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.audience import Audience
from harness.model.diagnosis import Diagnosis, Line, Proof, Readiness, State
from harness.showing import show
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn
from reference_server.serve import Listener

ADA = "ada@example.test"
COUNTED = ("POST", "PUT", "PATCH", "DELETE")


class Service:
    """A reference server on a socket that remembers which methods it was asked with."""

    def __init__(self) -> None:
        self.server = ReferenceServer()
        self.tenant = self.server.add_tenant("Example Team", "it@example.example")
        self.server.behaviour.sign_in(self.tenant.id, SignIn(ADA, "Ada", "Example", ADA))
        self.methods: list[str] = []
        inner = self.server.wsgi

        def counting(environ: dict[str, Any], start_response: Any) -> Any:
            self.methods.append(environ["REQUEST_METHOD"])
            return inner(environ, start_response)

        self.server.wsgi = counting  # type: ignore[assignment]
        self.listener = Listener(self.server)
        self.url = f"{self.listener.origin}/scim/v2"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    thread = threading.Thread(target=made.listener.run, daemon=True)
    thread.start()
    yield made
    made.listener.stop()
    thread.join(60)
    made.server.close()


@pytest.fixture
def doctor(service: Service, tmp_path: Path) -> Callable[..., Any]:
    """The command, as somebody without a terminal calls it."""

    def run(*arguments: str, key: str = "", stdin: str | None = None) -> Any:
        service.methods.clear()
        environment = {"SCIMULATOR_TOKEN": key or service.tenant.api_key, "NO_COLOR": "1", "COLUMNS": "60"}
        given = ["doctor", "--target", service.url, "--ledger", str(tmp_path / "ledger"), *arguments]
        return CliRunner().invoke(main, given, env=environment, input=stdin)

    return run


@pytest.mark.socket
@pytest.mark.parametrize("idp", ["okta", "entra"])
def test_a_right_configuration_is_ready_with_few_questions_and_no_write(
    doctor: Callable[..., Any], service: Service, idp: str
) -> None:
    seen = doctor("--idp", idp, "--account", ADA, "--json")
    assert seen.exit_code == 0, seen.output
    told = json.loads(seen.stdout)
    assert told["verdict"] == "ready"
    assert not [line for line in told["lines"] if line["state"] in ("wrong", "warning", "could-not-ask")]
    assert len(told["requests"]) == len(service.methods) <= 12
    assert {r["method"] for r in told["requests"]} == set(service.methods) == {"GET"}


@pytest.mark.socket
def test_the_document_for_scripts_keeps_its_contract(doctor: Callable[..., Any]) -> None:
    told = json.loads(doctor("--json").stdout)
    assert {"verdict", "lines", "requests"} <= set(told)
    assert all({"id", "state", "title", "meaning", "fix", "evidence"} <= set(line) for line in told["lines"])
    assert all({"method", "path", "status"} <= set(request) for request in told["requests"])


@pytest.mark.socket
def test_the_answer_comes_first_and_evidence_only_when_asked_for(doctor: Callable[..., Any]) -> None:
    plain, verbose = doctor("--account", ADA).stdout, doctor("--account", ADA, "-v").stdout
    assert plain.startswith("Ready: Okta and Entra ID will connect and find")
    assert "seen:" not in plain
    assert "seen:" in verbose
    assert "\x1b[" not in plain
    assert max(len(line) for line in plain.splitlines()) <= 60


@pytest.mark.socket
def test_audiences_change_words_and_never_the_verdict(doctor: Callable[..., Any]) -> None:
    answers = {who: doctor("--account", ADA, "--audience", who) for who in ("admin", "support", "developer")}
    assert {seen.exit_code for seen in answers.values()} == {0}
    assert "[lookup-case]" not in answers["admin"].stdout
    assert "[lookup-case]" in answers["support"].stdout
    assert "x-doctor-000" in answers["developer"].stdout


@pytest.mark.socket
@pytest.mark.parametrize(
    ("arguments", "key", "code", "says"),
    [
        (("--account", "nobody@example.test"), "", 1, "Begin with: Lookup"),
        ((), "scim_wrong-key-of-somebody", 4, "Begin with: API key"),
        (("--idp", "nosuch"), "", 2, "nosuch"),
        (("--audience", "boss"), "", 2, "admin, support, developer"),
        (("--token-file", "/nonexistent"), "", 2, "cannot be read"),
        (("--hook", "access"), "", 2, "NAME=URL"),
    ],
)
def test_the_exit_code_says_what_stands_in_the_way(
    doctor: Callable[..., Any], arguments: tuple[str, ...], key: str, code: int, says: str
) -> None:
    seen = doctor(*arguments, key=key)
    assert seen.exit_code == code, seen.output
    assert says in " ".join(seen.output.split())
    assert "wrong-key-of-somebody" not in seen.output


def test_a_service_that_nobody_listens_at_is_unreachable() -> None:
    given = ["doctor", "--target", "http://127.0.0.1:1/scim/v2"]
    seen = CliRunner().invoke(main, given, env={"SCIMULATOR_TOKEN": "not-sent-anywhere"})
    assert seen.exit_code == 4
    assert "no connection came about" in " ".join(seen.output.split())


@pytest.mark.socket
def test_a_key_from_standard_input_is_taken_without_its_line_break(
    doctor: Callable[..., Any], service: Service
) -> None:
    seen = doctor("--account", ADA, "--token-file", "-", key="unused", stdin=f"{service.tenant.api_key}\n")
    assert seen.exit_code == 0
    assert seen.stdout.startswith("Ready:")


@pytest.mark.socket
def test_without_a_terminal_or_yes_nothing_is_written(doctor: Callable[..., Any], service: Service) -> None:
    seen = doctor("--idp", "okta", "--account", ADA, "--write")
    assert seen.exit_code == 2
    assert "--yes agrees beforehand" in seen.output
    assert '{"active":false}' in seen.output
    assert not set(service.methods) & set(COUNTED)


@pytest.mark.socket
def test_what_is_wrong_comes_before_anything_is_written(doctor: Callable[..., Any], service: Service) -> None:
    seen = doctor("--idp", "okta", "--account", "nobody@example.test", "--write", "--yes")
    assert seen.exit_code == 1
    assert "Nothing was written" in seen.output
    assert not set(service.methods) & set(COUNTED)


@pytest.mark.socket
def test_after_consent_one_person_is_switched_off_and_on_and_is_back(
    doctor: Callable[..., Any], service: Service
) -> None:
    seen = doctor("--idp", "entra", "--account", ADA, "--write", "--yes", "--json")
    assert seen.exit_code == 0, seen.output
    told = json.loads(seen.stdout)
    assert "was switched off and on once, and is as before" in told["sentence"]
    assert [r["method"] for r in told["requests"]].count("PATCH") == 2
    assert {"write-off", "write-access", "write-on", "write-back"} <= {line["id"] for line in told["lines"]}
    again = doctor("--undo")
    assert again.exit_code == 0
    assert "nobody is left changed" in again.output


class _Keyring(types.ModuleType):
    """Stands for the library, which talks to the desktop."""

    class errors:
        class KeyringError(Exception):
            pass

    def __init__(self, kept: dict[tuple[str, str], str], broken: bool = False) -> None:
        super().__init__("keyring")
        self._kept, self._broken = kept, broken

    def get_password(self, service: str, name: str) -> str | None:
        if self._broken:
            raise self.errors.KeyringError("no backend")
        return self._kept.get((service, name))


@pytest.mark.socket
def test_a_key_from_the_keyring_is_taken(
    doctor: Callable[..., Any], service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", _Keyring({("scimulator", "acme"): service.tenant.api_key}))
    seen = doctor("--account", ADA, "--token-keyring", "acme", key="unused")
    assert seen.stdout.startswith("Ready:")
    absent = doctor("--token-keyring", "other")
    assert absent.exit_code == 2
    assert "keyring set scimulator other" in absent.output


def test_a_keyring_that_cannot_be_asked_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["doctor", "--target", "https://app.example/scim", "--token-keyring", "acme"]
    monkeypatch.setitem(sys.modules, "keyring", _Keyring({}, broken=True))
    assert "cannot be asked: no backend" in CliRunner().invoke(main, given).output
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install 'scimulator[keyring]'" in CliRunner().invoke(main, given).output


def test_what_a_hostile_service_says_moves_no_cursor_and_forges_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    said = "\x1b[2J\u202eok    API key\n\nok    forged line"
    line = Line("key-refused", State.WRONG, "API key", f"It said: {said}", "Ask.", "service", evidence=(Proof(said),))
    show(Diagnosis(Readiness.NOT_READY, "Not ready: x.", (line,)), Audience.SUPPORT, verbose=True)
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert not any(row.startswith("ok ") for row in printed.splitlines())


@pytest.mark.thorough
@pytest.mark.socket
def test_the_command_itself_is_quick_to_help() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "harness.cli", "doctor", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ))
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"requests", "rich", "harness.doctor", "jsonschema"}
