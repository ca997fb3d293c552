"""The generated file is Python whatever the service, the IdP or an importer wrote into the record."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from harness.model.exchange import Exchange, Request
from harness.model.finding import Finding
from harness.model.requirement import Level, Requirement
from harness.model.transcript import Transcript
from harness.reproduce.chosen import Chosen
from harness.reproduce.claims import claim
from harness.reproduce.pytest_file import pytest_file

HOSTILE = "\"\"\"\n'''\\\nimport os; os._exit(7)\r\x00{}\u202e#"


@pytest.fixture
def file(crossed: Callable[..., Exchange], told: Callable[..., Transcript]) -> str:
    """A file made of a record in which every text is hostile."""
    request = Request(
        f"PA{HOSTILE}",
        f"https://app.example/scim/v2/Users/{HOSTILE}",
        (("X", HOSTILE), ("Authorization", "Bearer [redacted:token]")),
        HOSTILE.encode(),
    )
    seen = crossed(1, request=request, title=HOSTILE, body=b'{"a": 1}')
    finding = Finding([HOSTILE], HOSTILE, at="/a").placed(check="c", scenario="s", requirement="R-1", exchange=seen.id)
    rule = Requirement("R-1", Level.MUST, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return pytest_file(Chosen("C-1", finding, rule, told(seen), (seen,), seen, claim(finding, seen, None)))


def test_hostile_text_stays_text(file: str) -> None:
    tree = ast.parse(file)
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert "os._exit" not in calls
    assert [type(node).__name__ for node in tree.body[:3]] == ["Expr", "Import", "Import"]
    assert sum(isinstance(node, ast.Assert) for node in ast.walk(tree)) == 1


def test_the_key_and_the_address_come_from_the_environment(file: str) -> None:
    assert "'Bearer ' + TOKEN" in file
    assert "TARGET + '/Users/" in file
    assert "app.example/scim" not in file.partition("def test_")[2]
    assert "redacted" not in file
