"""Case: what a customer's files say together, and the likeliest causes of the trouble in them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.sighting import Complaint, Sighting


class Likelihood(enum.StrEnum):
    """How sure a diagnosis is. HIGH only where the files rule the other explanations out."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Actor(enum.StrEnum):
    """Who has to do something so that the trouble ends."""

    CUSTOMER = "customer"
    """The administrator of the customer's IdP."""
    SERVICE = "service"
    IDP = "idp"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Suspicion:
    """One possible cause: ``id`` of the rule, what it is in a sentence, what it means for people, who does what.

    ``evidence`` are sentences that each name the place in a file; ``steps`` what to do, in order, with click paths.
    """

    id: str
    title: str
    likelihood: Likelihood
    who: Actor
    meaning: str = ""
    steps: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    seen: tuple[Sighting, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """Everything about one person or group, oldest first; ``subject`` as the files name it."""

    subject: str
    kind: str
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True)
class Possibility:
    """What one app type must have sent for an event of the IdP's log to come about: nobody wrote these requests down.

    ``variant`` is "" where all app types of the IdP send the same and which one it is is not known; ``title`` names it.
    """

    idp: str
    variant: str
    title: str
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True)
class Case:
    """The whole answer. ``causes`` the likeliest first; empty when the files do not tell, and ``unknown`` then says
    what is missing and how to get it. ``divergence`` is the first place where things went another way than they should,
    ``rebuilt`` what the IdP must have sent there, where only its log tells of it.
    """

    files: tuple[str, ...]
    idp: str = ""
    causes: tuple[Suspicion, ...] = ()
    timelines: tuple[Timeline, ...] = ()
    divergence: Sighting | None = None
    rebuilt: tuple[Possibility, ...] = ()
    unknown: tuple[str, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    reply: str = ""
