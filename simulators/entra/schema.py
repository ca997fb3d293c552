"""A customer's own synchronization schema, as Graph and the portal export it, read into the mapping that drives a job.

``GET .../synchronization/jobs/{jobId}/schema``; fields by the pages of Graph on synchronizationSchema, objectMapping
and filter. Whatever is not known there is passed over: exports grow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from simulators.entra.expressions import Constant, Expression, ExpressionError, attribute, parse
from simulators.entra.mapping import Clause, ObjectMapping, Row, Schema
from simulators.entra.paths import PathError, path

_REFERENCES = ("manager",)
_MEMBERS = "members"


class SchemaError(ValueError):
    """An export cannot drive a job. ``at`` is the JSON Pointer of what is wrong."""

    def __init__(self, says: str, at: str) -> None:
        self.says = says
        self.at = at
        super().__init__(f"{says}, at {at or 'the top'} of the schema export")


def read(text: str | bytes) -> Schema:
    """Read an export from its text. Raises SchemaError."""
    try:
        export = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"expected the JSON that the portal downloads: {error}", "") from error
    return from_export(export)


def from_export(export: Any) -> Schema:
    """The mapping inside an export that is parsed already. Raises SchemaError, with the place of what is wrong.

    A row whose expression is not simulated is left out and named in ``unsupported``, unless people are matched or
    disabled by it: then the whole export is refused, because every answer would be a guess.
    """
    rules = _list(export, "synchronizationRules", "")
    booleans = frozenset(_booleans(export))
    unsupported: list[str] = []
    found: dict[str, ObjectMapping] = {}
    for number, rule in enumerate(rules):
        at = f"/synchronizationRules/{number}"
        for place, mapping in enumerate(_list(rule, "objectMappings", at)):
            here = f"{at}/objectMappings/{place}"
            kind = str(_get(mapping, "sourceObjectName", here)).lower()
            if kind in ("user", "group") and kind not in found:
                found[kind] = _mapping(mapping, here, booleans, unsupported)
    if "user" not in found:
        raise SchemaError("expected an object mapping with the sourceObjectName User", "/synchronizationRules")
    if not found["user"].matching:
        raise SchemaError(
            "no mapping of people has a matchingPriority, so nobody can be matched", "/synchronizationRules"
        )
    return Schema(found["user"], found.get("group", ObjectMapping(enabled=False)), tuple(unsupported))


def _mapping(mapping: Any, at: str, booleans: frozenset[str], unsupported: list[str]) -> ObjectMapping:
    rows = []
    for number, line in enumerate(_list(mapping, "attributeMappings", at)):
        here = f"{at}/attributeMappings/{number}"
        try:
            row = _row(line, here, booleans)
        except (ExpressionError, PathError) as error:
            target = str(_get(line, "targetAttributeName", here))
            if target == "active" or _priority(line):
                raise SchemaError(f"the mapping to {target} is not simulated: {error}", here) from error
            unsupported.append(f"{target}: {error}")
            continue
        if row is not None:
            rows.append(row)
    flows = [flow.strip().lower() for flow in str(mapping.get("flowTypes", "Add, Update, Delete")).split(",")]
    return ObjectMapping(
        rows=tuple(rows),
        enabled=mapping.get("enabled") is not False,
        create="add" in flows,
        update="update" in flows,
        delete="delete" in flows,
        scope=tuple(_scope(mapping.get("scope"), f"{at}/scope")),
    )


def _row(line: Any, at: str, booleans: frozenset[str]) -> Row | None:
    target = str(_get(line, "targetAttributeName", at))
    source = line.get("source")
    if target == _MEMBERS or not isinstance(source, Mapping):
        return None
    expression = _expression(source)
    default = line.get("defaultValue")
    named = expression.text.strip("[]") if expression.text.startswith("[") else ""
    return Row(
        target=path(target),
        source=expression,
        matching=_priority(line),
        boolean=target == "active" or target in booleans,
        default=default if isinstance(default, str) and default else None,
        creating=str(line.get("flowType", "")).lower() == "objectaddonly",
        reference=named in _REFERENCES,
    )


def _priority(line: Any) -> int:
    value = line.get("matchingPriority")
    return value if isinstance(value, int) and value > 0 else 0


def _expression(source: Mapping[str, Any]) -> Expression:
    """An attribute, a constant, or an expression; the text of the expression is what counts where there is one."""
    kind, name = str(source.get("type", "")).lower(), str(source.get("name") or "")
    text = source.get("expression")
    if kind == "constant":
        value = parse(text).value({}) if isinstance(text, str) and text.startswith('"') else text or name
        return Expression(str(value), Constant(str(value)))
    if isinstance(text, str) and text.strip():
        return parse(text)
    if kind == "function":
        raise ExpressionError("expected the text of the expression", name, 0)
    return attribute(name)


def _booleans(export: Any) -> Iterator[str]:
    """The target attributes that the export declares as Boolean."""
    for directory in export.get("directories") or ():
        objects = directory.get("objects") if isinstance(directory, Mapping) else None
        for kind in objects or ():
            for declared in (kind.get("attributes") or ()) if isinstance(kind, Mapping) else ():
                if isinstance(declared, Mapping) and str(declared.get("type")).lower() == "boolean":
                    yield str(declared.get("name"))


def _scope(scope: Any, at: str) -> Iterator[tuple[Clause, ...]]:
    if scope is None:
        return
    for number, group in enumerate(_list(scope, "groups", at)):
        here = f"{at}/groups/{number}"
        yield tuple(
            _clause(clause, f"{here}/clauses/{place}") for place, clause in enumerate(_list(group, "clauses", here))
        )


def _clause(clause: Any, at: str) -> Clause:
    operator = str(_get(clause, "operatorName", at))
    name = operator.replace(" ", "").replace("_", "").lower()
    if name not in OPERATORS:
        raise SchemaError(f"the operator {operator!r} of a scoping filter is not simulated", at)
    operand = clause.get("targetOperand")
    values = operand.get("values") if isinstance(operand, Mapping) else None
    value = values[0] if isinstance(values, list) and values else ""
    return Clause(str(_get(clause, "sourceOperandName", at)), name, str(value))


def _get(value: Any, name: str, at: str) -> Any:
    if not isinstance(value, Mapping) or not value.get(name):
        raise SchemaError(f"expected a member {name}", at)
    return value[name]


def _list(value: Any, name: str, at: str) -> list[Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(found, list):
        raise SchemaError(f"expected a list {name}", at)
    return found


OPERATORS = (
    "equals",
    "notequals",
    "istrue",
    "isfalse",
    "isnull",
    "isnotnull",
    "regexmatch",
    "notregexmatch",
    "greaterthan",
    "greaterthanorequals",
    "includes",
)
