"""Story: an ordered list of Changes with a name and the parts that it needs."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.change import Change

EXTENDED = "extended"
"""The suite of what is unusual: misconfigured IdPs, and variants that differ from another in nothing on the wire."""

LONG = "long"
"""The suite of stories whose size makes them long: hundreds of people, a month of cycles."""


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
    story to IdPs that know its Changes (empty: all). ``teams`` are the groups of the directory. ``needs`` names what
    the service has to claim ("groups") or to refuse ("!groups") for the story to make sense.

    ``quick`` names the IdPs for which it belongs into the gate for every commit. ``suite`` is "" for what every run
    tells, the name of the suite otherwise. ``skips`` names IdPs and app types ("okta", "entra:default") for which the
    story shows nothing that another one does not show: they tell it in the suite EXTENDED only.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    teams: tuple[Group, ...] = ()
    idps: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    suite: str = ""

    def suite_for(self, idp: str, variant: str) -> str:
        """The suite in which this app type tells the story; "" for every run."""
        return self.suite or (EXTENDED if idp in self.skips or f"{idp}:{variant}" in self.skips else "")
