"""What add, remove and replace do to lists and parts: right on the clean server, found out on one that is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.checks import attributes, attributes_parts, attributes_put, creating_odd
from harness.model.transcript import Transcript
from harness.profiles import load

CASES = [
    ("attributes", attributes.replacing_a_list_swaps_it, "list-replace-appends"),
    ("attributes", attributes.a_new_primary_value_is_the_only_one, "primary-stays-on-others"),
    ("attributes", attributes.adding_to_a_list_keeps_the_others, "list-add-replaces"),
    ("attributes", attributes.removing_through_a_filter_takes_the_matches, "filter-remove-takes-all"),
    ("attributes", attributes.removing_a_list_takes_all_values, "list-remove-ignored"),
    ("attributes", attributes.a_replace_through_a_filter_reaches_each_match_and_no_other, "filter-replaces-first-only"),
    (
        "attributes",
        attributes.a_replace_through_a_filter_reaches_each_match_and_no_other,
        "filter-replace-drops-others",
    ),
    ("attributes", attributes.removing_a_part_keeps_the_rest, "part-remove-takes-the-value"),
    ("attributes", attributes.a_replace_that_matches_nothing_is_refused, "filter-creates-on-replace"),
    ("attributes", attributes.a_remove_that_matches_nothing_changes_nothing, "filter-remove-takes-all"),
    ("attributes", attributes.an_add_that_matches_nothing_is_clean, "filter-add-silent"),
    ("attributes", attributes.an_add_that_matches_nothing_is_clean, "filter-add-500"),
    ("attributes", attributes_parts.replacing_a_whole_name_keeps_the_other_parts, "complex-replace-drops-parts"),
    ("attributes", attributes_parts.adding_to_a_name_keeps_the_other_parts, "complex-add-replaces"),
    ("attributes", attributes_parts.a_dotted_name_is_never_stored_as_it_stands, "dotted-names-ignored"),
    ("attributes", attributes_parts.adding_where_nothing_was_sets_the_value, "add-needs-a-value"),
    ("attributes", attributes_parts.an_extension_can_be_added_and_written_at_once, "schemas-cannot-be-added"),
    ("attributes", attributes_parts.a_filter_on_plain_values_does_no_harm, "plain-value-filter-500"),
    ("attributes", attributes_put.null_and_empty_lists_clear_values, "put-null-refused"),
    ("attributes", attributes_put.a_put_without_the_user_name_is_refused, "put-without-name-accepted"),
    ("attributes", attributes_put.a_patch_cannot_take_a_name_of_somebody_else, "taken-name-stored"),
    ("attributes", attributes_put.a_put_cannot_take_a_name_of_somebody_else, "taken-name-stored"),
    ("creating", creating_odd.null_and_empty_lists_are_no_values, "create-null-refused"),
    ("creating", creating_odd.what_was_left_open_stays_as_answered, "create-answers-another-default"),
    ("creating", creating_odd.the_address_decides_what_is_created, "create-trusts-resource-type"),
    ("creating", creating_odd.an_unknown_extension_is_not_stored, "create-stores-unknown-schema"),
    ("creating", creating_odd.an_unknown_attribute_is_not_stored, "create-stores-unknown-attribute"),
    ("creating", creating_odd.two_main_addresses_are_not_stored, "create-two-primaries"),
]


@pytest.mark.parametrize(("probe", "check", "defect"), CASES, ids=[f"{c[1].__name__}-{c[2]}" for c in CASES])
def test_a_check_is_silent_on_a_right_server_and_speaks_on_a_wrong_one(
    played: Any, judged: Any, probe: str, check: Any, defect: str
) -> None:
    assert judged(check, played(probe, "full")) == []
    found = judged(check, played(probe, "full", defect))
    assert found
    assert all(f.hint and f.expected for f in found)


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        (attributes_put.an_immutable_value_is_kept_by_a_put, "immutable-not-kept"),
        (attributes_put.an_immutable_attribute_takes_a_first_value_or_refuses, "immutable-first-value-lost"),
    ],
)
def test_immutable_attributes_are_judged_where_some_are_published(
    played: Any, judged: Any, check: Any, defect: str
) -> None:
    assert judged(check, played("attributes", "full")) is None
    assert judged(check, played("attributes", "full", defect))


def test_an_immutable_attribute_that_is_stored_at_first_is_no_finding(played: Any, judged: Any) -> None:
    check = attributes_put.an_immutable_attribute_takes_a_first_value_or_refuses
    assert judged(check, played("attributes", "full", "immutable-not-kept")) == []


def test_a_service_may_declare_that_it_creates_what_a_filter_does_not_find(played: Any, judged: Any) -> None:
    declared = replace(load("full"), tolerances=frozenset({"filter-creates"}))
    check = attributes.a_replace_that_matches_nothing_is_refused
    assert judged(check, played("attributes", "full", "filter-creates-on-replace"), declared) == []


def test_a_patch_that_is_said_not_to_be_there_has_to_be_refused(played: Any, judged: Any) -> None:
    check = creating_odd.a_patch_that_is_not_offered_is_refused
    assert judged(check, played("patching", "marketbeam")) is None
    assert judged(check, played("patching", "marketbeam", "spc-says-no-patch"))


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        (attributes.replacing_a_list_swaps_it, "list-replace-appends"),
        (attributes.adding_to_a_list_keeps_the_others, "list-add-replaces"),
        (attributes.removing_a_list_takes_all_values, "list-remove-ignored"),
    ],
)
def test_addresses_are_compared_by_value_where_no_type_is_published(
    played: Any, judged: Any, check: Any, defect: str
) -> None:
    assert judged(check, _without_types(played("attributes", "full"))) == []
    assert judged(check, _without_types(played("attributes", "full", defect)))


def test_a_value_with_a_part_that_is_not_published_may_be_refused(played: Any, judged: Any) -> None:
    transcript = _without_types(played("attributes", "full"))
    refused = replace(transcript, exchanges=tuple(_refused(x) for x in transcript.exchanges))
    for check in (attributes.replacing_a_list_swaps_it, attributes.adding_to_a_list_keeps_the_others):
        assert judged(check, refused) is None


def _refused(exchange: Any) -> Any:
    if exchange.tag not in ("attr.list.replace", "attr.list.add"):
        return exchange
    return replace(exchange, response=replace(exchange.response, status=400, body=b"{}"))


def _without_types(transcript: Transcript) -> Transcript:
    """The same, as a service tells it that neither publishes nor keeps what kind of address one is."""
    return replace(transcript, exchanges=tuple(_forgetful(x) for x in transcript.exchanges))


def _forgetful(exchange: Any) -> Any:
    if not isinstance(exchange.json, dict):
        return exchange
    body = json.loads(exchange.body)
    for schema in body.get("Resources") or [] if exchange.tag == "attr.schemas" else []:
        for attribute in schema.get("attributes") or []:
            if attribute["name"] == "emails":
                attribute["subAttributes"] = [s for s in attribute["subAttributes"] if s["name"] != "type"]
    for mail in body.get("emails") or []:
        mail.pop("type", None)
    return replace(exchange, response=replace(exchange.response, body=json.dumps(body).encode()))
