"""What Entra's provisioning log would say of a run, in the shape in which Graph gives it (``/auditLogs/provisioning``).

Beside it, ``entra-job.json`` has the state of every job that ended in quarantine, as Graph gives a synchronization job.
Fields by Graph's page on provisioningObjectSummary; both files say that they are simulated.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.model.outlook import Quarantine
from harness.model.run import Run, ScenarioResult
from harness.model.step import ENTERPRISE_USER, GROUP
from reports.idp_log import (
    BEGINNING,
    MARK,
    Line,
    app_name,
    clean,
    dumped,
    identifier,
    lines,
    mark,
    seen_before,
    written,
)

LOG = "Provisioning logs"
NAME, JOB = "entra-log.json", "entra-job.json"
_ACTIONS = {
    "EntryExportAdd": "create",
    "EntryExportUpdate": "update",
    "EntryExportUpdateSoftDelete": "disable",
    "EntryExportDelete": "delete",
}
_KINDS = {"EntryExport": "export", "EntryImport": "import", "EntrySynchronizationSkip": "scoping"}
_SYSTEM = {"id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system"}


def write(run: Run, directory: Path) -> Path:
    """Write ``entra-log.json`` (and ``entra-job.json`` if a job is in quarantine). Raises OSError."""
    held = [(result, result.outlook.quarantine) for result in run.results if result.key.idp == "entra"]
    jobs = [_job(result, quarantine) for result, quarantine in held if quarantine is not None]
    if jobs:
        written(directory, JOB, dumped({MARK: mark(run), "value": jobs}))
    return written(directory, NAME, render(run))


def render(run: Run) -> str:
    """The log as text: one record for each line of the provisioning log, oldest first."""
    records = [_record(line) for line in lines(run, "entra") if line.notice.where == LOG]
    return dumped({MARK: mark(run), "value": records})


def _record(line: Line) -> dict[str, Any]:
    notice, exchange = line.notice, line.exchange
    failed = notice.status != "Success"
    action = _ACTIONS.get(notice.step, "stageddelete" if notice.code == "StagedDelete" else "other")
    who = line.person.person.user_name if line.person else line.team.name if line.team else ""
    source = line.person.person.directory_id if line.person else line.team.directory_id if line.team else ""
    scenario = line.result.key.id
    return {
        "id": identifier("record", line.key),
        "activityDateTime": line.at,
        "tenantId": identifier("tenant"),
        "jobId": job_id(scenario),
        "cycleId": identifier("cycle", scenario, str(notice.at)),
        "changeId": identifier("change", line.key),
        "provisioningAction": action,
        "durationInMilliseconds": round(exchange.elapsed_ms) if exchange else 0,
        "provisioningStatusInfo": {
            "status": notice.status.lower(),
            "errorInformation": _error(line, who) if failed else None,
        },
        "provisioningSteps": list(_steps(line, who)),
        "modifiedProperties": list(_changes(line)) if action in ("create", "update", "disable") else [],
        "servicePrincipal": {"id": identifier("app", scenario), "displayName": app_name(scenario)},
        "sourceSystem": {"id": identifier("source"), "displayName": "Azure Active Directory", "details": {}},
        "targetSystem": {"id": identifier("target"), "displayName": "customappsso", "details": {}},
        "initiatedBy": _SYSTEM,
        "sourceIdentity": {
            "id": _guid(source),
            "displayName": clean(who),
            "identityType": "Group" if line.team else "User",
            "details": {},
        },
        "targetIdentity": {
            "id": clean(line.target_id),
            "displayName": "",
            "identityType": GROUP if line.team else ENTERPRISE_USER,
            "details": {},
        },
    }


def job_id(scenario: str) -> str:
    """The id of the job that played a scenario."""
    return f"scim.{identifier('tenant').replace('-', '')}.{identifier('job', scenario)}"


def _error(line: Line, who: str) -> dict[str, Any]:
    return {
        "errorCode": line.notice.code,
        "reason": clean(line.notice.text.removeprefix(f"{who}: ")),
        "additionalDetails": None,
        "errorCategory": "nonServiceFailure",
        "recommendedAction": None,
    }


def _steps(line: Line, who: str) -> Iterator[dict[str, Any]]:
    """The step that the line is about, and before an export the import and the matching that led there."""
    name, status = line.notice.step, line.notice.status.lower()
    if name.startswith("EntryExport"):
        suffix = "Add" if name == "EntryExportAdd" else "Update"
        for done, kind in ((f"EntryImport{suffix}", "import"), (f"EntrySynchronization{suffix}", "matching")):
            yield _step(done, kind, "success", {})
    kind = next((kind for begin, kind in _KINDS.items() if name.startswith(begin)), "matching")
    details = {"ReportableIdentifier": clean(who)} if who else {}
    if line.notice.status == "Skipped":
        details["SkipReason"] = line.notice.code
    yield _step(name, kind, status, details, clean(line.notice.text))


def _step(name: str, kind: str, status: str, details: dict[str, str], description: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "provisioningStepType": kind,
        "status": status,
        "description": description,
        "details": details,
    }


def _changes(line: Line) -> Iterator[dict[str, str]]:
    """What the call wrote, attribute by attribute, with what the IdP had read there before."""
    sent = line.exchange.sent if line.exchange is not None else None
    if not isinstance(sent, dict):
        return
    before = seen_before(line)
    operations = sent.get("Operations")
    if not isinstance(operations, list):
        operations = [{"path": name, "value": value} for name, value in sent.items() if name != "schemas"]
    for operation in operations:
        value = operation.get("value") if isinstance(operation, dict) else None
        path = str(operation.get("path") or "") if isinstance(operation, dict) else ""
        parts = value if not path and isinstance(value, dict) else {path: value}
        for name, new in parts.items():
            yield {"displayName": clean(str(name)), "oldValue": _value(before.get(name)), "newValue": _value(new)}


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | str):
        return clean(str(value))
    return clean(json.dumps(value))


def _guid(digits: str) -> str:
    try:
        return str(uuid.UUID(digits))
    except ValueError:
        return digits


def _job(result: ScenarioResult, quarantine: Quarantine) -> dict[str, Any]:
    """A synchronization job in quarantine, as Graph gives it."""
    error = {"code": quarantine.reason, "message": clean(quarantine.text)}
    since = f"{(BEGINNING + timedelta(minutes=quarantine.since)).isoformat()}Z"
    following = [f"{(BEGINNING + timedelta(minutes=at)).isoformat()}Z" for at in quarantine.next_attempts[:1]]
    return {
        "id": job_id(result.key.id),
        "templateId": "scim",
        "schedule": {"interval": "PT40M", "state": "Active"},
        "status": {
            "code": "Quarantine",
            "lastExecution": {"error": error},
            "quarantine": {
                "reason": quarantine.reason,
                "currentBegan": since,
                "nextAttempt": following[0] if following else None,
                "seriesBegan": since,
                "seriesCount": 1,
                "error": error,
            },
        },
    }
