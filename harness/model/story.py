"""Story: an ordered list of Changes with a name and the parts that it needs."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.change import Change


class Presence(enum.StrEnum):
    """How a part stands at the service when the Story begins."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Part:
    """A role to be played, and how that person stands at the service at the beginning."""

    name: str
    presence: Presence = Presence.ACTIVE


@dataclass(frozen=True)
class Group:
    """A team of the directory: the parts that are its members, and its role where a Story has several."""

    members: tuple[str, ...]
    role: str = "team"


@dataclass(frozen=True)
class Story:
    """What happened at the customer, IdP-neutral.

    ``name`` is stable and is part of scenario ids; ``title`` is the sentence a reader sees. ``idps`` restricts the
    story to IdPs that know this Change (empty: all), ``skips`` names IdPs and variants ("okta", "entra:default") for
    which it is not told because it shows nothing that another story of theirs does not show. ``teams`` are the groups
    of the directory. ``quick`` names the IdPs for which it belongs into the gate for every commit. ``suite`` is "" for
    what every run tells; a story of another suite is told only when that suite, or the story, is asked for.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    teams: tuple[Group, ...] = ()
    idps: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    suite: str = ""
