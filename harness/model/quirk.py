"""Quirk: a habit of an IdP that no RFC asks for, with its evidence, source and date."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.sequence import Evidence


@dataclass(frozen=True)
class Quirk:
    """A habit of an IdP on the wire. ``seen`` is the year or date of the newest evidence.

    ``switch`` names the setting of the simulator that turns the habit, "" where it cannot be turned.
    """

    name: str
    says: str
    evidence: Evidence
    source: str
    seen: str
    switch: str = ""
