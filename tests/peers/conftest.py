"""Starts services that we did not write, on loopback, and stops them by their pid.

The npm package scimgateway would be one more, and is not here: the npm registry that CI installs from answers 404
for its name. scim-sim from PyPI is a client and serves nothing; scim2-flask from PyPI puts the core of scim2-server,
which is here, on another framework.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
TOKEN = "peer-token-4d1c90"


@contextmanager
def serving(command: Sequence[str | Path], where: Path) -> Iterator[str]:
    """The first line that a service prints once it listens; it is stopped afterwards."""
    environment = {**os.environ, "PEER_TOKEN": TOKEN}
    process = subprocess.Popen(command, cwd=where, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


def install(name: str, *command: str | Path, where: Path) -> None:
    """Install what a service needs, beside it. In CI that has to succeed; elsewhere its tests are skipped."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        reason = f"{name} could not be installed: {(done.stderr or done.stdout)[-300:]}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def tool(name: str) -> str:
    """The path of a command that a peer brings. In CI it has to be there; elsewhere its tests are skipped."""
    path = Path(sys.executable).parent / name
    if not path.exists():
        reason = f"{name} is not installed: pip install -e '.[peers]'"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return str(path)


@pytest.fixture(scope="session")
def scim2_server() -> Iterator[str]:
    """The base URL of scim2-server from PyPI: its own command, in memory, one bearer token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "scim2_server.testserver.cli", "--port", port, "--bearer-token", TOKEN]
    with serving(command, HERE) as line:
        assert "Serving SCIM on" in line
        yield f"http://127.0.0.1:{port}/v2"


@pytest.fixture(scope="session")
def scimmy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a small service made with scimmy-routers from npm."""
    place = tmp_path_factory.mktemp("scimmy")
    for name in ("package.json", "server.mjs"):
        shutil.copy(HERE / "scimmy" / name, place)
    npm = ("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent")
    install("scimmy-routers", *npm, where=place)
    with serving(["node", "server.mjs"], place) as port:
        yield f"http://127.0.0.1:{port}/scim/v2"


@pytest.fixture(scope="session")
def django_scim2() -> Iterator[str]:
    """The base URL of the smallest project that django-scim2 from PyPI makes a service of."""
    with serving([sys.executable, "service.py"], HERE / "django_scim2") as port:
        if not port:
            reason = "django-scim2 is not installed: pip install -e '.[peers]'"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        yield f"http://127.0.0.1:{port}/scim/v2"


def python_for(service: str, place: Path) -> Path:
    """A Python of its own in this place, with what the requirements.txt of a service names."""
    python = place / "venv" / "bin" / "python"
    install(service, sys.executable, "-m", "venv", place / "venv", where=place)
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    install(service, *pip, "-r", HERE / service / "requirements.txt", where=place)
    return python


@pytest.fixture(scope="session")
def canaille(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of Canaille from PyPI, which needs older models than ours and so a place of its own."""
    python = python_for("canaille", tmp_path_factory.mktemp("canaille"))
    with serving([python, "service.py"], HERE / "canaille") as port:
        yield f"http://127.0.0.1:{port}/scim/v2"


@pytest.fixture(scope="session")
def django_scim2_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of the smallest project that django-scim2-server from PyPI makes a service of, in its own place."""
    python = python_for("django_scim2_server", tmp_path_factory.mktemp("django_scim2_server"))
    with serving([python, "service.py"], HERE / "django_scim2_server") as port:
        yield f"http://127.0.0.1:{port}/scim/v2"


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
