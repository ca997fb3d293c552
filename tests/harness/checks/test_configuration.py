"""ServiceProviderConfig: its members, and whether it tells the truth."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import configuration as checks

SCHEME = {"type": "oauthbearertoken", "name": "Bearer", "description": "A token", "specUri": "https://x.example/6750"}
CONFIG: dict[str, Any] = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "documentationUri": "https://help.example/scim",
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 200},
    "changePassword": {"supported": False},
    "sort": {"supported": True},
    "etag": {"supported": True},
    "authenticationSchemes": [SCHEME],
}
NOBODY = {"totalResults": 0, "Resources": []}
EVERYBODY = {"tag": "discovery.people", "body": {"totalResults": 9, "Resources": [{"id": "u1"}]}}
PERSON = {"path": "/Users/u1", "tag": "discovery.version"}
BULK = {"method": "POST", "path": "/Bulk", "tag": "discovery.bulk"}
PATCH = {"method": "PATCH", "path": "/Users/u1", "tag": "discovery.patch"}


def config(**members: Any) -> dict[str, Any]:
    return {"path": "/ServiceProviderConfig", "body": {**CONFIG, **members}}


SHAPE = [
    (checks.each_feature_is_switched_on_or_off, "RFC7643-5-01", {"sort": {"supported": "false"}}),
    (checks.each_feature_is_switched_on_or_off, "RFC7643-5-01", {"etag": None}),
    (checks.the_limits_of_bulk_are_numbers, "RFC7643-5-02", {"bulk": {"supported": False}}),
    (checks.the_limits_of_bulk_are_numbers, "RFC7643-5-02", {"bulk": {"maxOperations": "0", "maxPayloadSize": True}}),
    (checks.the_limit_of_a_filter_is_a_number, "RFC7643-5-03", {"filter": {"supported": True, "maxResults": 0}}),
    (checks.the_limit_of_a_filter_is_a_number, "RFC7643-5-03", {"filter": {"supported": False}}),
    (checks.each_authentication_scheme_is_described, "RFC7643-5-04", {"authenticationSchemes": SCHEME}),
    (checks.each_authentication_scheme_is_described, "RFC7643-5-04", {"authenticationSchemes": [{"type": "oauth2"}]}),
    (checks.each_authentication_scheme_is_described, "RFC7643-5-05", {"authenticationSchemes": []}),
    (
        checks.each_authentication_scheme_is_described,
        "RFC7643-5-05",
        {"authenticationSchemes": [{**SCHEME, "type": "key"}]},
    ),
    (
        checks.one_scheme_at_most_is_primary,
        "RFC7643-5-06",
        {"authenticationSchemes": [{**SCHEME, "primary": True}] * 2},
    ),
    (checks.links_to_documents_are_addresses, "RFC7643-5-08", {"documentationUri": "/help"}),
]

LIES = [
    ({"patch": {"supported": False}}, {**PATCH, "status": 204}),
    ({"patch": {"supported": True}}, {**PATCH, "status": 501}),
    ({"bulk": {"supported": True}}, {**BULK, "status": 404}),
    ({"bulk": {"supported": False}}, {**BULK, "status": 200, "body": {}}),
    ({"sort": {"supported": True}}, {"tag": "discovery.sort", "status": 501}),
    ({"filter": {"supported": True}}, {"tag": "discovery.match", "status": 501}),
    ({"filter": {"supported": False}}, {"tag": "discovery.match", "body": NOBODY}),
    ({"etag": {"supported": True}}, {**PERSON, "body": {"id": "u1"}}),
]

TRUE = [
    ({"patch": {"supported": True}}, {**PATCH, "status": 204}),
    ({"patch": {"supported": False}}, {**PATCH, "status": 405}),
    ({"bulk": {"supported": False}}, {**BULK, "status": 501}),
    ({"filter": {"supported": True}}, {"tag": "discovery.match", "body": NOBODY}),
    ({"filter": {"supported": False}}, {"tag": "discovery.match", "status": 403}),
    ({"sort": {"supported": False}}, {"tag": "discovery.sort", "status": 501}),
    ({"etag": {"supported": False}}, {**PERSON, "body": {"id": "u1"}}),
]


@pytest.mark.parametrize("check", sorted({check for check, _, _ in SHAPE}, key=lambda check: check.__name__))
def test_a_right_configuration_gives_no_finding(check: Any, see: Any, found: Any) -> None:
    assert found(check, see(config())) == []


@pytest.mark.parametrize(("check", "requirement", "members"), SHAPE)
def test_a_wrong_member_is_found(check: Any, requirement: str, members: Any, see: Any, found: Any) -> None:
    assert {f.requirement for f in found(check, see(config(**members)))} == {requirement}


@pytest.mark.parametrize(("members", "shown"), LIES)
def test_a_configuration_that_says_another_thing_than_the_service_does_is_found(
    members: Any, shown: Any, see: Any, found: Any
) -> None:
    told = see([config(**members), EVERYBODY, shown])
    findings = found(checks.the_service_does_what_its_configuration_says, told)
    assert [(f.requirement, f.at) for f in findings] == [("RFC7643-5-09", f"/{next(iter(members))}/supported")]


@pytest.mark.parametrize(("members", "shown"), TRUE)
def test_a_configuration_that_says_what_the_service_does_gives_no_finding(
    members: Any, shown: Any, see: Any, found: Any
) -> None:
    told = see([config(**members), EVERYBODY, shown])
    assert found(checks.the_service_does_what_its_configuration_says, told) == []


ASCENDING = {"tag": "paging.ascending", "body": {"totalResults": 2, "Resources": [{"id": "u1"}, {"id": "u2"}]}}
DESCENDING = {"tag": "paging.descending", "body": {"totalResults": 2, "Resources": [{"id": "u2"}, {"id": "u1"}]}}
CURSOR = {"tag": "paging.cursor", "body": {"Resources": [{"id": "u1"}], "nextCursor": "x"}}
SEVERAL = {**EVERYBODY, "tag": "paging.first"}


def test_an_order_that_does_not_turn_round_is_no_order(see: Any, found: Any) -> None:
    check = checks.the_service_does_what_its_configuration_says
    unsorted = see([config(sort={"supported": True}), ASCENDING, {**ASCENDING, "tag": "paging.descending"}])
    assert [f.at for f in found(check, unsorted)] == ["/sort/supported"]


def test_an_order_that_turns_round_is_no_evidence_against_sorting(see: Any, applies: Any) -> None:
    check = checks.the_service_does_what_its_configuration_says
    assert not applies(check, see([config(sort={"supported": True}), ASCENDING, DESCENDING]))


def test_a_cursor_that_was_announced_has_to_be_given(see: Any, found: Any, applies: Any) -> None:
    check, announced = checks.paging_by_cursor_is_there_when_announced, config(pagination={"cursor": True})
    assert found(check, see([announced, SEVERAL, CURSOR])) == []
    for answer in ({**CURSOR, "status": 400}, {**CURSOR, "body": {"totalResults": 9}}):
        assert [f.requirement for f in found(check, see([announced, SEVERAL, answer]))] == ["RFC7643-5-09"]
    assert not applies(check, see([config(), SEVERAL, {**CURSOR, "status": 400}]))


def test_one_patch_that_works_outweighs_an_operation_that_is_not_done(see: Any, found: Any) -> None:
    told = see([config(), {**PATCH, "status": 501}, {**PATCH, "status": 200, "body": {}}])
    assert found(checks.the_service_does_what_its_configuration_says, told) == []


def test_nobody_found_in_an_empty_service_does_not_show_that_filters_work(see: Any, applies: Any) -> None:
    empty = {**EVERYBODY, "body": NOBODY}
    match = {"tag": "discovery.match", "body": NOBODY}
    told = see([config(filter={"supported": False}), empty, match])
    assert not applies(checks.the_service_does_what_its_configuration_says, told)


def test_a_configuration_behind_a_token_is_a_warning_of_its_own(see: Any, found: Any) -> None:
    check = checks.the_configuration_can_be_read_before_there_is_a_token
    asked = {"path": "/ServiceProviderConfig", "tag": "token.none.config", "authorization": None}
    assert found(check, see({**asked, "body": CONFIG})) == []
    assert [f.requirement for f in found(check, see({**asked, "status": 401}))] == ["RFC7643-5-07"]
