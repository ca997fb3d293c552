"""The import contracts are on trial too: each finds the violation that is planted for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("harness", "simulators", "reference_server", "reports")


def lint(place: Path) -> subprocess.CompletedProcess[str]:
    # The copy has to win over the installed packages.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    return subprocess.run(
        command, cwd=place, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(place)}
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "planted", "contract"),
    [
        ("harness/model/step.py", "import requests", "The model imports nothing of ours"),
        ("harness/catalogue/loader.py", "import harness.judge", "plan, play, record, judge, gate ->"),
        ("simulators/okta/users.py", "import simulators.entra.users", "No IdP knows another"),
        ("simulators/entra/users.py", "import harness.judge", "A simulator knows the model and nothing else"),
        ("reference_server/app.py", "import harness.checks", "The reference server shares no code with its judge"),
        ("reports/junit.py", "import harness.judge", "Reports see the model and the catalogue only"),
        ("harness/play.py", "import requests", "requests lives in the wire"),
        ("harness/checks/lists.py", "import jsonschema", "jsonschema lives where schemas are compiled"),
        ("harness/casting.py", "import faker", "Faker lives in the directory that makes people"),
        ("harness/stage.py", "import click", "click and rich stay with the command"),
        ("harness/plan.py", "import scim2_models", "SQLAlchemy and scim2-server live in the reference server"),
    ],
)
def test_a_planted_violation_breaks_its_contract(copy: Path, file: str, planted: str, contract: str) -> None:
    target = copy / file
    target.write_text(f"{target.read_text()}\n\n{planted}  # noqa\n")
    done = lint(copy)
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert done.returncode != 0
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_the_code_as_it_stands_keeps_every_contract(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
