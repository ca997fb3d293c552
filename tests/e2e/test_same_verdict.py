"""One run, many doors: in-process, over a socket, by the command, by plain pytest, in two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

QUICK = ("--quick", "--profile", "marketbeam")


def in_pytest(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCIMULATOR", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, cwd=cwd, env={**kept, **environment})


@pytest.mark.socket
def test_over_a_socket_the_verdict_is_the_same_as_in_process(
    scimulator: Callable[..., Any], serving: Callable[..., Any], tmp_path: Path
) -> None:
    embedded = scimulator("run", *QUICK)
    with serving() as served:
        out, key = tmp_path / "over-a-socket", {"SCIMULATOR_TOKEN": served.api_key}
        over = scimulator("run", "--target", served.base_url, "--out", str(out), *QUICK, **key)
        # The people of the first run are still there, the leavers inactive: it must not matter.
        again = scimulator("run", "--target", served.base_url, "--out", str(tmp_path / "again"), *QUICK, **key)
    assert (embedded.code, over.code, again.code) == (0, 0, 0), over.out + over.err + again.out
    told = json.loads((out / "run.json").read_text())
    assert (told["verdict"], told["findings"]) == (embedded.run["verdict"], embedded.run["findings"])
    outcomes = [{s["id"]: s["outcome"] for s in run["scenarios"]} for run in (told, embedded.run)]
    assert outcomes[0] == outcomes[1]
    assert told["target"] == {"base_url": served.base_url, "reference_server": True}


def test_plain_pytest_with_a_scim_toml_reaches_the_same_verdict(
    scimulator: Callable[..., Any], comparable: Callable[..., Any], tmp_path: Path
) -> None:

    by_command = scimulator("run", *QUICK, "--defect", "patch-noop-success")
    (tmp_path / "scim.toml").write_text(
        '[run]\nquick = true\nout = "by-pytest"\n[reference]\ndefects = ["patch-noop-success"]\n'
    )
    done = in_pytest(tmp_path, "scim.toml")
    by_pytest = json.loads((tmp_path / "by-pytest" / "run.json").read_text())
    assert (by_command.code, done.returncode) == (1, 1), done.stdout + done.stderr
    assert comparable(by_pytest) == comparable(by_command.run)
    assert "non-conformant" in done.stdout
    assert "expected" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.socket
def test_with_listed_accounts_one_of_two_processes_plays_everything(
    scimulator: Callable[..., Any], serving: Callable[..., Any], tmp_path: Path
) -> None:
    """Each scenario switches the same people off and on: two at a time would see each other's changes as faults."""
    names = [f"{name}@listed.example" for name in ("ada", "grace", "mary")]
    with serving() as served:
        key = {"Authorization": f"Bearer {served.api_key}"}
        door = served.base_url.replace("/scim/v2", "/sso/sign-in")
        for name in names:
            who = {"userName": name, "givenName": "Ada", "familyName": "Example", "email": name}
            assert requests.post(door, json=who, headers=key, timeout=60).ok
        listed = [f"--account={name}" for name in names]
        out = tmp_path / "listed"
        done = scimulator(
            "run", "--target", served.base_url, *QUICK, *listed, "--allow", "write", "-n", "2", "--out", str(out),
            SCIMULATOR_TOKEN=served.api_key,
        )  # fmt: skip
        people = requests.get(f"{served.base_url}/Users", headers=key, timeout=60).json()["Resources"]
    run = json.loads((out / "run.json").read_text())
    assert not run["findings"], done.out + done.err
    assert sum(scenario["requests"] for scenario in run["scenarios"]) > 50
    # Both processes keep a record; that of the idle one is empty.
    assert [bool(path.read_text()) for path in sorted(out.glob("exchanges-gw*.jsonl"))].count(True) == 1
    assert {person["userName"]: person["active"] for person in people} == dict.fromkeys(names, True)


@pytest.mark.parametrize("defects", [(), ("patch-noop-success",)])
def test_two_processes_reach_the_same_verdict_as_one(
    scimulator: Callable[..., Any], comparable: Callable[..., Any], tmp_path: Path, defects: tuple[str, ...]
) -> None:

    wrong = [f"--defect={d}" for d in defects]
    alone = scimulator("run", *QUICK, *wrong)
    together = scimulator("run", *QUICK, *wrong, "-n", "2", "--out", str(tmp_path / "two"))
    assert together.code == alone.code, together.out + together.err
    assert comparable(json.loads((tmp_path / "two" / "run.json").read_text())) == comparable(alone.run)


def test_another_order_and_another_day_give_the_same_ids(
    scimulator: Callable[..., Any], comparable: Callable[..., Any], tmp_path: Path
) -> None:

    first = scimulator("run", *QUICK, "--defect", "patch-noop-success")
    options = ("--defect", "patch-noop-success", "--idp", "entra", "--idp", "okta")
    scimulator("run", *QUICK, *options, "--out", str(tmp_path / "again"))
    again = json.loads((tmp_path / "again" / "run.json").read_text())
    assert first.run["findings"]
    assert {f["id"] for f in again["findings"]} == {f["id"] for f in first.run["findings"]}
    assert [s["id"] for s in again["scenarios"]] != [s["id"] for s in first.run["scenarios"]]


def test_a_folder_with_a_scim_toml_is_not_rehearsed_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "scim.toml").write_text("[run]\nquick = true\n")
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    assert True\n")
    done = in_pytest(tmp_path)
    assert "1 passed" in done.stdout
    assert not (tmp_path / "runs").exists()
