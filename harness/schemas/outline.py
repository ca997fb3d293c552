"""Outline: a JSON value as many others have it too, with a blank for each text that differs from one to the next."""

from __future__ import annotations

import marshal
from functools import lru_cache
from typing import Any

from harness.model.blank import DateTime, Text
from harness.schemas.date_time import carries_zone, is_date_time

Outline = Any
"""A JSON value in which bytes, which no JSON holds, stand for texts."""

_TEXT, _MOMENT = b"text", b"dateTime"

KEPT = frozenset({"schemas", "type", "resourceType", "status", "scimType"})
"""Members whose values stay as they are, being the same again and again: a matter of speed, and of nothing else."""


@lru_cache(maxsize=4096)
def _is_moment(value: str) -> bool:
    return is_date_time(value) and carries_zone(value)


def outlined(value: Any) -> Outline:
    """The value without its texts, but for empty ones and those of members that are KEPT."""
    kind = type(value)
    if kind is dict:
        outline = {}
        # Most members hold a text, and this is done for each of every answer: without a call for it.
        for name, inner in value.items():
            kind = type(inner)
            if name in KEPT or kind is bool:
                outline[name] = inner
            elif kind is not str:
                outline[name] = outlined(inner)
            elif inner[10:11] == "T" and _is_moment(inner):
                outline[name] = _MOMENT
            else:
                outline[name] = inner if not inner or inner.isspace() else _TEXT
        return outline
    if kind is list:
        return [outlined(inner) for inner in value]
    if kind is str and value and not value.isspace():
        return _MOMENT if _is_moment(value) else _TEXT
    return value


def key(outline: Outline) -> bytes:
    """What tells an outline from others: the order of members counts."""
    return marshal.dumps(outline, 2)


def filled(outline: Outline) -> Any:
    """The outline as a JSON value with a blank Text of its own in each place, for a check to look at."""
    if outline is _TEXT or outline is _MOMENT:
        return Text() if outline is _TEXT else DateTime()
    kind = type(outline)
    if kind is dict:
        return {name: filled(inner) for name, inner in outline.items()}
    if kind is list:
        return [filled(inner) for inner in outline]
    return outline
