"""Reads the messages and refuses what is double or misspelt."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from harness.catalogue.loader import CatalogueError
from harness.model.case import Actor
from harness.model.message import Message, Part
from harness.model.sequence import Evidence

_FILES = ("okta", "entra", "scim", "http")
_NEEDED = {"id", "means", "answered", "who"}
_KNOWN = _NEEDED | {"part", "forms", "codes", "where", "checks", "causes", "evidence"}


@cache
def load_messages() -> dict[str, Message]:
    """Every message by id, statuses as "http-401". Raises CatalogueError naming file, entry and member."""
    found: dict[str, Message] = {}
    codes: dict[str, str] = {}
    for name in _FILES:
        document = tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
        entries = [_message(table, name) for table in document.get("message", ())]
        entries += [_status(table) for table in document.get("status", ())]
        for entry in entries:
            if entry.id in found:
                raise CatalogueError(f"messages/{name}.toml: {entry.id} stands there twice")
            found[entry.id] = entry
            for code in entry.codes:
                if (other := codes.setdefault(code.casefold(), entry.id)) != entry.id:
                    raise CatalogueError(f"messages/{name}.toml: the code {code} stands in {other} and {entry.id}")
    return found


def _message(table: dict[str, Any], name: str) -> Message:
    where = f"messages/{name}.toml: {table.get('id', '(no id)')}"
    if strange := (_NEEDED - table.keys()) | (table.keys() - _KNOWN):
        raise CatalogueError(f"{where}: missing or unknown: {', '.join(sorted(strange))}")
    if not table.get("forms") and not table.get("codes"):
        raise CatalogueError(f"{where}: expected forms or codes, by which it is found")
    try:
        return Message(
            id=table["id"],
            idp=name,
            means=table["means"],
            answered=table["answered"],
            who=Actor(table["who"]),
            part=Part(table.get("part", "whole")),
            forms=tuple(table.get("forms", ())),
            codes=tuple(table.get("codes", ())),
            where=table.get("where", ""),
            checks=tuple(table.get("checks", ())),
            causes=tuple(table.get("causes", ())),
            evidence=Evidence(table.get("evidence", "documented")),
        )
    except ValueError as error:
        raise CatalogueError(f"{where}: {error}") from error


def _status(table: dict[str, Any]) -> Message:
    status, phrase = table["status"], table["phrase"]
    return Message(
        id=f"http-{status}",
        idp="http",
        means=table["means"],
        answered=f"{status} {phrase}",
        who=Actor(table["who"]),
        part=Part.STATUS,
        forms=(phrase,),
        where="the answer of the service",
        checks=tuple(table["checks"]),
        causes=tuple(table["causes"]),
        status=status,
    )
