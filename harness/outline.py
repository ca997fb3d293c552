"""Outline: a JSON value as many others have it too, with a blank for each text that differs from one to the next."""

from __future__ import annotations

import marshal
import re
from typing import Any

from harness.model.blank import Text
from harness.schemas.generate import DATE_TIME

Outline = Any
"""A JSON value in which bytes, which no JSON holds, stand for texts."""

_TEXT, _MOMENT = b"text", b"dateTime"

KEPT = frozenset({"schemas", "type", "resourceType", "status", "scimType"})
"""Members whose values stay as they are, being the same again and again: a matter of speed, and of nothing else."""

_is_moment = re.compile(DATE_TIME).match


def outlined(value: Any) -> Outline:
    """The value without its texts, but for empty ones and those of members that are KEPT."""
    kind = type(value)
    if kind is str:
        if not value or value.isspace():
            return value
        return _MOMENT if value[10:11] == "T" and _is_moment(value) else _TEXT
    if kind is dict:
        return {name: inner if name in KEPT else outlined(inner) for name, inner in value.items()}
    if kind is list:
        return [outlined(inner) for inner in value]
    return value


def key(outline: Outline) -> bytes:
    """What tells an outline from others: the order of members counts."""
    return marshal.dumps(outline, 2)


def filled(outline: Outline) -> Any:
    """The outline as a JSON value with a blank Text of its own in each place, for a check to look at."""
    if outline is _TEXT or outline is _MOMENT:
        return Text(moment=outline is _MOMENT)
    kind = type(outline)
    if kind is dict:
        return {name: filled(inner) for name, inner in outline.items()}
    if kind is list:
        return [filled(inner) for inner in outline]
    return outline
