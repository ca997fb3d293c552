"""What a run leaves behind: files that keep to their published schemas, and no secret anywhere."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.reporting import formats

CANARY = "canary-c0ffee-5f1d7e-api-key"


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(files("harness.schemas").joinpath("files", f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("defects", [[], ["--defect", "patch-noop-success"]])
def test_every_file_of_a_run_keeps_to_its_published_schema(scimulator: Callable[..., Any], defects: list[str]) -> None:
    done = scimulator("run", "--quick", *defects)
    assert not list(validator("run").iter_errors(done.run))
    findings = json.loads((done.directory / "findings.json").read_text())
    assert not list(validator("findings").iter_errors(findings))
    assert bool(findings["findings"]) == bool(defects)
    for name in ("events", "exchanges", "ledger"):
        lines = done.lines(name)
        assert lines
        for line in lines:
            assert not list(validator(name).iter_errors(line)), line


def test_the_counts_add_up(scimulator: Callable[..., Any]) -> None:
    done = scimulator("run", "--quick", "--defect", "patch-noop-success")
    run = done.run
    assert sum(run["counts"].values()) > 500
    assert run["counts"]["failed"] > 0
    exchanges = done.lines("exchanges")
    assert sum(s["requests"] for s in run["scenarios"]) == len(exchanges)
    assert len({x["id"] for x in exchanges}) == len(exchanges)
    assert {f["exchange"] for f in run["findings"]} <= {x["id"] for x in exchanges}


def test_junit_holds_a_failure_for_each_failed_check_and_no_double_names(scimulator: Callable[..., Any]) -> None:
    done = scimulator("run", "--quick", "--defect", "patch-noop-success")
    suites = ElementTree.parse(done.directory / "junit.xml").getroot()
    cases = [(c.get("classname"), c.get("name")) for c in suites.iter("testcase")]
    assert len(set(cases)) == len(cases)
    assert len(list(suites.iter("failure"))) == done.run["counts"]["failed"]


def test_the_key_is_in_no_file_and_in_no_output(scimulator: Callable[..., Any], tmp_path: Path, echoing: str) -> None:
    """The target echoes the key in headers, bodies, redirects and error texts, as a hostile one would."""
    done = scimulator(
        "run", "--target", echoing, "--profile", "full", "--allow", "write", "--allow", "delete", "-v",
        "--report", ",".join(formats()), SCIMULATOR_TOKEN=CANARY,
    )  # fmt: skip
    assert done.directory.exists()
    assert done.lines("exchanges"), "the canary proves nothing when nothing was asked"
    assert "canary-c0ffee" not in done.out + done.err
    for path in [p for p in tmp_path.rglob("*") if p.is_file()]:
        assert b"canary-c0ffee" not in path.read_bytes(), path.name


def test_a_run_directory_is_never_mixed_with_another(scimulator: Callable[..., Any]) -> None:
    scimulator("run", "--quick", "--story", "connection")
    again = scimulator("run", "--quick", "--story", "connection")
    assert again.code == 2
    assert "already holds a run" in again.err
