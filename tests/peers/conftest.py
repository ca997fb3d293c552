"""Starts services that we did not write, on loopback, and stops them by their pid."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
TOKEN = "peer-token-4d1c90"


@pytest.fixture(scope="session")
def scim2_server() -> Iterator[str]:
    """The base URL of scim2-server from PyPI: its own command, in memory, one bearer token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scim2_server.testserver.cli", "--port", str(port), "--bearer-token", TOKEN]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert "Serving SCIM on" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}/v2"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def scimmy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a small service made with scimmy-routers from npm."""
    place = tmp_path_factory.mktemp("scimmy")
    for name in ("package.json", "server.mjs"):
        shutil.copy(HERE / "scimmy" / name, place)
    installed = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=180,
    )
    if installed.returncode != 0:
        reason = f"npm could not install scimmy-routers: {installed.stderr[-300:]}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    process = subprocess.Popen(
        ["node", "server.mjs"], cwd=place, stdout=subprocess.PIPE, text=True, env={**os.environ, "PEER_TOKEN": TOKEN}
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/scim/v2"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def rehearse(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run our command against a base URL and give back its run.json, with the exit code and what was printed."""

    def run(base_url: str, *arguments: str) -> dict[str, Any]:
        out = tmp_path / "run"
        command = [sys.executable, "-m", "harness.cli", "run", "--target", base_url, "--out", str(out), *arguments]
        began = time.perf_counter()
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=240, env={**os.environ, "SCIMULATOR_TOKEN": TOKEN}
        )
        assert (out / "run.json").exists(), done.stderr + done.stdout
        result: dict[str, Any] = json.loads((out / "run.json").read_text())
        return {
            **result,
            "exit_code": done.returncode,
            "printed": done.stdout + done.stderr,
            "wall": time.perf_counter() - began,
        }

    return run
