"""Which column of a spreadsheet of Entra's provisioning log is which: by its heading, else by what stands in it.

The portal's files come in the language of the portal and through spreadsheets, so headings may be translated, shortened
or renamed. What nobody has documented is the exact wording of the headings: names are compared loosely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.intake.entra_records import ACTIONS, STATUSES
from harness.intake.tables import plain
from harness.intake.texts import utc

HEADINGS: dict[str, tuple[str, ...]] = {
    "at": ("activitydatetime", "date", "dateutc", "datetime", "time", "timegenerated", "timegeneratedutc", "timestamp"),
    "id": ("id",),
    "tenantId": ("tenantid", "aadtenantid"),
    "jobId": ("jobid",),
    "cycleId": ("cycleid",),
    "changeId": ("changeid", "provisioningchangeid"),
    "action": ("action", "provisioningaction", "aktion", "accion", "azione", "acao"),
    "status": (
        *("status", "provisioningstatus", "statut", "estado", "stato", "resulttype", "statusinfostatus"),
        "provisioningstatusinfostatus",
    ),
    "code": ("errorcode", "statusinfoerrorcode", "statuserrorcode", "fehlercode", "codeerreur", "resultsignature"),
    "reason": (
        *("reason", "statusreason", "statusinforeason", "errordescription", "grund", "motif", "motivo"),
        *("resultdescription", "statusdetails", "errormessage", "message"),
    ),
    "category": ("errorcategory", "statusinfoerrorcategory"),
    "action_advice": ("recommendedaction", "statusinforecommendedaction"),
    "duration": ("durationms", "durationinmilliseconds", "duration"),
    "app": (
        "serviceprincipalname",
        "serviceprincipaldisplayname",
        "serviceprincipal",
        "application",
        "applicationname",
    ),
    "actor": ("initiatedby", "initiatedbyname", "initiatedbydisplayname", "initiator"),
    "sourceId": (
        *("sourceidentityid", "sourceid", "identitysourceid", "quellid", "quellidentitaetsid"),
        "sourceidentityentraid",
    ),
    "sourceName": (
        *("sourceidentityname", "sourceidentitydisplayname", "sourcedisplayname", "identity", "identityname"),
        "reportableidentifier",
    ),
    "sourceType": ("sourceidentitytype", "sourcetype", "identitytype", "objecttype"),
    "targetId": ("targetidentityid", "targetid", "identitytargetid", "zielid", "targetidentityentraid"),
    "targetName": ("targetidentityname", "targetidentitydisplayname", "targetdisplayname"),
    "targetType": ("targetidentitytype", "targettype"),
    "targetSystem": ("targetsystem", "targetsystemname", "targetsystemdisplayname"),
    "sourceSystem": ("sourcesystem", "sourcesystemname", "sourcesystemdisplayname"),
    "name": ("name", "stepname", "displayname", "property", "propertyname", "attribute", "attributename"),
    "kind": ("provisioningsteptype", "steptype", "type"),
    "description": ("description", "stepdescription", "beschreibung"),
    "details": ("details", "stepdetails", "additionaldetails"),
    "old": ("oldvalue", "old", "alterwert", "anciennevaleur", "valoranterior", "valorantiguo"),
    "new": ("newvalue", "new", "neuerwert", "nouvellevaleur", "valornuevo", "nuevovalor"),
}
_BY_HEADING = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_JOB = re.compile(r"(?:scim|customappsso|\w+)\.[0-9a-f]{8,32}\..+", re.IGNORECASE)
_STEP = re.compile(r"Entry(?:Import|Synchronization|Export)\w*")

MONITOR = ("provisioningsteps", "modifiedproperties", "provisioningstatusinfo", "sourceidentity", "targetidentity")
"""Headings of a table whose cells hold JSON: an export of Azure Monitor."""


def columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Where each column is, by our name for it; ``rows`` are the first few, for what the headings do not tell."""
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        name = _BY_HEADING.get(plain(heading))
        if name is not None:
            found.setdefault(name, number)
    for number in range(len(headings)):
        cells = [row[number].strip() for row in rows if number < len(row) and row[number].strip()]
        name = "" if number in found.values() else _by_content(cells)
        if name:
            found.setdefault(name, number)
    return found


def _by_content(cells: list[str]) -> str:
    """What a column is by what stands in it, "" when that tells nothing."""
    if not cells:
        return ""
    lowered = {cell.lower() for cell in cells}
    if lowered <= set(STATUSES):
        return "status"
    if lowered <= set(ACTIONS):
        return "action"
    if all(_STEP.fullmatch(cell) for cell in cells):
        return "name"
    if all(_JOB.fullmatch(cell) for cell in cells):
        return "jobId"
    if all(_GUID.fullmatch(cell) for cell in cells):
        # Which of several it is can only be told by what the other files hold: see change_ids.
        return "changeId"
    if all(utc(cell) for cell in cells):
        return "at"
    return ""


def part_of(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Which of the portal's three files this is: "log", "steps", "changes"; "monitor" for Azure Monitor's; or ""."""
    names = {plain(heading) for heading in headings}
    if len(names & set(MONITOR)) >= 2:
        return "monitor"
    where = columns(headings, rows)
    if not {"changeId", "cycleId", "jobId"} & where.keys():
        return ""
    if "old" in where and "new" in where:
        return "changes"
    if "action" in where:
        return "log"
    if "name" in where and {"kind", "description", "details", "status"} & where.keys():
        return "steps"
    return ""


def change_ids(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that may hold the change id: the one that is headed so, else each of GUIDs without a known name."""
    headed = [n for n, heading in enumerate(headings) if _BY_HEADING.get(plain(heading)) == "changeId"]
    if headed:
        return headed
    found = []
    for number, heading in enumerate(headings):
        cells = [row[number].strip() for row in rows if number < len(row) and row[number].strip()]
        if plain(heading) not in _BY_HEADING and cells and all(_GUID.fullmatch(cell) for cell in cells):
            found.append(number)
    return found
