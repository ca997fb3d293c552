"""A simulator sends nothing, waits for nothing, knows no time and throws no dice: it yields what it would send."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import simulators
from harness.model.sequence import Sequence
from harness.plan import vendors

ROOT = Path(simulators.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

OUTSIDE = {
    "asyncio",
    "http",
    "httpx",
    "os",
    "pathlib",
    "random",
    "requests",
    "secrets",
    "select",
    "shutil",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "urllib3",
}
"""Modules by which something from outside could get into a sequence, or something of it out."""

IMPURE = {"open", "input", "print", "exec", "eval", "now", "utcnow", "today", "uuid1", "uuid4"}
"""Functions that read the clock, throw dice or touch a terminal or a file, whatever they hang off."""


def outside(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in IMPURE:
                yield f"line {node.lineno}: {called}()"
        for name in names:
            if name in OUTSIDE or name.partition(".")[0] in OUTSIDE:
                yield f"imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_from_outside_gets_into_a_simulator(module: Path) -> None:
    assert list(outside(ast.parse(module.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "import os.path",
        "from os import environ",
        "from urllib import request",
        "import urllib.request",
        "from random import choice",
        "from datetime import datetime\nsince = datetime.now()",
        "import uuid\nname = uuid.uuid4()",
        "open('secrets.txt')",
    ],
)
def test_what_comes_from_outside_would_be_seen(text: str) -> None:
    assert list(outside(ast.parse(text)))


@pytest.mark.parametrize(
    "sequence", [s for vendor in vendors().values() for s in vendor.sequences], ids=lambda s: s.title
)
def test_a_sequence_is_a_generator_and_nothing_else(sequence: Sequence) -> None:
    assert inspect.isgeneratorfunction(sequence.run)
