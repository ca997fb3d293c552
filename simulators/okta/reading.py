"""A set-up as an operator writes it: a table of ``scim.toml``, with the names of ``Features`` and ``Setup``."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulators.okta.profile import MappingError, from_okta
from simulators.okta.setup import Authorization, Empty, Features, Setup, SetupError
from simulators.tables import TableError, only_known, plain

_WORDS: dict[str, type[enum.StrEnum]] = {"authorization": Authorization, "empty": Empty}
_BOXES = tuple(field.name for field in fields(Features))
_PLAIN = tuple(f.name for f in fields(Setup) if f.name not in ("features", "mapping", *_WORDS))
KNOWN = (*_BOXES, *_WORDS, "mapping", "schema", *_PLAIN)


def read_setup(table: Mapping[str, Any]) -> Setup:
    """A set-up from JSON-plain values. ``mapping`` and ``schema`` are what Okta's API returns for the customer's app.

    Raises SetupError, naming the member and what was expected.
    """
    usual = Setup()
    try:
        only_known(table, KNOWN)
        values: dict[str, Any] = {"features": Features(**plain(table, dict.fromkeys(_BOXES, bool)))}
        values |= plain(table, {name: type(getattr(usual, name)) for name in _PLAIN})
        if "mapping" in table:
            values["mapping"] = from_okta(table["mapping"], table.get("schema"))
    except TableError as error:
        raise SetupError(str(error)) from error
    except MappingError as error:
        raise SetupError(f"mapping: {error}") from error
    if "schema" in table and "mapping" not in table:
        raise SetupError("schema: it says where the properties of a mapping stand, and there is no mapping")
    for name, words in _WORDS.items():
        if name in table:
            values[name] = _word(name, table[name], words)
    return Setup(**values)


def _word(name: str, value: Any, words: type[enum.StrEnum]) -> enum.StrEnum:
    if value not in tuple(words):
        raise SetupError(f"{name}: expected one of {', '.join(words)}, found {value!r}")
    return words(value)
