"""What the README promises is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_first_screen_says_what_it_does_and_holds_the_two_commands() -> None:
    first = README.splitlines()[:22]
    assert any(line.startswith("make demo") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_every_link_to_a_file_leads_somewhere() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *ROOT.glob("docs/*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / link).exists(), f"{document.name} links to {link}, which is not there"


def test_every_command_in_the_table_exists() -> None:
    commands = set(re.findall(r"`scimulator (\w+)", README))
    assert commands
    helped = subprocess.run(
        [sys.executable, "-m", "harness.cli", "--help"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    listed = {line.split()[0] for line in helped.partition("Commands:")[2].splitlines() if line.startswith("  ")}
    assert commands <= listed


def test_the_repository_names_no_machine_and_no_package_registry() -> None:
    hosts = re.compile(r"p[y]p[i]\.org|pyth[o]nhosted|npm[j]s\.(?:org|com)|\.deb[i]an\.org")
    places = re.compile(r"(?<![\w.])/(?:home|root|work)/[a-z]")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".json", ".mjs", ".yml", "") and path.is_file():
            text = path.read_text("utf-8", "replace")
            assert not hosts.search(text), f"{name} names a package registry"
            assert not places.search(text), f"{name} names a place on a machine"
