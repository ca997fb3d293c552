"""Writes the corpus: what customers hand in, in every shape, clean and damaged, with what has to be told of it.

python -m tests.triage.writing writes tests/triage/corpus anew; what stands there is what the test reads. Shapes and texts
are those that are on record for both vendors.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import quote, quote_plus

CORPUS = Path(__file__).parent / "corpus"
BASE = "https://app.example.test/scim/v2"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
OKTA = {"User-Agent": "Okta SCIM Client 1.0.0", "Accept": "application/scim+json", "Authorization": "Bearer k"}
ENTRA = {"Authorization": "Bearer k"}
PRE = "SystemForCrossDomainIdentityManagement"
ADA, BEN, CYD = "ada@example.test", "ben@example.test", "cyd@example.test"

Case = dict[str, bytes]
CASES: dict[str, tuple[Callable[[], Case], dict[str, Any]]] = {}


def case(cause: str | tuple[str, ...] = "", **expected: Any) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    """``cause`` is what has to be told first; "" when the files do not tell."""

    def keep(function: Callable[[], Case]) -> Callable[[], Case]:
        first = [cause] if isinstance(cause, str) else list(cause)
        CASES[function.__name__.replace("_", "-")] = function, {"first": [x for x in first if x], **expected}
        return function

    return keep


# --- HAR -------------------------------------------------------------------------------------------------------------


def user(name: str = ADA, number: str = "u-1", active: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "id": number,
        "userName": name,
        "active": active,
        "meta": {"resourceType": "User"},
        **more,
    }


def found(*people: dict[str, Any]) -> dict[str, Any]:
    n = len(people)
    return {"schemas": [LIST], "totalResults": n, "startIndex": 1, "itemsPerPage": n, "Resources": list(people)}


def error(status: int, detail: str, kind: str = "") -> dict[str, Any]:
    return {"schemas": [ERROR], "status": str(status), "detail": detail, **({"scimType": kind} if kind else {})}


def op(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


OFF_OKTA = op({"op": "replace", "value": {"active": False}})
ON_OKTA = op({"op": "replace", "value": {"active": True}})
OFF_ENTRA = op({"op": "Replace", "path": "active", "value": "False"})
ON_ENTRA = op({"op": "Replace", "path": "active", "value": "True"})


class Har:
    """Grows call by call; each is a second after the one before."""

    def __init__(self, headers: dict[str, str], base: str = BASE) -> None:
        self.headers, self.base, self.entries, self.second = headers, base, [], 0

    def call(
        self,
        method: str,
        path: str,
        sent: Any = None,
        status: int = 200,
        answer: Any = None,
        *,
        after: int = 1,
        html: str = "",
        headers: dict[str, str] | None = None,
    ) -> Har:
        self.second += after
        body = None if sent is None else json.dumps(sent, separators=(",", ":"))
        typed = {"Content-Type": "application/scim+json; charset=utf-8"} if body else {}
        text = html or ("" if answer is None else json.dumps(answer))
        kind = "text/html" if html else "application/scim+json"
        minutes, seconds = divmod(self.second, 60)
        self.entries.append({
            "startedDateTime": f"2026-01-02T{3 + minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.000Z", "time": 31,
            "request": {
                "method": method, "url": self.base + path, "httpVersion": "HTTP/1.1",
                "headers": [{"name": k, "value": v} for k, v in {**self.headers, **typed}.items()],
                "queryString": [], "cookies": [], "headersSize": -1, "bodySize": len(body or ""),
                **({"postData": {"mimeType": "application/scim+json", "text": body}} if body else {}),
            },
            "response": {
                "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
                "headers": [{"name": k, "value": v} for k, v in {"Content-Type": kind, **(headers or {})}.items()],
                "content": {"size": len(text), "mimeType": kind, "text": text}, "headersSize": -1, "bodySize": len(text),
            },
            "cache": {}, "timings": {"send": 0, "wait": 31, "receive": 0},
        })  # fmt: skip
        return self

    def lookup(self, name: str, *people: dict[str, Any], by: str = "userName", **more: Any) -> Har:
        spelt = (
            quote(f'{by} eq "{name}"') + "&startIndex=1&count=100"
            if self.headers is OKTA
            else quote_plus(f'{by} eq "{name}"')
        )
        answer = more.pop("answer", None)
        return self.call("GET", f"/Users?filter={spelt}", answer=found(*people) if answer is None else answer, **more)

    def probe(self, **more: Any) -> Har:
        if self.headers is OKTA:
            return self.call("GET", "/Users?startIndex=1&count=2", **{"answer": found(), **more})
        return self.lookup("11111111-2222-3333-4444-555555555555", **more)

    def done(self, name: str = "gateway.har", indent: int | None = None) -> Case:
        log = {"version": "1.2", "creator": {"name": "gateway", "version": "1"}, "entries": self.entries}
        return {name: json.dumps({"log": log}, indent=indent).encode()}


# --- Entra -----------------------------------------------------------------------------------------------------------


def frame(name: str, body: Any, retried: int = 1) -> str:
    said = body if isinstance(body, str) else json.dumps(body)
    return (
        f"StatusCode: {name} Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response "
        f"returned by the 'Response' property of this exception for details. Web Response: {said}. This operation was "
        f"retried {retried} times. It will be retried again after this date: 2026-01-02T05:04:05Z UTC"
    )


def record(
    action: str,
    status: str,
    code: str = "",
    reason: str = "",
    who: str = ADA,
    *,
    group: bool = False,
    minute: int = 0,
    changes: tuple[tuple[str, str, str], ...] = (),
    steps: tuple[tuple[str, str, str, str], ...] = (),
    details: dict[str, str] | None = None,
) -> dict[str, Any]:
    kind = "Group" if group else "User"
    number = abs(hash_of(who)) % 1000
    return {
        "id": f"rec-{number}-{minute}", "activityDateTime": f"2026-01-02T{3 + minute // 60:02d}:{minute % 60:02d}:05Z",
        "jobId": "scim.t1.j1", "cycleId": f"cycle-{minute // 40}", "changeId": f"change-{number}-{minute}-{action}",
        "provisioningAction": action, "durationInMilliseconds": 812,
        "provisioningStatusInfo": {"status": status, "errorInformation": {
            "errorCode": code, "reason": reason, "additionalDetails": None, "errorCategory": "nonServiceFailure", "recommendedAction": None} if code or reason else None},
        "provisioningSteps": [{"name": n, "provisioningStepType": t, "status": s, "description": d, "details": details or {}}
                              for n, t, s, d in (steps or (("EntryExportUpdate", "export", status, reason[:80]),))],
        "modifiedProperties": [{"displayName": n, "oldValue": a, "newValue": b} for n, a, b in changes],
        "servicePrincipal": {"id": "sp1", "displayName": "Field Notes"},
        "sourceSystem": {"id": "s1", "displayName": "Azure Active Directory", "details": {}},
        "targetSystem": {"id": "t1", "displayName": "customappsso", "details": {}},
        "initiatedBy": {"id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system"},
        "sourceIdentity": {"id": f"obj-{number}", "displayName": who, "identityType": kind, "details": {}},
        "targetIdentity": {"id": f"u-{number}", "displayName": "", "identityType": kind, "details": {}},
    }  # fmt: skip


def hash_of(text: str) -> int:
    return sum((n + 1) * ord(c) for n, c in enumerate(text))


def graph(*records: dict[str, Any], name: str = "provisioning.json") -> Case:
    return {
        name: json.dumps(
            {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata", "value": list(records)}, indent=1
        ).encode()
    }


def portal(*records: dict[str, Any]) -> Case:
    return {"ProvisioningLogs.json": json.dumps([{**r, "action": r["provisioningAction"]} for r in records]).encode()}


def monitor(*records: dict[str, Any]) -> Case:
    rows = []
    for r in records:
        info = r["provisioningStatusInfo"]["errorInformation"] or {}
        rows.append({
            "TimeGenerated": r["activityDateTime"], "AADTenantId": "t", "JobId": r["jobId"], "CycleId": r["cycleId"], "ChangeId": r["changeId"],
            "ProvisioningAction": r["provisioningAction"], "ResultType": r["provisioningStatusInfo"]["status"],
            "ResultSignature": info.get("errorCode", ""), "ResultDescription": info.get("reason", ""),
            "ProvisioningStatusInfo": json.dumps(r["provisioningStatusInfo"]), "ProvisioningSteps": json.dumps(r["provisioningSteps"]),
            "ModifiedProperties": json.dumps(r["modifiedProperties"]), "ServicePrincipal": json.dumps(r["servicePrincipal"]),
            "SourceIdentity": json.dumps(r["sourceIdentity"]), "TargetIdentity": json.dumps(r["targetIdentity"]),
            "SourceSystem": json.dumps(r["sourceSystem"]), "TargetSystem": json.dumps(r["targetSystem"]), "InitiatedBy": json.dumps(r["initiatedBy"]),
        })  # fmt: skip
    return {"AADProvisioningLogs.jsonl": "\n".join(map(json.dumps, rows)).encode()}


def on_demand(r: dict[str, Any]) -> Case:
    info = r["provisioningStatusInfo"]["errorInformation"] or {}
    key = {
        "result": r["provisioningStatusInfo"]["status"].title(),
        "details": {"errorCode": info.get("errorCode", ""), "errorMessage": info.get("reason", "")},
    }
    value = {
        "action": r["provisioningAction"], "changeId": r["changeId"], "startTime": r["activityDateTime"], "endTime": r["activityDateTime"],
        "modifiedProperties": r["modifiedProperties"], "reportableIdentifier": r["sourceIdentity"]["displayName"],
        "provisioningSteps": [{"name": s["name"], "type": s["provisioningStepType"], "status": s["status"], "description": s["description"], "details": {}} for s in r["provisioningSteps"]],
        "statusInfo": {"status": r["provisioningStatusInfo"]["status"], **info}, "sourceIdentity": {**r["sourceIdentity"], "type": "User"},
        "targetIdentity": {**r["targetIdentity"], "type": "User"}, "sourceSystem": {"name": "Azure Active Directory"}, "targetSystem": {"name": "customappsso"},
    }  # fmt: skip
    return {"provisionOnDemand.json": json.dumps({"key": json.dumps(key), "value": json.dumps(value)}).encode()}


def trio(*records: dict[str, Any], separator: str = ",", encoding: str = "utf-8") -> Case:
    def table(columns: list[str], rows: list[list[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows([columns, *rows])
        return text.getvalue().encode(encoding)

    events, steps, changes = [], [], []
    for r in records:
        info = r["provisioningStatusInfo"]["errorInformation"] or {}
        events.append([r["activityDateTime"], r["changeId"], r["cycleId"], r["jobId"], r["provisioningAction"], r["provisioningStatusInfo"]["status"],
                       info.get("errorCode", ""), info.get("reason", ""), r["sourceIdentity"]["id"], r["sourceIdentity"]["displayName"],
                       r["sourceIdentity"]["identityType"], r["targetIdentity"]["id"], "Field Notes"])  # fmt: skip
        steps += [
            [r["changeId"], s["name"], s["provisioningStepType"], s["status"], s["description"]]
            for s in r["provisioningSteps"]
        ]
        changes += [[r["changeId"], m["displayName"], m["oldValue"], m["newValue"]] for m in r["modifiedProperties"]]
    return {
        "ProvisioningLogs_2026-01-02.csv": table(
            [
                "Date",
                "Change ID",
                "Cycle ID",
                "Job ID",
                "Action",
                "Status",
                "Error code",
                "Status reason",
                "Source ID",
                "Source display name",
                "Source identity type",
                "Target ID",
                "Service principal name",
            ],
            events,
        ),
        "ProvisioningLogs_ProvisioningSteps_2026-01-02.csv": table(
            ["Change ID", "Name", "Type", "Status", "Description"], steps
        ),
        "ProvisioningLogs_ModifiedProperties_2026-01-02.csv": table(
            ["Change ID", "Property name", "Old value", "New value"], changes
        ),
    }


def schema(
    expression: str | None = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    flow: str = "Add, Update, Delete",
    groups: bool = False,
    matching: str = "userName",
) -> Case:
    def row(target: str, source: str) -> dict[str, Any]:
        kind = "Function" if "(" in source else "Attribute"
        return {"targetAttributeName": target, "matchingPriority": 1 if target == matching else 0, "flowType": "Always", "flowBehavior": "FlowWhenChanged",
                "defaultValue": None, "exportMissingReferences": False,
                "source": {"type": kind, "name": source.strip("[]").partition("(")[0], "expression": source, "parameters": []}}  # fmt: skip

    rows = [row("userName", "[userPrincipalName]"), row("externalId", "[objectId]")]
    rows += [row("active", expression)] if expression else []
    core = {
        "sourceDirectoryName": "Azure Active Directory",
        "targetDirectoryName": "customappsso",
        "name": "RULE",
        "id": "r",
        "priority": 1,
        "editable": True,
    }
    people = {"name": "Provision Microsoft Entra ID Users", "enabled": True, "flowTypes": flow, "scope": None, "sourceObjectName": "User",
              "targetObjectName": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "attributeMappings": rows, "metadata": []}  # fmt: skip
    teams = {"name": "Provision Microsoft Entra ID Groups", "enabled": groups, "flowTypes": flow, "scope": None, "sourceObjectName": "Group",
             "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:Group", "attributeMappings": [row("displayName", "[displayName]")], "metadata": []}  # fmt: skip
    document = {
        "id": "scim.t1.j1",
        "directories": [],
        "synchronizationRules": [{**core, "objectMappings": [people, teams]}],
    }
    return {"schema.json": json.dumps(document, indent=1).encode()}


def job(reason: str, code: str, message: str) -> Case:
    document = {
        "id": "scim.t1.j1", "templateId": "scim", "schedule": {"interval": "PT40M", "state": "Active"},
        "status": {"code": "Quarantine", "lastExecution": {"error": {"code": code, "message": message}},
                   "quarantine": {"reason": reason, "currentBegan": "2026-01-02T03:04:05Z", "nextAttempt": "2026-01-02T09:04:05Z",
                                  "seriesBegan": "2026-01-01T03:04:05Z", "seriesCount": 3, "error": {"code": code, "message": message}}},
    }  # fmt: skip
    return {"job.json": json.dumps(document).encode()}


# --- Okta ------------------------------------------------------------------------------------------------------------


def event(
    kind: str,
    result: str,
    reason: str = "",
    who: str = ADA,
    *,
    minute: int = 0,
    message: str = "",
    group: str = "",
    debug: dict[str, str] | None = None,
) -> dict[str, Any]:
    target = (
        [
            {
                "id": f"00u{hash_of(who) % 1000}",
                "type": "User",
                "alternateId": who,
                "displayName": who.partition("@")[0].title(),
            }
        ]
        if who
        else []
    )
    target += [{"id": "0oa1", "type": "AppInstance", "alternateId": "Field Notes", "displayName": "Field Notes"}]
    target += [{"id": "00g1", "type": "UserGroup", "alternateId": group, "displayName": group}] if group else []
    return {
        "uuid": f"uuid-{minute}-{kind}", "published": f"2026-01-02T{3 + minute // 60:02d}:{minute % 60:02d}:05.000Z", "eventType": kind, "version": "0",
        "severity": "INFO" if result == "SUCCESS" else "ERROR", "displayMessage": message or kind, "outcome": {"result": result, "reason": reason or None},
        "actor": {"id": "00uadmin", "type": "User", "alternateId": "it@example.test", "displayName": "IT"}, "target": target,
        "debugContext": {"debugData": debug or {}}, "transaction": {"type": "JOB", "id": f"t{minute}"},
    }  # fmt: skip


def system_log(*events: dict[str, Any]) -> Case:
    return {"system-log.json": json.dumps(list(events), indent=1).encode()}


def system_csv(*events: dict[str, Any]) -> Case:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["timestamp", "uuid", "event_type", "display_message", "outcome.result", "outcome.reason", "actor.alternate_id",
                     "target0.id", "target0.type", "target0.alternate_id", "target0.display_name", "target1.type", "target1.display_name"])  # fmt: skip
    for e in events:
        t = e["target"]
        writer.writerow([e["published"], e["uuid"], e["eventType"], e["displayMessage"], e["outcome"]["result"], e["outcome"]["reason"] or "",
                         e["actor"]["alternateId"], t[0]["id"], t[0]["type"], t[0]["alternateId"], t[0]["displayName"],
                         t[1]["type"] if len(t) > 1 else "", t[1]["displayName"] if len(t) > 1 else ""])  # fmt: skip
    return {"system-log.csv": text.getvalue().encode()}


def task(sentence: str, phrase: str, detail: str) -> str:
    return f"{sentence}: {phrase}. Errors reported by remote server: {detail}"


def write(folder: Path = CORPUS) -> None:
    """Write every case anew."""
    import_module("tests.triage.formats")
    for module in iter_modules([str(Path(__file__).parent / "cases")]):
        import_module(f"tests.triage.cases.{module.name}")
    shutil.rmtree(folder, ignore_errors=True)
    for name, (function, expected) in CASES.items():
        here = folder / name
        here.mkdir(parents=True)
        for file, content in function().items():
            (here / file).parent.mkdir(exist_ok=True)
            (here / file).write_bytes(content)
        lines = [f"{key} = {json.dumps(value)}" for key, value in expected.items()]
        (here / "expected.toml").write_text("\n".join(lines) + "\n", "utf-8")


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def zipped(files: Case) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), content)
    return out.getvalue()


if __name__ == "__main__":
    from tests.triage.writing import write as write_again

    write_again()
