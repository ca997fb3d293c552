"""Outlook: what the IdP's own administrator would see after the same exchanges."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """One line on the administrator's screen.

    ``where`` is the vendor's own place ("Dashboard > Tasks", "Provisioning logs"), ``status`` the vendor's own word
    ("Success", "Failure", "Skipped"), ``text`` what is written there, ``code`` the vendor's error code if it has one.
    ``inferred`` marks a text that nobody has captured.
    """

    where: str
    status: str
    text: str
    code: str = ""
    exchange: str = ""
    inferred: bool = False


@dataclass(frozen=True)
class Outlook:
    """What the administrator sees in the end, in order of appearance; empty when nothing is shown."""

    notices: tuple[Notice, ...] = ()

    @property
    def troubled(self) -> bool:
        return any(notice.status in ("Failure", "Error", "Quarantine", "Task") for notice in self.notices)
