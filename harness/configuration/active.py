"""The mapping to ``active``: worked out for somebody who stays, who was taken off the app, and who is blocked."""

from __future__ import annotations

from harness.guides import fine, line
from harness.model.diagnosis import Line
from harness.model.entra_export import AttributeFlow
from simulators.entra.expressions import Expression, ExpressionError, parse

STAYS = {"IsSoftDeleted": "False", "accountEnabled": "True"}
OFF_THE_APP = {"IsSoftDeleted": "True", "accountEnabled": "True"}
BLOCKED = {"IsSoftDeleted": "True", "accountEnabled": "False"}
_WORDS = {"true": True, "false": False}


def examine(row: AttributeFlow | None) -> Line:
    """The one Line about the row that writes ``active``, or about its absence."""
    if row is None:
        return line("entra-active-unmapped", "no row of the mapping of people has the target active")
    told = f"active gets {row.source}, applied {row.flow_type}"
    if row.flow_type.lower() == "objectaddonly":
        return line("entra-active-once", told)
    try:
        expression = parse(row.source)
        kept, gone, blocked = (_given(expression, row, case) for case in (STAYS, OFF_THE_APP, BLOCKED))
    except (ExpressionError, ValueError, TypeError) as error:
        return _unread(row, told, str(error))
    name = _judged(row, kept, gone, blocked)
    told_too = f"somebody who was taken off the app gets {_shown(gone)}, somebody who stays {_shown(kept)}"
    return line(name, told, told_too) if name else fine("entra-active", "active follows IsSoftDeleted", told)


def _judged(row: AttributeFlow, kept: str, gone: str, blocked: str) -> str:
    """The id of the fault, or "" when there is none."""
    stays, leaves, locked = (_WORDS.get(text.lower()) for text in (kept, gone, blocked))
    if stays is None or leaves is None:
        words = [text for text in row.literals if text.lower() in _WORDS]
        badly = any(text not in ("True", "False") for text in words)
        return "entra-active-letters" if badly else "entra-active-unread"
    if not stays:
        return "entra-active-inverted"
    if leaves:
        return "entra-active-constant" if locked is not False else "entra-active-account-only"
    return "" if {kept, gone, blocked} <= {"True", "False"} else "entra-active-letters"


def _given(expression: Expression, row: AttributeFlow, case: dict[str, str]) -> str:
    value = expression.value(case)
    return str(value) if value not in (None, "") else row.default


def _unread(row: AttributeFlow, told: str, why: str) -> Line:
    """An expression that is not simulated: what it reads may be enough to tell."""
    if "IsSoftDeleted" in row.reads:
        return line("entra-active-unread", told, why)
    return line("entra-active-account-only" if "accountEnabled" in row.reads else "entra-active-constant", told, why)


def _shown(text: str) -> str:
    return f'"{text}"' if text else "nothing"
