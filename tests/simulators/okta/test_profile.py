"""A customer's own attribute mappings drive the simulator."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import Assign, Edit
from harness.model.step import ENTERPRISE_USER, USER
from simulators.okta import Empty, Features, Setup
from simulators.okta.profile import MappingError, Place, from_okta, mapped, place

MAPPING = {
    "id": "prm1k47ghydIQOTBW0g4",
    "source": {"id": "otysbePhQ3yqt4cVv0g3", "name": "user", "type": "user"},
    "target": {"id": "0oa1qmn4LZQQEH0wZ0g4", "name": "scim_app", "type": "appuser"},
    "properties": {
        "userName": {"expression": "String.toLowerCase(user.email)", "pushStatus": "PUSH"},
        "givenName": {"expression": "user.firstName", "pushStatus": "PUSH"},
        "email": {"expression": "user.email", "pushStatus": "DONT_PUSH"},
        "title": {"expression": "user.title", "pushStatus": "PUSH"},
        "department": {"expression": "user.department", "pushStatus": "PUSH"},
        "badge": {"expression": "'B-' + user.lastName", "pushStatus": "PUSH"},
        "shirt": {"expression": "user.shirt", "pushStatus": "PUSH"},
    },
}
SCHEMA = {
    "definitions": {
        "custom": {
            "properties": {
                "badge": {"externalName": "badge.number", "externalNamespace": "urn:app:1.0:User"},
                "shirt": {"externalName": "shirtSize"},
                "internal": {"title": "not in SCIM at all"},
            }
        },
        "base": {"properties": {"userName": {"externalName": "userName", "externalNamespace": USER}}},
    }
}


def test_a_mapping_as_okta_returns_it_words_the_create_request(app: Any, answers: Any, ada: Any) -> None:
    play = app("oin", Setup(mapping=from_okta(MAPPING, SCHEMA))).when(Assign("leaver")) << answers.users()
    body = play.body
    assert body["userName"] == ada.email
    assert body["schemas"] == [USER, "urn:app:1.0:User"]
    assert body["urn:app:1.0:User"] == {"badge": {"number": "B-Hopper"}}
    assert body["name"] == {"givenName": "Ada"}
    assert "displayName" not in body


def test_a_property_without_a_namespace_is_left_out_without_a_word(app: Any, answers: Any) -> None:
    play = app("oin", Setup(mapping=from_okta(MAPPING, SCHEMA))).when(Assign("leaver")) << answers.users()
    assert "shirtSize" not in play.step.body.decode()


def test_the_lookup_compares_what_is_mapped_to_the_user_name(app: Any) -> None:
    mapping = mapped(userName="String.substringBefore(user.login, '@')")
    play = app("oin", Setup(mapping=mapping)).when(Assign("leaver"))
    assert play.step.query == "filter=userName%20eq%20%22ada%22&startIndex=1&count=100"


def test_what_is_applied_on_create_only_is_not_pushed_again(app: Any, answers: Any) -> None:
    setup = Setup(Features(update=True), from_okta(MAPPING, SCHEMA))
    play = app("oin", setup).when(Assign("leaver")) << answers.users(answers.user())
    read = answers.user(emails=[{"value": "kept@example.example", "primary": True}])
    play << answers.one(read)
    assert play.body["emails"] == read["emails"]


def test_a_profile_push_leaves_the_neighbours_of_what_is_mapped_alone(app: Any, answers: Any) -> None:
    mapping = mapped(email="user.email", department="user.department", managerValue="'m-1'")
    play = app("oin", Setup(Features(update=True), mapping)).when(Assign("leaver")) << answers.users(answers.user())
    read = answers.user(
        emails=[{"value": "home@example.example"}, {"primary": True, "display": "Work"}],
        **{ENTERPRISE_USER: {"costCenter": "4711", "manager": {"displayName": "Boss"}}},
    )
    play << answers.one(read)
    assert play.body["emails"] == [
        {"value": "home@example.example"},
        {"primary": True, "display": "Work", "value": "ada@example.example"},
    ]
    assert play.body[ENTERPRISE_USER] == {"costCenter": "4711", "manager": {"displayName": "Boss", "value": "m-1"}}
    assert play.body["schemas"] == [USER, ENTERPRISE_USER]
    assert read["emails"][1] == {"primary": True, "display": "Work"}, "what was read is not written into"


@pytest.mark.parametrize(("how", "title"), [(Empty.OMITTED, "gone"), (Empty.TEXT, ""), (Empty.NULL, None)])
def test_a_value_that_was_cleared_in_okta_is_told_in_one_of_three_ways(
    app: Any, answers: Any, how: Empty, title: str | None
) -> None:
    play = app("oin", Setup(Features(update=True), empty=how))
    play.when(Assign("leaver")) << answers.users(answers.user()) << answers.one(answers.user()) << answers.no_content
    play.when(Edit("leaver", attributes=(("title", "Boss"),))) << answers.one(answers.user()) << answers.no_content
    play.when(Edit("leaver", attributes=(("title", ""),))) << answers.one(answers.user(title="Boss"))
    assert play.body.get("title", "gone") == title


def test_what_okta_never_had_is_not_cleared_at_the_service(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(update=True), empty=Empty.NULL))
    play.when(Assign("leaver")) << answers.users(answers.user()) << answers.one(answers.user(title="From the sign-in"))
    assert play.body["title"] == "From the sign-in"


def test_a_change_that_nothing_maps_is_not_pushed(app: Any, answers: Any) -> None:
    play = app("oin", Setup(Features(update=True)))
    play.when(Assign("leaver")) << answers.users(answers.user()) << answers.one(answers.user()) << answers.no_content
    play.when(Edit("leaver", attributes=(("department", "Legal"),))).is_done()


def test_support_patch_for_user_pushes_all_that_is_mapped_in_one_operation(app: Any, answers: Any) -> None:
    mapping = mapped(givenName="user.firstName", title="user.title", department="'Sales'")
    setup = Setup(Features(update=True), mapping, patch_profile=True)
    play = app("oin", setup).when(Assign("leaver")) << answers.users(answers.user()) >> "PATCH /Users/{id}"
    assert play.body["Operations"] == [
        {"op": "replace", "value": {"name": {"givenName": "Ada"}, ENTERPRISE_USER: {"department": "Sales"}}}
    ]


@pytest.mark.parametrize(
    ("external", "stands"),
    [
        ("userName", Place("userName")),
        ("name.givenName", Place("name", "givenName")),
        ("emails.^[primary==true].value", Place("emails", "value", ("primary", True))),
        ("emails.^[type == 'work'].value", Place("emails", "value", ("type", "work"))),
        ("addresses.^[type==home].country", Place("addresses", "country", ("type", "home"))),
    ],
)
def test_an_external_name_says_where_a_property_stands(external: str, stands: Place) -> None:
    assert place(external, USER) == stands


@pytest.mark.parametrize(
    ("mapping", "schema", "said"),
    [
        ([], None, "expected a profile mapping of Okta"),
        ({"properties": {}, "target": {"type": "user"}}, None, "target/type: expected appuser, found 'user'"),
        ({"properties": {"title": {}}}, None, "properties/title/expression: expected a text"),
        (
            {"properties": {"title": {"expression": "user.title", "pushStatus": "MAYBE"}}},
            None,
            "properties/title/pushStatus: expected PUSH or DONT_PUSH, found 'MAYBE'",
        ),
        ({"properties": {"badge": {"expression": "'x'"}}}, None, "properties/badge: it is unknown where"),
        (
            {"properties": {"title": {"expression": "user.title +"}}},
            None,
            "properties/title/expression: expected more, at character 13",
        ),
        (MAPPING, [], "expected an app user schema of Okta"),
        (
            MAPPING,
            {"definitions": {"custom": {"properties": {"a": {"externalName": "x[", "externalNamespace": "u"}}}}},
            "definitions/custom/properties/a/externalName: 'x[' cannot be read",
        ),
    ],
)
def test_what_is_no_mapping_is_refused_with_its_place(mapping: Any, schema: Any, said: str) -> None:
    with pytest.raises(MappingError) as refused:
        from_okta(mapping, schema)
    assert said in str(refused.value)
