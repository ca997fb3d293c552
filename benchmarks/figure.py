"""Figure: one thing that was measured, beside what it was measured against in the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``what`` was measured; ``value`` with its unit; ``against`` the name and the value of the peer or the floor, ""
    without one; ``ratio`` ours to theirs, None without one; ``goal`` in words, "" where there is none; ``met`` whether
    the goal was reached, None where it cannot be told; ``why`` what the distance to the floor is made of.
    """

    what: str
    value: str
    against: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    why: str = ""

    @property
    def told(self) -> str:
        """The ratio as it is written, three digits that count at most."""
        if self.ratio is None:
            return ""
        return f"{self.ratio:.2f}" if self.ratio < 10 else f"{self.ratio:,.0f}"

    @property
    def sign(self) -> str:
        return {True: "met", False: "MISSED", None: ""}[self.met]


def at_most(what: str, value: str, against: str, ratio: float, goal: float, why: str = "") -> Figure:
    """A ratio that must not be larger than its goal."""
    return Figure(what, value, against, ratio, f"at most {goal:g}", ratio <= goal, why)


def at_least(what: str, value: str, against: str, ratio: float, goal: float, why: str = "") -> Figure:
    """A ratio that must not be smaller than its goal."""
    return Figure(what, value, against, ratio, f"at least {goal:g}", ratio >= goal, why)
