"""Saved scenarios: a solved case as a story that is told again in every run. A TOML file with the cause it is about.

schema = "scimulator/scenario/1", name, title, cause and who, [told] idps, [[part]] and [[change]]; people are parts and
never named. ``write`` makes one, ``read`` refuses what does not add up and says where.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from harness.model import change as changes
from harness.model.change import Change, TeamChange
from harness.model.idp import Vendor
from harness.model.story import Group, Part, Presence, Story
from harness.plan import PlanError, Selection

SCHEMA = "scimulator/scenario/1"
SUFFIX = ".scenario.toml"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_MEMBERS = {"schema", "name", "title", "cause", "who", "told", "expect", "part", "change", "team"}


@dataclass(frozen=True)
class Saved:
    """``story`` is told by ``idps`` ("okta", "entra:default"; empty: all). ``cause`` is the rule or requirement that it
    is about, ``who`` had to act. ``requirements`` are those that have to hold, for the reader: all are judged.
    """

    name: str
    title: str
    story: Story
    cause: str = ""
    who: str = ""
    idps: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


def with_saved(
    paths: Sequence[str], idps: Mapping[str, Vendor], selection: Selection
) -> tuple[Mapping[str, Vendor], Selection]:
    """The IdPs with the saved stories, and a selection of those unless others are asked for. Raises PlanError."""
    if not paths:
        return idps, selection
    saved = [one for path in paths for one in _each(Path(path))]
    told = dict(idps)
    for one in saved:
        for name in {idp.partition(":")[0] for idp in one.idps} or told.keys():
            if name not in told:
                raise PlanError(f"{one.name}: there is no IdP called {name!r}; there are {', '.join(told)}")
            told[name] = replace(told[name], stories=(*told[name].stories, one.story))
    wanted = selection.idps or tuple(dict.fromkeys(idp for one in saved for idp in one.idps))
    return told, replace(selection, idps=wanted, stories=(*selection.stories, *(one.story.name for one in saved)))


def _each(path: Path) -> Iterator[Saved]:
    """A file, or all scenario files of a folder."""
    found = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not found:
        raise PlanError(f"{path}: no file in it ends with {SUFFIX}")
    yield from map(read, found)


def read(path: Path) -> Saved:
    """One file. Raises PlanError naming file, member and what was expected."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(f"{path}: cannot be read: {error}") from error
    if table.get("schema") != SCHEMA:
        raise PlanError(f'{path}: expected schema = "{SCHEMA}", came {table.get("schema")!r}')
    if unknown := table.keys() - _MEMBERS:
        raise PlanError(f"{path}: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(_MEMBERS))}")
    name = str(table.get("name", ""))
    if not NAME.fullmatch(name):
        raise PlanError(f"{path}: name {name!r}: expected small letters, digits and hyphens")
    try:
        return _saved(table, name)
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"{path}: {error}") from error


def _saved(table: Mapping[str, Any], name: str) -> Saved:
    parts = tuple(Part(p["name"], Presence(p.get("presence", "active"))) for p in table.get("part", ()))
    known = {part.name for part in parts}
    teams = tuple(Group(tuple(t["members"]), t.get("role", "team")) for t in table.get("team", ()))
    told = tuple(_change(row, known) for row in table.get("change", ()))
    if not parts or not told:
        raise ValueError("expected at least one [[part]] and one [[change]]")
    if strange := {member for team in teams for member in team.members} - known:
        raise ValueError(f"[[team]] names {', '.join(sorted(strange))}, which is no [[part]]")
    if any(isinstance(change, TeamChange) for change in told) and not teams:
        raise ValueError("a change of a team needs a [[team]]")
    idps = tuple(table.get("told", {}).get("idps", ()))
    title = str(table.get("title") or name)
    story = Story(f"saved-{name}", title, told, parts, teams, tuple({idp.partition(":")[0] for idp in idps}))
    return Saved(
        name=name,
        title=title,
        story=story,
        cause=str(table.get("cause", "")),
        who=str(table.get("who", "")),
        idps=idps,
        requirements=tuple(table.get("expect", {}).get("requirements", ())),
    )


def _change(row: Mapping[str, Any], parts: set[str]) -> Change:
    given = dict(row)
    name = str(given.pop("change", ""))
    kind = getattr(changes, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Change)):
        raise ValueError(f"[[change]] {name!r} is nothing that an administrator can do here")
    known = {field.name for field in fields(kind)}
    if unknown := given.keys() - known:
        raise ValueError(f"[[change]] {name}: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    part = given.get("part", "")
    if part and part not in parts and not issubclass(kind, TeamChange):
        raise ValueError(f"[[change]] {name}: {part!r} is no [[part]]; there are {', '.join(sorted(parts))}")
    return kind(**given)


def write(saved: Saved, directory: Path) -> Path:
    """Write ``NAME.scenario.toml`` into the directory (made if missing). Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{saved.name}{SUFFIX}"
    path.write_text(text(saved), "utf-8")
    return path


def text(saved: Saved) -> str:
    lines = [
        f"# {saved.title}. scimulator explain {saved.cause or 'CAUSE'}",
        f"# Told again by: scimulator run --scenario {saved.name}{SUFFIX}, or pytest {saved.name}{SUFFIX}",
        f"schema = {_text(SCHEMA)}",
        f"name = {_text(saved.name)}",
        f"title = {_text(saved.title)}",
        f"cause = {_text(saved.cause)}",
        f"who = {_text(saved.who)}",
        "",
        "[told]",
        f"idps = {_texts(saved.idps)}",
        "",
        "[expect]",
        "# For the reader: everything is judged, and these are what the case was about.",
        f"requirements = {_texts(saved.requirements)}",
    ]
    for part in saved.story.parts:
        lines += ["", "[[part]]", f"name = {_text(part.name)}", f"presence = {_text(part.presence.value)}"]
    for team in saved.story.teams:
        lines += ["", "[[team]]", f"members = {_texts(team.members)}"]
    for change in saved.story.changes:
        lines += [
            "",
            "[[change]]",
            f"change = {_text(change.kind)}",
            *([f"part = {_text(change.part)}"] if change.part else []),
        ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
