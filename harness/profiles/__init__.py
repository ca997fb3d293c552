"""Profiles: what a service claims, as TOML files. ``load`` reads one by name or path, ``names`` lists our own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.catalogue.loader import FAMILIES
from harness.catalogue.loader import load as load_catalogue
from harness.model.profile import CAPABILITIES, Claim, Profile
from harness.model.requirement import Applies

TOLERANCES = ("mixed-patch", "empty-group-list", "filter-creates", "global-user-names")
"""Deviations that a profile may declare: active is obeyed in a PATCH that also holds what clients do not own; a service
without groups answers their list with an empty one; a replace through a filter that matches nothing creates the value,
as Entra ID expects; user names are unique over all tenants, so that a conflict may tell of another tenant's person."""

_MEMBERS = ("name", "title", "family", "extends", "claims", "tolerances", "attributes", "adjusts")


class ProfileError(ValueError):
    """A profile does not exist or is wrong; the message names file, member and what was expected."""


@cache
def names() -> tuple[str, ...]:
    """The names of the profiles that come along, sorted."""
    return tuple(sorted(_packaged()))


def load(name_or_path: str | Path) -> Profile:
    """Read a profile by its name ("marketbeam") or from a TOML file. Raises ProfileError."""
    name = str(name_or_path)
    packaged = _packaged()
    if name in packaged:
        return _parse(packaged[name], f"profile {name}")
    path = Path(name_or_path)
    if not path.is_file():
        raise ProfileError(f"there is no profile and no file {name!r}; the profiles are {', '.join(names())}")
    try:
        return _parse(tomllib.loads(path.read_text("utf-8")), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: expected TOML in UTF-8: {error}") from error
    except OSError as error:
        raise ProfileError(f"{path} cannot be read: {error.strerror or error}") from error


@cache
def _packaged() -> dict[str, dict[str, Any]]:
    found = {}
    for file in files(__package__).iterdir():
        if file.name.endswith(".toml"):
            document = tomllib.loads(file.read_text("utf-8"))
            found[str(document.get("name"))] = document
    return found


def _parse(document: dict[str, Any], where: str) -> Profile:
    document = _extended(document, where)
    for member in document:
        if member not in _MEMBERS:
            raise ProfileError(f"{where}: unknown member {member!r}; expected one of {', '.join(_MEMBERS)}")
    family = _text(document, "family", where)
    if family not in FAMILIES:
        raise ProfileError(f"{where}: family is {family!r}; expected one of {', '.join(FAMILIES)}")
    return Profile(
        name=_text(document, "name", where),
        title=_text(document, "title", where),
        family=family,
        claims=_claims(_table(document, "claims", where), where),
        tolerances=frozenset(_known(document, "tolerances", TOLERANCES, where)),
        attributes=_words(document, "attributes", where),
        adjusts=_adjusts(_table(document, "adjusts", where), where),
    )


def _extended(document: dict[str, Any], where: str) -> dict[str, Any]:
    """The document with what it does not say taken from the profile that it extends; tables are merged by member."""
    if "extends" not in document:
        return document
    base = document["extends"]
    if not isinstance(base, str) or base not in _packaged():
        raise ProfileError(f"{where}: extends is {base!r}; expected one of {', '.join(names())}")
    below = _extended(_packaged()[base], f"profile {base}")
    merged = {**below, **document}
    for table in ("claims", "adjusts"):
        if isinstance(below.get(table), dict) and isinstance(document.get(table), dict):
            merged[table] = {**below[table], **document[table]}
    return merged


def _claims(table: dict[str, Any], where: str) -> dict[str, Claim]:
    claims = {}
    for capability, claim in table.items():
        if capability not in CAPABILITIES:
            known = ", ".join(CAPABILITIES)
            raise ProfileError(f"{where}: claims.{capability} is no capability; expected one of {known}")
        try:
            claims[capability] = Claim(claim)
        except ValueError:
            known = ", ".join(c.value for c in Claim)
            raise ProfileError(f"{where}: claims.{capability} is {claim!r}; expected one of {known}") from None
    return claims


def _adjusts(table: dict[str, Any], where: str) -> dict[str, Applies]:
    adjusts = {}
    for requirement, cell in table.items():
        if requirement not in load_catalogue():
            raise ProfileError(
                f"{where}: adjusts.{requirement} names no requirement; see `scimulator list requirements`"
            )
        try:
            adjusts[requirement] = Applies(cell)
        except ValueError:
            known = ", ".join(a.value for a in Applies)
            raise ProfileError(f"{where}: adjusts.{requirement} is {cell!r}; expected one of {known}") from None
    return adjusts


def _text(document: dict[str, Any], member: str, where: str) -> str:
    value = document.get(member)
    if not isinstance(value, str) or not value:
        raise ProfileError(f"{where}: {member} is {value!r}; expected a text")
    return value


def _table(document: dict[str, Any], member: str, where: str) -> dict[str, Any]:
    value = document.get(member, {})
    if not isinstance(value, dict):
        raise ProfileError(f"{where}: {member} is {value!r}; expected a table [{member}]")
    return value


def _words(document: dict[str, Any], member: str, where: str) -> tuple[str, ...]:
    value = document.get(member, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ProfileError(f"{where}: {member} is {value!r}; expected a list of texts")
    return tuple(value)


def _known(document: dict[str, Any], member: str, known: tuple[str, ...], where: str) -> tuple[str, ...]:
    words = _words(document, member, where)
    for word in words:
        if word not in known:
            raise ProfileError(f"{where}: {member} has {word!r}; expected one of {', '.join(known)}")
    return words
