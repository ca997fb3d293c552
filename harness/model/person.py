"""Person and Team: invented members of the IdP's directory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """An invented employee. ``directory_id`` is 32 hex digits derived from the seed (never from Faker).

    ``manager`` is the part of the cast to whom the person reports, ``role`` an app role that they were given.
    """

    directory_id: str
    user_name: str
    given_name: str
    family_name: str
    email: str
    title: str = ""
    department: str = ""
    manager: str = ""
    role: str = ""

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class Team:
    """An invented group of the directory. ``members`` are parts of the cast, ``role`` is its name in the Story."""

    directory_id: str
    name: str
    members: tuple[str, ...] = ()
    role: str = "team"
