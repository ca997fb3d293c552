"""Bounded: dictionaries that remember so much and no more: traffic of others may hold any number of anything."""

from __future__ import annotations

from typing import Any, TypeVar

Value = TypeVar("Value")


def kept(known: dict[Any, Value], key: Any, value: Value, most: int) -> Value:
    """The value, remembered under the key; where ``most`` are remembered already, they are forgotten first."""
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value
