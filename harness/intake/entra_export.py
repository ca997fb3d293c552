"""The exports of an Entra provisioning job: its schema (the mappings), its state, and its settings.

``GET .../synchronization/jobs/{id}/schema``, ``.../jobs`` and ``.../secrets``; the portal's download is the first.
Fields by the pages of Graph on synchronizationSchema, objectMapping, synchronizationJob and synchronizationQuarantine.
What is not known is passed over: exports grow. A credential is dropped while reading and never kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from harness.intake.decoding import decoded, read_text
from harness.intake.entra_schema import Doubts, from_json
from harness.intake.importer import Importer, Progress
from harness.intake.opening import opened
from harness.model.entra_export import EntraExport, JobExport, ObjectFlow
from harness.model.sighting import Complaint, Confidence, LogEvent, Provenance, Sighting

FORMAT = "entra-export"
LARGEST = 64 * 1024 * 1024
"""A schema with every attribute of a large directory is a few megabytes."""

HINT = (
    "Export it again: Entra admin center > Enterprise apps > your app > Provisioning > Edit attribute mappings > "
    "Show advanced options > Review your schema here > Download."
)


def read_export(path: Path) -> tuple[EntraExport, tuple[Complaint, ...]]:
    """Whatever a file says about a job, and what of it could not be read. Raises OSError.

    A file may hold one export or several, as an object, a list, or the answer of Graph around them; packed files are
    looked into.
    """
    export, complaints = EntraExport(), list[Complaint]()
    with opened(path) as found:
        complaints.extend(found.complaints)
        for one in found.paths:
            read, doubts = _read_one(one)
            export = export.with_(read)
            complaints.extend(doubts)
    return export, tuple(complaints)


def _read_one(path: Path) -> tuple[EntraExport, tuple[Complaint, ...]]:
    def complaint(place: str, message: str, *, fatal: bool = False) -> Complaint:
        return Complaint(Provenance(path.name, FORMAT, place), message, HINT, fatal)

    if path.stat().st_size > LARGEST:
        return EntraExport(), (
            complaint("the whole file", f"expected an export of at most {LARGEST >> 20} MB", fatal=True),
        )
    try:
        value = json.loads(read_text(path, LARGEST))
    except json.JSONDecodeError as error:
        message = f"expected the JSON that the portal or Graph gives; {error.msg}"
        return EntraExport(), (complaint(f"line {error.lineno}, column {error.colno}", message, fatal=True),)
    except ValueError as error:
        # A number that no export has.
        return EntraExport(), (complaint("the whole file", f"it cannot be read as JSON: {error}", fatal=True),)
    except RecursionError:
        return EntraExport(), (complaint("the whole file", "it is nested too deeply to be an export", fatal=True),)
    doubts: Doubts = []
    export = from_json(value, doubts)
    complaints = [complaint(at or "the whole file", message) for at, message in doubts]
    if not export:
        what = "expected a synchronization schema, a job or its settings; none of them is in the file"
        complaints.append(complaint("the whole file", what, fatal=True))
    return export, tuple(complaints)


def _recognises(_name: str, head: bytes) -> int:
    text = decoded(head)
    if not text.lstrip().startswith(("{", "[")):
        return 0
    if '"synchronizationRules"' in text or ('"objectMappings"' in text and '"attributeMappings"' in text):
        return 95
    if '"directories"' in text and '"referencedObjects"' in text:
        return 90
    if '"templateId"' in text and '"schedule"' in text:
        return 85
    if '"SkipOutOfScopeDeletions"' in text or ('"BaseAddress"' in text and '"SecretToken"' in text):
        return 80
    return 0


def _read_sightings(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    """One event for each object mapping, each job, and the settings; ``read_export`` gives the whole."""
    export, complaints = read_export(path)
    progress(path.stat().st_size)
    yield from complaints

    def sighting(place: str, event: LogEvent) -> Sighting:
        return Sighting(Provenance(path.name, FORMAT, place), Confidence.REPORTED, idp="entra", event=event)

    for mapping in export.schema.mappings if export.schema else ():
        yield sighting(mapping.at, _mapping_event(mapping))
    for job in export.jobs:
        yield sighting(f"job {job.id}", _job_event(job))
    if export.settings:
        yield sighting("settings", LogEvent("entra", "synchronizationSecrets", "", details=dict(export.settings)))


def _mapping_event(mapping: ObjectFlow) -> LogEvent:
    return LogEvent(
        idp="entra",
        kind="objectMapping",
        outcome="enabled" if mapping.enabled else "disabled",
        text=mapping.name,
        details={
            "sourceObjectName": mapping.source_object,
            "targetObjectName": mapping.target_object,
            "flowTypes": ", ".join(mapping.flow_types),
            **{f"maps {row.target}": row.source for row in mapping.rows},
        },
    )


def _job_event(job: JobExport) -> LogEvent:
    quarantine = job.quarantine
    told = {"state": job.state, "interval": job.interval, "template": job.template}
    if quarantine:
        told |= {
            "quarantine": quarantine.reason,
            "currentBegan": quarantine.began,
            "nextAttempt": quarantine.next_attempt,
            "seriesBegan": quarantine.series_began,
        }
    return LogEvent(
        idp="entra",
        kind="synchronizationJob",
        outcome=job.code,
        code=quarantine.code or job.error_code if quarantine else job.error_code,
        text=(quarantine.message if quarantine else "") or job.error_message,
        ids={"jobId": job.id},
        details={name: value for name, value in told.items() if value},
    )


IMPORTER = Importer(FORMAT, "Entra: schema, job or settings export", _recognises, _read_sightings)
