"""Run directories made by hand, small enough to say what must come out of comparing them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCENARIO = "okta/oin/leaver"


def finding(requirement: str = "MB-1", scenario: str = SCENARIO, **more: Any) -> dict[str, Any]:
    return {
        "id": "F-000001", "requirement": requirement, "section": "RFC 7644", "level": "MUST", "check": "x.y",
        "scenario": scenario, "outcome": "failed", "expected": ["false"], "actual": "true", "exchange": "x-1",
        "pointer": "/active", "hint": "", "remedy": "Mend it.", **more,
    }  # fmt: skip


def exchange(ordinal: int, body: str, scenario: str = SCENARIO, **more: Any) -> dict[str, Any]:
    response = {"status": 200, "reason": "OK", "headers": [["Content-Type", "application/scim+json"]]}
    response.update(more.pop("response", {}))
    return {
        "id": f"x-{ordinal}", "scenario": scenario, "ordinal": ordinal, "role": "idp", "phase": "during", "moment": 0,
        "title": "Read the user", "template": "/Users/{id}", "request": {"method": "GET"}, "trouble": None,
        "response": {**response, "body": {"text": body}}, **more,
    }  # fmt: skip


@pytest.fixture
def run_directory(tmp_path: Path) -> Callable[..., Path]:
    """Write a judged run with these findings and exchanges; scenarios default to the one that passed."""

    def write(
        name: str,
        findings: list[dict[str, Any]],
        exchanges: list[dict[str, Any]] | None = None,
        scenarios: dict[str, str] | None = None,
        **more: Any,
    ) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        run = {
            "schema": "scimulator/run/1", "verdict": "conformant", "sentence": "Fine.", "profile": "marketbeam",
            "tool": "0.1.0", "seed": 7, "target": {"base_url": "https://app.example/scim/v2"}, "findings": findings,
            "scenarios": [{"id": k, "outcome": v} for k, v in (scenarios or {SCENARIO: "passed"}).items()], **more,
        }  # fmt: skip
        (directory / "run.json").write_text(json.dumps(run))
        (directory / "exchanges.jsonl").write_text("".join(json.dumps(x) + "\n" for x in exchanges or []))
        return directory

    return write


@pytest.fixture
def make_finding() -> Callable[..., dict[str, Any]]:
    return finding


@pytest.fixture
def make_exchange() -> Callable[..., dict[str, Any]]:
    return exchange
