"""How fast the logs of IdPs are read and triaged, and how much memory that takes, against csv and json of the same.

``--size logs=500000`` is the largest export that support has to expect; the size is the number of changes. Each side
works in a process of its own, because memory is measured; speed is by CPU time. The peers parse the rows and do nothing
with them.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure

SIZE = 5_000
MEMORY_MB = 500
"""What reading may take, whatever the size of the file."""

_WHY = "ours makes an event of each row, joins three files on disk and takes the service's answers out of error texts"
_TRIAGED = f"{_WHY}; then each event is told by its words, joined to its person, and asked for signs of trouble"
_BODY = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"not supported"}'
_TEXT = f"StatusCode: BadRequest Message: Processing failed. Web Response: {_BODY}. This operation was retried 1 times."

_TRIAL = """
import sys, time
from pathlib import Path
from benchmarks.memory import peak_mb
if sys.argv[1] == "read":
    from harness.intake.reading import read_files
elif sys.argv[1] == "triaged":
    from harness.triaging import triage
paths = [Path(name) for name in sys.argv[2:]]
begun = time.process_time()
if sys.argv[1] == "read":
    count = sum(1 for _ in read_files(paths))
elif sys.argv[1] == "triaged":
    count = len(triage(paths).causes)
elif sys.argv[1] == "csv":
    import csv
    count = 0
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            count += sum(1 for _ in csv.reader(file))
else:
    import json
    count = sum(len(json.loads(path.read_text("utf-8"))) for path in paths)
seconds = time.process_time() - begun
print(seconds, int(peak_mb()), count)
"""


def measure(size: int = SIZE) -> Iterator[Figure]:
    """Entra's three CSV files, Entra's JSON, Okta's JSON. ``size`` is the number of changes or events in each."""
    with tempfile.TemporaryDirectory(prefix="scimulator-") as place:
        directory = Path(place)
        for title, peer, paths in (
            ("Entra's log as three CSV files", "csv", entra_csv(directory, size)),
            ("Entra's log as JSON", "json", entra_json(directory, size)),
            ("Okta's System Log as JSON", "json", okta_json(directory, size)),
        ):
            yield from _pair(title, peer, paths)
            for path in paths:
                path.unlink()


def _pair(title: str, peer: str, paths: list[Path]) -> Iterator[Figure]:
    size = sum(path.stat().st_size for path in paths) / 1e6
    theirs, their_memory = _trial(peer, paths)
    for side, why in (("read", _WHY), ("triaged", _TRIAGED)):
        seconds, memory = _trial(side, paths)
        told, floor = f"{size / seconds:.1f} MB/s of {size:,.0f} MB", f"{peer} {size / theirs:.1f} MB/s"
        yield Figure(f"{title} {side}, speed", told, floor, theirs / seconds, why=why)
        told, floor, goal = f"{memory} MB", f"{peer} {their_memory} MB", f"at most {MEMORY_MB} MB"
        yield Figure(f"{title} {side}, memory", told, floor, memory / their_memory, goal, memory <= MEMORY_MB)


