"""What ``scimulator plan`` prints: every change with what is sent because of it, and nothing goes out."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harness.cli.plan_command import command


def planned(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.fixture
def without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("plan opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_a_story_is_shown_change_by_change_and_silence_is_told(without_a_network: None) -> None:
    said = planned("--idp", "entra:default", "--story", "leaver-purged-after-unassign").output
    lines = [line for line in said.splitlines() if line and not line.startswith("      ")]
    assert lines == [
        "entra/default/leaver-purged-after-unassign: "
        "Somebody is taken off the app before the account is removed for good",
        "  Assign leaver",
        "    Query for the matching attribute",
        "  Unassign leaver",
        "    Get the user by the cached id",
        "    Disable the user: active is set to false",
        "  HardDelete leaver",
        "    nothing is sent",
    ]
    assert '"Operations":[{"op":"Replace","path":"active","value":"False"}]}' in said
    assert "Authorization: Bearer [redacted:token]" in said


def test_for_scripts_it_is_one_list(without_a_network: None) -> None:
    rows = json.loads(planned("--idp", "okta:oin", "--story", "leaver", "--json").output)
    assert [(row["change"], row["method"], row["sender"]) for row in rows] == [
        ("Assign leaver", "GET", "idp"),
        ("Unassign leaver", "PATCH", "idp"),
    ]
    assert rows[1]["headers"].splitlines()[-3:] == [
        "Authorization: Bearer [redacted:token]",
        "Connection: Keep-Alive",
        "Accept-Encoding: gzip,deflate",
    ]


def test_nobody_asked_is_an_empty_list() -> None:
    assert json.loads(planned("--idp", "okta", "--story", "restored", "--json").output) == []


def test_what_is_not_known_is_refused_with_what_is() -> None:
    refused = planned("--story", "levitation")
    assert refused.exit_code == 2
    assert "there is no story or probe called 'levitation'" in refused.output


def test_a_second_idp_speaks_in_its_own_words_and_is_named() -> None:
    said = planned("--idp", "okta:oin", "--story", "two-idps").output
    assert "  Unassign leaver (at the second IdP)\n    Get the user by the cached id\n" in said
    rows = json.loads(planned("--idp", "okta:oin", "--story", "two-idps", "--json").output)
    assert [row["sender"] for row in rows] == ["idp", "second-idp", "second-idp", "second-idp", "idp"]
