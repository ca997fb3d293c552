"""Schemas as data: SCIM's own definitions of resources, and JSON Schemas of messages. Read when first asked for."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

DEFINITIONS = ("user", "enterprise_user", "group", "service_provider_config", "resource_type", "schema")
"""The names that ``definition`` knows: RFC 7643 §8.7 with the verified errata, without its descriptions."""

MESSAGES = ("list_response", "error", "bulk_response", "patch_op", "search_request")
"""The names that ``message`` knows."""


@cache
def definition(name: str) -> dict[str, Any]:
    """Return one of DEFINITIONS in SCIM's own schema format. The value is shared: do not change it. Raises KeyError."""
    return _read("scim", name, DEFINITIONS)


@cache
def message(name: str) -> dict[str, Any]:
    """Return one of MESSAGES as JSON Schema, draft 2020-12. The value is shared: do not change it. Raises KeyError."""
    return _read("messages", name, MESSAGES)


def _read(folder: str, name: str, known: tuple[str, ...]) -> dict[str, Any]:
    if name not in known:
        raise KeyError(f"no schema {name!r} in harness/schemas/{folder}; there are {', '.join(known)}")
    text = (files(__package__) / folder / f"{name}.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
