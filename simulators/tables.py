"""Reading a table in which an operator says how an IdP is set up: plain values by name, checked and never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_WORDS = {bool: "true or false", int: "a whole number", str: "a text"}


class TableError(ValueError):
    """A member that is unknown or of another type; the message names it and what was expected."""


def only_known(table: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises TableError for a member that nobody knows."""
    names = tuple(known)
    for name in table:
        if name not in names:
            raise TableError(f"unknown {name!r}; there are {', '.join(names)}")


def plain(table: Mapping[str, Any], kinds: Mapping[str, type]) -> dict[str, Any]:
    """The members of the table that have one of these names, each of exactly this type. Raises TableError."""
    values = {name: table[name] for name in kinds if name in table}
    for name, value in values.items():
        if type(value) is not kinds[name]:
            raise TableError(f"{name}: expected {_WORDS[kinds[name]]}, found {value!r}")
    return values


def numbers(table: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """A list of whole numbers above 0. Raises TableError."""
    value = table[name]
    if not isinstance(value, list) or not value or any(type(n) is not int or n < 1 for n in value):
        raise TableError(f"{name}: expected a list of whole numbers above 0, found {value!r}")
    return tuple(value)
