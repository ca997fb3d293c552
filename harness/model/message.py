"""Message: a text, a code or a status that an administrator meets on a screen, and what is behind it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.case import Actor
from harness.model.sequence import Evidence


class Part(enum.StrEnum):
    """What a piece of an error text tells. An IdP builds its texts out of such pieces."""

    WHOLE = "whole"
    ACT = "act"
    """What the IdP tried."""
    REASON = "reason"
    """Why it failed."""
    FRAME = "frame"
    """Words around the rest, which say nothing by themselves."""
    STATUS = "status"
    """The HTTP status of the service, in whatever spelling."""


@dataclass(frozen=True)
class Message:
    """One entry of the catalogue of messages.

    ``idp`` is "okta", "entra", "scim" (the service's own words) or "http". ``forms`` are the texts, with {names} where
    names and ids stand; ``codes`` are what the vendor calls it. ``where`` is the vendor's own place. ``answered`` is
    what the service answered so that this appears. ``checks`` in order. ``causes`` are ids of rules, the likeliest
    first. ``status`` is set for an HTTP status.
    """

    id: str
    idp: str
    means: str
    answered: str
    who: Actor
    part: Part = Part.WHOLE
    forms: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    where: str = ""
    checks: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    evidence: Evidence = Evidence.DOCUMENTED
    status: int = 0


@dataclass(frozen=True)
class Recognised:
    """A Message that stands in a text: ``score`` 0 to 1 how well it fits, ``quote`` the part of the text that fits,
    ``at`` where that begins (a character of the compared text). ``weight`` counts the characters of the message
    itself that were found, names and ids in between left out.
    """

    message: Message
    score: float
    quote: str = ""
    at: int = 0
    weight: int = 0
