"""Weighing: the causes of a case against each other, once everything is known that speaks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.catalogue.loader import load
from harness.model.case import Likelihood, Suspicion
from harness.model.cause import Cause
from harness.model.requirement import Harm, Level
from harness.triage.picture import Picture
from harness.triage.rules import expected, load_rules

_GENERAL = frozenset(("anything-failed", "people-found-at-the-address"))
"""Signs that say nothing about why."""


def weighed(causes: Iterable[Suspicion], picture: Picture, breaches: Sequence[Cause]) -> tuple[Suspicion, ...]:
    """What is wrong first; what such a service does on purpose after it, and for sure only where nothing else is wrong.

    ``breaches`` is what the judge found in the recorded traffic.
    """
    found = [_with_breaches(cause, breaches) for cause in causes]
    usual = [cause for cause in found if cause.id in expected()]
    wrong = [cause for cause in found if cause.id not in expected() and cause.likelihood is not Likelihood.LOW]
    if wrong:
        usual = [cause for cause in usual if cause.id not in _NOTHING]
    if wrong or breaches or _unexplained(found, picture):
        usual = [_doubted(cause) for cause in usual]
    low = [cause for cause in found if cause.id not in expected() and cause.likelihood is Likelihood.LOW]
    aside = [cause for cause in wrong if _aside(cause)]
    ranked = sorted((*usual, *low), key=lambda cause: tuple(Likelihood).index(cause.likelihood))
    return (*(cause for cause in wrong if cause not in aside), *ranked, *aside)


_NOTHING = ("all-well", "nothing-arrives")
"""What cannot be said beside something that went wrong."""


def _aside(cause: Suspicion) -> bool:
    """Whether it is a breach that harms nobody at once, in a request that went well: hardly what is asked about."""
    went = all(seen.exchange is not None and seen.exchange.ok for seen in cause.seen)
    return cause.id in load() and cause.likelihood is not Likelihood.HIGH and went


def _with_breaches(cause: Suspicion, breaches: Sequence[Cause]) -> Suspicion:
    """With what the same fault breaks besides, where the judge has named it by its form: promises to people first."""
    breach = next((b for b in breaches if any(f"({b.requirement})" in piece for piece in cause.evidence)), None)
    if breach is None:
        return cause
    also = sorted(
        (load()[name] for name in breach.requirements[1:]), key=lambda r: (_LEVELS.index(r.level), _HARMS.index(r.harm))
    )
    more = tuple(f"It breaks this as well: {r.says} ({r.id})" for r in also[:MOST])
    return replace(cause, evidence=(*cause.evidence, *more))


_LEVELS = (Level.PROMISE, Level.MUST, Level.SHOULD, Level.MAY, Level.VENDOR)
_HARMS = tuple(Harm)
MOST = 4
"""So many of the other requirements are named."""


def _doubted(cause: Suspicion) -> Suspicion:
    return replace(cause, likelihood=Likelihood.MEDIUM) if cause.likelihood is Likelihood.HIGH else cause


def _unexplained(found: Iterable[Suspicion], picture: Picture) -> bool:
    """Whether something failed of which none of the causes speaks."""
    rules = (load_rules().get(cause.id) for cause in found)
    spoken = {name for rule in rules if rule is not None for by in rule.when for name in by.needs} - _GENERAL
    return any(not spoken & shown for shown in picture.failures)
