"""Reads the catalogue and refuses what is double, dangling or misspelt."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from harness.model.profile import CAPABILITIES
from harness.model.requirement import Applies, Harm, Level, Requirement

FAMILIES = ("full", "deprovisioning", "read-only")
_REQUIRED = {"id", "level", "section", "says", "link", "remedy", "admin"}
_OPTIONAL = {"derived", "needs", "harm", "contested", "untestable", "applies", "restates"}


class CatalogueError(ValueError):
    """An entry of the catalogue is wrong; the message names file, entry and what was expected."""


@cache
def load() -> dict[str, Requirement]:
    """Return every requirement by id. Raises CatalogueError."""
    found: dict[str, Requirement] = {}
    origin: dict[str, str] = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if not entry.name.endswith(".toml"):
            continue
        try:
            document = tomllib.loads(entry.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(f"{entry.name}: not TOML: {error}") from error
        for table in document.get("requirement", []):
            requirement = parse(table, entry.name)
            if requirement.id in found:
                raise CatalogueError(f"{entry.name}: {requirement.id} is already defined in {origin[requirement.id]}")
            found[requirement.id] = requirement
            origin[requirement.id] = entry.name
    for requirement in found.values():
        for other in requirement.restates:
            if other not in found or found[other].restates:
                raise CatalogueError(
                    f"{origin[requirement.id]}: {requirement.id} restates {other!r}, which has no checks of its own"
                )
    return found


def parse(table: dict[str, Any], where: str) -> Requirement:
    """Turn one TOML table into a Requirement. Raises CatalogueError naming file, entry and member."""
    name = f"{where}: {table.get('id', '(no id)')}"
    missing = _REQUIRED - table.keys()
    if missing:
        raise CatalogueError(f"{name}: missing {', '.join(sorted(missing))}")
    unknown = table.keys() - _REQUIRED - _OPTIONAL
    if unknown:
        raise CatalogueError(f"{name}: unknown {', '.join(sorted(unknown))}")
    applies = dict(table.get("applies", {}))
    if strange := applies.keys() - set(FAMILIES):
        raise CatalogueError(f"{name}: unknown profile family {', '.join(sorted(strange))}; known: {FAMILIES}")
    if table.get("needs") and table["needs"] not in CAPABILITIES:
        raise CatalogueError(f"{name}: needs {table['needs']!r}, which is no capability; known: {CAPABILITIES}")
    try:
        cells = {family: Applies(cell) for family, cell in applies.items()}
        if Applies.CLAIMED in cells.values() and not table.get("needs"):
            raise CatalogueError(f"{name}: a cell is 'claimed' but 'needs' does not say what has to be claimed")
        return Requirement(
            **{k: table[k] for k in ("id", "section", "says", "link", "remedy", "admin")},
            level=Level(table["level"]),
            applies=cells,
            derived=table.get("derived", False),
            needs=table.get("needs", ""),
            harm=Harm(table.get("harm", "form")),
            contested=table.get("contested", ""),
            untestable=table.get("untestable", ""),
            restates=tuple(table.get("restates", ())),
        )
    except CatalogueError:
        raise
    except ValueError as error:
        raise CatalogueError(f"{name}: {error}") from error
