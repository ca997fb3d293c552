"""A run is written as the IdP's own log, in the vendor's shape, and our importers read it back."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from harness.intake import entra_log as entra_importer
from harness.intake import okta_log as okta_importer
from harness.intake.entra_export import read_export
from harness.model.outlook import Notice, Outlook, Quarantine
from harness.model.run import Run
from harness.model.sequence import Evidence
from harness.model.sighting import Complaint, LogEvent
from reports import entra_log, okta_log

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


def told(run: Run, idp: str, tmp_path: Path) -> list[LogEvent]:
    report, importer = (entra_log, entra_importer) if idp == "entra" else (okta_log, okta_importer)
    found = list(importer.IMPORTER.read(report.write(run, tmp_path), lambda _: None))
    assert not [c for c in found if isinstance(c, Complaint) and not c.fatal]
    return [s.event for s in found if not isinstance(s, Complaint) and s.event is not None]


def with_notices(samples: ModuleType, idp: str, *notices: Notice, quarantine: Quarantine | None = None) -> Run:
    from dataclasses import replace

    run: Run = samples.with_findings()
    result = next(r for r in run.results if r.transcript.exchanges)
    outlook = Outlook(notices, quarantine=quarantine)
    return replace(run, results=(replace(result, key=replace(result.key, idp=idp), outlook=outlook),))


@pytest.mark.parametrize("name", RUNS)
def test_every_run_can_be_written_and_says_that_it_is_simulated(name: str, samples: ModuleType, tmp_path: Path) -> None:
    run = getattr(samples, name)()
    assert "simulated" in json.loads(entra_log.write(run, tmp_path).read_text())["scimulator"]
    events = json.loads(okta_log.write(run, tmp_path).read_text())
    assert all("simulated" in event["scimulator"] for event in events)


def test_a_failed_disable_comes_back_with_its_code_and_the_service_s_answer(
    samples: ModuleType, tmp_path: Path
) -> None:
    text = 'ada: StatusCode: BadRequest Message: x Web Response: {"status":"400"}. This operation was retried 0 times.'
    notice = Notice("Provisioning logs", "Failure", text, "Code", step="EntryExportUpdateSoftDelete", at=80)
    run = with_notices(samples, "entra", notice, Notice("Provisioning > Test Connection", "Failure", "elsewhere"))
    (event,) = told(run, "entra", tmp_path)
    assert (event.kind, event.outcome, event.code) == ("disable", "failure", "Code")
    assert '{"status":"400"}' in event.text
    assert event.steps[-1][:2] == ("EntryExportUpdateSoftDelete", "failure")


def test_a_failed_deactivation_at_okta_comes_back_with_its_reason(samples: ModuleType, tmp_path: Path) -> None:
    why = "Not Found. Errors reported by remote server: gone"
    words = "Push user deactivation to external application"
    event_type = "application.provision.user.deactivate"
    task = Notice("Dashboard > Tasks", "Task", f"Automatic deprovisioning failed: {why}")
    line = Notice("Reports > System Log", "Failure", f"{words} FAILURE: {why}", event_type)
    (event,) = told(with_notices(samples, "okta", task, line), "okta", tmp_path)
    assert (event.kind, event.outcome, event.text) == (event_type, "FAILURE", why)
    assert event.details["displayMessage"] == words
    assert why in (tmp_path / "okta-tasks.txt").read_text()


def test_a_quarantine_is_written_as_the_job_s_own_export(samples: ModuleType, tmp_path: Path) -> None:
    quarantine = Quarantine("EncounteredQuarantineException", "refused", 80, Evidence.DOCUMENTED, (440,))
    entra_log.write(with_notices(samples, "entra", quarantine=quarantine), tmp_path)
    export, complaints = read_export(tmp_path / "entra-job.json")
    assert complaints == ()
    assert export.jobs[0].quarantine is not None
    assert export.jobs[0].quarantine.reason == "EncounteredQuarantineException"
    assert export.jobs[0].quarantine.next_attempt == "2026-01-01T07:20:00Z"


def test_the_label_of_the_app_gives_nothing_away(samples: ModuleType, tmp_path: Path) -> None:
    notice = Notice("Provisioning logs", "Success", "Disable ada", step="EntryExportUpdateSoftDelete")
    run = with_notices(samples, "entra", notice)
    (event,) = told(run, "entra", tmp_path)
    assert run.results[0].key.story not in event.app
