"""What a run would play and send is said without sending anything."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli.run_command import command

STORY = ("--dry-run", "--idp", "okta:oin", "--story", "leaver")


@pytest.fixture
def dry(monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    """Runs the command where no socket can be opened."""

    def run(*arguments: str):
        def refused(*_: object, **__: object) -> None:
            raise AssertionError("a dry run opened a socket")

        monkeypatch.setattr(socket, "create_connection", refused)
        monkeypatch.setattr(socket.socket, "connect", refused)
        monkeypatch.chdir(tmp_path)
        return CliRunner().invoke(command, arguments)

    return run


def test_every_scenario_is_named_with_what_it_would_send(dry) -> None:
    done = dry(*STORY, "--json")
    told = json.loads(done.output)
    (leaver,) = told["scenarios"]
    assert (done.exit_code, leaver["id"]) == (0, "okta/oin/leaver")
    assert leaver["requests"] == told["requests"] > leaver["writes"] > 0


def test_at_a_foreign_target_it_says_what_would_be_held_back_and_needs_no_key(dry, tmp_path: Any) -> None:
    done = dry(*STORY, "--target", "https://app.example/scim/v2")
    assert done.exit_code == 0
    assert "Nothing was sent." in done.output
    assert "Without --allow write" in done.output
    assert "held back" not in dry(*STORY, "--target", "https://app.example/scim/v2", "--allow", "write").output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [("--seed", "x"), ("--profile", "none"), ("--target", "app.example")])
def test_wrong_usage_is_told_as_in_a_real_run(dry, wrong: tuple[str, ...]) -> None:
    done = dry("--dry-run", *wrong)
    assert done.exit_code == 2
    assert "Error: " in done.output


def test_what_the_file_says_holds_where_no_option_overrules_it(dry, tmp_path: Any) -> None:
    (tmp_path / "scim.toml").write_text('[run]\nquick = true\nidps = ["okta:oin"]\nstories = ["leaver", "rehire"]\n')
    told = json.loads(dry("--dry-run", "--config", "scim.toml", "--json").output)
    assert {s["id"] for s in told["scenarios"]} == {"okta/oin/leaver", "okta/oin/rehire"}
    (tmp_path / "scim.toml").write_text('[run]\nquick = true\nidps = ["okta:oin"]\nsuite = "stories"\n')
    told = json.loads(dry("--dry-run", "--config", "scim.toml", "--json").output)
    assert "okta/oin/rehire" not in {s["id"] for s in told["scenarios"]}


def test_quiet_is_the_sum_alone(dry) -> None:
    assert dry(*STORY, "--quiet").output.startswith("1 scenarios against the embedded reference server: ")
