"""Outlook: what the IdP's own administrator would see after the same exchanges."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.model.sequence import Evidence


@dataclass(frozen=True)
class Notice:
    """One line on the administrator's screen.

    ``where`` is the vendor's own place ("Dashboard > Tasks", "Provisioning logs"), ``status`` the vendor's own word
    ("Success", "Failure", "Skipped"), ``text`` what is written there, ``code`` the vendor's error code if it has one.
    ``step`` is the vendor's name of the step that the line is about ("EntryExportUpdate"), "" where it has none.
    ``at`` is the minute on the IdP's own clock, counted from when the app was connected.
    ``inferred`` marks a text that nobody has captured.
    """

    where: str
    status: str
    text: str
    code: str = ""
    exchange: str = ""
    inferred: bool = False
    step: str = ""
    at: int = 0

    @property
    def troubled(self) -> bool:
        """Whether the line tells of trouble, by the vendors' own words for it."""
        return self.status in ("Failure", "Error", "Quarantine", "Task")


class RemovalState(enum.StrEnum):
    """How far the IdP has come in taking somebody's access away. It says what the IdP believes, not what is true."""

    DONE = "done"
    """The service confirmed it; the IdP will not come back to it."""
    PENDING = "pending"
    """It failed or has not been sent yet, and the IdP will try again by itself."""
    LOST = "lost"
    """It failed, and the IdP will not try again until an administrator acts."""
    NEVER_TRIED = "never-tried"
    """The IdP sent nothing and shows nobody an error: the quiet way of keeping access."""


@dataclass(frozen=True)
class Removal:
    """What became of taking away the access of one leaver of the scenario.

    ``part`` is the leaver's part in the cast; ``why`` a sentence for the administrator; ``exchange`` the id of the
    request that decided it ("" when none was sent). ``inferred`` marks a state that rests on a conclusion of ours.
    """

    part: str
    state: RemovalState
    why: str
    exchange: str = ""
    inferred: bool = False


@dataclass(frozen=True)
class Forecast:
    """What will happen to everybody if nothing changes: ``at`` a minute on the IdP's clock, ``text`` a sentence."""

    at: int
    text: str


@dataclass(frozen=True)
class Quarantine:
    """A job that the IdP has slowed down because it fails, as it stands at the end of the scenario.

    ``reason`` is the vendor's own word, ``text`` what is shown. ``since`` and ``next_attempts`` are minutes on the
    IdP's own clock; no attempts are left when the job has been stopped. ``evidence`` says how well it is known that
    this answer leads to quarantine. ``exchange`` is the id of the request that led there.
    """

    reason: str
    text: str
    since: int
    evidence: Evidence
    next_attempts: tuple[int, ...] = ()
    forecast: Forecast | None = None
    exchange: str = ""


@dataclass(frozen=True)
class Outlook:
    """What the administrator sees in the end.

    ``notices`` in order of appearance, empty when nothing is shown; ``removals`` one for each leaver of the scenario
    who had not got access back by its end; ``quarantine`` None while the IdP works at its usual pace.
    """

    notices: tuple[Notice, ...] = ()
    removals: tuple[Removal, ...] = ()
    quarantine: Quarantine | None = None

    @property
    def troubled(self) -> bool:
        if self.quarantine is not None or any(r.state is not RemovalState.DONE for r in self.removals):
            return True
        return any(notice.troubled for notice in self.notices)
