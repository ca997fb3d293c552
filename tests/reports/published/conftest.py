"""Fetches the schemas that others publish, from the packages that ship them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder node_modules with the schemas."""
    place = tmp_path_factory.mktemp("published")
    shutil.copy(Path(__file__).with_name("package.json"), place)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]
    _run([*command, "--legacy-peer-deps", "--omit=peer"], place)
    return place / "node_modules"


@pytest.fixture(scope="session")
def junit_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema of the Jenkins xUnit plug-in, junit-10.xsd, which the sources of pytest carry for the same purpose."""
    place = tmp_path_factory.mktemp("junit")
    _run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary=pytest",
            f"pytest=={pytest.__version__}",
        ],
        place,
    )
    (archive,) = place.glob("pytest-*.tar.gz")
    with tarfile.open(archive) as sources:
        (member,) = (m for m in sources.getmembers() if m.name.endswith("/junit-10.xsd"))
        file = sources.extractfile(member)
        assert file is not None
        (place / "junit-10.xsd").write_bytes(file.read())
    return place / "junit-10.xsd"


def _run(command: list[str], place: Path) -> None:
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=180)
    if done.returncode != 0:
        reason = f"the published schemas could not be fetched: {done.stderr[-300:]}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
