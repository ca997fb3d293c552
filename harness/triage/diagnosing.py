"""Diagnosing: which rules hold for a Picture, in which order they are told, and what the evidence is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.model.case import Actor, Likelihood, Suspicion
from harness.model.rule import Alternative, Rule
from harness.triage.look import Look
from harness.triage.picture import Picture
from harness.triage.rules import load_rules
from harness.triage.signs import of_inferred_wording, of_sighting, of_whole

_ORDER = tuple(Likelihood)
MOST = 5
"""So many causes are told at most; a list of twenty helps nobody."""

INFERRED = " (concluded from a wording that is inferred, not seen by us)"


@dataclass(frozen=True)
class Held:
    """A rule that holds, the alternative by which it does, and the Sightings behind it."""

    rule: Rule
    by: Alternative
    looks: tuple[Look, ...]

    @property
    def likelihood(self) -> Likelihood:
        return self.by.likelihood

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """The surest first; among equals what keeps a leaver's access, then the heavier rule."""
        return _ORDER.index(self.likelihood), -self.rule.weight - 2 * self.access, -len(self.looks), self.rule.id

    @property
    def access(self) -> bool:
        """Whether it explains why somebody who left keeps access."""
        return any(look.failed and look.act == "deactivate" for look in self.looks)

    @property
    def pressing(self) -> bool:
        """Whether it keeps leavers in, or is a probable fault of the service with people."""
        if self.aside or self.likelihood is Likelihood.LOW:
            return False
        return self.access or self.rule.who is Actor.SERVICE

    @property
    def aside(self) -> bool:
        """Whether it explains nothing but what became of groups and of newcomers: nobody keeps access by that."""
        return bool(self.looks) and all(look.group or look.act == "create" for look in self.looks)


def conclude(picture: Picture) -> None:
    """Ask what only the whole can show. To be called once, after the last Sighting."""
    for name, holds in of_whole().items():
        found = holds(picture)
        if found is True:
            picture.mark(name)
        elif not isinstance(found, bool):
            picture.add(name, found)


def diagnose(picture: Picture) -> tuple[Suspicion, ...]:
    """The likeliest causes first. Low ones only where nothing better is known."""
    return tuple(suspicion(held, picture) for held in _told(list(_holding(picture))))


def _holding(picture: Picture) -> Iterator[Held]:
    seen = picture.signs.keys()
    for rule in load_rules().values():
        if any(_holds(a, seen) for a in rule.unless):
            continue
        by = next((a for a in rule.when if _holds(a, seen)), None)
        if by is not None:
            yield Held(rule, by, tuple(_looks(by, picture)))


def _holds(alternative: Alternative, seen: Iterable[str]) -> bool:
    return all(name in seen for name in alternative.needs) and not any(name in seen for name in alternative.lacks)


def _looks(alternative: Alternative, picture: Picture) -> Iterator[Look]:
    known: set[int] = set()
    for name in alternative.needs:
        for look in picture.signs[name].examples:
            if look.number not in known:
                known.add(look.number)
                yield look


def _told(holding: list[Held]) -> list[Held]:
    """In order; consequences of something at least as likely behind it, or left out below a sure cause.

    A refused group is no reason to overlook what goes wrong with people: that is told first.
    """
    best = min((_ORDER.index(held.likelihood) for held in holding), default=0)
    sure = [h for h in holding if _ORDER.index(h.likelihood) == 0]
    kept = []
    for held in holding:
        above = [h for h in holding if held.rule.id in h.rule.over and h.rank[0] <= held.rank[0]]
        if above and (held.likelihood is not Likelihood.HIGH or any(h in sure for h in above)):
            continue
        if held.likelihood is Likelihood.LOW and best < 2 and (best == 0 or len(holding) > 3):
            continue
        kept.append(held)
    pressing = any(held.pressing for held in kept)
    probable = {held.rule.id for held in kept if held.likelihood is not Likelihood.LOW}
    return sorted(kept, key=lambda h: (pressing and h.aside, bool(probable & set(h.rule.behind)), h.rank))[:MOST]


def suspicion(held: Held, picture: Picture) -> Suspicion:
    rule = held.rule
    return Suspicion(
        id=rule.id,
        title=rule.title,
        likelihood=held.likelihood,
        who=rule.who,
        meaning=rule.means,
        steps=rule.steps_at(picture.idp),
        evidence=tuple(_evidence(held.by, picture)),
        seen=tuple(look.sighting for look in held.looks),
    )


def _evidence(by: Alternative, picture: Picture) -> Iterator[str]:
    told: set[str] = set()
    for name in by.needs:
        trace = picture.signs[name]
        times = f" ({trace.count} times)" if trace.count > 1 else ""
        where = f": {placed(trace.examples[0])}" if trace.examples else ""
        if where in told:
            at = trace.examples[0].sighting.provenance
            where = f": {at.file}, {at.place}, as above"
        told.add(where)
        yield f"{titled(name)}{times}{INFERRED if name in of_inferred_wording() else ''}{where}"


def titled(sign: str) -> str:
    """What a sign is in words: the first line of its question."""
    question = of_sighting().get(sign) or of_whole().get(sign)
    if question is not None:
        return (question.__doc__ or sign).strip().splitlines()[0]
    kind, _, name = sign.partition(":")
    return {
        "fault": f"The export shows {name}",
        "finding": f"The recorded traffic breaks {name}",
        "profile": f"By its profile the service {name.replace('-', ' ')}",
    }[kind]


def placed(look: Look) -> str:
    """Where a Sighting stands and what it says, in one line."""
    at = look.sighting.provenance
    when = f", {look.at}" if look.at else ""
    return f"{at.file}, {at.place}{when}: {told(look)}"


def told(look: Look) -> str:
    exchange, event = look.exchange, look.event
    if exchange is not None:
        words = f" ({look.words})" if look.words else ""
        where = (exchange.path or exchange.request.url) + (f"?{exchange.query}" if exchange.query else "")
        if not exchange.status and exchange.trouble is None:
            return f"{exchange.method} {where}: the file holds no answer"
        trouble = exchange.trouble.message if exchange.trouble else ""
        return f"{exchange.method} {where} was answered with {exchange.status or trouble}{words}"
    assert event is not None
    what = " ".join(x for x in (event.kind, event.person or event.group, event.outcome, event.code) if x)
    if look.status and look.words:
        return f"{what}: the service answered {look.status} ({look.words})"
    text = " ".join(event.text.split())
    return f"{what}: {text[:240]}" if text else what
