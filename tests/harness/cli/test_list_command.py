"""What ``scimulator list`` prints."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from harness.cli.list_command import KINDS, command
from harness.inventory import USES


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


def test_requirements_are_shown_as_a_profile_uses_them() -> None:
    rows = {row["id"]: row for row in json.loads(listed("requirements", "--profile", "marketbeam", "--json").output)}
    assert rows["RFC7644-3.4.2-06"]["use"] == "tested"
    assert rows["RFC9110-9.3.7-01"]["use"] == "observed"
    assert rows["RFC7644-7.4-02"]["use"] == "untestable"
    assert rows["RFC7644-7.4-02"]["why"]
    assert {row["use"] for row in rows.values()} <= set(USES)
    *lines, counts = listed("requirements", "--profile", "marketbeam").output.splitlines()
    assert len(lines) == len(rows)
    assert counts.startswith(f"{len(rows)} requirements: ")
    assert sum(int(part.split()[0]) for part in counts.partition(": ")[2].split(", ")) == len(rows)


def test_what_a_profile_refuses_is_shown_as_inverted() -> None:
    rows = {row["id"]: row for row in json.loads(listed("requirements", "--profile", "read-only", "--json").output)}
    assert rows["OKTA-08"]["use"] == "inverted"


def test_only_requirements_have_a_use_under_a_profile() -> None:
    assert listed("probes", "--profile", "full").exit_code == 2
    unknown = listed("requirements", "--profile", "nobodys")
    assert unknown.exit_code == 2
    assert "there is no profile" in unknown.output
