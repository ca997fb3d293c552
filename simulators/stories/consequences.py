"""What a Change means in the directory, where the Change itself does not say: the new title, the new name."""

from __future__ import annotations

from dataclasses import replace

from harness.model.person import Person


def promoted(person: Person) -> Person:
    """The person after an Edit: the title changes, nothing else."""
    return replace(person, title=f"Senior {person.title}".rstrip())


def renamed(name: str) -> str:
    """The name of a team after a RenameGroup."""
    return f"{name} (renamed)"
