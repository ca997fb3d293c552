"""The file of known failures means the same to plain pytest as to the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SETTINGS = """
[run]
idps = ["okta:oin"]
stories = ["leaver"]
reports = ["junit"]
out = "{out}"
known = "known.toml"
strict_known = true
[reference]
defects = {defects}
"""


def in_pytest(cwd: Path, out: str, *defects: str) -> subprocess.CompletedProcess[str]:
    (cwd / "scim.toml").write_text(SETTINGS.format(out=out, defects=json.dumps(defects)))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCIMULATOR", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "scim.toml"]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, cwd=cwd, env=kept)


def test_the_command_writes_the_file_and_pytest_takes_it(scimulator: Callable[..., Any], tmp_path: Path) -> None:
    arguments = ("run", "--idp=okta:oin", "--story=leaver", "--report=junit", "--known=known.toml", "--update-known")
    first = scimulator(*arguments, "--defect=patch-noop-success")
    assert first.code == 1, first.err
    assert 'reason = "to be said' in (tmp_path / "known.toml").read_text()

    accepted = in_pytest(tmp_path, "accepted", "patch-noop-success")
    told = json.loads((tmp_path / "accepted" / "run.json").read_text())
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert "xfailed" in accepted.stdout
    assert (told["verdict"], told["counts"]["failed"]) == ("conformant-with-warnings", 0)
    assert {entry["state"] for entry in told["known"]} == {"used"}
    assert {cause["outcome"] for cause in told["causes"]} == {"known"}

    mended = in_pytest(tmp_path, "mended")
    assert mended.returncode == 1, mended.stdout
    assert "lists nothing that is broken any more" in mended.stdout
