"""Over all defects: every check can fail, and what each critical failure of the field does is among them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue.loader import load
from harness.checks import all_checks
from reference_server.defects import catalogue

HERE = Path(__file__).parent


@pytest.fixture
def matrix(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The committed matrix; `make docs` puts it together from the rows that the tests of the defects left."""
    file, rows = HERE / "matrix.json", HERE / ".rows"
    if request.config.getoption("--update-documents"):
        found = {path.stem: json.loads(path.read_text()) for path in sorted(rows.glob("*.json"))}
        file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read


def test_the_matrix_holds_a_row_for_every_defect_that_a_clause_of_the_catalogue_names(matrix: dict[str, Any]) -> None:
    requirements = load()
    unseen = json.loads((HERE / "unseen.json").read_text("utf-8"))
    named = {name for name, defect in catalogue().items() if any(r in requirements for r in defect.breaks)}
    assert sorted(matrix) == sorted(named - set(unseen))
    assert set(unseen) <= set(catalogue())


NOT_KILLED_HERE = {
    "okta.okta_does_not_wait_longer_than_a_minute": "a test that waits for a minute would be the slowest of all",
    "okta.okta_imports_everybody_once": "no story imports people yet",
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
