"""What holds for every schema definition, whoever wrote it: a usable JSON Schema comes of it."""

from __future__ import annotations

from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.schemas.generate import canonical, cut, resource_schema

URN = "urn:example:schemas:Thing"
NAMES = st.from_regex(r"\A[a-z][A-Za-z0-9]{0,5}\Z")
VALUES: dict[str, Any] = {
    "string": st.text(max_size=5),
    "boolean": st.booleans(),
    "integer": st.integers(),
    "decimal": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "dateTime": st.just("2026-11-27T12:00:00Z"),
    "reference": st.just("https://app.example/x"),
    "binary": st.just("aGk="),
}


def attribute(name: str, kind: str, many: bool, required: bool, parts: tuple[Any, ...] = ()) -> dict[str, Any]:
    told = {"name": name, "type": kind, "multiValued": many, "required": required}
    return told | ({"subAttributes": list(parts)} if kind == "complex" else {})


def distinct(attributes: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(attributes, min_size=least, max_size=most, unique_by=lambda a: a["name"].lower())


FLAT = st.builds(attribute, NAMES, st.sampled_from(sorted(VALUES)), st.booleans(), st.booleans())
COMPLEX = st.builds(attribute, NAMES, st.just("complex"), st.booleans(), st.booleans(), distinct(FLAT, 1, 2).map(tuple))
COMMON = ("schemas", "id", "externalid", "meta")
DEFINITIONS = distinct(FLAT | COMPLEX, 0, 4).map(
    lambda found: {"id": URN, "attributes": [a for a in found if a["name"].lower() not in COMMON]}
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "attributes", "name", "type", "subAttributes", "x"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


def value_of(told: dict[str, Any], draw: Any) -> Any:
    one: Any
    if told["type"] == "complex":
        one = {part["name"]: value_of(part, draw) for part in told["subAttributes"]}
    else:
        one = draw(VALUES[told["type"]])
    return [one] if told["multiValued"] else one


@given(DEFINITIONS, st.data())
@settings(max_examples=50)
def test_a_resource_made_from_a_definition_is_accepted_by_its_schema(definition: Any, data: Any) -> None:
    schema = resource_schema([definition])
    jsonschema.Draft202012Validator.check_schema(schema)
    resource = {a["name"]: value_of(a, data.draw) for a in definition["attributes"]} | {"schemas": [URN], "id": "1"}
    jsonschema.validate(resource, schema, cls=jsonschema.Draft202012Validator)


@given(st.lists(ANYTHING, max_size=3), st.lists(NAMES, max_size=3), ANYTHING)
@settings(max_examples=50)
def test_definitions_of_any_shape_make_a_schema_and_never_an_error(
    definitions: Any, wanted: list[str], resource: Any
) -> None:
    jsonschema.Draft202012Validator.check_schema(resource_schema(definitions))
    jsonschema.Draft202012Validator.check_schema(resource_schema(definitions, attributes=wanted, projected=True))
    assert isinstance(cut(definitions, wanted), list)
    canonical(resource, definitions)
