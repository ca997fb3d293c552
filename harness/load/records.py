"""Records: what became of each job, in a bit or two for each person."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.load.crowd import Job
from harness.model.step import Step


@dataclass
class Record:
    """What became of one job. ``acknowledged`` has one bit for each leaver whose removal the service confirmed,
    ``taken_out`` for each whose removal from the group it did.

    ``unlinked`` are leavers whom the IdP never came to know, ``failed`` those at whom it met an error, ``given_up``
    those to whom it will not come back by itself.
    ``waits`` counts how often a Retry-After was waited for; ``early`` counts requests that came before that time.
    """

    job: Job
    late_s: float = 0.0
    began: float = 0.0
    finished: float = 0.0
    acknowledged: bytearray = field(default_factory=bytearray)
    taken_out: bytearray = field(default_factory=bytearray)
    ended: int = 0
    unlinked: int = 0
    failed: int = 0
    given_up: int = 0
    waiting: int = 0
    slowed: str = ""
    retries: int = 0
    throttled: int = 0
    without_wait: int = 0
    waits: int = 0
    early: int = 0
    strangers: list[str] = field(default_factory=list)
    repeat: Step | None = None
    somebody: str = ""
    met: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.acknowledged = self.acknowledged or bytearray(-(-self.job.people // 8))
        if self.job.group:
            self.taken_out = self.taken_out or bytearray(-(-self.job.people // 8))

    def acknowledge(self, number: int) -> bool:
        """Note that a removal was confirmed; False when it was before."""
        place, bit = number >> 3, 1 << (number & 7)
        if self.acknowledged[place] & bit:
            return False
        self.acknowledged[place] |= bit
        self.ended += 1
        return True

    def was_acknowledged(self, number: int) -> bool:
        return bool(self.acknowledged[number >> 3] & (1 << (number & 7)))

    def take_out(self, number: int) -> None:
        """Note that a removal from the group was confirmed."""
        self.taken_out[number >> 3] |= 1 << (number & 7)

    def was_taken_out(self, number: int) -> bool:
        return bool(self.taken_out[number >> 3] & (1 << (number & 7)))
