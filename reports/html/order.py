"""In which order each audience needs what the page says. All of it is always there."""

from __future__ import annotations

from harness.model.audience import Audience

SECTIONS = {
    Audience.ADMIN: ("findings", "vendors", "not-run", "scenarios", "matrix", "timeline", "exchanges", "reproduce"),
    Audience.SUPPORT: ("findings", "vendors", "scenarios", "exchanges", "timeline", "not-run", "matrix", "reproduce"),
    Audience.DEVELOPER: ("findings", "scenarios", "exchanges", "matrix", "vendors", "timeline", "not-run", "reproduce"),
}
"""The sections of the page."""

ADVICE = {
    Audience.ADMIN: ("workaround", "screen", "fix"),
    Audience.SUPPORT: ("screen", "workaround", "fix"),
    Audience.DEVELOPER: ("fix", "screen", "workaround"),
}
"""The order of the advice on a card."""
