"""Two validators, one opinion: the fast one accepts exactly what the explaining one accepts."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.schemas import definition
from harness.schemas.compiled import LONGEST, MOST, Compiled
from harness.schemas.generate import spelling
from harness.validation import compiled

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
API = "urn:ietf:params:scim:api:messages:2.0:"
SUPPORTED = {"supported": True}

VALID: dict[str, dict[str, Any]] = {
    "User": {
        "schemas": [USER, ENTERPRISE],
        "id": "17",
        "externalId": "00u1",
        "userName": "ada@analytical.example",
        "name": {"givenName": "Ada", "familyName": "King"},
        "active": True,
        "emails": [{"value": "ada@analytical.example", "type": "work", "primary": True}],
        "x509Certificates": [{"value": "TWFueSBoYW5kcw=="}],
        "groups": [{"value": "3", "$ref": "../Groups/3", "display": "Engine"}],
        ENTERPRISE: {"department": "Engines", "manager": {"value": "26", "displayName": "Charles"}},
        "meta": {"resourceType": "User", "created": "2026-01-31T09:30:00Z", "lastModified": "2026-02-01T00:00:00.5Z"},
    },
    "Group": {
        "schemas": [CORE + "Group"],
        "id": "3",
        "displayName": "Engine",
        "members": [{"value": "17", "$ref": "../Users/17", "type": "User"}],
    },
    "ServiceProviderConfig": {
        "schemas": [CORE + "ServiceProviderConfig"],
        "patch": SUPPORTED,
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": 200},
        "changePassword": SUPPORTED,
        "sort": SUPPORTED,
        "etag": SUPPORTED,
        "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A key"}],
    },
    "ResourceType": {
        "schemas": [CORE + "ResourceType"],
        "name": "User",
        "endpoint": "/Users",
        "schema": USER,
        "schemaExtensions": [{"schema": ENTERPRISE, "required": False}],
    },
    "Schema": definition("group"),
    "ListResponse": {"schemas": [API + "ListResponse"], "totalResults": 1, "startIndex": 1, "Resources": [{"id": "1"}]},
    "Error": {"schemas": [API + "Error"], "status": "400", "scimType": "noTarget", "detail": "no"},
    "BulkResponse": {"schemas": [API + "BulkResponse"], "Operations": [{"method": "POST", "status": "201"}]},
    "PatchOp": {"schemas": [API + "PatchOp"], "Operations": [{"op": "remove", "path": "title"}]},
    "SearchRequest": {"schemas": [API + "SearchRequest"], "attributes": ["id"], "count": 5, "sortOrder": "ascending"},
}
DEFINITIONS = {
    "User": ("user", "enterprise_user"),
    "Group": ("group",),
    "ServiceProviderConfig": ("service_provider_config",),
    "ResourceType": ("resource_type",),
    "Schema": ("schema",),
}

VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from(
        ["", "true", "False", "404", "404\n", "2026-01-31T09:30:00Z\n", "Replace", "\ud800", USER, 10**30, 1.0, [], {}]
    )
    | st.lists(st.integers() | st.text(max_size=3), max_size=3)
    | st.dictionaries(st.sampled_from(["value", "PRIMARY", "op", "status", "\udfff"]), st.integers(), max_size=2)
)


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every container in a document with every key or index in it."""
    found: list[tuple[Any, Any]] = []
    if isinstance(document, dict | list):
        for key in list(document) if isinstance(document, dict) else range(len(document)):
            found += [(document, key), *places(document[key])]
    return found


def twisted(value: Any) -> list[Any]:
    """What real services make of a value: other types, lists for one value, one value for a list, white space."""
    match value:
        case str():
            return [f"{value}\n", f" {value}", value.upper(), value[:-1], [value], {"value": value}]
        case list():
            return [value * 2, value[0] if value else None, {"0": value}, str(value)]
        case dict():
            return [[value], list(value), None, str(value)]
        case _:
            return [str(value), [value], not value, 0, 1.0]


def mutate(data: st.DataObject, document: dict[str, Any]) -> dict[str, Any]:
    mutated = copy.deepcopy(document)
    for _ in range(data.draw(st.integers(0, 3))):
        spots = places(mutated)
        if not spots:
            break
        holder, key = data.draw(st.sampled_from(spots))
        match data.draw(st.sampled_from(["replace", "twist", "drop", "respell", "add"])):
            case "replace":
                holder[key] = data.draw(VALUES)
            case "twist":
                holder[key] = data.draw(st.sampled_from(twisted(holder[key])))
            case "drop":
                del holder[key]
            case "respell" if isinstance(holder, dict):
                holder[data.draw(st.sampled_from([key.upper(), key.lower(), key.title()]))] = holder.pop(key)
            case _ if isinstance(holder, dict):
                holder[data.draw(st.text(max_size=4))] = data.draw(VALUES)
            case _:
                holder.append(data.draw(VALUES))
    return mutated


