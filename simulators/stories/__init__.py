"""Stories: what happened at a customer, told without the words of any IdP. The folder is walked; one theme a file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from harness.model.change import Edit, Reorganise, TeamChange
from harness.model.person import Person
from harness.model.story import Story


@cache
def all_stories() -> tuple[Story, ...]:
    """Every Story found in the modules of this folder, by name.

    Raises ValueError when two stories share a name, or when a change or the team names a part that the story lacks.
    """
    found: dict[str, Story] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, Story) and found.setdefault(value.name, value) is not value:
                raise ValueError(
                    f"two stories are called {value.name!r}; give the one in {module.name}.py another name"
                )
    for story in found.values():
        _complete(story)
    return tuple(sorted(found.values(), key=lambda story: story.name))


def told_by(idp: str) -> tuple[Story, ...]:
    """The stories that make sense for this IdP."""
    return tuple(story for story in all_stories() if not story.idps or idp in story.idps)


def _complete(story: Story) -> None:
    parts = {part.name for part in story.parts}
    roles = {group.role for group in story.teams}
    spoken = [change.part for change in story.changes if change.part]
    spoken += [p for c in story.changes if isinstance(c, Reorganise) for p in (*c.joining, *c.leaving)]
    for part in (*spoken, *(member for group in story.teams for member in group.members)):
        if part not in parts:
            raise ValueError(f"story {story.name!r} speaks of {part!r}, but its parts are {sorted(parts)}")
    for change in story.changes:
        for name, _ in change.attributes if isinstance(change, Edit) else ():
            if name not in Person.__dataclass_fields__:
                raise ValueError(f"story {story.name!r} edits {name!r}, which no person has")
        if isinstance(change, TeamChange) and (not roles or (change.team and change.team not in roles)):
            raise ValueError(f"story {story.name!r} speaks of the team {change.team!r}, but it has {sorted(roles)}")
