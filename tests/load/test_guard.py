"""A storm goes to this machine, or where somebody has authorised it; the words of a refusal say what would allow it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from harness.load import guard
from harness.load.ground import GroundError, from_json, read_ground
from harness.load.guard import Refused
from harness.load.storming import Wanted, storm, work

TODAY = date(2026, 11, 27)
GROUND = {"base_url": "https://scim.app.example/scim/v2", "people": 5, "tenants": [{"api_key": "k-1"}]}


@pytest.fixture
def leave(tmp_path: Path) -> Path:
    file = tmp_path / "authorised.toml"
    file.write_text(
        '[[host]]\nname = "scim.app.example"\nauthorised_by = "head of operations, 2026-11-20, CHG-1"\n'
        '[[host]]\nname = "old.app.example"\nauthorised_by = "head of operations"\nuntil = 2026-11-01\n'
    )
    return file


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/scim/v2", "http://[::1]:1/scim/v2", "http://localhost/scim/v2"])
def test_this_machine_needs_no_leave(url: str) -> None:
    assert guard.admit(url, None, TODAY) == ""


@pytest.mark.parametrize(
    "url", ["https://scim.app.example/scim/v2", "http://10.0.0.8/scim/v2", "https://127.0.0.1.app.example/scim/v2"]
)
def test_another_host_is_refused_with_what_would_allow_it(url: str) -> None:
    with pytest.raises(Refused, match=r"--authorised FILE, with \[\[host\]\] name = "):
        guard.admit(url, None, TODAY)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_master_on_this_machine_needs_no_flag(host: str) -> None:
    guard.admit_master(host, trusted=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.8", "storm.example"])
def test_keys_travel_to_other_machines_only_where_somebody_says_that_the_network_is_trusted(host: str) -> None:
    with pytest.raises(Refused, match=r"API keys of all tenants to each other unencrypted.*--trusted-network"):
        guard.admit_master(host, trusted=False)
    guard.admit_master(host, trusted=True)


def test_a_master_that_others_reach_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert storm(Wanted(1, 1, master=True, master_host="0.0.0.0")) == 2
    assert "--trusted-network" in capsys.readouterr().err
    assert storm(Wanted(1, 1, master=True, master_host="0.0.0.0", trusted_network=True)) == 2
    assert "name its line with --ground" in capsys.readouterr().err


def test_a_worker_does_not_look_for_its_master_elsewhere_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    assert work("storm.example", 5557) == 2
    assert "--trusted-network" in capsys.readouterr().err


def test_a_host_that_the_file_names_may_be_stormed(leave: Path) -> None:
    assert "CHG-1" in guard.admit("https://scim.app.example/scim/v2", str(leave), TODAY)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://other.app.example/scim/v2", "does not name other.app.example"),
        ("https://old.app.example/scim/v2", "ended on 2026-11-01"),
        ("http://scim.app.example/scim/v2", "over https only"),
        ("scim.app.example", "is no address"),
    ],
)
def test_what_the_file_does_not_cover_is_refused(leave: Path, url: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        guard.admit(url, str(leave), TODAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"at least one \[\[host\]\]"),
        ('[[host]]\nname = "a.example"\n', "number 1: expected name and authorised_by"),
        ('[[host]]\nname = "a.example"\nauthorised_by = "somebody"\nuntil = "soon"\n', "is no date"),
        ("[[host", "cannot be read"),
    ],
)
def test_a_file_that_says_too_little_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "authorised.toml"
    file.write_text(text)
    with pytest.raises(Refused, match=words):
        guard.admit("https://a.example/scim/v2", str(file), TODAY)


def test_the_command_refuses_before_anything_is_started(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ground.json"
    file.write_text(json.dumps(GROUND))
    out = tmp_path / "run"
    assert storm(Wanted(1, 5, ground=str(file), out=str(out))) == 2
    assert "scim.app.example is not this machine" in capsys.readouterr().err
    assert not out.exists()


def test_more_than_the_limit_is_refused_on_paper(
    tmp_path: Path, leave: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ground.json"
    file.write_text(json.dumps({**GROUND, "people": 1_000_000}))
    assert storm(Wanted(1, 5, ground=str(file), authorised=str(leave))) == 2
    assert "would send 2,000,000 requests, and 100,000 is the most" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_url": None}, "base_url is missing"),
        ({"people": "many"}, "people 'many'"),
        ({"tenants": []}, "tenants is missing"),
        ({"tenants": [{"name": "a"}]}, r"tenants\[0\]: expected api_key, or api_key_env"),
        ({"tenants": [{"api_key_env": "SCIMULATOR_NOT_SET"}]}, "SCIMULATOR_NOT_SET is empty"),
        ({"leaver": "somebody@app.example"}, r"expected a user name with \{tenant\} and \{number\}"),
        ({"bystanders": -1}, "bystanders -1"),
    ],
)
def test_a_ground_that_cannot_be_used_says_which_member(change: dict[str, object], words: str) -> None:
    with pytest.raises(GroundError, match=words):
        from_json({**GROUND, **change}, "here")


def test_a_ground_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ground.json").write_text("base_url: x")
    with pytest.raises(GroundError, match="expected the JSON that serve --seed-tenants --json prints"):
        read_ground(str(tmp_path / "ground.json"))


def test_keys_stand_in_no_repr() -> None:
    assert "k-1" not in repr(from_json(GROUND, "here"))
