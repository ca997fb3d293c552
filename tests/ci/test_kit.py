"""What we hand out for CI is in step with the command: every option that it uses is one that there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
GITHUB = ROOT / "ci" / "github" / "action.yml"
GITLAB = ROOT / "ci" / "gitlab" / "scimulator.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
IMAGE = ROOT / "ci" / "container" / "Dockerfile"
EXAMPLE = ROOT / "examples" / "vendor-service"


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def options() -> set[str]:
    command = [sys.executable, "-m", "harness.cli", "run", "--help"]
    helped = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    return set(re.findall(r"--[a-z][a-z-]*", helped))


def _used(text: str) -> set[str]:
    """The options of every `scimulator run` in a script."""
    lines = [line for line in text.splitlines() if "scimulator run" in line]
    return {option for line in lines for option in re.findall(r"(?<=\s)--[a-z][a-z-]*", line)}


@pytest.mark.parametrize("path", [GITHUB, GITLAB, HOOKS], ids=lambda path: path.name)
def test_every_option_that_the_kit_uses_exists(path: Path, options: set[str]) -> None:
    used = _used(path.read_text("utf-8"))
    assert used
    assert used <= options


def test_the_action_takes_no_input_into_its_script() -> None:
    action = _read(GITHUB)
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "an input in a script could be a script of its own"
        assert "shell" in step or "uses" in step
    assert set(_inputs(GITHUB.read_text("utf-8"))) == set(action["inputs"])


def _inputs(text: str) -> set[str]:
    return set(re.findall(r"inputs\.([a-z]+)", text))


def test_the_example_workflows_use_the_kit_as_it_is() -> None:
    workflow = _read(EXAMPLE / "github.yml")
    step = next(s for s in workflow["jobs"]["gate"]["steps"] if "ci/github@" in s.get("uses", ""))
    assert set(step["with"]) <= set(_read(GITHUB)["inputs"])
    included = yaml.safe_load((EXAMPLE / "gitlab.yml").read_text("utf-8").replace("!reference ", ""))
    assert included["scim"]["extends"] in _read(GITLAB)
    assert set(included["scim"]["variables"]) - {"PORT"} <= set(_read(GITLAB)[".scimulator"]["variables"])


def test_the_gitlab_job_keeps_its_report_also_when_it_fails() -> None:
    job = _read(GITLAB)[".scimulator"]
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"] == "scim-run/junit.xml"


def test_the_image_runs_as_nobody_special_and_holds_no_secret() -> None:
    lines = IMAGE.read_text("utf-8").splitlines()
    user = next(line for line in lines if line.startswith("USER "))
    assert user.split()[1] not in ("root", "0")
    assert lines.index(user) < next(n for n, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    assert not any("TOKEN=" in line or line.startswith("ADD ") for line in lines)
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), f"the image copies {source}, which is not there"


def test_every_package_that_is_shipped_is_copied_into_the_image() -> None:
    import tomllib

    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = set(packages["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    copied = set(re.findall(r"^COPY (\w+) \w+$", IMAGE.read_text("utf-8"), re.MULTILINE))
    assert wanted == copied


def test_the_scripts_are_shell() -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed on this machine")
    subprocess.run(["bash", "-n", str(EXAMPLE / "ci.sh")], check=True, timeout=20)
