"""Once: what many checks ask of the same Moment or Transcript is worked out a single time.

It is kept with what was asked about, and ``let_go`` of when that has been looked at: parsed bodies weigh.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from harness.model.transcript import Moment, Transcript

Subject = TypeVar("Subject", Moment, Transcript)
Answer = TypeVar("Answer")

_KEPT = "_once"


def once(ask: Callable[[Subject], Answer]) -> Callable[[Subject], Answer]:
    """The same question, answered from memory the second time. What it raises is raised every time."""

    @wraps(ask)
    def remembered(subject: Subject) -> Answer:
        kept = subject.__dict__.get(_KEPT)
        if kept is None:
            kept = subject.__dict__[_KEPT] = {}
        if ask in kept:
            answer: Answer = kept[ask]
        else:
            answer = kept[ask] = ask(subject)
        return answer

    return remembered


def let_go(subject: Any) -> None:
    """Forget what was kept of a Moment or a Transcript; it is worked out anew when it is asked for."""
    subject.__dict__.pop(_KEPT, None)
