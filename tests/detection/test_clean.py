"""A server that is right gives no finding at all: not a failure, not a warning, not a note."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.model.outlook import RemovalState
from harness.model.run import Run
from harness.model.sequence import Evidence
from harness.model.verdict import Conclusion, Outcome
from harness.plan import Selection


@pytest.mark.parametrize("preset", ["marketbeam", "deprovisioning-only", "read-only", "full", "ipsie-al1"])
def test_a_clean_server_gives_no_finding_under_its_own_profile(rehearse: Callable[..., Run], preset: str) -> None:
    run = rehearse(preset)
    seen = [
        f"{v.outcome} {v.requirement} {v.check} in {v.scenario}: expected {f.expected}, got {f.actual!r} at {f.at}"
        for v, f in run.findings
    ]
    assert seen == []
    assert run.conclusion is Conclusion.CONFORMANT
    assert {r.outcome for r in run.results} <= {Outcome.PASSED}


@pytest.mark.thorough
@pytest.mark.parametrize("preset", ["marketbeam", "deprovisioning-only", "read-only", "full"])
def test_what_is_unusual_gives_no_finding_either(rehearse: Callable[..., Run], preset: str) -> None:
    """Wrong settings, two IdPs at once, comebacks under another name: never the wrong of the service."""
    run = rehearse(preset, selection=Selection(("okta", "entra", "generic"), suite="extended"))
    seen = [
        f"{v.outcome} {v.requirement} {v.check} in {v.scenario}: expected {f.expected}, got {f.actual!r} at {f.at}"
        for v, f in run.findings
    ]
    assert seen == []
    assert {r.outcome for r in run.results} <= {Outcome.PASSED}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("speaker", "story", "leavers"),
    [
        ("entra:default", "layoff-day", 200),
        ("okta:oin", "group-sync-left-on", 2),
        ("okta:aiw", "key-expired", 1),
        ("entra:default", "key-expired", 1),
    ],
)
def test_everybody_loses_access_in_the_end(
    rehearse: Callable[..., Run], speaker: str, story: str, leavers: int
) -> None:
    run = rehearse("marketbeam", selection=Selection((speaker,), (story,)))
    assert list(run.findings) == []
    removals = [removal.state for result in run.results for removal in result.outlook.removals]
    assert removals == [RemovalState.DONE] * leavers


@pytest.mark.thorough
def test_where_groups_are_not_found_at_all_a_month_of_group_sync_ends_offboarding(rehearse: Callable[..., Run]) -> None:
    """The service is right to answer 404; what the administrator left on costs the second leaver's removal."""
    run = rehearse("deprovisioning-only", selection=Selection(("entra:default",), ("group-sync-left-on",)))
    (result,) = run.results
    assert list(run.findings) == []
    assert [r.state for r in result.outlook.removals] == [RemovalState.DONE, RemovalState.LOST]
    assert result.outlook.quarantine is not None
    assert result.outlook.quarantine.evidence is Evidence.CAPTURED
    assert result.outlook.quarantine.forecast is not None
    assert "28 days" in result.outlook.quarantine.forecast.text


def test_without_the_declared_tolerance_an_entra_leaver_keeps_access(rehearse: Callable[..., Run]) -> None:
    run = rehearse("marketbeam", "marketbeam-strict")
    assert run.conclusion is Conclusion.NON_CONFORMANT
    lost = {v.scenario for v, _ in run.findings if v.outcome is Outcome.FAILED}
    assert lost
    assert all(scenario.startswith("entra/") for scenario in lost if not scenario.startswith("probe/"))
    assert any("deleted" in scenario for scenario in lost)


def test_by_the_letter_of_the_rfc_the_strict_variant_conforms(rehearse: Callable[..., Run]) -> None:
    run = rehearse("deprovisioning-only", "marketbeam-strict")
    assert not [v.requirement for v, _ in run.findings if v.outcome is Outcome.FAILED]


@pytest.mark.parametrize(
    ("profile", "found"),
    [("ipsie-al2", set()), ("interop", {("PROF-D-07", Outcome.NOTED)})],
    ids=["ipsie-al2", "interop"],
)
def test_a_service_by_a_claimed_profile_passes_its_probes(
    rehearse: Callable[..., Run], profile: str, found: set[tuple[str, Outcome]]
) -> None:
    """By the interoperability profile nothing works without a path, so Okta's catalogue apps deactivate nobody."""
    run = rehearse(profile, wanted=lambda scenario: scenario.probe is not None)
    assert {(v.requirement, v.outcome) for v, _ in run.findings} == found
    assert run.conclusion is Conclusion.CONFORMANT