def _trial(reader: str, paths: list[Path]) -> tuple[float, int]:
    """Seconds and the most memory in MB of one reading, in a process of its own."""
    command = [sys.executable, "-c", _TRIAL, reader, *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    seconds, memory, _ = done.stdout.split()
    return float(seconds), int(memory)


def entra_csv(directory: Path, size: int) -> list[Path]:
    """The portal's three files: one change in four failed, three steps and one property each."""
    paths = [directory / name for name in ("ProvisioningLogs.csv", "Steps.csv", "Properties.csv")]
    log, steps, properties = (path.open("w", encoding="utf-8", newline="") for path in paths)
    with log, steps, properties:
        logs, step, changed = csv.writer(log), csv.writer(steps), csv.writer(properties)
        logs.writerow(
            [
                "Date",
                "Id",
                "Job Id",
                "Cycle Id",
                "Change Id",
                "Action",
                "Status",
                "Error Code",
                "Reason",
                "Source Identity Id",
                "Source Identity Name",
                "Source Identity Type",
                "Target Identity Id",
            ]
        )
        step.writerow(["Change Id", "Name", "Provisioning Step Type", "Status", "Description", "Details"])
        changed.writerow(["Change Id", "Display Name", "Old Value", "New Value"])
        for n in range(size):
            change, who, failed = _guid(n), f"user{n}@example.test", n % 4 == 0
            outcome = (
                ["failure", "SystemForCrossDomainIdentityManagementBadRequest", _TEXT]
                if failed
                else ["success", "", ""]
            )
            logs.writerow(
                [
                    *(_at(n), _guid(n + 1), "scim.0123456789abcdef.x", _guid(7), change, "disable", *outcome),
                    *(_guid(n + 2), who, "User", f"u-{n}"),
                ]
            )
            for name, kind in (("EntryImportUpdate", "import"), ("EntrySynchronizationUpdate", "matching")):
                step.writerow([change, name, kind, "success", "done", "{}"])
            step.writerow(
                [change, "EntryExportUpdate", "export", outcome[0], "", f'{{"ReportableIdentifier": "{who}"}}']
            )
            changed.writerow([change, "active", "True", "False"])
    return paths


def entra_json(directory: Path, size: int) -> list[Path]:
    """What the portal gives: a list of records in one line."""
    return [_list(directory / "ProvisioningLogs.json", (_record(n) for n in range(size)))]


def okta_json(directory: Path, size: int) -> list[Path]:
    """What the API gives, without the parts about browsers."""
    return [_list(directory / "okta.json", (_event(n) for n in range(size)))]


def _list(path: Path, values: Iterator[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number, value in enumerate(values):
            file.write(("," if number else "[") + json.dumps(value))
        file.write("]")
    return path


def _record(n: int) -> dict[str, Any]:
    error = {"errorCode": "Code", "reason": _TEXT, "errorCategory": "nonServiceFailure"} if n % 4 == 0 else None
    status = "failure" if error else "success"
    return {
        "id": _guid(n + 1),
        "activityDateTime": _at(n),
        "jobId": "scim.0123456789abcdef.x",
        "changeId": _guid(n),
        "provisioningAction": "disable",
        "provisioningStatusInfo": {"status": status, "errorInformation": error},
        "provisioningSteps": [
            {"name": name, "provisioningStepType": kind, "status": "success", "description": "done", "details": {}}
            for name, kind in (("EntryImportUpdate", "import"), ("EntrySynchronizationUpdate", "matching"))
        ],
        "modifiedProperties": [{"displayName": "active", "oldValue": "True", "newValue": "False"}],
        "sourceIdentity": {"id": _guid(n + 2), "displayName": f"user{n}@example.test", "identityType": "User"},
        "targetIdentity": {"id": f"u-{n}", "displayName": "", "identityType": "User"},
    }


def _event(n: int) -> dict[str, Any]:
    reason = "Not Found. Errors reported by remote server: gone" if n % 4 == 0 else None
    who = {"alternateId": f"user{n}@example.test", "displayName": f"User {n}", "detailEntry": None}
    return {
        "actor": {"id": "00u1", "type": "User", "alternateId": "admin@example.test", "displayName": "Admin"},
        "displayMessage": "Push user deactivation to external application",
        "eventType": "application.provision.user.deactivate",
        "outcome": {"result": "FAILURE" if reason else "SUCCESS", "reason": reason},
        "published": _at(n),
        "severity": "INFO",
        "debugContext": {"debugData": {"appname": "example"}},
        "transaction": {"type": "JOB", "id": f"tr{n}"},
        "uuid": _guid(n),
        "target": [{"id": f"0ua{n:017}", "type": "AppUser"} | who, {"id": f"00u{n:017}", "type": "User"} | who],
    }


def _guid(n: int) -> str:
    return f"{n:08x}-1111-4222-8333-444444444444"


def _at(n: int) -> str:
    return f"2026-01-{1 + n // 86400 % 28:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z"
