"""Scaffold: writes the folder of a new IdP, so that it runs before its first own line is written."""

from __future__ import annotations

import keyword
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

PROTOTYPE = "generic"
"""The IdP whose folder is the pattern: it is shipped, tested and documented, so the pattern cannot go stale."""


class ScaffoldError(ValueError):
    """The folder cannot be written; the message says what was expected."""


def new_idp(name: str, package: Path) -> Path:
    """Write ``package/name`` after the pattern of the prototype. Returns the folder. Raises ScaffoldError.

    ``name`` is in small letters and becomes part of scenario ids; ``package`` is the folder of a Python package that
    IdPs live in, such as ``simulators``, and is imported by its own name.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise ScaffoldError(f"{name!r} is no usable name: expected small letters, digits and _, such as onelogin")
    if name == PROTOTYPE:
        raise ScaffoldError(f"{name!r} is the pattern itself: choose another name")
    if not (package / "__init__.py").is_file():
        raise ScaffoldError(
            f"{package} is no Python package: expected a folder with an __init__.py; name it with --into"
        )
    folder = package / name
    if folder.exists():
        raise ScaffoldError(f"{folder} exists already, and nothing is overwritten: choose another name, or remove it")
    folder.mkdir()
    pattern = files("simulators") / PROTOTYPE
    for file in sorted(pattern.iterdir(), key=lambda item: item.name):
        if file.is_file():
            (folder / file.name).write_text(_named(file, name, package.resolve().name), "utf-8")
    return folder


def entry_point(name: str, package: Path) -> str:
    """The two lines of a pyproject.toml that make an IdP known."""
    target = f"{package.resolve().name}.{name}:{name.upper()}"
    return f'[project.entry-points."scimulator.idps"]\n{name} = "{target}"'


def _named(file: Traversable, name: str, package: str) -> str:
    title = name.replace("_", " ").title().replace(" ", "")
    text = file.read_text("utf-8").replace(f"simulators.{PROTOTYPE}", f"{package}.{PROTOTYPE}")
    for old, new in ((PROTOTYPE, name), (PROTOTYPE.upper(), name.upper()), (PROTOTYPE.title(), title)):
        text = text.replace(old, new)
    return text
