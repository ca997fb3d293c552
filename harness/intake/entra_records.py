"""One record of Entra's provisioning log, in whichever of its shapes, as a LogEvent.

Graph (``provisioningObjectSummary``, v1.0 and the deprecated names of beta), the portal's JSON, a row of Azure
Monitor's ``AADProvisioningLogs`` whose nested values are JSON strings, the ``properties`` of a diagnostic record, and
the answer of ``provisionOnDemand``. The vendor's pages disagree on letter case and on lists: names are compared
without regard to case and punctuation, and unknown values of an enumeration are kept as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from harness.intake.texts import clean, flat, nested, utc
from harness.model.sighting import LogEvent

_PLAIN = re.compile(r"[\W_]+")

ACTIONS = ("create", "update", "delete", "stageddelete", "stagedaction", "disable", "other", "unknownfuturevalue")
STATUSES = ("success", "failure", "skipped", "warning", "unknownfuturevalue")

_TELLING = (
    *("provisioningaction", "provisioningstatusinfo", "provisioningsteps", "statusinfo", "modifiedproperties"),
    *("sourceidentity", "targetidentity", "changeid", "cycleid", "activitydatetime"),
)
_IDS = {
    "changeId": ("changeid",),
    "cycleId": ("cycleid",),
    "jobId": ("jobid",),
    "id": ("id",),
    "tenantId": ("aadtenantid", "tenantid"),
    "correlationId": ("correlationid",),
}
_WHO = ("reportableidentifier", "userprincipalname", "mail")


@lru_cache(maxsize=2048)
def _plain(name: str) -> str:
    return _PLAIN.sub("", name).lower()


class Names:
    """An object whose members are found by any of several names, without regard to letter case and punctuation."""

    def __init__(self, value: Any) -> None:
        members = value if isinstance(value, Mapping) else {}
        self._members = {_plain(str(name)): part for name, part in members.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __bool__(self) -> bool:
        return bool(self._members)

    def get(self, *names: str) -> Any:
        """The first member that is there and not empty, JSON inside strings parsed; None when there is none."""
        for name in names:
            value = self._members.get(name)
            if value not in (None, ""):
                return nested(value)
        return None

    def text(self, *names: str) -> str:
        return clean(self.get(*names))

    def inner(self, *names: str) -> Names:
        """A member that is an object; of a list the first object counts."""
        value = self.get(*names)
        if isinstance(value, list):
            value = next((part for part in value if isinstance(part, Mapping)), None)
        return Names(value) if value else _NOTHING

    def each(self, *names: str) -> Iterator[Names]:
        """The objects of a member that is a list; an object by itself counts as a list of one."""
        value = self.get(*names)
        for part in value if isinstance(value, list) else [value]:
            part = nested(part)
            if isinstance(part, Mapping):
                yield Names(part)


_NOTHING = Names(None)


def record_in(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The record inside whatever an export put around it; None when there is none."""
    names = Names(value)
    if "key" in names and "value" in names:
        return _on_demand(names)
    for _ in range(3):
        if sum(name in names for name in _TELLING) >= 2:
            return value
        inner = names.get("properties", "event", "raw", "source", "message", "body", "result")
        if not isinstance(inner, Mapping):
            return None
        value, names = inner, Names(inner)
    return None


def _on_demand(names: Names) -> Mapping[str, Any] | None:
    """``key`` says how it went, ``value`` what was done; both are JSON in strings."""
    key, value = names.get("key"), names.get("value")
    if not isinstance(value, Mapping):
        return None
    told = Names(key)
    return {**value, "onDemandResult": told.get("result"), "onDemandDetails": told.get("details")}


