"""Reads the workarounds and finds the one for a breach."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from harness.catalogue.loader import CatalogueError
from harness.model.requirement import Harm, Level, Requirement
from harness.model.sequence import Evidence
from harness.model.workaround import Workaround

_FILE = "workarounds.toml"
_NEEDED = {"idp", "holds", "does", "evidence"}


@cache
def load_workarounds() -> tuple[Workaround, ...]:
    """Every workaround of a single IdP, in the order of the file. Raises CatalogueError."""
    return tuple(_parse(table) for table in _document()["workaround"])


@cache
def by_harm() -> dict[Harm, Workaround]:
    """What holds at every IdP, by what the breach does to people. Raises CatalogueError."""
    told = _document()["harm"]
    if missing := {harm.value for harm in Harm} ^ told.keys():
        raise CatalogueError(f"{_FILE}: [harm] has to name every harm once; look at {', '.join(sorted(missing))}")
    return {Harm(name): Workaround(text) for name, text in told.items()}


def workaround(root: Requirement, requirements: Iterable[str], idp: str, harm: Harm) -> Workaround:
    """What to do at an IdP about a cause with this root that breaks these requirements and does this to people.

    Below a promise there is no clause that says what went wrong: then what the IdP itself expects counts as well.
    """
    broken = (root.id, *requirements)
    own = f"{idp.upper()}-*"
    promised = root.level in (Level.PROMISE, Level.VENDOR)
    roots = (root.id, *(name for name in broken if promised and fnmatchcase(name, own)))
    for entry in load_workarounds():
        if entry.idp == idp and _fits(roots, entry.holds) and not _fits(broken, entry.unless):
            return entry
    return by_harm()[harm]


def _fits(names: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _document() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / _FILE).read_text("utf-8"))


def _parse(table: dict[str, Any]) -> Workaround:
    name = f"{_FILE}: {table.get('idp', '(no idp)')} {table.get('holds', '')}"
    if strange := _NEEDED - table.keys() | table.keys() - _NEEDED - {"unless", "source"}:
        raise CatalogueError(f"{name}: missing or unknown: {', '.join(sorted(strange))}")
    try:
        evidence = Evidence(table["evidence"])
    except ValueError as error:
        raise CatalogueError(f"{name}: {error}") from error
    if evidence is not Evidence.INFERRED and not table.get("source"):
        raise CatalogueError(f"{name}: what is {evidence.value} needs a source")
    return Workaround(
        does=table["does"],
        idp=table["idp"],
        holds=tuple(table["holds"]),
        unless=tuple(table.get("unless", ())),
        evidence=evidence,
        source=table.get("source", ""),
    )
