"""One wrong is one cause however much it breaks; two wrongs that have nothing to do with each other stay two."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.model.cause import Cause
from harness.model.run import Run
from harness.model.scenario import Scenario

SEEN_IN = frozenset(
    {
        "okta/oin/connection",
        "okta/oin/leaver",
        "okta/aiw/leaver",
        "okta/oin/rehire",
        "okta/oin/group-push-refused",
        "entra/default/leaver-deleted",
        "probe/bodies",
        "probe/deactivation",
        "probe/discovery",
        "probe/filters",
        "probe/ids",
        "probe/paging",
        "probe/patching",
        "probe/refused-creation",
        "probe/refused-groups",
        "probe/replacing",
        "probe/selection",
        "probe/tokens",
    }
)
"""Enough of everything that a defect shows in several ways."""


def seen(scenario: Scenario) -> bool:
    return scenario.id in SEEN_IN


@pytest.mark.parametrize(
    ("defect", "breaks"),
    [
        ("scim-json-refused", 12),
        ("patch-noop-success", 8),
        ("error-plain-text", 8),
        ("active-missing", 8),
        ("put-only-server", 8),
        ("create-401", 2),
        ("key-refused-on-schemas", 3),
        ("sessions-survive", 2),
    ],
)
def test_one_wrong_that_breaks_many_requirements_is_one_cause(
    rehearse: Callable[..., Run], defect: str, breaks: int
) -> None:
    run = rehearse("marketbeam", "marketbeam", defect, wanted=seen)
    assert len({finding.requirement for _, finding in run.findings}) >= breaks
    assert len(run.causes) == 1, [(c.requirement, c.requirements) for c in run.causes]
    assert set(run.causes[0].findings) == {finding.id for _, finding in run.findings}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("patch-noop-success", "wrong-key-403"),
        ("sessions-survive", "count-ignored"),
        ("error-status-number", "sessions-survive"),
        ("create-400", "put-501"),
        ("filter-ignored", "spc-flags-as-texts"),
        ("response-type-json", "active-string-false-rejected"),
        ("groups-404-html", "bearer-case-counts"),
        ("display-name-as-list", "start-index-ignored"),
        ("excluded-attributes-ignored", "scim-json-refused"),
        ("bad-json-500", "groups-probe-500"),
        ("put-without-active-suspends", "resource-type-wrong"),
        ("any-bearer-accepted", "bad-filter-returns-all"),
    ],
)
def test_two_wrongs_that_have_nothing_to_do_with_each_other_stay_two(
    rehearse: Callable[..., Run], one: str, other: str
) -> None:
    def causes(*defects: str) -> list[Cause]:
        run = rehearse("marketbeam", "marketbeam", *defects, wanted=seen)
        return [cause for cause in run.causes if cause.outcome != "noted"]

    together = causes(one, other)
    assert len(together) >= 2
    for defect in (one, other):
        alone = {cause.requirement for cause in causes(defect)}
        assert any(alone & set(cause.requirements) for cause in together), f"{defect} is not named any more"
