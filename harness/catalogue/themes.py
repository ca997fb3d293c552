"""The themes of the catalogue: which parts of a service break as one, and what follows from what."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from harness.catalogue.loader import CatalogueError
from harness.model.cause import Theme

EVERY = "*"
"""Stands for all themes."""

_MEMBERS = {"name", "title", "holds", "explains", "result", "split", "form"}


@cache
def load_themes() -> tuple[Theme, ...]:
    """All themes, from the ground up. Raises CatalogueError."""
    return parse_themes((files(__package__) / "themes.toml").read_text("utf-8"))


def parse_themes(text: str) -> tuple[Theme, ...]:
    """Themes from a TOML document. Raises CatalogueError naming the theme and what is wrong with it."""
    try:
        tables: list[dict[str, Any]] = tomllib.loads(text).get("theme", [])
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"themes.toml: not TOML: {error}") from error
    names = [table.get("name", "") for table in tables]
    for table in tables:
        name = f"themes.toml: {table.get('name') or '(no name)'}"
        if not table.get("name") or names.count(table["name"]) > 1:
            raise CatalogueError(f"{name}: expected a name that no other theme has")
        if unknown := table.keys() - _MEMBERS:
            raise CatalogueError(f"{name}: unknown {', '.join(sorted(unknown))}")
        if strange := set(table.get("explains", ())) - {*names, EVERY}:
            raise CatalogueError(f"{name}: explains {', '.join(sorted(strange))}, which is no theme")
    return tuple(
        Theme(
            name=table["name"],
            title=table.get("title", ""),
            holds=tuple(table.get("holds", ())),
            explains=tuple(names) if EVERY in table.get("explains", ()) else tuple(table.get("explains", ())),
            result=table.get("result", False),
            split=table.get("split", False),
            form=table.get("form", False),
        )
        for table in tables
    )


def place(requirements: Iterable[str], themes: Iterable[Theme]) -> dict[str, str]:
    """The theme of each requirement, by name. Raises CatalogueError when none holds it."""
    globs = sorted(((glob, theme.name) for theme in themes for glob in theme.holds), key=lambda g: -len(g[0]))
    placed = {}
    for requirement in requirements:
        name = next((name for glob, name in globs if fnmatchcase(requirement, glob)), None)
        if name is None:
            raise CatalogueError(f"themes.toml: no theme holds {requirement}")
        placed[requirement] = name
    return placed
