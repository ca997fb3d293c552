"""Over all defects: every check can fail, and what each critical failure of the field does is among them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness import profiles
from harness.checks import all_checks
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from reference_server.defects import catalogue

HERE = Path(__file__).parent


@pytest.fixture
def matrix(request: pytest.FixtureRequest, book: Any) -> dict[str, Any]:
    """The committed rows; `make docs` renews those that the tests of the defects left, and drops what is gone."""
    if request.config.getoption("--update-documents"):
        left = {path.stem: json.loads(path.read_text()) for path in sorted((HERE / ".rows").glob("*.json"))}
        kept = findable()
        book.rows = {name: row for name, row in {**book.rows, **left}.items() if name in kept}
        if set(left) >= kept:
            book.scenarios = all_scenarios()
        book.write()
        shutil.rmtree(HERE / ".rows", ignore_errors=True)
    rows: dict[str, Any] = book.rows
    return rows


def findable() -> set[str]:
    """The defects that break a clause which some check judges, less those of which is known that nothing asks."""
    judged = {r for check in all_checks().values() for r in check.requirements}
    named = {name for name, defect in catalogue().items() if judged.intersection(defect.breaks)}
    return named - set(json.loads((HERE / "unseen.json").read_text("utf-8")))


def all_scenarios() -> list[str]:
    """Every scenario of every profile: what is not among them at the next `make docs` is new."""
    found = {s.id for name in profiles.names() for s in plan(profiles.load(name), Selection(), vendors(), all_probes())}
    return sorted(found)


def test_the_matrix_holds_a_row_for_every_defect_that_breaks_a_judged_clause(matrix: dict[str, Any]) -> None:
    assert sorted(matrix) == sorted(findable())


def test_what_is_not_found_yet_is_a_defect() -> None:
    assert set(json.loads((HERE / "unseen.json").read_text("utf-8"))) <= set(catalogue())


NOT_KILLED_HERE = {
    "claimed.people_are_found_in_three_ways": "no preset claims FastFed",
    "claimed.people_carry_no_groups": "no preset claims FastFed",
    "okta.okta_does_not_wait_longer_than_a_minute": "a test that waits for a minute would be the slowest of all",
    "okta.okta_imports_everybody_once": "no story imports people yet",
    "recorded.a_recorded_deactivation_took_effect": "a rehearsal reads the person itself; this is for recordings",
}
"""Checks that no defect can trip in a rehearsal of seconds; their own tests show that they can fail."""


def test_every_check_is_killed_by_some_defect(matrix: dict[str, Any]) -> None:
    killed = {
        check
        for row in matrix.values()
        for found in (*row["named"].values(), *row["besides"].values())
        for check in found["checks"]
    }
    assert sorted(set(all_checks()) - killed - set(NOT_KILLED_HERE)) == []
    assert sorted(killed & set(NOT_KILLED_HERE)) == [], "killed by now: take it off the list"


CRITICAL = (
    "active-string-false-rejected",
    "active-string-false-truthy",
    "any-bearer-accepted",
    "api-keys-survive",
    "bad-filter-returns-all",
    "empty-bearer-accepted",
    "flag-stored-not-enforced",
    "groups-success-that-does-nothing",
    "one-bad-op-vetoes-active",
    "only-externalid-users-visible",
    "op-name-case",
    "patch-noop-success",
    "patch-only-server",
    "pathless-value-object",
    "put-only-server",
    "put-without-active-suspends",
    "scim-json-not-parsed",
    "sessions-survive",
    "sso-login-reactivates",
    "username-value-case",
)
"""What was critical in the field: lookups, deactivation, access that survives, groups, authentication."""


@pytest.mark.parametrize("failure", CRITICAL)
def test_every_critical_failure_of_the_field_is_among_the_defects_and_fails_the_service(
    matrix: dict[str, Any], failure: str
) -> None:
    alike = [name for name in matrix if name == failure or name.startswith(f"{failure}-")]
    assert alike, f"no defect re-creates {failure}"
    assert any(matrix[name]["verdict"] == "non-conformant" for name in alike)
