"""Against software that we did not write, both ways: what the harness says of it is true, and it likes ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.peers.conftest import tool

pytestmark = pytest.mark.peer
HERE = Path(__file__).parent
WRITES = ("--allow", "write", "--allow", "delete")
TRUE_FINDINGS = json.loads((HERE / "true_findings.json").read_text("utf-8"))
"""What was looked at by hand and found true: requirement -> why, for each peer."""


def findings(run: dict[str, Any]) -> set[str]:
    return {f["requirement"] for f in run["findings"]}


PEERS = [
    pytest.param("scim2_server", "scim2-server 0.8"),
    pytest.param("scimmy", "scimmy-routers 1.3", marks=pytest.mark.node),
    pytest.param("django_scim2", "django-scim2 0.23", marks=pytest.mark.thorough),
    pytest.param("canaille", "canaille 0.3", marks=pytest.mark.thorough),
    pytest.param("django_scim2_server", "django-scim2-server 1.1", marks=pytest.mark.thorough),
]
"""The fixture that starts a service, and its name in true_findings.json."""


@pytest.mark.socket
@pytest.mark.parametrize(("service", "name"), PEERS)
def test_a_service_that_we_did_not_write_is_rehearsed_to_the_end_and_every_finding_is_true(
    request: pytest.FixtureRequest, rehearse: Callable[..., dict[str, Any]], service: str, name: str
) -> None:
    base_url = request.getfixturevalue(service)
    claims = HERE / service / "profile.toml"
    profile = str(claims) if claims.exists() else "full"
    run = rehearse(base_url, "--profile", profile, *WRITES, "--idp", "okta", "--idp", "entra")
    assert "Traceback" not in run["printed"]
    assert not run["doubts"], run["doubts"]
    found = findings(run)
    assert sorted(found - set(TRUE_FINDINGS[name])) == [], "look at each by hand, against the text of its clause"
    assert sorted(set(TRUE_FINDINGS[name]) - found) == [], "no longer found: take it off the list"


@pytest.mark.socket
def test_nobody_is_left_behind_at_a_service_that_we_did_not_write(
    scim2_server: str, rehearse: Callable[..., dict[str, Any]]
) -> None:
    before = names(scim2_server)
    rehearse(scim2_server, "--profile", "full", *WRITES, "--quick")
    assert names(scim2_server) == before


def names(base_url: str) -> list[str]:
    """Everybody and every group that is there; other tests at the same service may have left somebody."""
    import requests

    found: list[str] = []
    for endpoint in ("Users", "Groups"):
        headers = {"Authorization": "Bearer peer-token-4d1c90"}
        answer = requests.get(f"{base_url}/{endpoint}", headers=headers, timeout=60)
        found += [r.get("userName") or r.get("displayName") for r in answer.json().get("Resources", [])]
    return sorted(found)


@pytest.fixture(scope="module")
def ours() -> Any:
    """Our own reference server, preset full, on a socket."""
    command = [sys.executable, "-m", "harness.cli", "serve", "--preset", "full", "--port", "0", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.wait(10)


@pytest.mark.socket
def test_scim2_tester_passes_our_full_preset(ours: dict[str, Any]) -> None:
    done = subprocess.run(
        [tool("scim2"), "--url", ours["base_url"], "test"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "SCIM_CLI_HEADERS": f"Authorization: Bearer {ours['api_key']}"},
    )
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("ERROR", "CRITICAL"))]
    assert wrong == [], done.stdout[-3000:]
    assert done.stdout.count("SUCCESS") > 100
    assert done.returncode == 0


@pytest.mark.socket
def test_scim_sanity_passes_our_full_preset(ours: dict[str, Any]) -> None:
    command = [tool("scim-sanity"), "probe", ours["base_url"], "--token", ours["api_key"], "--i-accept-side-effects"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "All tests passed" in done.stdout


@pytest.mark.socket
def test_scim2_cli_creates_finds_changes_and_deletes_a_person(ours: dict[str, Any]) -> None:
    environment = {**os.environ, "SCIM_CLI_HEADERS": f"Authorization: Bearer {ours['api_key']}"}

    def scim2(*arguments: str) -> Any:
        done = subprocess.run(
            [tool("scim2"), "--url", ours["base_url"], *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout) if done.stdout.strip().startswith("{") else None

    made = scim2("create", "user", "--user-name", "ada@peer.example", "--active", "true")
    assert made["userName"] == "ada@peer.example"
    found = scim2("query", "user", made["id"])
    assert found["active"] is True
    scim2("replace", "user", "--id", made["id"], "--user-name", "ada@peer.example", "--active", "false")
    assert scim2("query", "user", made["id"])["active"] is False
    scim2("delete", "user", made["id"])
    assert scim2("query", "user")["totalResults"] == 0
