"""Guides: how a customer sets up an IdP, and what each wrong setting means for people. Data, and what reads it.

The guides in docs/guides, the lines of the configuration check and what the doctor advises come from these files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from harness.model.diagnosis import Line, Proof, State
from harness.model.sequence import Evidence

IDPS = ("okta", "entra")
PARTS = ("connect", "tick", "off", "people", "safety", "try", "later")
"""The chapters of a guide, in the order in which an administrator needs them."""


_OF_THE_APP = ("Provisioning", "Sign On", "Push Groups", "Assignments", "Single sign-on")
"""Pages of the app; a path that begins otherwise begins at the top."""


class GuideError(ValueError):
    """A guide's data is wrong; the message names file, entry and what was expected."""


@dataclass(frozen=True)
class Fault:
    """One thing that may be set wrong. ``harm`` orders faults, 1 the worst for people; ``field`` names reports of it.

    ``fix`` is "" where the section already says what to do.
    """

    id: str
    state: State
    harm: int
    says: str
    means: str
    fix: str = ""
    field: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One setting: ``where`` is the click path below the guide's ``app``, ``do`` what to set, ``why`` the reason."""

    anchor: str
    part: str
    title: str
    where: str
    do: str
    why: str
    evidence: Evidence
    source: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Guide:
    """How one IdP is connected. ``app`` is where its pages are found."""

    idp: str
    title: str
    app: str
    sections: tuple[Section, ...]


@cache
def guides() -> tuple[Guide, ...]:
    """The guides. Raises GuideError."""
    return tuple(_guide(name) for name in IDPS)


def guide(idp: str) -> Guide:
    """The guide of one IdP. Raises KeyError."""
    return next((g for g in guides() if g.idp == idp), None) or _missing(idp)


@cache
def sections() -> Mapping[str, Section]:
    """Every section by its anchor."""
    return {section.anchor: section for g in guides() for section in g.sections}


@cache
def of_people() -> tuple[Fault, ...]:
    """What a list of people can show, the same for each IdP."""
    return tuple(_fault(table, "people.toml") for table in _document("people.toml")["fault"])


@cache
def faults() -> Mapping[str, Fault]:
    """Every fault by its id."""
    return {f.id: f for f in (*(f for s in sections().values() for f in s.faults), *of_people())}


@cache
def _homes() -> Mapping[str, Section]:
    return {fault.id: section for section in sections().values() for fault in section.faults}


def link(anchor: str) -> str:
    """Where the guide's section is found, below the documents of the project. Raises KeyError for an unknown anchor."""
    section = sections()[anchor]
    return f"guides/connect-{section.anchor.partition('-')[0]}.md#{section.anchor}"


def path(anchor: str) -> str:
    """Where the administrator clicks for a section. Raises KeyError for an unknown anchor."""
    return _path(sections()[anchor])


def line(
    name: str, *evidence: str, title: str = "", state: State | None = None, fix: str = "", anchor: str = ""
) -> Line:
    """The Line for a fault. ``anchor`` says which section a fault of people belongs to. Raises KeyError."""
    fault = faults()[name]
    section = _homes().get(name) or sections()[anchor]
    state = state or fault.state
    what = fix or fault.fix or section.do
    remedy = f"{_path(section)}: {what}" if name in _homes() else what
    return Line(
        id=name,
        state=state,
        title=title or fault.says,
        # What a fault would mean is no news where there is none.
        meaning="" if state is State.OK and fault.state is not State.OK else fault.means,
        fix="" if state is State.OK else remedy,
        who="" if state is State.OK else "customer",
        guide=section.anchor,
        evidence=tuple(Proof(text) for text in evidence),
    )


def fine(anchor: str, title: str, *evidence: str) -> Line:
    """A Line that says that a setting is right."""
    return Line(anchor, State.OK, title, guide=anchor, evidence=tuple(Proof(text) for text in evidence))


def unknown(anchor: str, title: str, how: str) -> Line:
    """A Line about something that the files do not hold; ``how`` tells where it can be seen."""
    return Line(f"{anchor}-unknown", State.NOT_AVAILABLE, title, fix=how, guide=anchor)


def harm(line: Line) -> int:
    """How bad what a Line tells is for people, 1 the worst; for sorting."""
    known = faults().get(line.id)
    return known.harm if known else 50


def _path(section: Section) -> str:
    app = next(g.app for g in guides() if section in g.sections)
    return f"{app} > {section.where}" if section.where.startswith(_OF_THE_APP) else section.where


def _missing(idp: str) -> Guide:
    raise KeyError(f"there is no guide for {idp!r}; there are {', '.join(IDPS)}")


def _document(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text("utf-8"))


def _guide(idp: str) -> Guide:
    name = f"{idp}.toml"
    document = _document(name)
    found = tuple(_section(table, name) for table in document["section"])
    _unique((section.anchor for section in found), name)
    return Guide(document["idp"], document["title"], document["app"], found)


def _section(table: dict[str, Any], name: str) -> Section:
    where = f"{name}: {table.get('anchor', '(no anchor)')}"
    if table.get("part") not in PARTS:
        raise GuideError(f"{where}: part is {table.get('part')!r}; expected one of {', '.join(PARTS)}")
    values = {**table, "evidence": Evidence(table["evidence"])}
    found = tuple(_fault(fault, name) for fault in values.pop("fault", ()))
    try:
        return Section(**values, faults=found)
    except TypeError as error:
        raise GuideError(f"{where}: {error}") from error


def _fault(table: dict[str, Any], name: str) -> Fault:
    where = f"{name}: {table.get('id', '(no id)')}"
    try:
        return Fault(**{**table, "state": State(table["state"]), "field": tuple(table.get("field", ()))})
    except (TypeError, ValueError) as error:
        raise GuideError(f"{where}: {error}") from error


def _unique(names: Iterable[str], name: str) -> None:
    seen: set[str] = set()
    for one in names:
        if one in seen:
            raise GuideError(f"{name}: {one} stands there twice")
        seen.add(one)