def event_of(record: Mapping[str, Any]) -> tuple[str, LogEvent]:
    """When it happened (UTC, "" when not told), and what the log says."""
    names = Names(record)
    source, target = names.inner("sourceidentity"), names.inner("targetidentity")
    steps = list(names.each("provisioningsteps", "steps"))
    error = _error(names)
    person, group = _subject(source, target, names, steps)
    app = names.inner("serviceprincipal")
    system = names.inner("targetsystem")
    initiator = names.inner("initiatedby")
    event = LogEvent(
        idp="entra",
        kind=names.text("provisioningaction", "action") or _operation(names),
        outcome=error["outcome"],
        code=error["code"],
        text=error["text"],
        person=person,
        group=group,
        source_id=source.text("id"),
        target_id=target.text("id"),
        app=app.text("displayname", "name") or system.inner("details").text("serviceprincipaldisplayname"),
        actor=initiator.text("displayname", "name"),
        steps=tuple((s.text("name"), s.text("status"), s.text("description")) for s in steps),
        changes=tuple(_changes(names)),
        ids={name: text for name, keys in _IDS.items() if (text := names.text(*keys))},
        details=dict(_details(names, source, target, system, steps)),
    )
    return utc(names.get("activitydatetime", "timegenerated", "timegeneratedutc", "starttime", "time", "date")), event


def _operation(names: Names) -> str:
    """Azure Monitor's OperationName is the action for some tables and a sentence for others."""
    told = names.text("operationname")
    return told if told.lower() in ACTIONS else ""


def _error(names: Names) -> dict[str, str]:
    """Outcome, code and text, wherever this shape has them."""
    info = names.inner("provisioningstatusinfo", "statusinfo")
    inner = info.inner("errorinformation", "error")
    skipped = Names(names.get("ondemanddetails"))
    plain = names.get("provisioningstatusinfo", "statusinfo")
    outcome = info.text("status") or (plain if isinstance(plain, str) else "")
    return {
        "outcome": outcome or names.text("status", "resulttype", "ondemandresult"),
        "code": _first("errorcode", inner, info, names, skipped) or names.text("resultsignature"),
        "text": _first("reason", inner, info, names, skipped)
        or _first("errordescription", inner, info, names, skipped)
        or names.text("resultdescription", "statusreason")
        or _first("additionaldetails", inner, info, skipped),
    }


def _first(name: str, *places: Names) -> str:
    return next((text for place in places if (text := place.text(name))), "")


def _subject(source: Names, target: Names, names: Names, steps: list[Names]) -> tuple[str, str]:
    """Who it is about, as a person or as a group: the login name where the record has one, else the name it shows."""
    kind = (source.text("identitytype", "type") or target.text("identitytype", "type")).lower()
    shown = source.text("displayname", "name") or target.text("displayname", "name")
    told = [shown, names.text("reportableidentifier")]
    for place in (*(step.inner("details") for step in steps), source.inner("details"), target.inner("details")):
        told.extend(place.text(name) for name in _WHO)
    if "group" in kind:
        return "", shown or next((text for text in told if text), "") or source.text("id")
    login = next((text for text in told if "@" in text), "")
    return login or next((text for text in told if text), "") or source.text("id"), ""


def _changes(names: Names) -> Iterator[tuple[str, str, str]]:
    for change in names.each("modifiedproperties"):
        name = change.text("displayname", "name", "propertyname", "property", "attribute")
        if name:
            yield name, change.text("oldvalue"), change.text("newvalue")


def _details(
    names: Names, source: Names, target: Names, system: Names, steps: list[Names]
) -> Iterator[tuple[str, str]]:
    """What else helps: details of steps (scoping, skip reasons), categories, types and names of both sides."""
    info = names.inner("provisioningstatusinfo", "statusinfo")
    inner = info.inner("errorinformation", "error")
    for told in ("errorCategory", "recommendedAction", "additionalDetails") if inner or "errorcategory" in info else ():
        if text := _first(told.lower(), inner, info):
            yield told, text
    for told, text in (
        ("durationInMilliseconds", names.text("durationinmilliseconds", "durationms")),
        ("sourceIdentity.displayName", source.text("displayname")),
        ("targetIdentity.displayName", target.text("displayname")),
        ("targetIdentity.identityType", target.text("identitytype", "type")),
        ("targetSystem.displayName", system.text("displayname", "name")),
        ("initiatorType", names.inner("initiatedby").text("initiatortype", "initiatingtype")),
        ("result", names.text("ondemandresult")),
    ):
        if text:
            yield told, text
    for step in steps:
        details = step.get("details")
        if details and isinstance(details, Mapping):
            yield from flat(details, step.text("name") or "step")
        if kind := step.text("provisioningsteptype", "type"):
            yield f"{step.text('name') or 'step'}.type", kind
    if isinstance(more := names.get("ondemanddetails"), Mapping):
        yield from flat(more, "details")
