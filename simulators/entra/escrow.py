"""Escrow: objects that failed, and when the job tries them again.

Source: https://learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works. That the gaps grow is
documented; by how much is not, so they double here, from one cycle to a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Key = tuple[str, str]
"""What the job works on: ("user", part) or ("group", role of the team)."""

DAY = 24 * 60


@dataclass
class Failed:
    """One object. ``retried`` counts the attempts after the first, ``due`` is the minute of the next one.

    ``reference`` marks a failure about somebody else, which does not count towards quarantine.
    """

    code: str
    retried: int
    due: int
    reference: bool = False


@dataclass
class Escrow:
    """``interval`` is the length of a cycle in minutes."""

    interval: int
    failed: dict[Key, Failed] = field(default_factory=dict)

    def put(self, key: Key, code: str, now: int, wait: int = 0, reference: bool = False) -> Failed:
        """An object has failed (again) and is due in a cycle after a gap; not before ``wait`` minutes have passed."""
        before = self.failed.get(key)
        retried = before.retried + 1 if before else 0
        gap = max(min(self.interval * 2 ** min(retried, 16), DAY), wait)
        self.failed[key] = Failed(code, retried, now + gap, reference)
        return self.failed[key]

    def clear(self, key: Key) -> None:
        self.failed.pop(key, None)

    def due(self, now: int) -> list[Key]:
        return [key for key, failed in self.failed.items() if failed.due <= now]

    def retried(self, key: Key) -> int:
        """How often this object has been tried again, the attempt that is running now included."""
        failed = self.failed.get(key)
        return failed.retried + 1 if failed else 0
