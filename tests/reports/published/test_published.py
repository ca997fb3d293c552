"""What we write is accepted by the schemas that others publish for it, also when the service sends whatever hurts."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import xmlschema
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT6

from reports import har, junit, sarif

pytestmark = pytest.mark.node
RUNS = ("conformant", "with_findings", "hostile", "incomplete")


def _har_validator(modules: Path) -> Draft7Validator:
    resources = []
    for path in (modules / "har-schema" / "lib").glob("*.json"):
        contents = json.loads(path.read_text("utf-8"))
        resources.append((contents.get("$id", path.name), Resource.from_contents(contents, DRAFT6)))
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft7Validator({"$ref": "har.json#"}, registry=registry)


@pytest.mark.parametrize("name", RUNS)
def test_the_har_is_accepted_by_the_published_schema(samples: ModuleType, published: Path, name: str) -> None:
    validator = _har_validator(published)
    assert list(validator.iter_errors({"log": {"version": "1.2"}})), "the schema is not really asked"
    log = json.loads(har.render(getattr(samples, name)()))
    assert [error.message for error in validator.iter_errors(log)] == []


@pytest.mark.parametrize("name", RUNS)
def test_the_sarif_log_is_accepted_by_the_published_schema(samples: ModuleType, published: Path, name: str) -> None:
    (path,) = (published / "@microsoft" / "jest-sarif" / "lib" / "schemas").glob("sarif-2.1.0-*.json")
    validator = Draft7Validator(json.loads(path.read_text("utf-8")))
    assert list(validator.iter_errors({"version": "2.1.0"})), "the schema is not really asked"
    assert [error.message for error in validator.iter_errors(sarif.render(getattr(samples, name)()))] == []


@pytest.mark.parametrize("name", RUNS)
def test_the_junit_file_is_accepted_by_the_schema_that_jenkins_publishes(
    samples: ModuleType, junit_schema: Path, name: str
) -> None:
    schema = xmlschema.XMLSchema(str(junit_schema), allow="local")
    assert not schema.is_valid("<testsuites><testcase/></testsuites>"), "the schema is not really asked"
    errors = [f"{error.path}: {error.reason}" for error in schema.iter_errors(junit.render(getattr(samples, name)()))]
    assert errors == []
