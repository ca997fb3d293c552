"""Rule: a cause that a triage may name, and the signs by which it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _field

from harness.model.case import Actor, Likelihood


@dataclass(frozen=True)
class Alternative:
    """One way in which a rule holds: all of ``needs`` seen, none of ``lacks``."""

    needs: tuple[str, ...]
    lacks: tuple[str, ...]
    likelihood: Likelihood


@dataclass(frozen=True)
class Rule:
    """``when`` are alternatives, the surest first; ``unless`` are alternatives (their likelihood means nothing) any of
    which rules it out. ``over`` are rules that are only its consequence; ``behind`` are those that explain how it came
    to be: it is told all the same, after them. ``steps`` by IdP, "any" for both. ``field``
    are the reports from the field that it covers. ``requirements`` are what a judge of recorded traffic finds when this
    is the cause. ``weight`` orders equals.
    """

    id: str
    title: str
    who: Actor
    means: str
    reply: str
    when: tuple[Alternative, ...]
    unless: tuple[Alternative, ...] = ()
    over: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    steps: Mapping[str, tuple[str, ...]] = _field(default_factory=dict)
    field: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    weight: int = 0

    def steps_at(self, idp: str) -> tuple[str, ...]:
        return self.steps.get(idp) or self.steps.get("any") or ()

    @property
    def signs(self) -> frozenset[str]:
        """Every sign that it names."""
        return frozenset(name for a in (*self.when, *self.unless) for name in (*a.needs, *a.lacks))
