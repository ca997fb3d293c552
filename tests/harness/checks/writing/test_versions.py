"""Versions, detours, later answers and limits: silent on a right server, found out on one that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import detours, transport, versions

CASES = [
    ("versions", "full", versions.an_answer_names_the_version, "etag-missing"),
    ("versions", "full", versions.meta_repeats_the_version, "version-missing"),
    ("versions", "full", versions.an_unchanged_resource_is_not_sent_again, "if-none-match-ignored"),
    ("versions", "full", versions.a_changed_resource_is_sent, "if-none-match-always-304"),
    ("versions", "full", versions.a_write_on_an_old_version_is_refused, "if-match-ignored"),
    ("versions", "full", versions.a_412_explains_itself, "412-without-body"),
    ("versions", "full", versions.a_write_on_the_current_version_works, "if-match-weak-refused"),
    ("versions", "full", versions.a_write_on_the_current_version_works, "if-match-strong-refused"),
    ("versions", "full", versions.a_write_on_any_version_works, "if-match-star-refused"),
    ("versions", "full", versions.the_version_follows_the_resource, "etag-never-changes"),
    ("versions", "full", versions.the_version_follows_the_resource, "etag-always-changes"),
    ("creating", "full", versions.a_conditional_deletion_is_all_or_nothing, "conditional-delete-412-and-gone"),
    ("patching", "marketbeam", versions.a_condition_does_no_harm_where_versions_are_not_offered, "if-match-500"),
    ("patching", "marketbeam", versions.a_wish_for_a_later_answer_is_passed_over, "prefer-async-honoured"),
    ("me", "full", detours.me_names_the_permanent_address, "me-without-location"),
    ("later", "interop", detours.the_configuration_announces_later_answers_properly, "async-kind-unknown"),
    ("later", "interop", detours.a_later_answer_is_announced_or_comes_at_once, "async-refused"),
    ("later", "interop", detours.a_202_has_no_body, "async-202-with-body"),
    ("later", "interop", detours.each_202_has_a_transaction_of_its_own, "async-one-transaction"),
    ("later", "interop", detours.a_202_says_where_the_result_will_be, "async-without-location"),
    ("later", "interop", detours.the_time_to_wait_is_used, "async-does-not-wait"),
    ("later", "interop", detours.a_result_needs_a_key, "async-result-open"),
    ("detours", "marketbeam", transport.addresses_hold_no_credentials, "location-with-userinfo"),
    ("detours", "marketbeam", transport.people_are_kept_out_of_shared_caches, "cache-public"),
    ("detours", "marketbeam", transport.only_what_is_needed_is_shown, "groups-on-users"),
    ("bodies", "marketbeam", transport.a_large_body_does_no_harm, "large-body-500"),
]


@pytest.mark.parametrize(("probe", "preset", "check", "defect"), CASES, ids=[f"{c[2].__name__}-{c[3]}" for c in CASES])
def test_a_check_is_silent_on_a_right_server_and_speaks_on_a_wrong_one(
    played: Any, judged: Any, probe: str, preset: str, check: Any, defect: str
) -> None:
    assert judged(check, played(probe, preset), preset) == []
    found = judged(check, played(probe, preset, defect), preset)
    assert found
    assert all(f.hint and f.expected for f in found)


@pytest.mark.parametrize(
    ("probe", "preset", "check", "defect"),
    [
        ("detours", "marketbeam", detours.a_redirected_write_works_where_it_is_sent, "slash-redirect-to-the-list"),
        ("me", "full", detours.me_redirects_to_somebody, "me-redirects-nowhere"),
        (
            "detours",
            "marketbeam",
            detours.what_is_too_sensitive_for_an_address_can_be_searched_for,
            "filters-forbidden-everywhere",
        ),
        ("patching", "marketbeam", transport.too_many_requests_say_when_to_come_back, "429-without-wait"),
    ],
)
def test_what_a_right_server_never_does_is_judged_where_it_happens(
    played: Any, judged: Any, probe: str, preset: str, check: Any, defect: str
) -> None:
    assert judged(check, played(probe, preset), preset) is None
    assert judged(check, played(probe, preset, defect), preset)


def test_whoever_refuses_weak_tags_is_warned_and_whoever_refuses_strong_ones_fails(played: Any, judged: Any) -> None:
    check = versions.a_write_on_the_current_version_works
    weak = judged(check, played("versions", "full", "if-match-weak-refused"))
    strong = judged(check, played("versions", "full", "if-match-strong-refused"))
    assert {f.requirement for f in weak} == {"HTTP-ETAG-01"}
    assert {f.requirement for f in strong} == {"RFC7644-3.14-06"}


def test_without_versions_nothing_is_asked_of_them(played: Any, judged: Any) -> None:
    assert judged(versions.a_write_on_an_old_version_is_refused, played("patching", "marketbeam")) is None


def test_a_right_result_is_kept_for_its_tenant_only(played: Any) -> None:
    told = {x.tag: x.status for x in played("later", "interop").exchanges if x.tag.startswith("later")}
    assert told["later.one"] == 202
    assert told["later.wait"] == 200
    assert told["later.result.no-key"] == 401
    assert told["later.result"] == 200
