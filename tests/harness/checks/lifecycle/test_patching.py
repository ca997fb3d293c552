"""The operations that have to work: each is seen in a later read, and each can be seen failing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import patching as checks
from harness.model.change import Edit
from harness.model.finding import Finding
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Rehearsed = Callable[..., Transcript]
MARK = "scimulator-patch-"
META = {"created": "2026-11-24T09:00:00.000Z", "lastModified": "2026-11-24T09:00:01.000Z", "resourceType": "User"}
NO = {"schemas": [ERROR], "status": "400", "scimType": "invalidValue"}


def person(value: str | None = None, **members: Any) -> tuple[int, Any]:
    whole = {"id": "u1", "userName": "subject", "active": True, "displayName": "Sub Ject", "meta": META, **members}
    return 200, whole | ({"externalId": MARK + value} if value else {})


CLEAN: dict[str, Any] = {
    "patch.before": person(),
    "patch.unset": (204, None),
    "patch.unset.read": person("unset"),
    "patch.add": (204, None),
    "patch.add.read": person("add"),
    "patch.add-again": (204, None),
    "patch.add-again.read": person("add"),
    "patch.add-pathless": (200, person("add-pathless")[1]),
    "patch.add-pathless.read": person("add-pathless"),
    "patch.pathless": (204, None),
    "patch.pathless.read": person("pathless"),
    "patch.name-case": (204, None),
    "patch.name-case.read": person("name-case"),
    "patch.active-case": (204, None),
    "patch.member-order": (204, None),
    "patch.member-order.read": person("member-order"),
    "patch.in-order": (200, {"id": "u1", "externalId": f"{MARK}in-order-2"}),
    "patch.in-order.read": person("in-order-2"),
    "patch.attributes": (200, {"id": "u1", "externalId": f"{MARK}attributes"}),
    "patch.attributes.read": person("attributes"),
    "patch.atomic": (400, NO),
    "patch.atomic.read": person("in-order-2"),
    "patch.atomic-readonly": (400, NO),
    "patch.atomic-readonly.read": person("in-order-2"),
    "patch.remove": (204, None),
    "patch.remove.read": person(),
    "patch.broken.read": person(),
}

ALL = (
    checks.replace_sets_an_attribute_that_had_no_value,
    checks.add_overwrites_a_single_value,
    checks.add_without_a_path_takes_an_object,
    checks.replace_without_a_path_takes_an_object,
    checks.attribute_names_have_no_letter_case,
    checks.the_order_of_members_means_nothing,
    checks.operations_are_applied_in_order,
    checks.remove_unassigns_a_single_value,
    checks.adding_what_is_there_succeeds,
    checks.adding_what_is_there_moves_no_time,
    checks.asking_for_attributes_gets_an_answer_with_a_body,
    checks.a_write_answers_with_the_attributes_that_were_asked_for,
    checks.a_patch_is_applied_whole_or_not_at_all,
)


@pytest.mark.parametrize("check", ALL)
def test_a_service_that_patches_rightly_gives_no_finding(rehearsed: Rehearsed, finds: Finds, check: Any) -> None:
    assert finds(check, rehearsed("patching", CLEAN)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.replace_sets_an_attribute_that_had_no_value, {"patch.unset.read": person()}),
        (checks.replace_sets_an_attribute_that_had_no_value, {"patch.unset": (400, NO), "patch.unset.read": person()}),
        (checks.add_overwrites_a_single_value, {"patch.add": (400, NO), "patch.add.read": person("unset")}),
        (checks.add_without_a_path_takes_an_object, {"patch.add-pathless.read": person("add")}),
        (checks.replace_without_a_path_takes_an_object, {"patch.pathless": (500, NO)}),
        (checks.attribute_names_have_no_letter_case, {"patch.name-case.read": person("pathless")}),
        (checks.attribute_names_have_no_letter_case, {"patch.active-case": (400, NO)}),
        (checks.the_order_of_members_means_nothing, {"patch.member-order": (400, NO)}),
        (checks.operations_are_applied_in_order, {"patch.in-order.read": person("in-order-1")}),
        (checks.remove_unassigns_a_single_value, {"patch.remove.read": person("in-order-2")}),
        (checks.adding_what_is_there_succeeds, {"patch.add-again": (409, NO)}),
        (
            checks.adding_what_is_there_moves_no_time,
            {"patch.add-again.read": person("add", meta=META | {"lastModified": "2026-11-24T09:00:02.000Z"})},
        ),
        (
            checks.a_write_answers_with_the_attributes_that_were_asked_for,
            {"patch.attributes": (200, {"id": "u1", "displayName": "Sub Ject"})},
        ),
        (checks.asking_for_attributes_gets_an_answer_with_a_body, {"patch.attributes": (204, None)}),
        (checks.a_patch_is_applied_whole_or_not_at_all, {"patch.atomic.read": person("atomic")}),
        (checks.a_patch_is_applied_whole_or_not_at_all, {"patch.atomic-readonly.read": person("atomic-readonly")}),
        (
            checks.a_patch_is_applied_whole_or_not_at_all,
            {"patch.broken.op-move": (400, NO), "patch.broken.read": person("op-move")},
        ),
    ],
)
def test_an_operation_that_does_not_do_its_work_is_a_finding(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    (found,) = finds(check, rehearsed("patching", CLEAN | wrong))
    assert found.expected
    assert found.hint
    assert found.exchange


def test_where_external_id_cannot_be_written_nothing_is_said_about_the_ways_of_writing_it(
    rehearsed: Rehearsed, applies_to: Callable[..., bool]
) -> None:
    told = rehearsed("patching", CLEAN | {"patch.unset": (400, NO), "patch.unset.read": person()})
    assert applies_to(checks.replace_sets_an_attribute_that_had_no_value, told)
    assert not applies_to(checks.add_overwrites_a_single_value, told)
    assert not applies_to(checks.a_patch_is_applied_whole_or_not_at_all, told)


def test_only_a_declared_tolerance_passes_over_the_id(
    rehearsed: Rehearsed, finds: Finds, made: SimpleNamespace
) -> None:
    passed = {"patch.atomic-readonly": (204, None), "patch.atomic-readonly.read": person("atomic-readonly")}
    told = rehearsed("patching", CLEAN | passed)
    check = checks.a_patch_of_the_id_is_not_passed_over
    assert finds(check, told, made.claims("deprovisioning", "mixed-patch")) == []
    assert [f.likeness for f in finds(check, told)] == ["undeclared"]


def test_a_refused_patch_of_an_idp_changes_nobody(
    scene: Callable[..., Transcript], finds: Finds, made: SimpleNamespace
) -> None:
    sent = made.asked(Intent.UPDATE, "PATCH", body=made.operations(), answer=(400, made.error(400)))
    check = checks.a_refused_patch_changes_nothing
    assert finds(check, scene(Edit("leaver"), sent, after=made.person())) == []
    found = finds(check, scene(Edit("leaver"), sent, after=made.person(displayName="Half")))
    assert [f.at for f in found] == ["/displayName"]
