"""Traffic between software that we wrote on neither side: recorded, judged and replayed, and nothing false is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.peers.conftest import TOKEN, tool
from tests.peers.recorder import recording

pytestmark = [pytest.mark.peer, pytest.mark.socket]
TRUE_FINDINGS = json.loads((Path(__file__).parent / "true_findings.json").read_text("utf-8"))


def scimulator(*arguments: object) -> tuple[int, str]:
    command = [sys.executable, "-m", "harness.cli", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done.returncode, done.stdout


def judged(archive: Path, profile: Path | str) -> dict[str, Any]:
    out = archive.with_suffix(".judged")
    code, told = scimulator("judge", archive, "--profile", profile, "--out", out, "--report", "html,har")
    assert code in (0, 1), told
    assert TOKEN not in "".join(path.read_text("utf-8", "replace") for path in out.iterdir())
    run: dict[str, Any] = json.loads((out / "run.json").read_text())
    assert run["verdict"] in ("nothing-broken", "non-conformant")
    assert run["counts"]["error"] == 0
    return run


def replayed(archive: Path) -> dict[str, Any]:
    out = archive.with_suffix(".replayed")
    code, told = scimulator("replay", archive, "--profile", "full", "--out", out, "--json")
    assert code in (0, 1), told
    document: dict[str, Any] = json.loads(told)
    assert document["held_back"] == document["unanswered"] == 0
    assert (out / "comparison.html").exists()
    return document


def findings(run: dict[str, Any]) -> set[str]:
    return {finding["requirement"] for finding in run["findings"]}


def scim2(base_url: str, *arguments: str) -> None:
    command = [tool("scim2"), "--url", base_url, *arguments]
    environment = {**os.environ, "SCIM_CLI_HEADERS": f"Authorization: Bearer {TOKEN}"}
    subprocess.run(command, capture_output=True, timeout=300, env=environment, stdin=subprocess.DEVNULL)


def test_scim2_cli_at_scim2_server(scim2_server: str, tmp_path: Path) -> None:
    archive = tmp_path / "cli.har"
    with recording(scim2_server, archive) as base_url:
        scim2(base_url, "test")
    run = judged(archive, "full")
    assert run["idps"] == []
    assert sorted(findings(run) - set(TRUE_FINDINGS["scim2-server 0.8"])) == []
    result = replayed(archive)
    assert result["compared"] == result["requests"] > 50


def test_scim2_client_at_scim2_server(scim2_server: str, tmp_path: Path) -> None:
    tool("scim2")  # it brings the client that the program imports
    archive = tmp_path / "client.har"
    with recording(scim2_server, archive) as base_url:
        program = Path(__file__).parent / "scim2_client_program.py"
        done = subprocess.run([sys.executable, program, base_url, TOKEN], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    run = judged(archive, "full")
    assert sorted(findings(run) - set(TRUE_FINDINGS["scim2-server 0.8"])) == []
    assert replayed(archive)["diverging"] == 0


@pytest.mark.node
def test_scim_sanity_at_scimmy(scimmy: str, tmp_path: Path) -> None:
    archive = tmp_path / "sanity.har"
    with recording(scimmy, archive) as base_url:
        command = [tool("scim-sanity"), "probe", base_url, "--token", TOKEN]
        subprocess.run([*command, "--i-accept-side-effects"], capture_output=True, timeout=300)
    run = judged(archive, Path(__file__).parent / "scimmy" / "profile.toml")
    assert sorted(findings(run) - set(TRUE_FINDINGS["scimmy-routers 1.3"])) == []
    assert replayed(archive)["compared"] > 10
