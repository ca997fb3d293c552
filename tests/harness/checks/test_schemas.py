"""The form of answers becomes findings: one for each kind of defect, in its place, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.catalogue.loader import load
from harness.checks import schemas as checks
from harness.model.check import REGISTRY
from harness.model.exchange import Exchange, Request, Response, Role
from harness.model.finding import Finding
from harness.model.step import Place
from harness.model.transcript import Transcript
from harness.validation import validate

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

Crossed = Callable[..., Exchange]
Told = Callable[..., Transcript]

RESOURCES = REGISTRY["schemas.values_have_the_type_of_their_attribute"]
MESSAGES = REGISTRY["schemas.a_message_has_the_form_of_its_kind"]
PUBLISHED = REGISTRY["schemas.values_have_the_type_that_the_service_publishes"]


def ada(**members: Any) -> dict[str, Any]:
    return {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", **members}


def a_list(*resources: Any, **members: Any) -> dict[str, Any]:
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources), **members}


def publishes(*attributes: dict[str, Any], urn: Any = USER) -> dict[str, Any]:
    return {"schemas": [SCHEMA], "id": urn, "name": "User", "attributes": list(attributes)}


@pytest.fixture
def shows(crossed: Crossed) -> Callable[..., Exchange]:
    """An answered GET with this JSON."""

    def make(body: Any, path: str = "/Users/u1", *, status: int = 200, method: str = "GET", **given: Any) -> Exchange:
        values = {
            "path": path,
            "request": Request(method, f"https://app.example/scim/v2{path}"),
            "response": Response(status, body=json.dumps(body).encode()),
        }
        return crossed(**{**values, **given})

    return make


def judged(check: Any, subject: Any) -> list[Finding]:
    assert check.when(subject)
    return list(check.judge(subject))


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.at, f.likeness) for f in findings]


def test_each_check_has_its_entry_in_the_catalogue() -> None:
    catalogue = load()
    assert {r for check in (RESOURCES, MESSAGES, PUBLISHED) for r in check.requirements} <= set(catalogue)


def test_a_right_user_passes(shows: Callable[..., Exchange]) -> None:
    assert judged(RESOURCES, shows(ada(nickName="Ada", roles=None))) == []


def test_a_value_of_another_type_is_a_finding_with_what_to_do(shows: Callable[..., Exchange]) -> None:
    (finding,) = judged(RESOURCES, shows(ada(profileUrl={"href": "x"})))
    assert finding.at == "/profileUrl"
    assert finding.expected == ["a URI as a string"]
    assert finding.actual == "an object with href"
    assert finding.hint == "Send a URI as a string at /profileUrl."
    assert finding.likeness == "User.type"


def test_the_same_defect_on_a_whole_page_is_one_finding_that_counts_the_others(shows: Callable[..., Exchange]) -> None:
    page = a_list(*[ada(addresses=[{"region": 1}, {"region": 2}]) for _ in range(3)])
    (finding,) = judged(RESOURCES, shows(page, "/Users"))
    assert finding.at == "/Resources/0/addresses/0/region"
    assert finding.hint.endswith("5 more of the kind in this answer.")


def test_different_defects_are_different_findings(shows: Callable[..., Exchange]) -> None:
    found = judged(RESOURCES, shows(ada(profileUrl=["x"], externalId={"region": "x"}, groups=[{"display": 1}])))
    assert places(found) == [
        ("/profileUrl", "User.type"),
        ("/groups/0/display", "User.type"),
        ("/externalId", "User.type"),
    ]


def test_what_is_missing_is_left_to_the_clause_that_demands_it(shows: Callable[..., Exchange]) -> None:
    assert judged(RESOURCES, shows({"schemas": [USER, USER], "id": ""})) == []


def test_an_answer_without_a_resource_is_nothing_to_look_at(shows: Callable[..., Exchange]) -> None:
    assert not RESOURCES.when(shows(a_list(), "/Users"))
    assert not RESOURCES.when(shows({"schemas": [ERROR], "status": "404"}, status=404))
    assert not MESSAGES.when(shows(ada()))
    assert not MESSAGES.when(shows({"allowed": True}, "sign_in", place=Place.HOOK))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (
            ada(active="no", emails=["x"], userName=5, meta={"created": 5}, phoneNumbers=[{"primary": "no"}]),
            "/Users/u1",
        ),
        (a_list(ada(ACTIVE="no", id=5), schemas=[], totalResults="1"), "/Users"),
        ({"schemas": [LIST], "totalResults": 1, "resources": [ada()]}, "/Users"),
        ([ada()], "/Users"),
        ({"patch": True, "authenticationSchemes": {}, "documentationUri": 5}, "/ServiceProviderConfig"),
        ({"name": 5, "schemaExtensions": [{"required": "no"}]}, "/ResourceTypes/User"),
        ({"attributes": [{"type": 5, "returned": 5, "subAttributes": [{"multiValued": "no"}]}]}, f"/Schemas/{USER}"),
    ],
)
def test_what_a_finer_check_judges_is_not_told_here_again(shows: Callable[..., Exchange], body: Any, path: str) -> None:
    exchange = shows(body, path)
    assert validate(exchange) != []
    assert [*RESOURCES.judge(exchange), *MESSAGES.judge(exchange)] == []


def test_errors_are_left_to_their_own_checks(shows: Callable[..., Exchange]) -> None:
    assert not MESSAGES.when(shows({"schemas": [ERROR], "status": 404}, status=404))


def test_the_parts_of_a_bulk_answer_are_judged_here(shows: Callable[..., Exchange]) -> None:
    operations = [
        {"status": "200", "response": ada(active="no")},
        {"status": "400", "response": {"schemas": [ERROR], "status": 400}},
    ]
    exchange = shows({"schemas": [BULK], "Operations": operations}, "/Bulk", method="POST")
    assert places(judged(RESOURCES, exchange)) == [("/Operations/0/response/active", "User.type")]
    assert places(judged(MESSAGES, exchange)) == [("/Operations/1/response/status", "Error.type")]


@pytest.mark.parametrize(
    ("body", "path", "place"),
    [
        (a_list(startIndex="1"), "/Users", ("/startIndex", "ListResponse.type")),
        (a_list(itemsPerPage=True), "/Users", ("/itemsPerPage", "ListResponse.type")),
        ({"schemas": [LIST], "Resources": [], "nextCursor": 5}, "/Users", ("/nextCursor", "ListResponse.type")),
        ({"pagination": {"cursor": "no", "index": True}}, "/ServiceProviderConfig", ("/pagination/cursor", "")),
        ({"meta": "x"}, "/ServiceProviderConfig", ("/meta", "")),
        ({"description": ["x"]}, "/ResourceTypes/User", ("/description", "")),
        ({"attributes": {"userName": {}}}, f"/Schemas/{USER}", ("/attributes", "")),
        ({"attributes": [{"name": 5}]}, f"/Schemas/{USER}", ("/attributes/0/name", "")),
        ({"attributes": [{"referenceTypes": "User"}]}, f"/Schemas/{USER}", ("/attributes/0/referenceTypes", "")),
    ],
)
def test_what_nobody_else_judges_is_told(
    shows: Callable[..., Exchange], body: Any, path: str, place: tuple[str, str]
) -> None:
    (finding,) = judged(MESSAGES, shows(body, path))
    assert finding.at == place[0]
    assert finding.likeness.endswith(place[1] or ".type")


def test_a_right_list_passes(shows: Callable[..., Exchange]) -> None:
    assert judged(MESSAGES, shows(a_list(ada(), startIndex=1, itemsPerPage=1), "/Users")) == []


def test_a_wrong_resource_does_not_make_its_list_wrong(shows: Callable[..., Exchange]) -> None:
    page = shows(a_list(ada(profileUrl=5)), "/Users")
    assert judged(MESSAGES, page) == []
    assert places(judged(RESOURCES, page)) == [("/Resources/0/profileUrl", "User.type")]


def test_an_entry_of_a_list_that_is_no_object_belongs_to_the_list(shows: Callable[..., Exchange]) -> None:
    page = shows(a_list("ada", ada()), "/Users")
    assert places(judged(MESSAGES, page)) == [("/Resources/0", "ListResponse.type")]
    assert judged(RESOURCES, page) == []


@pytest.mark.parametrize("role", [Role.IDP, Role.WITNESS, Role.PROBE])
def test_the_types_that_the_service_publishes_count_too(shows: Callable[..., Exchange], told: Told, role: Role) -> None:
    title = {"name": "title", "type": "string", "multiValued": True}
    badge = {"name": "badge", "type": "integer", "multiValued": False}
    own = "urn:example:params:scim:schemas:extension:badge:2.0:User"
    transcript = told(
        shows(a_list(publishes(title), publishes(badge, urn=own)), "/Schemas"),
        shows(ada(title="Countess", **{own: {"BADGE": "7"}}), role=role, id="x-2"),
        shows(ada(title="Countess"), role=role, id="x-3"),
    )
    found = judged(PUBLISHED, transcript)
    assert [(f.at, f.exchange) for f in found] == [("/title", "x-2"), (f"/{own}/BADGE", "x-2")]
    assert found[0].expected == [
        "a list (JSON array) in which every entry is a string (published by the service itself)"
    ]


def test_what_the_rfc_calls_wrong_already_is_not_told_twice(shows: Callable[..., Exchange], told: Told) -> None:
    published = publishes({"name": "profileUrl", "type": "string", "multiValued": False})
    transcript = told(shows(published, f"/Schemas/{USER}"), shows(ada(profileUrl=5)))
    assert judged(PUBLISHED, transcript) == []
    assert places(judged(RESOURCES, transcript.exchanges[1])) == [("/profileUrl", "User.type")]


def test_without_published_schemas_or_without_people_there_is_nothing_to_compare(
    shows: Callable[..., Exchange], told: Told
) -> None:
    assert not PUBLISHED.when(told(shows(ada())))
    assert not PUBLISHED.when(told(shows(a_list(publishes()), "/Schemas")))
    assert not PUBLISHED.when(told(shows(a_list(publishes()), "/Schemas"), shows(ada(), role=Role.SETUP)))


@pytest.mark.parametrize(
    "published",
    [publishes(urn=5), publishes(urn=[]), {"schemas": [SCHEMA], "id": USER, "attributes": {"a": 1}}, "x", []],
)
def test_published_schemas_of_any_shape_do_not_stop_the_judge(
    shows: Callable[..., Exchange], told: Told, published: Any
) -> None:
    transcript = told(shows(a_list(published), "/Schemas"), shows(ada(), id="x-2"))
    assert list(PUBLISHED.judge(transcript)) == []


@pytest.mark.parametrize("name", ["active", "userName"])
def test_a_published_type_with_a_check_of_its_own_is_left_to_it(
    shows: Callable[..., Exchange], told: Told, name: str
) -> None:
    published = publishes({"name": name, "type": "integer", "multiValued": False})
    assert judged(PUBLISHED, told(shows(a_list(published), "/Schemas"), shows(ada(active=True)))) == []


def test_every_requirement_that_takes_a_place_over_has_a_check_of_its_own() -> None:
    from harness.checks import all_checks

    judged_by_others = {r for c in all_checks().values() if not c.id.startswith("schemas.") for r in c.requirements}
    assert {requirement for _, _, requirement in checks.ELSEWHERE} <= judged_by_others
