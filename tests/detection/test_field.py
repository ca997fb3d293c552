"""Every failure of the field that a server can cause is done again by a defect, or it is said why by none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue.loader import load
from harness.checks import all_checks
from harness.model.requirement import Level
from reference_server.defects import catalogue

FIELD: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "field.toml").read_text("utf-8"))


@pytest.mark.parametrize("failure", FIELD)
def test_a_failure_of_the_field_is_a_defect_or_says_why_not(failure: str) -> None:
    entry = FIELD[failure]
    defects = {name for name, defect in catalogue().items() if defect.source == failure} | {*entry.get("defects", ())}
    assert defects <= set(catalogue()), f"no such defects: {sorted(defects - set(catalogue()))}"
    assert bool(defects) != bool(entry.get("why")), "a failure has defects, or a reason why there are none: one of them"


def test_what_a_defect_gives_as_its_source_is_a_failure_of_the_field() -> None:
    assert {defect.source for defect in catalogue().values()} - {""} - set(FIELD) == set()


def test_what_is_critical_in_the_field_is_a_defect_unless_scim_cannot_show_it() -> None:
    elsewhere = {failure for failure, entry in FIELD.items() if entry["harm"] == "critical" and "why" in entry}
    assert elsewhere == {
        "scim-can-touch-superusers",
        "scim-sweeps-users-it-never-owned",
        "token-minted-for-foreign-tenant",
    }


NOT_CLAIMED_HERE = {"FF-4.1-01": "no preset claims FastFed; the test of its check shows that it can fail"}
"""Clauses that no reference server can break, for none is asked to keep them."""


def test_every_must_that_a_check_judges_is_broken_by_some_defect() -> None:
    """A clause that restates others is broken with any of them."""
    requirements = load()
    judged = {r for check in all_checks().values() for r in check.requirements}
    binding = {r for r in judged if requirements[r].level in (Level.MUST, Level.PROMISE)}
    broken = {r for defect in catalogue().values() for r in defect.breaks}
    whole = {r for r in binding if r in broken or broken.intersection(requirements[r].restates)}
    assert sorted(binding - whole - set(NOT_CLAIMED_HERE)) == []
