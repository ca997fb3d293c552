"""By what people are matched at the service, and whom a scoping filter leaves out, worked out for rows of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.configuration.okta_settings import OktaSettings
from harness.configuration.people import Row
from harness.model.entra_export import EntraExport, ObjectFlow, ScopeClause
from simulators.entra.expressions import ExpressionError, parse
from simulators.entra.mapping import Clause
from simulators.entra.people import passes
from simulators.entra.schema import OPERATORS

_OKTA = {"okta-username": ("login", "userName"), "email": ("mail",), "email-prefix": ("mail", "login")}


@dataclass(frozen=True)
class Matching:
    """``value`` gives the name that a person is looked for by, "" when there is none.

    ``reads`` are the attributes that it needs, one of which a list has to have; ``says`` tells it in words.
    ``in_scope`` is None where no filter holds or where it cannot be worked out; ``scope_reads`` what it needs.
    """

    idp: str
    value: Callable[[Row], str]
    reads: tuple[str, ...]
    says: str
    in_scope: Callable[[Row], bool] | None = None
    scope_reads: frozenset[str] = frozenset()
    creates: bool = False
    threshold: int | None = None


def of_entra(export: EntraExport | None) -> Matching:
    """As an export says; without one, as delivered: userPrincipalName."""
    people = export.schema.people if export is not None and export.schema is not None else None
    creates = people.does("Add") if people is not None else False
    scope = people.scope if people is not None else ()
    source = _first(people)
    try:
        expression = parse(source)
    except ExpressionError:
        source = "[userPrincipalName]"
        expression = parse(source)
    operators = {c.operator.replace(" ", "").replace("_", "").lower() for group in scope for c in group}

    def value(row: Row) -> str:
        try:
            return str(expression.value(_attributes(row)) or "")
        except (ValueError, TypeError):
            return ""

    def in_scope(row: Row) -> bool:
        return passes(_attributes(row), tuple(tuple(map(_clause, group)) for group in scope))

    return Matching(
        idp="entra",
        value=value,
        reads=tuple(sorted(expression.attributes)),
        says=source.strip("[]") if source.startswith("[") else source,
        in_scope=in_scope if scope and operators <= {*OPERATORS} else None,
        scope_reads=frozenset(c.attribute for group in scope for c in group),
        creates=creates,
        threshold=_threshold(export),
    )


def of_okta(settings: OktaSettings | None) -> Matching:
    """As the username format says; without one, the Okta user name."""
    chosen = (settings.username if settings is not None else "") or "okta-username"
    reads = _OKTA.get(chosen, ("login", "userName"))

    def value(row: Row) -> str:
        text = next((row.attributes[name] for name in reads if row.attributes.get(name)), "")
        return text.partition("@")[0] if chosen == "email-prefix" else text

    return Matching(idp="okta", value=value, reads=reads, says=chosen)


def _first(people: ObjectFlow | None) -> str:
    """The source of the first row by which people are matched, userName where there are several."""
    rows = people.matching if people is not None else ()
    by_name = [row for row in rows if row.target.lower() == "username"]
    return next((row.source for row in (*by_name, *rows)), "[userPrincipalName]")


def _attributes(row: Row) -> dict[str, Any]:
    attributes: dict[str, Any] = dict(row.attributes)
    if "userPrincipalName" in attributes:
        attributes.setdefault("mailNickname", attributes["userPrincipalName"].partition("@")[0])
    return {**attributes, "accountEnabled": str(not row.blocked), "IsSoftDeleted": str(not row.may_use)}


def _clause(clause: ScopeClause) -> Clause:
    name = clause.operator.replace(" ", "").replace("_", "").lower()
    return Clause(clause.attribute, name, clause.values[0] if clause.values else "")


def _threshold(export: EntraExport | None) -> int | None:
    """The number of accidental deletion prevention: None when not known, 0 when it is off."""
    settings = export.settings if export is not None else {}
    enabled, value = settings.get("DeleteThresholdEnabled"), settings.get("DeleteThresholdValue", "")
    if enabled is None:
        return None
    return int(value) if enabled.lower() == "true" and value.isdecimal() else 0
