"""What ``scimulator list`` prints."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from harness.cli.list_command import KINDS, command


def listed(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_listed_for_scripts_and_for_people(kind: str) -> None:
    rows = json.loads(listed(kind, "--json").output)
    assert rows
    assert all(row["id"] and row["title"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert len(listed(kind).output.splitlines()) == len(rows)


@pytest.mark.parametrize("idp", ["okta", "entra"])
def test_sequences_show_heading_function_evidence_and_source(idp: str) -> None:
    rows = json.loads(listed("sequences", "--idp", idp, "--json").output)
    said = listed("sequences", "--idp", idp).output.splitlines()
    for row, line in zip(rows, said, strict=True):
        assert row["idp"] == idp
        for column in ("title", "function", "evidence", "source", "date"):
            assert row[column] in line


def test_another_idp_is_answered_with_those_that_there_are() -> None:
    refused = listed("quirks", "--idp", "onelogin")
    assert refused.exit_code == 2
    assert "there are entra," in refused.output


def test_what_belongs_to_no_idp_is_not_cut_down_to_one() -> None:
    assert "only sequences and quirks belong to one" in listed("probes", "--idp", "okta").output
