"""Person: what all files show of one person or group, as far as it is known so far."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harness.triage.look import Look

LOOKED = 20_000
"""Of so many people what was last seen of them is kept as evidence; of those who come later only what it says."""

UNSHOWN = 4
"""So many changes whose answers show nobody are held; after more of them nothing can be compared."""


class Person:
    """One person or group over all files. ``shown`` is what the service last showed of ``active``; ``asked`` what the
    IdP last asked it to be, ``confirmed`` whether the service confirmed that, ``proved`` whether another answer showed
    it, ``touched`` whether something else was changed since. ``found_at`` is when the account was last found.
    ``values`` are what was last shown of the names, ``unshown`` the changes since then whose answers showed nobody.
    """

    __slots__ = (
        "asked", "asked_at", "asked_look", "confirmed", "did", "empty", "failed", "found_at", "group", "name",
        "number", "owner", "proved", "shown", "shown_look", "spellings", "touched", "trail", "troubled",
        "unshown", "values",
    )  # fmt: skip

    def __init__(self, number: int, name: str, group: bool) -> None:
        self.number, self.name, self.group = number, name, group
        self.spellings: set[str] = set()
        self.shown: bool | None = None
        self.shown_look: Look | None = None
        self.asked: bool | None = None
        self.asked_at = ""
        self.asked_look: Look | None = None
        self.confirmed = False
        self.proved = False
        self.touched = False
        self.values: dict[str, Any] = {}
        self.unshown: tuple[Look, ...] = ()
        self.empty: Look | None = None
        self.found_at = ""
        self.failed = 0
        self.troubled = False
        self.owner = False
        self.did: Counter[str] = Counter()
        self.trail: list[Look] = []

    def follow(self, seen: Look) -> None:
        """Take in what this Sighting says about the person; signs were looked for before."""
        self.did[f"{seen.act}:{seen.went}"] += 1
        for alias in seen.aliases:
            if not alias.startswith("id:") and len(self.spellings) < 8:
                self.spellings.add(alias)
        if seen.failed:
            self.failed += 1
            self.troubled = True
        if seen.went in ("skipped", "held"):
            self.troubled = True
        if seen.act == "lookup":
            self.empty = (
                seen if seen.went == "ok" and seen.extra.get("hits") == 0 and seen.exchange is not None else None
            )
        if _found(seen):
            self.found_at = seen.at
        evidence = seen if self.number <= LOOKED else None
        if seen.write and seen.active is not None and not seen.group:
            self.asked, self.asked_at, self.asked_look = seen.active, seen.at, evidence
            self.confirmed = seen.went == "ok"
            self.proved = self.touched = False
            if seen.went == "ok":
                self.shown = seen.active
        elif seen.write and seen.went == "ok":
            self.touched = True
        shows = seen.extra.get("shows")
        if isinstance(shows, bool) and seen.went == "ok":
            self.shown, self.shown_look = shows, evidence
            self.proved = self.proved or (shows is self.asked and not seen.write)
        if evidence is not None and seen.went == "ok" and not seen.group:
            self._show(seen)

    def _show(self, seen: Look) -> None:
        """Take in the names that an answer shows, or that there was a change whose answer shows none."""
        if "values" in seen.extra:
            self.values, self.unshown = seen.extra["values"], ()
        elif seen.write and len(self.unshown) < UNSHOWN:
            self.unshown += (seen,)
        elif seen.write:
            self.values = {}  # too much was changed to compare with


def _found(seen: Look) -> bool:
    """Whether the account was found: searched, read, or compared by the IdP."""
    asked = seen.act in ("lookup", "read") and seen.went == "ok" and seen.extra.get("hits", 1) == 1
    return asked or seen.said("entra-redundant")
