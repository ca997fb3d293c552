"""Parsed JSON of an Entra export -> frozen values, tolerant: what is odd is a doubt with its JSON Pointer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.model.entra_export import (
    AttributeFlow,
    EntraExport,
    JobExport,
    JobQuarantine,
    ObjectFlow,
    SchemaExport,
    ScopeClause,
)

Doubts = list[tuple[str, str]]
"""What was not as expected: (JSON Pointer, message)."""

_KEPT = ("SyncAll", "SkipOutOfScopeDeletions", "BaseAddress", "SyncNotificationSettings")
_WRAPPED = ("value", "jobs", "schema", "job", "secrets", "settings")
_FLAG = re.compile(r"[A-Za-z][A-Za-z0-9]{3,39}")
_DEEPEST = 6


def from_json(value: Any, doubts: Doubts | None = None, at: str = "") -> EntraExport:
    """What an export says, whichever it is; several in a list, or in the answer of Graph around them, become one."""
    return _read(value, [] if doubts is None else doubts, at, _DEEPEST)


def _read(value: Any, doubts: Doubts, at: str, depth: int) -> EntraExport:
    if depth == 0:
        return EntraExport()
    export = EntraExport()
    if isinstance(value, list):
        for number, part in enumerate(value):
            export = export.with_(_read(part, doubts, f"{at}/{number}", depth - 1))
        return export
    if not isinstance(value, Mapping):
        return export
    if isinstance(value.get("synchronizationRules"), list):
        return EntraExport(schema=_schema(value, doubts, at))
    if isinstance(value.get("objectMappings"), list):
        return EntraExport(schema=_rules([(at, value)], value, doubts, at))
    if isinstance(value.get("key"), str) and "value" in value:
        return EntraExport(settings=_setting(value["key"], value["value"]))
    if isinstance(value.get("status"), Mapping) or isinstance(value.get("schedule"), Mapping):
        export = EntraExport(jobs=(_job(value),))
    for name in _WRAPPED:
        if name in value:
            export = export.with_(_read(value[name], doubts, f"{at}/{name}", depth - 1))
    return export


def _schema(export: Mapping[str, Any], doubts: Doubts, at: str) -> SchemaExport:
    rules = _objects(export, "synchronizationRules", doubts, at)
    return _rules([(f"{at}/synchronizationRules/{n}", rule) for n, rule in rules], export, doubts, at)


def _rules(
    rules: list[tuple[str, Mapping[str, Any]]], export: Mapping[str, Any], doubts: Doubts, at: str
) -> SchemaExport:
    mappings: list[ObjectFlow] = []
    source = target = ""
    for here, rule in rules:
        source = source or _text(rule, "sourceDirectoryName")
        target = target or _text(rule, "targetDirectoryName")
        for place, mapping in _objects(rule, "objectMappings", doubts, here):
            mappings.append(_mapping(mapping, doubts, f"{here}/objectMappings/{place}"))
    if not mappings:
        doubts.append((at, "the schema has no object mapping, so nothing is provisioned by it"))
    return SchemaExport(tuple(mappings), source, target, frozenset(_booleans(export)))


def _mapping(mapping: Mapping[str, Any], doubts: Doubts, at: str) -> ObjectFlow:
    rows = []
    for number, line in _objects(mapping, "attributeMappings", doubts, at):
        here = f"{at}/attributeMappings/{number}"
        if not _text(line, "targetAttributeName"):
            doubts.append((here, "expected a row with a targetAttributeName; the row is left out"))
            continue
        rows.append(_row(line, here))
    flows = mapping.get("flowTypes")
    actions = tuple(part.strip() for part in flows.split(",")) if isinstance(flows, str) else ObjectFlow.flow_types
    return ObjectFlow(
        name=_text(mapping, "name"),
        source_object=_text(mapping, "sourceObjectName"),
        target_object=_text(mapping, "targetObjectName"),
        enabled=mapping.get("enabled") is not False,
        flow_types=tuple(action for action in actions if action and action.lower() != "none"),
        scope=tuple(_scope(mapping.get("scope"), doubts, f"{at}/scope")),
        rows=tuple(rows),
        at=at,
    )


def _row(line: Mapping[str, Any], at: str) -> AttributeFlow:
    source = line.get("source")
    source = source if isinstance(source, Mapping) else {}
    kind, name = _text(source, "type") or "Attribute", _text(source, "name")
    expression = _text(source, "expression")
    if not expression and name:
        expression = json.dumps(name) if kind.lower() == "constant" else f"[{name}]"
    if kind.lower() == "constant" and not expression.startswith('"'):
        expression = json.dumps(expression, ensure_ascii=False)
    priority = line.get("matchingPriority")
    return AttributeFlow(
        target=_text(line, "targetAttributeName"),
        source=expression,
        kind=kind,
        matching=priority if isinstance(priority, int) and priority > 0 else 0,
        default=_text(line, "defaultValue"),
        flow_type=_text(line, "flowType") or "Always",
        flow_behavior=_text(line, "flowBehavior"),
        at=at,
    )


def _scope(scope: Any, doubts: Doubts, at: str) -> Iterator[tuple[ScopeClause, ...]]:
    if isinstance(scope, Mapping):
        for number, group in _objects(scope, "groups", doubts, at):
            clauses = _objects(group, "clauses", doubts, f"{at}/groups/{number}")
            yield tuple(
                ScopeClause(_text(clause, "sourceOperandName"), _text(clause, "operatorName"), _values(clause))
                for _, clause in clauses
            )


def _values(clause: Mapping[str, Any]) -> tuple[str, ...]:
    operand = clause.get("targetOperand")
    values = operand.get("values") if isinstance(operand, Mapping) else None
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def _booleans(export: Mapping[str, Any]) -> Iterator[str]:
    nothing: Doubts = []
    for _, directory in _objects(export, "directories", nothing, ""):
        for _, kind in _objects(directory, "objects", nothing, ""):
            for _, attribute in _objects(kind, "attributes", nothing, ""):
                if _text(attribute, "type").lower() == "boolean":
                    yield _text(attribute, "name")


def _job(job: Mapping[str, Any]) -> JobExport:
    schedule, status = _object(job, "schedule"), _object(job, "status")
    error = _object(_object(status, "lastExecution"), "error")
    return JobExport(
        id=_text(job, "id"),
        template=_text(job, "templateId"),
        state=_text(schedule, "state"),
        interval=_text(schedule, "interval"),
        code=_text(status, "code"),
        error_code=_text(error, "code"),
        error_message=_text(error, "message"),
        quarantine=_quarantine(_object(status, "quarantine")),
    )


def _quarantine(told: Mapping[str, Any]) -> JobQuarantine | None:
    if not told:
        return None
    error, count = _object(told, "error"), told.get("seriesCount")
    return JobQuarantine(
        reason=_text(told, "reason") or "Unknown",
        code=_text(error, "code"),
        message=_text(error, "message"),
        began=_text(told, "currentBegan"),
        next_attempt=_text(told, "nextAttempt"),
        series_began=_text(told, "seriesBegan"),
        series_count=int(count) if isinstance(count, int) or (isinstance(count, str) and count.isdecimal()) else 0,
    )


def _setting(key: str, value: Any) -> dict[str, str]:
    """One key/value pair that is no credential, or nothing."""
    if key not in _KEPT or not isinstance(value, str):
        return {}
    if key == "BaseAddress":
        address, mark, query = value.partition("?")
        flags = "&".join(part for part in query.split("&") if _FLAG.fullmatch(part))
        scheme, authority, rest = address.partition("://")
        return {key: f"{scheme}{authority}{rest.rpartition('@')[2]}{mark if flags else ''}{flags}"}
    if key == "SyncNotificationSettings":
        try:
            told = json.loads(value)
        except (ValueError, RecursionError):
            return {}
        names = ("DeleteThresholdEnabled", "DeleteThresholdValue")
        return {name: str(told[name]) for name in names if name in told} if isinstance(told, dict) else {}
    return {key: value}


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(value: Mapping[str, Any], name: str, doubts: Doubts, at: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a list with their places; whatever else is in it, or is no list, is a doubt."""
    found = value.get(name)
    if found is None:
        return
    if not isinstance(found, list):
        doubts.append((f"{at}/{name}", f"expected a list, found {type(found).__name__}"))
        return
    for number, part in enumerate(found):
        if isinstance(part, Mapping):
            yield number, part
        else:
            doubts.append((f"{at}/{name}/{number}", f"expected an object, found {type(part).__name__}"))


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""
