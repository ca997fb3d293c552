"""What ``scimulator doctor`` says about files alone: nothing is sent, and the worst comes first."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harness.cli.doctor_command import command
from tests.harness.configuration.conftest import JOB, groups_of, people_of, secrets, spoilt

PEOPLE = "userPrincipalName,mail,accountEnabled\nada@example.test,,True\nben@example.test,,False\n"


@pytest.fixture(autouse=True)
def without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("COLUMNS", "200")


def doctor(tmp_path: Path, *options: str, given: str = "", **files: Any) -> Result:
    arguments = []
    for name, content in files.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        option = {"job": "export", "secrets": "export", "okta": "okta-settings"}.get(name, name)
        arguments += [f"--{option}", str(path)]
    return CliRunner().invoke(command, [*arguments, *options], input=given)


def test_an_export_and_a_list_say_first_what_keeps_access(tmp_path: Path) -> None:
    export = spoilt(lambda e: people_of(e).update(flowTypes="Add"))
    result = doctor(tmp_path, export=export, people=PEOPLE)
    assert result.exit_code == 1
    assert "Update is not ticked" in result.output.splitlines()[0]
    assert "1 person of 2 would lose access in the first cycle" in result.output
    assert "The first: row 3: ben@example.test." in result.output
    assert "Nothing was sent." in result.output


def test_right_files_are_ready_as_far_as_they_go(tmp_path: Path) -> None:
    result = doctor(tmp_path, "--json", export=spoilt(), secrets=secrets(), job={"value": [JOB]})
    assert result.exit_code == 0
    told = json.loads(result.output)
    assert told["verdict"] == "ready-with-caveats"
    assert told["requests"] == []
    assert {line["state"] for line in told["lines"]} == {"ok"}
    assert "CANARY" not in result.output


def test_settings_of_okta_are_taken_from_a_few_lines(tmp_path: Path) -> None:
    result = doctor(tmp_path, okta="Deactivate Users: no\nCreate Users: yes\n")
    assert result.exit_code == 1
    assert "Deactivate Users is not ticked" in result.output.splitlines()[0]


def test_they_can_be_asked_for_and_enter_means_not_known(tmp_path: Path) -> None:
    result = doctor(tmp_path, "--ask", given="oin\nyes\nperhaps\nn\n" + "\n" * 10)
    assert "expected one of yes, no, or Enter" in result.stderr
    assert result.exit_code == 1
    assert "Deactivate Users is not ticked" in result.stdout.splitlines()[0]
    nothing = doctor(tmp_path, "--ask", given="\n" * 13)
    assert nothing.exit_code == 0
    assert "Whether Deactivate Users is ticked is not known" in nothing.output


def test_a_service_with_groups_is_checked_as_what_it_claims(tmp_path: Path) -> None:
    export = spoilt(lambda e: groups_of(e).update(enabled=True))
    assert doctor(tmp_path, export=export).exit_code == 1
    assert doctor(tmp_path, "--profile", "full", export=export).exit_code == 0


def test_a_file_that_is_none_of_these_is_no_pass(tmp_path: Path) -> None:
    result = doctor(tmp_path, export="a,b\n1,2\n")
    assert result.exit_code == 3
    assert "expected the JSON" in result.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--export", "nowhere.json"), "--export nowhere.json: cannot be read: No such file"),
        (("--people", "nowhere.csv"), "--people nowhere.csv: cannot be read"),
        (("--people", "."), "--people .: cannot be read: Is a directory"),
        (("--ask", "--profile", "nobody"), "--profile: there is no profile"),
        ((), "--export, --okta-settings, --people"),
    ],
)
def test_what_cannot_be_opened_is_wrong_usage(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    result = doctor(tmp_path, *options, given="\n" * 13)
    assert result.exit_code == 2
    assert says in result.stderr


def test_an_answer_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    result = doctor(tmp_path, okta="Deactivate Users: perhaps\n")
    assert result.exit_code == 2
    assert "Deactivate Users: expected yes or no, found 'perhaps'" in result.stderr
