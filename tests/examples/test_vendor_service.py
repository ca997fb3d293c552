"""The example does what its page says: its CI passes, and fails when the service forgets what it was told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "vendor-service"


def _gate(place: Path, **environment: str) -> tuple[int, dict[str, Any], str]:
    shutil.copytree(EXAMPLE, place)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCIMULATOR", "PYTEST_", "GITHUB_"))}
    done = subprocess.run(
        ["bash", str(place / "ci.sh")],
        capture_output=True,
        text=True,
        timeout=180,
        env={**kept, "PATH": path, **environment},
    )
    run: dict[str, Any] = json.loads((place / "scim-run" / "run.json").read_text("utf-8"))
    return done.returncode, run, done.stdout


@pytest.mark.thorough
def test_the_gate_opens_for_the_service_and_closes_when_it_forgets(tmp_path: Path) -> None:
    code, run, _ = _gate(tmp_path / "good")
    assert code == 0
    assert run["verdict"].startswith("conformant")
    code, run, out = _gate(tmp_path / "bad", FORGETS="1")
    assert code == 1
    assert run["verdict"] == "non-conformant"
    assert "the leaver keeps access" in out
    assert {p.name for p in (tmp_path / "bad" / "scim-run").iterdir()} >= {"report.html", "report.sarif", "report.md"}
