"""From SCIM definitions to JSON Schemas: types, plurality, absence, cuts, and definitions that are no definitions."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schemas import definition
from harness.schemas.compiled import Compiled
from harness.schemas.generate import DATE_TIME, canonical, cut, resource_schema, spelling

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PEOPLE = (definition("user"), definition("enterprise_user"))


def said(document: Any, **options: Any) -> list[tuple[str, str]]:
    compiled = Compiled("User", resource_schema(PEOPLE, **options), spelling(PEOPLE))
    return [(v.pointer, v.keyword) for v in compiled.explain(document)]


def ada(**members: Any) -> dict[str, Any]:
    return {"schemas": [USER], "id": "17", "userName": "ada@analytical.example", **members}


def defines(*attributes: dict[str, Any], **members: Any) -> list[dict[str, Any]]:
    return [{"id": "urn:x:y", "name": "Thing", "attributes": list(attributes), **members}]


@pytest.mark.parametrize("nothing", [None, []])
@pytest.mark.parametrize("name", ["emails", "phoneNumbers", "groups", "roles"])
def test_null_and_the_empty_list_are_as_good_as_absence(name: str, nothing: Any) -> None:
    assert said(ada(**{name: nothing})) == []


@pytest.mark.parametrize("name", ["displayName", "active", "name", "meta", "externalId", "profileUrl", ENTERPRISE])
def test_null_is_as_good_as_absence_for_a_single_value(name: str) -> None:
    assert said(ada(**{name: None})) == []


def test_sub_attributes_may_be_any_subset() -> None:
    assert (
        said(ada(emails=[{}, {"value": "a@b.example"}, {"primary": True}], name={}, addresses=[{"region": None}])) == []
    )


def test_attributes_nobody_has_heard_of_are_not_forbidden() -> None:
    assert said(ada(shoeSize=43, name={"nom": 1}, **{"urn:example:own:2.0:User": {"badge": 3}})) == []


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"active": "False"}, ("/active", "type")),
        ({"active": 1}, ("/active", "type")),
        ({"displayName": 3}, ("/displayName", "type")),
        ({"displayName": []}, ("/displayName", "type")),
        ({"name": "Ada"}, ("/name", "type")),
        ({"name": {"givenName": ["Ada"]}}, ("/name/givenName", "type")),
        ({"emails": "a@b.example"}, ("/emails", "type")),
        ({"emails": {"value": "a@b.example"}}, ("/emails", "type")),
        ({"emails": ["a@b.example"]}, ("/emails/0", "type")),
        ({"emails": [{}, {"primary": "true"}]}, ("/emails/1/primary", "type")),
        ({"photos": [{"value": 3}]}, ("/photos/0/value", "type")),
        ({"x509Certificates": [{"value": "not base64!"}]}, ("/x509Certificates/0/value", "pattern")),
        ({"meta": "User"}, ("/meta", "type")),
        ({"meta": {"created": 1700000000}}, ("/meta/created", "type")),
        ({"meta": {"lastModified": "2026-01-31"}}, ("/meta/lastModified", "pattern")),
        ({"externalId": 5}, ("/externalId", "type")),
        ({"id": ""}, ("/id", "minLength")),
        ({"id": 17}, ("/id", "type")),
        ({"id": None}, ("/id", "type")),
        ({"userName": ""}, ("/userName", "minLength")),
        ({"userName": None}, ("/userName", "type")),
        ({"schemas": USER}, ("/schemas", "type")),
        ({"schemas": [USER, USER]}, ("/schemas", "uniqueItems")),
        ({"schemas": [ENTERPRISE]}, ("/schemas", "contains")),
        ({"schemas": [USER, 5]}, ("/schemas/1", "type")),
        ({ENTERPRISE: "x"}, (f"/{ENTERPRISE}", "type")),
        ({ENTERPRISE: {"manager": "26"}}, (f"/{ENTERPRISE}/manager", "type")),
        ({ENTERPRISE: {"department": ["x"]}}, (f"/{ENTERPRISE}/department", "type")),
    ],
)
def test_each_wrong_value_is_found_in_its_place(members: dict[str, Any], where: tuple[str, str]) -> None:
    assert said(ada(**members)) == [where]


def test_only_of_the_user_name_does_the_rfc_say_that_a_required_text_is_not_empty() -> None:
    things = defines({"name": "userName", "type": "string", "required": True})
    compiled = Compiled("Thing", resource_schema(things), spelling(things))
    assert list(compiled.explain({"schemas": ["urn:x:y"], "id": "1", "userName": ""})) == []


@pytest.mark.parametrize("name", ["schemas", "id", "userName"])
def test_what_every_user_must_have_is_missed(name: str) -> None:
    document = ada()
    del document[name]
    assert said(document) == [(f"/{name}", "required")]


def test_an_answer_to_a_projection_may_lack_all_but_the_id() -> None:
    assert said({"id": "17", "userName": None}, projected=True) == []
    assert said({"userName": "ada"}, projected=True) == [("/id", "required")]
    assert said({"id": "17", "active": "yes"}, projected=True) == [("/active", "type")]


def test_an_attribute_that_is_never_returned_is_never_demanded() -> None:
    secret = {"name": "pin", "type": "string", "multiValued": False, "required": True, "returned": "never"}
    written = secret | {"name": "pass", "returned": "default", "mutability": "writeOnly"}
    assert "pin" not in resource_schema(defines(secret))["required"]
    assert "pass" not in resource_schema(defines(written))["required"]
    assert "pin" in resource_schema(defines(secret | {"returned": "default"}))["required"]


def test_required_sub_attributes_are_demanded_only_when_asked_for() -> None:
    config = (definition("service_provider_config"),)
    strict = resource_schema(config, id_required=False, parts_required=True)
    lenient = resource_schema(config, id_required=False)
    assert strict["properties"]["patch"]["required"] == ["supported"]
    assert lenient["properties"]["patch"]["required"] == []
    assert "id" not in strict["required"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T09:30:00Z",
        "2026-01-31T09:30:00",
        "2026-01-31T09:30:00.123456789+02:00",
        "2026-12-31T24:00:00-14:00",
        "-0044-03-15T12:00:00Z",
        "12026-01-31T09:30:00Z",
    ],
)
def test_a_date_and_time_by_xml_schema_passes(text: str) -> None:
    assert said(ada(meta={"created": text})) == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026-01-31 09:30:00Z",
        "2026-01-31T09:30Z",
        "2026-13-31T09:30:00Z",
        "2026-01-32T09:30:00Z",
        "2026-01-31T25:00:00Z",
        "2026-01-31T09:30:00+0200",
        "2026-01-31T09:30:00Z\n",
        "٢٠٢٦-01-31T09:30:00Z",
        " 2026-01-31T09:30:00Z",
        "",
    ],
)
def test_another_notation_of_time_does_not(text: str) -> None:
    assert said(ada(meta={"created": text})) == [("/meta/created", "pattern")]
    assert re.search(DATE_TIME, text) is None


def test_a_cut_judges_only_the_named_attributes_and_the_required_ones() -> None:
    only = ("displayname", "name.givenName", f"{ENTERPRISE}:department", "emails")
    assert said(ada(title=5, name={"familyName": 5}, **{ENTERPRISE: {"division": 5}}), attributes=only) == []
    wrong = ada(displayName=5, name={"givenName": 5}, emails=5, userName=5, **{ENTERPRISE: {"department": 5}})
    assert {pointer for pointer, _ in said(wrong, attributes=only)} == {
        "/displayName",
        "/name/givenName",
        "/emails",
        "/userName",
        f"/{ENTERPRISE}/department",
    }


def test_a_cut_takes_an_extension_whole_by_its_urn_and_leaves_an_unnamed_one_out() -> None:
    assert [d["id"] for d in cut(PEOPLE, [ENTERPRISE.upper()])] == [USER, ENTERPRISE]
    assert cut(PEOPLE, [ENTERPRISE])[1] == PEOPLE[1]
    assert [d["id"] for d in cut(PEOPLE, ["title", f"{USER}:locale"])] == [USER]
    assert [a["name"] for a in cut(PEOPLE, ["title", f"{USER}:locale"])[0]["attributes"]] == [
        "userName",
        "title",
        "locale",
    ]


def test_a_cut_changes_nothing_in_place() -> None:
    before = definition("user")["attributes"].copy()
    cut(PEOPLE, ["name.givenName"])
    assert definition("user")["attributes"] == before


def test_canonical_spells_every_known_name_and_keeps_the_others() -> None:
    resource = {
        "SCHEMAS": [USER],
        "username": "ada",
        "NAME": {"GIVENNAME": "Ada", "Nom": "L"},
        "eMails": [{"VALUE": "a@b.example"}, "x"],
        "meta": {"Created": "t"},
        ENTERPRISE.lower(): {"Department": "x", "manager": {"displayname": "y"}},
        "ShoeSize": 43,
    }
    assert canonical(resource, PEOPLE) == {
        "schemas": [USER],
        "userName": "ada",
        "name": {"givenName": "Ada", "Nom": "L"},
        "emails": [{"value": "a@b.example"}, "x"],
        "meta": {"created": "t"},
        ENTERPRISE: {"department": "x", "manager": {"displayName": "y"}},
        "ShoeSize": 43,
    }
    assert "username" in resource


@pytest.mark.parametrize(
    ("characteristics", "value", "valid"),
    [
        ({"type": "integer", "multiValued": False}, 3, True),
        ({"type": "integer", "multiValued": False}, 3.5, False),
        ({"type": "integer", "multiValued": False}, True, False),
        ({"type": "decimal", "multiValued": False}, 3.5, True),
        ({"type": "decimal", "multiValued": False}, "3.5", False),
        ({"type": "string", "multiValued": True}, ["a"], True),
        ({"type": "string", "multiValued": True}, "a", False),
        ({"type": "string", "multiValued": True}, [None], False),
        ({"type": "dateTime", "multiValued": True}, ["2026-01-31"], False),
        ({"type": "reference", "multiValued": False}, {"href": "x"}, False),
        # What was not published in a legal form cannot be held against the value.
        ({"type": "string"}, ["a"], True),
        ({"type": "string", "multiValued": "yes"}, ["a"], True),
        ({"type": "text", "multiValued": False}, ["a"], True),
        ({"type": "text", "multiValued": True}, "a", False),
        ({"type": None, "multiValued": False}, {"a": 1}, True),
    ],
)
def test_values_are_held_against_what_was_published(characteristics: dict[str, Any], value: Any, valid: bool) -> None:
    published = defines({"name": "size", **characteristics})
    document = {"schemas": ["urn:x:y"], "id": "1", "size": value}
    assert Compiled("Thing", resource_schema(published), spelling(published)).accepts(document) is valid


@pytest.mark.parametrize(
    "definitions",
    [
        [],
        [None],
        ["urn:x"],
        [{}],
        [{"id": 5, "name": [], "attributes": "all"}],
        [{"attributes": [None, 1, "a", [], {}, {"name": 5}, {"name": ""}]}],
        [{"attributes": [{"name": "a", "type": "complex", "multiValued": True, "subAttributes": {"b": 1}}]}],
        [{"attributes": [{"name": "a", "type": ["string"], "multiValued": False, "required": 1, "returned": []}]}],
        [{"attributes": [{"name": "schemas", "type": "string"}, {"name": "ID", "type": "integer"}]}],
        [{"attributes": [{"name": "$ref", "type": "reference"}, {"name": "a/b~c", "type": "boolean"}]}],
        [{}, {"id": ""}, {"id": "x", "attributes": 5}],
    ],
)
def test_definitions_of_any_shape_give_a_valid_json_schema(definitions: list[Any]) -> None:
    schema = resource_schema(definitions)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert Compiled("?", schema, spelling(definitions)).accepts({"schemas": ["urn:x"], "id": "1"})


def test_a_definition_nested_without_end_is_looked_at_only_so_far() -> None:
    endless: dict[str, Any] = {"name": "a", "type": "complex", "multiValued": False}
    endless["subAttributes"] = [endless]
    schema = resource_schema(defines(endless))
    assert Compiled("?", schema, spelling(defines(endless))).accepts(
        {"schemas": ["urn:x:y"], "id": "1", "a": {"a": None}}
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON | st.just(ENTERPRISE),
        "name": JSON,
        "attributes": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "name": st.sampled_from(["userName", "x", "$ref", "schemas"]) | JSON,
                    "type": st.sampled_from(["string", "complex", "dateTime", "binary", "boolean"]) | JSON,
                    "multiValued": st.booleans() | JSON,
                    "required": st.booleans() | JSON,
                    "returned": st.sampled_from(["default", "never"]) | JSON,
                    "subAttributes": JSON | st.lists(st.fixed_dictionaries({"name": st.text(max_size=3)}), max_size=2),
                },
            )
            | JSON,
            max_size=4,
        )
        | JSON,
    },
)


@given(st.lists(NEARLY | JSON, max_size=3), JSON, st.none() | st.lists(st.text(max_size=9), max_size=3))
def test_no_definition_and_no_resource_ever_raises(
    definitions: list[Any], resource: Any, names: list[str] | None
) -> None:
    schema = resource_schema(definitions, attributes=names, parts_required=True)
    jsonschema.Draft202012Validator.check_schema(schema)
    compiled = Compiled("?", schema, spelling(definitions))
    slow = jsonschema.Draft202012Validator(schema).is_valid(canonical(resource, definitions))
    assert compiled.accepts(resource) is slow
    assert (compiled.explain(resource) == []) is slow
