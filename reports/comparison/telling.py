"""The words in which a comparison is told, the same on the page and in Markdown."""

from __future__ import annotations

from harness.model.comparison import Comparison, Fate

FATES = {
    Fate.NEW: ("+", "New", "not there before"),
    Fate.CHANGED: ("~", "Changed", "still there, but the outcome or what came is another"),
    Fate.STILL: ("=", "Still there", "as before"),
    Fate.GONE: ("?", "Gone", "the scenario was not played again, so nothing is known"),
    Fate.FIXED: ("✓", "Fixed", "no longer found where it was looked for again"),
}
"""A sign that is not a colour, a heading, and what it means; in the order in which people should read."""


def sentence(comparison: Comparison) -> str:
    """What the comparison comes to, in one sentence."""
    if comparison.worse:
        number = len({difference.requirement for difference in comparison.worse})
        return (
            f"Something got worse: {number} requirement{'s' if number != 1 else ''} broken that held before, or worse."
        )
    if comparison.lost:
        number = len(comparison.lost)
        lost = f"{number} scenarios were" if number != 1 else "1 scenario was"
        return f"Cannot tell whether anything got worse: {lost} not played again."
    fixed = len({difference.requirement for difference in comparison.of(Fate.FIXED)})
    better = f"; {fixed} requirement{'s' if fixed != 1 else ''} now held somewhere that was broken" if fixed else ""
    return f"Nothing got worse{better}."
