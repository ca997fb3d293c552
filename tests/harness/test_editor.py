"""The schema of scim.toml tells an editor exactly what the settings accept."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from harness.editor import schema
from harness.settings import SettingsError, from_table

SHIPPED = files("harness.schemas").joinpath("files", "settings.schema.json")
EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "vendor-service" / "scim.toml"


def test_the_shipped_schema_is_in_step_with_the_settings(request: pytest.FixtureRequest) -> None:
    text = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-documents"):
        Path(str(SHIPPED)).write_text(text, "utf-8")
    assert SHIPPED.read_text("utf-8") == text, "run `make docs` and look at the difference"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"target": {"base_url": "https://app.example", "allow": ["write"], "timeout": 5, "wait": 0.5}},
        {"accounts": {"source": "jit", "listed": ["ada@example.test"]}, "run": {"quick": True, "seed": 7}},
        {"hooks": {"sign_in": "https://app.example/x"}, "reference": {"defects": []}},
        {"target": {"base_url": 7}},
        {"target": {"unknown": "x"}},
        {"idp": {"okta": {"update": True}, "okta:aiw": {"authorization": "basic"}}},
        {"idp": {"okta": 7}},
        {"idp": 7},
        {"nonsense": {}},
        {"run": {"quick": "yes"}},
        {"run": {"idps": "okta"}},
        {"run": {"seed": 1.5}},
    ],
)
def test_the_schema_accepts_what_the_settings_accept(document: dict[str, Any]) -> None:
    try:
        from_table(document, "scim.toml")
        good = True
    except SettingsError:
        good = False
    assert Draft7Validator(schema()).is_valid(document) is good


@pytest.mark.parametrize(
    ("section", "member", "wrong"),
    [("target", "allow", ["destroy"]), ("run", "fail_on", "x"), ("accounts", "source", "x")],
)
def test_words_that_mean_nothing_are_marked_in_the_editor(section: str, member: str, wrong: object) -> None:
    assert not Draft7Validator(schema()).is_valid({section: {member: wrong}})
    with pytest.raises(SettingsError):
        from_table({section: {member: wrong}}, "scim.toml").checked()


def test_the_example_names_the_schema_that_is_shipped() -> None:
    named = EXAMPLE.read_text("utf-8").splitlines()[0].removeprefix("#:schema ")
    assert (EXAMPLE.parent / named).resolve() == Path(str(SHIPPED)).resolve()
