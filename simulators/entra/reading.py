"""A set-up as an operator writes it: a table of ``scim.toml``, with the names of ``Setup``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulators.entra.schema import SchemaError, from_export
from simulators.entra.setup import Setup
from simulators.tables import TableError, numbers, only_known, plain

_BOXES = tuple(field.name for field in fields(Setup) if field.type == "bool")
_NUMBERS = ("deletion_threshold", "interval")
KNOWN = (*_BOXES, *_NUMBERS, "mapping", "backoff")


def read_setup(table: Mapping[str, Any]) -> Setup:
    """A set-up from JSON-plain values. ``mapping`` is the customer's synchronization schema, as Graph exports it.

    Raises TableError, naming the member and what was expected.
    """
    only_known(table, KNOWN)
    values = plain(table, dict.fromkeys(_BOXES, bool) | dict.fromkeys(_NUMBERS, int))
    for name in _NUMBERS:
        if values.get(name, 1) < 1:
            raise TableError(f"{name}: expected a whole number above 0, found {values[name]}")
    if "backoff" in table:
        values["backoff"] = numbers(table, "backoff")
    if "mapping" in table:
        try:
            values["mapping"] = from_export(table["mapping"])
        except SchemaError as error:
            raise TableError(f"mapping: {error}") from error
    return Setup(**values)
