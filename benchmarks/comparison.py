"""Comparing two runs of 10,000 exchanges and 10,000 findings each, against reading the same files with json.loads."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from harness.compare import compare

NUMBER = 10_000
GOAL = 3.0
"""Seconds that a comparison of this size may take."""


def _write(directory: Path, *, salt: int) -> Path:
    directory.mkdir()
    findings = [
        {
            "id": f"F-{number:06x}", "requirement": f"RFC7644-{number % 97}", "section": "RFC 7644", "level": "MUST",
            "check": "users.kept", "scenario": f"okta/oin/story-{number % 400}", "outcome": "failed",
            "expected": ["false"], "actual": f"true at 2026-11-24T02:{number % 60:02d}:{salt:02d}Z", "exchange": "x",
            "pointer": "/active", "hint": "", "remedy": "",
        }
        for number in range(NUMBER) if number % 10 != salt % 10
    ]  # fmt: skip
    scenarios = [{"id": f"okta/oin/story-{number}", "outcome": "failed"} for number in range(400)]
    run = {
        "schema": "scimulator/run/1", "verdict": "non-conformant", "sentence": "", "profile": "full", "tool": "0",
        "seed": 7, "target": {"base_url": "https://app.example"}, "scenarios": scenarios, "findings": findings,
    }  # fmt: skip
    (directory / "run.json").write_text(json.dumps(run))
    with (directory / "exchanges.jsonl").open("w") as file:
        for number in range(NUMBER):
            file.write(json.dumps(_exchange(number, salt)) + "\n")
    return directory


def _exchange(number: int, salt: int) -> dict[str, Any]:
    identity = f"{salt:08x}-0000-4000-8000-{number:012x}"
    # In every tenth answer something has really changed; everywhere else only ids and times.
    title = f"Title {number}{salt if number % 10 == 0 else ''}"
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": identity, "userName": f"u{number}@a.example",
        "active": True, "title": title, "emails": [{"value": f"u{number}@a.example", "type": "work"}],
        "meta": {"lastModified": f"2026-11-24T02:00:{salt:02d}Z", "location": f"/Users/{identity}"},
    }  # fmt: skip
    return {
        "id": f"x-{number}", "scenario": f"okta/oin/story-{number // 25}", "ordinal": number % 25, "role": "idp",
        "phase": "during", "moment": 0, "title": "Read the user", "template": "/Users/{id}", "trouble": None,
        "request": {"method": "GET"},
        "response": {"status": 200, "headers": [["Content-Type", "application/scim+json"]],
                     "body": {"text": json.dumps(user)}},
    }  # fmt: skip


def _floor(*directories: Path) -> None:
    for directory in directories:
        json.loads((directory / "run.json").read_bytes())
        for line in (directory / "exchanges.jsonl").open("rb"):
            json.loads(line)


def _best(function: Callable[[], object], rounds: int = 3) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        taken.append(time.perf_counter() - began)
    return min(taken)


def measure() -> Iterator[Figure]:
    """The seconds with their goal, and the ratio to reading the files."""
    with tempfile.TemporaryDirectory() as place:
        first, second = (_write(Path(place) / str(salt), salt=salt) for salt in (1, 2))
        comparison = compare(first, second)
        assert len(comparison.exchanges) == NUMBER // 10
        assert len(comparison.differences) == NUMBER
        ours = _best(lambda: compare(first, second))
        floor = _best(lambda: _floor(first, second))
    yield Figure(
        f"comparing two runs of {NUMBER:,} exchanges and findings",
        f"{ours:.2f} s",
        f"json.loads over the same files {floor:.2f} s",
        ours / floor,
        f"under {GOAL:.0f} s",
        ours < GOAL,
        "bodies are parsed, ids and times in them replaced by what they stand for, and then compared member by member",
    )
