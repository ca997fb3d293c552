"""The tests that vendors publish: what each says of a service, and that it never changes what we say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from harness import bundle
from harness.model.programme import Programme, StepState
from harness.model.run import Run
from harness.model.verdict import Conclusion
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage
from harness.suites import all_suites, suite_probes

NAMES = ("entra-gallery", "entra-validator", "okta-crud", "okta-spec")
Rehearse = Callable[..., Run]


@pytest.fixture
def rehearse(tmp_path: Path) -> Rehearse:
    """Play one suite against the embedded server of this profile, with these defects."""

    def run(suite: str, profile: str, *defects: str) -> Run:
        claimed = load_profile(profile)
        stage = Stage(Settings(profile=profile, defects=defects), claimed, tmp_path)
        probes = {**all_probes(), **suite_probes()}
        scenarios = plan(claimed, Selection(suite=suite), vendors(), probes)
        stage.begin(scenarios)
        for scenario in scenarios:
            stage.verdicts(scenario)
        stage.finish()
        return stage.conclude()

    return run


def states(programme: Programme) -> dict[str, StepState]:
    return {grade.title: grade.state for grade in programme.grades}


def test_the_suites_are_those_that_the_vendors_publish() -> None:
    assert tuple(all_suites()) == NAMES
    for suite in all_suites().values():
        assert suite.source.startswith("https://")
        titles = [claim.title for claim in suite.claims]
        assert len(titles) == len(set(titles))


@pytest.mark.parametrize("suite", NAMES)
def test_what_a_service_for_removal_cannot_pass_is_not_applicable_and_rules_the_programme_out(
    suite: str, rehearse: Rehearse
) -> None:
    run = rehearse(suite, "marketbeam")
    assert run.programmes
    for programme in run.programmes:
        assert programme.verdict == "ruled-out"
        assert programme.ruled_out[0].reason == "the profile marketbeam does not claim: create"
        assert not programme.failed
        assert f"{programme.programme} is ruled out" in programme.sentence
        assert set(states(programme).values()) == {StepState.PASSED, StepState.NOT_APPLICABLE}
    assert list(run.findings) == []
    assert run.conclusion is Conclusion.CONFORMANT


@pytest.mark.parametrize("suite", ["okta-crud", "okta-spec"])
def test_a_service_that_does_everything_passes(suite: str, rehearse: Rehearse) -> None:
    run = rehearse(suite, "full")
    assert {p.verdict for p in run.programmes} == {"passed"}
    assert list(run.findings) == []


MANAGERS = {"Patch User: add a manager", "Patch User: replace the manager", "Patch User: remove the manager"}
ABSENT = {"Patch User: add attributes, verbose request"}
DIRECT = {"Update Manager", "Direct manager test: set", "Direct manager test: removed"}


@pytest.mark.parametrize(
    ("suite", "tastes", "optional"),
    [("entra-validator", MANAGERS | ABSENT, {"Create a duplicate group"}), ("entra-gallery", DIRECT, set())],
)
def test_a_vendor_s_taste_fails_its_step_and_leaves_the_verdict_alone(
    suite: str, tastes: set[str], optional: set[str], rehearse: Rehearse
) -> None:
    """Both send a manager as a string, the validator adds parts of an address that is not there: RFC 7644 asks neither.

    Everything else of the suite was asked and passed.
    """
    run = rehearse(suite, "full")
    assert run.programmes
    for programme in run.programmes:
        assert {grade.title for grade in programme.failed} == tastes
        assert {title for title, state in states(programme).items() if state is StepState.FAILED} == tastes | optional
        assert StepState.NOT_RUN not in states(programme).values()
        assert programme.verdict == "failed"
    assert run.conclusion is Conclusion.CONFORMANT
    assert list(run.findings) == []


def test_what_cannot_be_asked_from_here_is_not_applicable_and_rules_nothing_out(rehearse: Rehearse) -> None:
    for programme in rehearse("entra-gallery", "full").programmes:
        beyond = [g for g in programme.grades if g.state is StepState.NOT_APPLICABLE]
        assert [g.title for g in beyond] == ["Credentials: OAuth", "Credentials: federated identity"]
        assert all("tenant of Entra" in g.reason for g in beyond)
        assert not programme.ruled_out


@pytest.mark.parametrize(
    ("suite", "defect", "step"),
    [
        ("okta-spec", "no-match-404", "Step 5: Test invalid User by username"),
        ("okta-crud", "patch-noop-success", "Step 11: the deactivated user is still there, and inactive"),
        ("entra-gallery", "active-string-false-truthy", "Disable User"),
        ("entra-validator", "username-value-case", "Filter for an existing user, letter case differs"),
        ("entra-validator", "patch-noop-success", "The disabled user says so"),
    ],
)
def test_a_step_fails_when_the_service_is_wrong(suite: str, defect: str, step: str, rehearse: Rehearse) -> None:
    run = rehearse(suite, "marketbeam", defect)
    failed = [grade for programme in run.programmes for grade in programme.failed if grade.title == step]
    assert failed
    assert all(grade.exchange and grade.reason.startswith("expected") for grade in failed)


def test_the_programmes_are_written_as_the_schema_says(rehearse: Rehearse) -> None:
    written = bundle.run_to_json(rehearse("okta-spec", "marketbeam"), [])
    schema = json.loads((files("harness.schemas") / "files/run.schema.json").read_text("utf-8"))
    jsonschema.validate(written, schema)
    (programme,) = written["programmes"]
    assert programme["suite"] == "okta-spec"
    assert programme["verdict"] == "ruled-out"
    assert len(programme["steps"]) == 12
