"""What a Change means in the directory, where the Change itself does not say: the new title, the new name."""

from __future__ import annotations

from dataclasses import replace

from harness.model.change import (
    AddMember,
    Change,
    Edit,
    RemoveMember,
    RenameGroup,
    RenamePerson,
    Reorganise,
    TeamChange,
)
from harness.model.person import Person, Team


def after(person: Person, change: Change) -> Person:
    """The person after a Change of their profile: a given or a higher title, or a new family name with new addresses.

    The domain stays; of the old local part nothing does, so that the two user names cannot be mistaken for each other.
    """
    match change:
        case Edit(attributes=()):
            return replace(person, title=f"Senior {person.title}".rstrip())
        case Edit(attributes=attributes):
            return replace(person, **dict(attributes))
        case RenamePerson():
            user_name = f"married.{person.directory_id[:8]}@{person.user_name.rpartition('@')[2]}"
            return replace(person, family_name=f"New-{person.family_name}", user_name=user_name, email=user_name)
    return person


def regrouped(team: Team, change: TeamChange) -> Team:
    """The team after a Change of its name or membership."""
    match change:
        case RenameGroup():
            return replace(team, name=f"{team.name} (renamed)")
        case AddMember(part):
            return replace(team, members=tuple(dict.fromkeys((*team.members, part))))
        case RemoveMember(part):
            return replace(team, members=tuple(other for other in team.members if other != part))
        case Reorganise(joining=joining, leaving=leaving):
            staying = (other for other in team.members if other not in leaving)
            return replace(team, members=tuple(dict.fromkeys((*staying, *joining))))
    return team
