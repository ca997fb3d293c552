"""Diagnosis: what a look at somebody's configuration says, line by line, in words for people who run an IdP."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.exchange import Exchange


class State(enum.StrEnum):
    """How one thing stands. Not available and could not ask are no faults, and no passes."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    NOT_AVAILABLE = "not-available"
    COULD_NOT_ASK = "could-not-ask"


class Readiness(enum.StrEnum):
    """The answer to "will a leaver really lose access?"."""

    READY = "ready"
    READY_WITH_CAVEATS = "ready-with-caveats"
    NOT_READY = "not-ready"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Proof:
    """One piece of evidence behind a Line: ``text`` as it was seen; ``exchange`` the id of the request, "" for none."""

    text: str
    exchange: str = ""


@dataclass(frozen=True)
class Line:
    """One thing that was looked at.

    ``id`` is stable ("key-doubled-bearer"); ``title`` what was looked at; ``meaning`` what it means for people; ``fix``
    what to do with the click path, "" when there is nothing to do; ``who`` must act: "customer", "service", "idp", "".
    No text holds a number of an RFC. ``guide`` is the anchor of the guide's section that tells it at length.
    """

    id: str
    state: State
    title: str
    meaning: str = ""
    fix: str = ""
    who: str = ""
    guide: str = ""
    evidence: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """All lines, the worst for people first, the answer in one sentence, and every request that was sent for it."""

    readiness: Readiness
    sentence: str
    lines: tuple[Line, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