@pytest.mark.parametrize("name", VALID)
def test_the_untouched_document_is_valid(name: str) -> None:
    assert compiled(name).explain(VALID[name]) == []
    assert compiled(name).accepts(VALID[name])


@pytest.mark.parametrize("name", VALID)
@settings(max_examples=150)
@given(data=st.data())
def test_both_validators_agree_on_any_mutation(name: str, data: st.DataObject) -> None:
    document = mutate(data, VALID[name])
    subject = compiled(name)
    respelt = (
        spelling([definition(n) for n in DEFINITIONS[name]]).respell(document) if name in DEFINITIONS else document
    )
    slow = jsonschema.Draft202012Validator(subject.schema).is_valid(respelt)
    assert subject.accepts(document) is slow
    assert (subject.explain(document) == []) is slow


@settings(max_examples=150)
@given(data=st.data())
def test_every_violation_points_at_a_place_that_exists_or_is_missed(data: st.DataObject) -> None:
    document = mutate(data, VALID["User"])
    for violation in compiled("User").explain(document):
        here: Any = document
        for step in violation.pointer.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if violation.keyword == "required" and isinstance(here, dict) and step not in here:
                break
            here = here[int(step)] if isinstance(here, list) else here[step]
        assert violation.expected
        assert violation.schema == "User"


def test_a_violation_is_told_in_plain_words_where_it_stands() -> None:
    (violation,) = compiled("User").explain(VALID["User"] | {"active": "False"}, at="/Resources/4")
    assert violation.pointer == "/Resources/4/active"
    assert violation.expected == ("true or false, without quotation marks",)
    assert (violation.actual, violation.keyword, violation.schema) == ("False", "type", "User")


def test_the_pointer_keeps_the_spelling_of_the_service() -> None:
    document = {k: v for k, v in VALID["User"].items() if k != "emails"} | {"EMAILS": [{"Primary": "yes"}]}
    (violation,) = compiled("User").explain(document)
    assert violation.pointer == "/EMAILS/0/Primary"


def test_each_missing_member_is_told_once_by_its_name() -> None:
    missing = compiled("User").explain({})
    assert [(v.pointer, v.keyword) for v in missing] == [
        ("/id", "required"),
        ("/schemas", "required"),
        ("/userName", "required"),
    ]
    assert missing[2].expected == ('"userName": a string that is not empty',)
    assert missing[2].actual == "nothing: the member is missing"


def test_a_missing_urn_is_told_by_its_name() -> None:
    (violation,) = compiled("Group").explain(VALID["Group"] | {"schemas": [USER]})
    assert violation.expected == ("a list with the URN urn:ietf:params:scim:schemas:core:2.0:Group",)


def test_slashes_and_tildes_in_a_name_are_escaped_in_the_pointer() -> None:
    schema = {"properties": {"a/b~c": {"type": "string", "description": "a string"}}}
    (violation,) = Compiled("x", schema).explain({"a/b~c": 1})
    assert violation.pointer == "/a~1b~0c"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 500, "x" * LONGEST + "... (500 characters)"),
        ({"a": 1, "b": 2}, "an object with a, b"),
        ({str(n): n for n in range(12)}, "an object with 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ..."),
        (["a", "b"], "a list with 2 entries"),
        ([], []),
        ({}, {}),
        (7, 7),
        (None, None),
    ],
)
def test_a_wrong_value_is_shown_short(value: Any, shown: Any) -> None:
    schema = {"properties": {"a": {"const": 5, "description": "five"}}}
    (violation,) = Compiled("x", schema).explain({"a": value})
    assert violation.actual == shown


def test_without_a_description_the_keyword_speaks() -> None:
    (violation,) = Compiled("x", {"maximum": 5}).explain(9)
    assert violation.expected == ("maximum: 5",)


def test_no_more_than_so_many_violations_of_one_document_are_told() -> None:
    assert len(compiled("User").explain(VALID["User"] | {"emails": ["x"] * 1000})) == MOST


def test_half_a_surrogate_pair_is_judged_like_any_other_text() -> None:
    assert compiled("User").accepts(VALID["User"] | {"displayName": "\ud800"})
    (violation,) = compiled("User").explain(VALID["User"] | {"displayName": "\ud800", "active": "\udfff"})
    assert violation.pointer == "/active"


def test_a_hundred_thousand_objects_instead_of_urns_do_not_keep_the_judge_busy() -> None:
    many = [{"n": n} for n in range(100_000)]
    violations = compiled("User").explain(VALID["User"] | {"schemas": many})
    assert {v.keyword for v in violations} == {"type"}
