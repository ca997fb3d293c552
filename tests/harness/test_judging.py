"""judge FILE: recorded traffic of others is judged, and never more is claimed than the recording holds."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from harness.cli import main
from harness.record import read

URL = "https://crm.example/scim/v2"
OKTA = [
    {"name": "User-Agent", "value": "Okta SCIM Client 1.0.0"},
    {"name": "Authorization", "value": "Bearer c4nary-xyz"},
]
USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "id": "u-1",
    "userName": "ada@a.example",
    "active": True,
    "meta": {"resourceType": "User", "location": f"{URL}/Users/u-1"},
}


def exchange(method: str, path: str, status: int, answer: Any) -> dict[str, Any]:
    text = json.dumps(answer)
    return {
        "startedDateTime": "2026-03-01T08:00:00.000Z",
        "request": {"method": method, "url": URL + path, "headers": OKTA, "bodySize": 0},
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/scim+json"}],
            "content": {"size": len(text), "text": text},
        },
    }


def har(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    path = tmp_path / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def judge(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["judge", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_that_nothing_is_broken_is_not_called_conformant(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, told = judge(har(tmp_path, exchange("GET", "/Users/u-1", 200, USER)), "--out", out)
    run = json.loads((out / "run.json").read_text())
    assert (code, run["verdict"]) == (0, "nothing-broken")
    assert "Nothing in what was recorded breaks" in told
    assert "conformant" not in told
    assert "because none was named" in told
    assert "okta" in told
    schema = json.loads((files("harness.schemas") / "files/run.schema.json").read_text())
    assert not [*Draft202012Validator(schema).iter_errors(run)]


def test_a_breach_in_a_recording_is_a_breach(tmp_path: Path) -> None:
    error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": 404, "detail": "no"}
    path = har(tmp_path, exchange("GET", "/Users/u-1", 404, error))
    code, told = judge(path, "--out", tmp_path / "out", "--profile", "marketbeam")
    assert code == 1
    assert "RFC7644-3.12" in told
    assert "because none was named" not in told


def test_the_run_directory_is_like_any_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    judge(har(tmp_path, exchange("GET", "/Users/u-1", 200, USER)), "--out", out, "--report", "html,markdown,har,junit")
    (transcript,) = read(out).transcripts.values()
    assert transcript.exchanges[0].notes == ("from traffic.har, entry 1",)
    assert judge(out)[0] == 0
    assert "c4nary" not in "".join(p.read_text("utf-8", "replace") for p in out.iterdir())
    assert judge(har(tmp_path, exchange("GET", "/Users/u-1", 200, USER)), "--out", out)[0] == 2


@pytest.mark.parametrize("options", [["--profile", "nosuch"], ["--idp", "nosuch"], ["--report", "nosuch"]])
def test_wrong_usage_is_told_plainly(tmp_path: Path, options: list[str]) -> None:
    code, told = judge(har(tmp_path, exchange("GET", "/Users/u-1", 200, USER)), "--out", tmp_path / "out", *options)
    assert code == 2
    assert "nosuch" in told


def test_a_field_map_reads_what_no_gateway_writes(tmp_path: Path) -> None:
    log, fields = tmp_path / "x.log", tmp_path / "map.toml"
    log.write_text(json.dumps({"m": "GET", "u": f"{URL}/Users/u-1", "s": 200}) + "\n")
    fields.write_text('method = "m"\nurl = "u"\nstatus = "s"\n')
    assert judge(log, "--fields", fields, "--out", tmp_path / "out")[0] == 0
    fields.write_text("method = 3")
    code, told = judge(log, "--fields", fields)
    assert code == 2
    assert "map.toml" in told


def test_a_file_without_scim_cannot_be_judged(tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    entry = exchange("GET", "/Users/u-1", 200, {})
    entry["request"]["url"] = "https://acme-admin.okta.com/admin/apps"
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    code, told = judge(path)
    assert code == 3
    assert "console of Okta" in told
    assert "What to do" in told
