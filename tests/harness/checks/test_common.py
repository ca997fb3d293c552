"""id, externalId, meta, and the forms of values, in every resource of a run."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import common as checks
from harness.model.account import Cast, Source

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
HERE = "https://app.example/scim/v2/Users"
UUID = "2819c223-7f76-453a-919d-413861904646"


def ada(**members: Any) -> dict[str, Any]:
    meta = {"resourceType": "User", "location": f"{HERE}/u1", "created": "2026-01-31T09:30:00Z"}
    return {"schemas": [USER], "id": "u1", "userName": "ada@analytical.example", "meta": meta, **members}


def read(**members: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": ada(**members)}


def page(*resources: Any, path: str = "/Users", **members: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources), **members}
    return {"path": path, "body": body}


def swapped(asked: str, **answer: Any) -> dict[str, Any]:
    return {"path": f"/Users/{asked}", "tag": "ids.swapped", **answer}


EMAILS = [{"value": "a@x.example", "primary": True}, {"value": "b@x.example", "primary": False}]
RIGHT: list[tuple[Any, Any]] = [
    (checks.every_resource_has_an_id, page(ada(), {"ID": "u2"})),
    (checks.no_two_resources_share_an_id, [page(ada()), page(ada())]),
    (checks.no_two_resources_share_an_id, [page(ada()), page({"id": "g1"}, path="/Groups")]),
    (checks.an_id_does_not_contain_the_reserved_word, read()),
    (checks.an_id_is_compared_letter_for_letter, swapped("U1", status=404, body={})),
    (checks.an_id_is_compared_letter_for_letter, swapped("U1", body={"id": "U1"})),
    (checks.an_id_is_compared_letter_for_letter, swapped("U1", body={})),
    (checks.booleans_are_true_or_false, read(active=False, emails=EMAILS)),
    (checks.whole_numbers_have_no_fraction, page(ada(), startIndex=1)),
    (
        checks.whole_numbers_have_no_fraction,
        {"path": "/ServiceProviderConfig", "body": {"filter": {"maxResults": 200}}},
    ),
    (checks.at_most_one_value_is_primary, read(emails=EMAILS)),
]

WRONG: list[tuple[Any, Any, str]] = [
    (checks.every_resource_has_an_id, page(ada(), {"userName": "eve"}), "RFC7643-3.1-01"),
    (checks.every_resource_has_an_id, read(id=7), "RFC7643-3.1-01"),
    (checks.no_two_resources_share_an_id, [page(ada(), ada())], "RFC7643-3.1-02"),
    (checks.no_two_resources_share_an_id, [page(ada()), page({"id": "u1"}, path="/Groups")], "RFC7643-3.1-02"),
    (checks.an_id_does_not_contain_the_reserved_word, read(id="xbulkId1"), "RFC7643-3.1-05"),
    (checks.an_id_is_compared_letter_for_letter, swapped("U1", body=ada()), "RFC7643-3.1-06"),
    (
        checks.an_id_is_compared_letter_for_letter,
        swapped(UUID.upper(), body=ada(id=UUID)),
        "HTTP-ID-01",
    ),
    (checks.booleans_are_true_or_false, read(active="False"), "RFC7643-2.3.2-01"),
    (checks.booleans_are_true_or_false, read(emails=[{"primary": 1}]), "RFC7643-2.3.2-01"),
    (checks.whole_numbers_have_no_fraction, page(ada(), totalResults=1.0), "RFC7643-2.3.4-01"),
    (
        checks.whole_numbers_have_no_fraction,
        {"path": "/ServiceProviderConfig", "body": b'{"bulk": {"maxOperations": 1e3}}'},
        "RFC7643-2.3.4-01",
    ),
    (checks.at_most_one_value_is_primary, read(emails=[EMAILS[0], EMAILS[0]]), "RFC7643-2.4-01"),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_answer_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement"), WRONG)
def test_a_wrong_answer_is_found(check: Any, told: Any, requirement: str, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(told))} == {requirement}


@pytest.mark.parametrize(("value", "expected"), [(None, 0), ("", 0), ("0001", 1)])
def test_an_external_id_that_nobody_set_is_an_invention(
    value: Any, expected: int, see: Any, found: Any, member: Any
) -> None:
    told = see(
        [{**read(externalId=value), "subject": "bystander-1"}], cast=Cast((member("bystander-1", resource_id="u1"),))
    )
    assert len(found(checks.an_external_id_is_never_invented, told)) == expected


def test_an_external_id_may_stand_where_a_client_may_have_set_it(see: Any, applies: Any, member: Any) -> None:
    listed = Cast((member("bystander-1", resource_id="u1", source=Source.LISTED),))
    written = {"method": "PATCH", "path": "/Users/u1", "subject": "bystander-1", "status": 204}
    shown = {**read(externalId="0001"), "subject": "bystander-1"}
    assert not applies(checks.an_external_id_is_never_invented, see([shown], cast=listed))
    ours = Cast((member("bystander-1", resource_id="u1"),))
    assert not applies(checks.an_external_id_is_never_invented, see([written, shown], cast=ours))


def test_an_error_document_is_no_resource_without_an_id(see: Any, applies: Any) -> None:
    told = {"path": "/Users/u1", "body": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}}
    assert not applies(checks.every_resource_has_an_id, see(told))
