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
class Story:
    """What happened at the customer, IdP-neutral.

    ``name`` is stable and is part of scenario ids; ``title`` is the sentence a reader sees. ``idps`` restricts the
    story to IdPs that know this Change (empty: all). ``team`` lists parts that are members of the pushed team.
    ``quick`` names the IdPs for which it belongs into the gate for every commit.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    team: tuple[str, ...] = ()
    idps: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
