"""Every answer is held against the schema of what it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.profile import Profile
from harness.model.step import Effect, Intent, Place
from harness.validation import MESSAGES, MOST_EXPLAINED, RESOURCES, compiled, documents, validate

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def answer(
    body: Any,
    path: str = "/Users/17",
    *,
    status: int = 200,
    method: str = "GET",
    query: str = "",
    place: Place = Place.SCIM,
    sent: Any = None,
) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(
        id="x-000001",
        scenario="probe/test",
        ordinal=1,
        role=Role.PROBE,
        phase=Phase.DURING,
        moment=-1,
        title="A request",
        intent=Intent.PROBE,
        effect=Effect.READ,
        request=Request(
            method, f"https://scim.example/v2{path}", body=None if sent is None else json.dumps(sent).encode()
        ),
        response=Response(status, body=raw),
        place=place,
        path=path,
        query=query,
    )


def said(exchange: Exchange) -> list[tuple[str, str, str]]:
    return [(v.schema, v.pointer, v.keyword) for v in validate(exchange)]


def kinds(exchange: Exchange) -> list[tuple[str, str]]:
    return [(d.schema, d.pointer) for d in documents(exchange)]


def ada(**members: Any) -> dict[str, Any]:
    return {"schemas": [USER], "id": "17", "userName": "ada@analytical.example", **members}


def a_list(*resources: Any, **members: Any) -> dict[str, Any]:
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources), **members}


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/Users/17", ada(), [("User", "")]),
        ("/Users/17", {}, [("User", "")]),
        ("/Users/17", {"schemas": ["urn:example:person"], "id": "1"}, [("User", "")]),
        ("/Users/17", {"schemas": [GROUP]}, [("Group", "")]),
        ("/Groups/3", {"schemas": ["urn:example:x", USER, GROUP]}, [("Group", "")]),
        ("/Users", a_list(ada(), {}), [("ListResponse", ""), ("User", "/Resources/0"), ("User", "/Resources/1")]),
        ("/Users", [ada()], [("ListResponse", "")]),
        ("/Users", {"users": []}, [("ListResponse", "")]),
        ("/Users", ada(), [("User", "")]),
        ("/", a_list(ada(), {"meta": {"resourceType": "Group"}}, {}), None),
        ("/Devices/1", {"schemas": ["urn:example:Device"], "id": "1"}, [("resource", "")]),
        ("/Devices/1", {"meta": {"resourceType": "User"}}, [("User", "")]),
        ("/health", {"status": "up"}, []),
        ("/health", "up", []),
    ],
)
def test_what_an_answer_is_is_told_by_message_urn_schemas_endpoint_and_meta(
    path: str, body: Any, expected: list[tuple[str, str]] | None
) -> None:
    if expected is None:
        expected = [("ListResponse", ""), ("User", "/Resources/0"), ("Group", "/Resources/1")]
    assert kinds(answer(body, path)) == expected


def test_a_search_is_answered_by_a_list_and_a_creation_by_the_resource() -> None:
    assert kinds(answer({}, "/Users/.search", method="POST")) == [("ListResponse", "")]
    assert kinds(answer({}, "/.search", method="POST")) == [("ListResponse", "")]
    assert kinds(answer(ada(), "/Users", method="POST", status=201)) == [("User", "")]
    assert kinds(answer({}, "/Users", method="POST", status=201)) == [("User", "")]


def test_a_deletion_that_says_something_is_only_judged_by_what_it_calls_itself() -> None:
    assert kinds(answer({"deleted": True}, method="DELETE")) == []
    assert kinds(answer(ada(), method="DELETE")) == [("User", "")]


def test_every_error_status_is_an_error_wherever_it_comes_from() -> None:
    assert kinds(answer({"message": "no"}, "/health", status=500)) == [("Error", "")]
    assert said(answer({"schemas": [ERROR], "status": 404}, status=404)) == [("Error", "/status", "type")]
    assert said(answer(["no"], status=400)) == [("Error", "", "type")]


@pytest.mark.parametrize(
    "exchange",
    [
        answer(b"", status=204),
        answer(b"<html>", status=502),
        answer(b'{"schemas"'),
        answer(b"\xff\xfe{}"),
        answer({"allowed": True}, "sign_in", place=Place.HOOK),
        answer({}, status=307),
    ],
)
def test_without_json_at_the_scim_base_there_is_nothing_to_judge(exchange: Exchange) -> None:
    assert documents(exchange) == []
    assert validate(exchange) == []


def test_an_exchange_without_an_answer_has_nothing_to_judge() -> None:
    full = answer(ada())
    silent = Exchange(**{**full.__dict__, "response": None, "trouble": Trouble(TroubleKind.TIMEOUT, "silence")})
    assert validate(silent) == []


def test_violations_inside_a_list_point_into_the_whole_body() -> None:
    body = a_list(ada(), ada(active="yes"), {"schemas": [USER], "id": "2"})
    assert said(answer(body, "/Users")) == [
        ("User", "/Resources/1/active", "type"),
        ("User", "/Resources/2/userName", "required"),
    ]


def test_the_envelope_and_its_resources_are_both_judged() -> None:
    body = a_list(ada(active=1), totalResults="1")
    assert said(answer(body, "/Users")) == [
        ("ListResponse", "/totalResults", "type"),
        ("User", "/Resources/0/active", "type"),
    ]


def test_the_parts_of_a_bulk_answer_are_judged_for_themselves() -> None:
    operations = [
        {"status": "200", "response": ada(active="no")},
        {"status": "400", "response": {"schemas": [ERROR], "status": 400}},
        {"status": "204", "response": None},
        {"status": "200", "response": {}},
    ]
    body = {"schemas": [BULK], "Operations": operations}
    assert said(answer(body, "/Bulk", method="POST")) == [
        ("User", "/Operations/0/response/active", "type"),
        ("Error", "/Operations/1/response/status", "type"),
    ]


@pytest.mark.parametrize("query", ["attributes=displayName", "count=1&excludedAttributes=userName", "Attributes=id"])
def test_an_answer_to_a_projection_may_lack_attributes(query: str) -> None:
    assert said(answer({"id": "17"}, query=query)) == []
    assert said(answer(a_list({"id": "17"}), "/Users", query=query)) == []


def test_without_a_projection_it_may_not() -> None:
    lacking = [("User", "/schemas", "required"), ("User", "/userName", "required")]
    assert said(answer({"id": "17"}, query='filter=attributes eq "x"')) == lacking


def test_a_search_request_can_ask_for_a_projection_too() -> None:
    sent = {"attributes": ["id"]}
    assert said(answer(a_list({"id": "17"}), "/Users/.search", method="POST", sent=sent)) == []
    assert said(answer(a_list({"id": "17"}), "/Users/.search", method="POST", sent={})) != []


def test_the_last_page_reached_by_a_cursor_may_leave_the_total_out() -> None:
    body = {"schemas": [LIST], "Resources": [ada()]}
    assert said(answer(body, "/Users", query="cursor=abc&count=1")) == []
    assert said(answer(body, "/Users", query="count=1")) == [("ListResponse", "/totalResults", "required")]


def test_the_configuration_has_to_tell_every_feature() -> None:
    features = {name: {"supported": True} for name in ("patch", "changePassword")}
    body: dict[str, Any] = {
        "schemas": [CONFIG],
        **features,
        "filter": {"supported": True, "maxResults": 9},
        "authenticationSchemes": [],
    }
    body |= {"bulk": {"supported": False}, "sort": None}
    assert said(answer(body, "/ServiceProviderConfig")) == [
        ("ServiceProviderConfig", "/bulk/maxOperations", "required"),
        ("ServiceProviderConfig", "/bulk/maxPayloadSize", "required"),
        ("ServiceProviderConfig", "/sort", "type"),
        ("ServiceProviderConfig", "/etag", "required"),
    ]


def test_a_profile_that_lists_attributes_narrows_what_is_judged_of_a_user() -> None:
    profile = Profile("p", "P", "deprovisioning", attributes=("userName", "active", "name.givenName"))
    wrong = answer(ada(active="no", title=5, name={"givenName": 5, "familyName": 5}))
    assert {v.pointer for v in validate(wrong, profile)} == {"/active", "/name/givenName"}
    assert {v.pointer for v in validate(wrong)} == {"/active", "/title", "/name/givenName", "/name/familyName"}


def test_a_profile_without_attributes_narrows_nothing() -> None:
    assert validate(answer(ada(title=5)), Profile("p", "P", "full")) == validate(answer(ada(title=5)))


def test_of_a_page_full_of_the_same_defect_only_so_many_are_explained() -> None:
    body = a_list(*[ada(active="no") for _ in range(MOST_EXPLAINED + 20)])
    assert len(validate(answer(body, "/Users"))) == MOST_EXPLAINED


def test_recorded_traffic_without_a_path_is_judged_by_its_url() -> None:
    exchange = answer(ada(active="no"))
    recorded = Exchange(**{**{k: v for k, v in exchange.__dict__.items() if k != "json"}, "path": ""})
    assert said(recorded) == [("User", "/active", "type")]


def test_nothing_heavy_is_imported_before_something_has_to_be_judged() -> None:
    heavy = "{'jsonschema', 'jsonschema_rs', 'referencing'}"
    code = f"import sys, harness.validation, harness.checks.schemas; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_the_asked_schemas_are_applied() -> None:
    page = answer(a_list(ada(active="no"), totalResults="1"), "/Users")
    assert [v.schema for v in validate(page, of=RESOURCES)] == ["User"]
    assert [v.schema for v in validate(page, of=MESSAGES)] == ["ListResponse"]


def test_an_unknown_schema_name_is_refused() -> None:
    with pytest.raises(KeyError):
        compiled("Users")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from([USER, GROUP, LIST, BULK, ERROR, CONFIG, SCHEMA, "User", "404"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "schemas",
                    "id",
                    "meta",
                    "resourceType",
                    "Resources",
                    "Operations",
                    "response",
                    "status",
                    "emails",
                    "$ref",
                ]
            )
            | st.sampled_from(["totalResults", "attributes", "subAttributes", "SCHEMAS", ENTERPRISE, "\ud83d", "a/b"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(
    JSON,
    st.sampled_from(
        ["/Users", "/Users/1", "/Groups", "/Schemas", "/ServiceProviderConfig", "/Bulk", "/.search", "", "/x"]
    ),
    st.sampled_from([200, 201, 204, 301, 404, 500]),
    st.sampled_from(["GET", "POST", "PATCH", "DELETE", "HEAD"]),
    st.sampled_from(["", "attributes=id", "cursor", "a=b&&=", "filter=%"]),
    JSON,
)
def test_no_answer_of_any_shape_ever_raises(
    body: Any, path: str, status: int, method: str, query: str, sent: Any
) -> None:
    exchange = answer(body, path, status=status, method=method, query=query, sent=sent)
    for violation in validate(exchange, Profile("p", "P", "full", attributes=("active",))):
        assert violation.expected
        assert violation.pointer == "" or violation.pointer.startswith("/")
