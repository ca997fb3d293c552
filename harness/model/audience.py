"""Audience: for whom a report is written."""

from __future__ import annotations

import enum


class Audience(enum.StrEnum):
    """It changes words and order, never the verdict and never what can be found in a report."""

    ADMIN = "admin"
    """Who runs the identity provider: what it means for people and what to do, clauses and JSON behind a fold."""
    SUPPORT = "support"
    """Who has to explain it: what was seen on whose screen, and the sequence that shows it."""
    DEVELOPER = "developer"
    """Who has to repair it: the clause, the proof, the fix."""
