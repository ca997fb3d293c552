"""Sequence: how one IdP reacts to a Change; a generator that yields Steps and receives Exchanges, no I/O inside."""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from harness.model.change import Change
from harness.model.exchange import Exchange
from harness.model.step import Step

Steps = Generator[Step, Exchange, None]
"""What a running sequence is: it yields a Step and is sent the Exchange that came of it."""


class Evidence(enum.StrEnum):
    """How well a behaviour of an IdP is known."""

    DOCUMENTED = "documented"
    CAPTURED = "captured"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Sequence:
    """A vendor's behaviour: its heading, what it reacts to, and where that is known from.

    ``seen`` is the year or date of the newest evidence; ``omits`` says what of the vendor's page is not simulated.
    """

    title: str
    on: tuple[type[Change], ...]
    evidence: Evidence
    source: str
    run: Callable[..., Steps]
    seen: str = ""
    omits: str = ""

    @property
    def name(self) -> str:
        """The function that plays it."""
        return self.run.__name__

    def __call__(self, *args: Any) -> Steps:
        return self.run(*args)


def sequence(
    title: str, *, on: tuple[type[Change], ...], evidence: str, source: str, seen: str = "", omits: str = ""
) -> Callable[[Callable[..., Steps]], Sequence]:
    """Turn a generator function ``(idp, member, cast) -> Steps`` into a Sequence that names its evidence and source."""

    def decorate(function: Callable[..., Steps]) -> Sequence:
        return Sequence(title, on, Evidence(evidence), source, function, seen, omits)

    return decorate
