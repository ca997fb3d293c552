"""What has to be refused in a PATCH: a service that says yes is found out."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import patch_refusals as checks
from harness.model.finding import Finding
from harness.model.step import ERROR, LIST_RESPONSE, USER
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
MARK = "scimulator-patch-"
META = {"created": "2026-11-24T09:00:00.000Z", "resourceType": "User"}
OK = (204, None)


def no(scim_type: str = "invalidValue", status: int = 400) -> tuple[int, Any]:
    return status, {"schemas": [ERROR], "status": str(status), "scimType": scim_type}


def person(**members: Any) -> tuple[int, Any]:
    return 200, {"id": "u1", "userName": "subject", "active": True, "displayName": "Sub Ject", "meta": META, **members}


def schemas(**mutability: str) -> tuple[int, Any]:
    attributes = [{"name": name, "mutability": m} for name, m in mutability.items()]
    user = {"id": USER, "attributes": attributes}
    return 200, {"schemas": [LIST_RESPONSE], "totalResults": 1, "Resources": [user]}


BROKEN = (
    "urn operations-missing operations-empty op-missing op-move path-bracket path-filter path-pointer index "
    "type-string type-number add-no-value replace-no-value unknown readonly-groups"
)
CLEAN: dict[str, Any] = {
    "patch.schemas": schemas(displayName="readOnly", active="readWrite"),
    "patch.before": person(),
    "patch.unset": OK,
    "patch.unset.read": person(externalId=f"{MARK}unset"),
    **{f"patch.broken.{name}": no() for name in BROKEN.split()},
    "patch.broken.remove-no-path": no("noTarget"),
    **{
        f"patch.broken.{name}": no("mutability")
        for name in ("readonly-id", "readonly-created", "remove-user-name", "remove-id")
    },
    "patch.display-name": no("mutability"),
    "patch.broken.read": person(),
    "patch.nobody": no("", 404),
}

ALL = (
    checks.a_patch_names_its_message,
    checks.a_patch_has_operations,
    checks.an_operation_is_add_remove_or_replace,
    checks.a_malformed_path_is_refused,
    checks.element_numbers_and_pointers_are_no_paths,
    checks.a_value_of_the_wrong_type_is_refused,
    checks.add_needs_a_value,
    checks.replace_needs_a_value,
    checks.remove_needs_a_path,
    checks.a_patch_of_nobody_is_not_found,
    checks.an_unknown_attribute_is_not_stored,
    checks.success_is_not_claimed_for_what_was_ignored,
    checks.read_only_attributes_are_refused_in_a_patch,
    checks.required_and_read_only_attributes_cannot_be_removed,
    checks.read_only_attributes_never_change_by_patch,
    checks.groups_of_a_person_cannot_be_patched,
    checks.published_mutability_is_what_happens,
    checks.a_refused_change_says_mutability,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_refuses_what_it_must_gives_no_finding(rehearsed: Rehearsed, finds: Finds, check: Any) -> None:
    assert finds(check, rehearsed("patching", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.a_patch_names_its_message, {"patch.broken.urn": OK}),
        (checks.a_patch_has_operations, {"patch.broken.operations-empty": OK}),
        (checks.a_patch_has_operations, {"patch.broken.operations-missing": no("", 500)}),
        (checks.an_operation_is_add_remove_or_replace, {"patch.broken.op-move": OK}),
        (checks.a_malformed_path_is_refused, {"patch.broken.path-filter": OK}),
        (checks.element_numbers_and_pointers_are_no_paths, {"patch.broken.index": OK}),
        (checks.a_value_of_the_wrong_type_is_refused, {"patch.broken.type-number": OK}),
        (checks.add_needs_a_value, {"patch.broken.add-no-value": OK}),
        (checks.replace_needs_a_value, {"patch.broken.replace-no-value": OK}),
        (checks.remove_needs_a_path, {"patch.broken.remove-no-path": OK}),
        (checks.remove_needs_a_path, {"patch.broken.remove-no-path": no("invalidPath")}),
        (checks.a_patch_of_nobody_is_not_found, {"patch.nobody": OK}),
        (checks.an_unknown_attribute_is_not_stored, {"patch.broken.read": person(nosuch="x")}),
        (checks.success_is_not_claimed_for_what_was_ignored, {"patch.broken.unknown": OK}),
        (checks.read_only_attributes_are_refused_in_a_patch, {"patch.broken.readonly-id": OK}),
        (checks.read_only_attributes_are_refused_in_a_patch, {"patch.display-name": OK}),
        (checks.required_and_read_only_attributes_cannot_be_removed, {"patch.broken.remove-user-name": OK}),
        (checks.read_only_attributes_never_change_by_patch, {"patch.broken.read": person(id="u9")}),
        (checks.read_only_attributes_never_change_by_patch, {"patch.broken.read": person(displayName="New")}),
        (
            checks.groups_of_a_person_cannot_be_patched,
            {"patch.broken.read": person(groups=[{"value": f"{MARK}group"}])},
        ),
        (
            checks.groups_of_a_person_cannot_be_patched,
            {"patch.broken.readonly-groups": OK, "patch.schemas": schemas(groups="readOnly")},
        ),
        (checks.published_mutability_is_what_happens, {"patch.schemas": schemas(displayName="readWrite")}),
        (checks.published_mutability_is_what_happens, {"patch.schemas": schemas(externalId="readOnly")}),
        (checks.a_refused_change_says_mutability, {"patch.broken.readonly-id": no("invalidValue")}),
    ],
)
def test_a_service_that_says_yes_to_nonsense_is_found_out(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    (found,) = finds(check, rehearsed("patching", CLEAN | wrong))
    assert found.expected
    assert found.hint
    assert found.exchange


def test_a_full_service_lets_clients_write_the_display_name(
    rehearsed: Rehearsed, finds: Finds, made: SimpleNamespace
) -> None:
    written = {"patch.display-name": OK, "patch.broken.read": person(displayName=f"{MARK}name")}
    told = rehearsed("patching", CLEAN | written | {"patch.schemas": schemas(displayName="readWrite")})
    for check in (
        checks.read_only_attributes_are_refused_in_a_patch,
        checks.read_only_attributes_never_change_by_patch,
        checks.published_mutability_is_what_happens,
    ):
        assert finds(check, told, made.claims("full")) == []


@pytest.mark.parametrize("status", [403, 409, 422, 501])
def test_a_read_only_attribute_may_be_refused_in_several_ways(rehearsed: Rehearsed, finds: Finds, status: int) -> None:
    told = rehearsed("patching", CLEAN | {"patch.broken.readonly-id": no("", status)})
    assert finds(checks.read_only_attributes_are_refused_in_a_patch, told) == []
    assert finds(checks.a_refused_change_says_mutability, told) == []
