"""Telling: one page of a job, played through the sequences of its IdP; the one place where a storm touches them.

It does no I/O: whoever drives it sends each Step that comes out and puts its Exchange in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.load.crowd import LEAVER, Page, arrivals, cast, layoff
from harness.model.account import Cast
from harness.model.change import Change, Retry, TimePasses
from harness.model.idp import IdP, Vendor
from harness.model.pace import Standing
from harness.model.sequence import Steps


@dataclass
class Telling:
    """A page with an IdP of its own. ``link`` makes the IdP know its people, which it did long before the layoff;
    ``leave`` is the layoff, ``later`` what the IdP comes back to by itself, ``again`` what an administrator asks for.
    """

    vendor: Vendor
    page: Page
    pattern: str = LEAVER
    cast: Cast = field(init=False)
    idp: IdP = field(init=False)

    def __post_init__(self) -> None:
        self.cast = cast(self.page, self.pattern)
        self.idp = self.vendor.connect(self.page.job.variant)

    @property
    def standing(self) -> Standing:
        return self.vendor.pace.standing(self.idp)

    def steps(self) -> Steps:
        """Everything, where nothing fails."""
        yield from self.link()
        yield from self.leave()

    def link(self) -> Steps:
        yield from self._told(arrivals(self.page))

    def leave(self) -> Steps:
        yield from self._told(layoff(self.page))

    def later(self, minutes: float) -> Steps:
        """So many minutes pass by the IdP's clock: failed work comes back as far as it is due by then."""
        yield from self._told(iter((TimePasses(minutes=max(1, math.ceil(minutes))),)))

    def again(self) -> Steps:
        yield from self._told(iter((Retry(),)))

    def _told(self, changes: Iterator[Change]) -> Steps:
        for change in changes:
            yield from self.idp.react(change, self.cast)
