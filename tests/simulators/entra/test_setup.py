"""What can be ticked and switched, and the habits that say so."""

from __future__ import annotations

from dataclasses import fields

import pytest

from harness.model.change import Feature
from simulators.entra import BY_THE_GUIDE, ENTRA, Setup
from simulators.entra.switches import SWITCHES

TICKS = {"create", "update", "delete", "started"}
"""Ticks of the portal that need no habit of their own: ``target-object-actions`` speaks for them."""


def test_every_switch_is_a_field_of_the_setup_and_every_field_has_its_habit() -> None:
    named = {quirk.switch for quirk in ENTRA.quirks if quirk.switch}
    existing = {field.name for field in fields(Setup)}
    assert named <= existing
    assert existing - named <= TICKS


def test_a_switch_that_rests_on_thin_evidence_says_so() -> None:
    assert {q.evidence.value for q in SWITCHES} == {"documented", "captured", "inferred"}


@pytest.mark.parametrize(
    ("feature", "field", "on"),
    [
        (Feature.CREATE, "create", True),
        (Feature.UPDATE, "update", True),
        (Feature.DELETE, "delete", True),
        (Feature.PUSH_GROUPS, "groups", True),
        (Feature.PROVISIONING, "started", True),
        (Feature.SKIP_OUT_OF_SCOPE, "skip_out_of_scope_deletions", True),
        (Feature.ACCIDENTAL_DELETIONS, "deletion_threshold", 1),
    ],
)
def test_a_tick_is_set_and_taken_away(feature: Feature, field: str, on: object) -> None:
    assert getattr(BY_THE_GUIDE.switched(feature, True), field) == on
    assert not getattr(BY_THE_GUIDE.switched(feature, False), field)


def test_the_mapping_can_be_left_as_delivered_with_or_without_active() -> None:
    full = BY_THE_GUIDE.switched(Feature.MAP_EVERYTHING, True)
    assert {"displayName", "active"} <= {row.target.text for row in full.users.rows}
    without = full.switched(Feature.MAP_ACTIVE, False)
    assert without.users.active is None
    assert without.switched(Feature.MAP_EVERYTHING, False).users.active is None
    assert without.switched(Feature.MAP_ACTIVE, True).users.active is not None


def test_what_entra_does_not_have_changes_nothing() -> None:
    for feature in (Feature.SYNC_PASSWORD, Feature.DEACTIVATE, Feature.IMPORT_GROUPS, Feature.RENAME_GROUPS):
        assert BY_THE_GUIDE.switched(feature, True) is BY_THE_GUIDE
