"""Groups, jobs, tenants, keys and claimed profiles: silent on a right server, found out on one that is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks, bulk, bulk_creations, claimed, group_rules, tenants
from harness.judge import judge
from harness.model.exchange import Trouble, TroubleKind
from harness.model.verdict import Outcome
from harness.profiles import load as load_profile

GROUPS = ("group-rules", "full")
BULK = ("bulk", "full")
MADE = ("bulk-creation", "full")
AL1 = ("claimed-filters", "ipsie-al1")
TENANTS = ("tenants", "marketbeam")
KEYS = ("worn-keys", "marketbeam")

CASES = [
    (GROUPS, group_rules.a_group_needs_a_name, "group-without-name-accepted"),
    (GROUPS, group_rules.a_group_may_be_empty, "empty-group-refused"),
    (GROUPS, group_rules.a_second_group_of_a_name_is_clean, "second-group-is-the-first"),
    (GROUPS, group_rules.a_group_from_entra_is_created_or_refused, "entra-group-urn-500"),
    (GROUPS, group_rules.replacing_members_sets_the_list, "members-replace-adds"),
    (GROUPS, group_rules.the_address_of_a_member_leads_there, "member-ref-dead"),
    (GROUPS, group_rules.a_member_is_never_turned_into_another, "member-can-be-swapped"),
    (GROUPS, group_rules.an_unknown_member_does_no_harm, "unknown-member-empties-group"),
    (GROUPS, group_rules.a_nested_group_is_stored_or_refused, "nested-group-left-out"),
    (GROUPS, group_rules.a_deleted_person_is_no_member, "deleted-people-stay-members"),
    (GROUPS, group_rules.a_deleted_person_is_no_member, "deleted-members-still-resolve"),
    (GROUPS, group_rules.the_name_of_a_member_is_optional, "member-display-required"),
    (
        ("group-members", "full"),
        group_rules.removing_by_a_list_of_values_never_empties_the_group,
        "members-remove-empties-group",
    ),
    (GROUPS, group_rules.groups_are_found_by_name_external_id_and_member, "groups-not-found-by-member"),
    (GROUPS, group_rules.fifty_members_change_in_one_request, "few-operations-only"),
    (GROUPS, group_rules.a_group_keeps_its_external_id, "group-external-id-dropped"),
    (BULK, bulk.a_job_is_answered_with_200, "bulk-answers-207"),
    (BULK, bulk.a_job_goes_on_after_an_error, "bulk-stops-at-first-error"),
    (BULK, bulk.a_job_stops_at_the_errors_it_was_given, "bulk-never-stops"),
    (BULK, bulk.an_operation_needs_all_its_parts, "bulk-guesses-the-method"),
    (BULK, bulk.a_failed_operation_explains_itself, "bulk-error-without-response"),
    (BULK, bulk.a_result_names_its_resource, "bulk-without-location"),
    (BULK, bulk.a_status_is_a_text, "bulk-status-object"),
    (BULK, bulk.a_status_is_a_text, "bulk-status-number"),
    (BULK, bulk.a_collection_is_not_patched_in_a_job, "bulk-collection-accepted"),
    (BULK, bulk.an_old_version_is_refused_in_a_job, "bulk-version-ignored"),
    (BULK, bulk.a_deactivation_in_a_job_takes_effect, "bulk-patch-does-nothing"),
    (BULK, bulk.a_job_beyond_the_limits_is_a_413, "bulk-limit-unnamed"),
    (BULK, bulk.a_job_at_the_limit_is_worked_through, "bulk-limit-lower-than-told"),
    (
        ("bulk-refusals", "ipsie-al1"),
        bulk_creations.a_job_creates_nobody_where_nobody_is_created,
        "bulk-creates-where-refused",
    ),
    (MADE, bulk_creations.a_creation_in_a_job_has_a_bulk_id, "bulk-post-without-id"),
    (MADE, bulk_creations.a_creation_in_a_job_has_a_bulk_id, "bulk-id-not-echoed"),
    (MADE, bulk_creations.references_become_ids, "bulk-references-kept"),
    (MADE, bulk_creations.a_reference_forward_works_or_is_a_conflict, "bulk-forward-reference-500"),
    (MADE, bulk_creations.a_circle_is_resolved_or_a_conflict, "bulk-circle-500"),
    (TENANTS, tenants.nobody_reads_another_tenant, "token-tenant-ignored"),
    (TENANTS, tenants.another_tenant_learns_nothing_of_an_id, "foreign-id-403"),
    (TENANTS, tenants.nobody_writes_into_another_tenant, "foreign-write-applied"),
    (TENANTS, tenants.lists_stay_inside_the_tenant, "lists-show-all-tenants"),
    (TENANTS, tenants.two_tenants_may_use_one_external_id, "external-id-unique-over-tenants"),
    (TENANTS, tenants.an_external_id_is_no_conflict_with_another_tenant, "external-id-unique-over-tenants"),
    (("tenants", "full"), tenants.a_conflict_tells_nothing_of_another_tenant, "user-names-unique-over-tenants"),
    (KEYS, tenants.a_worn_key_opens_nothing, "expired-key-accepted"),
    (KEYS, tenants.a_worn_key_opens_nothing, "revoked-key-accepted"),
    (KEYS, tenants.a_session_of_the_product_is_no_key, "session-opens-scim"),
    (KEYS, tenants.a_worn_key_opens_nothing, "expired-key-without-reason"),
    (KEYS, tenants.a_key_that_may_only_read_changes_nothing, "limited-key-writes"),
    (KEYS, tenants.a_limited_key_is_told_what_it_lacks, "limited-key-refused-as-unknown"),
    (AL1, claimed.people_are_found_by_user_name, "user-name-filter-case"),
    (AL1, claimed.people_are_found_by_any_mail_address, "mail-filter-refused"),
    (AL1, claimed.people_are_found_in_three_ways, "mail-filter-refused"),
    (AL1, claimed.people_are_found_by_their_work_address, "work-mail-filter-reads-kind-over"),
    (AL1, claimed.bulk_is_announced, "spc-denies-bulk"),
    (AL1, claimed.a_filter_on_an_unknown_attribute_is_refused, "unknown-attribute-filter-empty"),
    (AL1, claimed.patch_is_announced, "spc-says-no-patch"),
    (AL1, claimed.a_resource_type_goes_by_its_name, "resource-type-id-differs"),
    (AL1, claimed.kinds_are_published, "kinds-not-published"),
    (AL1, claimed.the_attributes_of_the_level_are_published, "schema-without-display-name"),
    (AL1, claimed.people_carry_no_groups, "groups-on-users"),
    (("deactivation", "ipsie-al1"), claimed.deletion_is_offered, "delete-refused-at-al1"),
]


@pytest.mark.parametrize(("where", "check", "defect"), CASES, ids=[f"{c[1].__name__}-{c[2]}" for c in CASES])
def test_a_check_is_silent_on_a_right_server_and_speaks_on_a_wrong_one(
    played: Any, judged: Any, where: tuple[str, str], check: Any, defect: str
) -> None:
    assert judged(check, played(*where), where[1]) == []
    found = judged(check, played(*where, defect), where[1])
    assert found
    assert all(f.hint and f.expected for f in found)


@pytest.mark.parametrize(
    ("check", "where", "defect"),
    [
        (group_rules.membership_is_the_same_from_both_sides, GROUPS, "user-groups-stale"),
        (claimed.the_claim_is_kept, ("patching", "marketbeam"), "spc-claims-interop-falsely"),
        (claimed.the_claim_is_true_or_false, AL1, "spc-claims-interop"),
    ],
)
def test_what_a_right_server_does_not_claim_is_judged_where_it_is_claimed(
    played: Any, judged: Any, check: Any, where: tuple[str, str], defect: str
) -> None:
    assert judged(check, played(*where), where[1]) is None
    assert judged(check, played(*where, defect), where[1])


@pytest.mark.parametrize(
    ("check", "where"),
    [
        (claimed.a_patch_without_a_path_is_refused, ("patching", "full")),
        (claimed.an_unknown_attribute_is_refused, ("creating", "full")),
        (claimed.replacing_a_whole_name_drops_the_other_parts, ("attributes", "full")),
    ],
)
def test_the_interoperability_profile_asks_for_the_opposite_of_the_rfc(
    played: Any, judged: Any, check: Any, where: tuple[str, str]
) -> None:
    assert judged(check, played(*where))


@pytest.mark.parametrize(
    ("check", "probe", "defect"),
    [
        (claimed.a_patch_without_a_path_is_refused, "patching", "interop-without-path-accepted"),
        (claimed.the_claim_is_kept, "patching", "interop-without-path-accepted"),
        (claimed.patch_is_announced, "patching", "interop-denies-patch"),
        (claimed.an_unknown_attribute_is_refused, "creating", "interop-unknown-attribute-ignored"),
        (claimed.replacing_a_whole_name_drops_the_other_parts, "attributes", "interop-whole-replace-merges"),
        (claimed.a_taken_name_is_a_conflict, "attributes", "interop-taken-name-400"),
    ],
)
def test_a_service_by_the_interoperability_profile_is_silent_and_a_wrong_one_is_not(
    played: Any, judged: Any, check: Any, probe: str, defect: str
) -> None:
    assert judged(check, played(probe, "interop"), "interop") == []
    assert judged(check, played(probe, "interop", defect), "interop")


@pytest.mark.parametrize(
    ("where", "check", "tolerated", "wrong", "requirements"),
    [
        (BULK, bulk.a_status_is_a_text, "bulk-status-object", "bulk-status-number", ("HTTP-BULK-01", "RFC7644-3.7-10")),
        (
            GROUPS,
            group_rules.a_deleted_person_is_no_member,
            "deleted-people-stay-members",
            "deleted-members-still-resolve",
            ("HTTP-MEMBER-01", "RFC7643-4.2-08"),
        ),
    ],
)
def test_what_is_merely_untidy_is_a_matter_of_its_own(
    played: Any, judged: Any, where: Any, check: Any, tolerated: str, wrong: str, requirements: tuple[str, str]
) -> None:
    for defect, requirement in zip((tolerated, wrong), requirements, strict=True):
        assert {f.requirement for f in judged(check, played(*where, defect), where[1])} == {requirement}


def test_without_a_second_key_nothing_is_sent_and_nothing_is_judged(played: Any, judged: Any) -> None:
    assert judged(tenants.nobody_reads_another_tenant, played("patching", "marketbeam")) is None


def test_what_the_guard_kept_back_is_the_reason_why_nothing_was_judged(played: Any) -> None:
    told = played(*TENANTS)
    kept_back = Trouble(TroubleKind.GUARD, "GET /Users needs the key of a second tenant", "name its variable")
    silent = tuple(replace(x, response=None, trouble=kept_back) for x in told.exchanges if x.tag == "tenant.read")
    checks = [c for c in all_checks().values() if c.id == "tenants.nobody_reads_another_tenant"]
    (verdict,) = judge(replace(told, exchanges=silent), load_profile("marketbeam"), load_catalogue(), checks)
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "the key of a second tenant" in verdict.reason
    assert "name its variable" in verdict.reason
