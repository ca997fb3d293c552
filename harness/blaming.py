"""Blaming: what the judge finds in a customer's recorded traffic, as causes of the case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from harness.catalogue.loader import load
from harness.catalogue.workarounds import workaround
from harness.intake.recording import Gathered
from harness.model.case import Actor, Likelihood, Suspicion
from harness.model.cause import Cause
from harness.model.exchange import Exchange
from harness.model.profile import Profile
from harness.model.requirement import Harm, Level
from harness.model.rule import Rule
from harness.model.run import Run
from harness.model.sighting import Confidence, Provenance, Sighting
from harness.model.verdict import Outcome
from harness.recorded import judged
from harness.triage.rules import load_rules

MANY = 8
"""So many causes are told at most."""

MOST = 4_000
"""So many recorded exchanges are judged; what goes wrong shows long before."""

SHOWN = (Outcome.FAILED, Outcome.WARNED, Outcome.NOTED, Outcome.REVIEW)
_FROM = "from "


def blame(gathered: Gathered, profile: Profile) -> Run | None:
    """The recorded traffic, judged; None when there is none. Nothing of it is kept on disk."""
    if not gathered.transcripts:
        return None
    with tempfile.TemporaryDirectory() as place:
        return judged(gathered, profile, Path(place) / "run", assumed=False)


def suspicions(run: Run, told: Iterable[Suspicion], idp: str) -> tuple[Suspicion, ...]:
    """What is told already, with what the judge adds: evidence for it, and causes that no rule has named."""
    known = list(told)
    by_id = {x.id: x for result in run.results for x in result.transcript.exchanges}
    for cause in run.causes:
        if cause.outcome not in SHOWN:
            continue
        exchange = by_id.get(cause.first_exchange)
        same = next((n for n, k in enumerate(known) if _same(k, cause, exchange)), None)
        if same is not None:
            known[same] = replace(known[same], evidence=(*known[same].evidence, _evidence(cause, exchange)))
        else:
            known.append(_suspicion(cause, exchange, idp))
    return tuple(_ordered(known))


def _same(told: Suspicion, cause: Cause, exchange: Exchange | None) -> bool:
    """Whether a rule has named it: it knows the requirement, or blames the service for the same exchange."""
    rule = load_rules().get(told.id)
    if rule is not None and set(rule.requirements) & set(cause.requirements):
        return True
    if told.who is not Actor.SERVICE or told.likelihood is Likelihood.LOW or exchange is None:
        return False
    return any(f"{s.provenance.file}, {s.provenance.place}" == place(exchange) for s in told.seen)


def place(exchange: Exchange) -> str:
    """Where in the files a gathered exchange stands: "gateway.har, entry 4"."""
    return next((note.removeprefix(_FROM) for note in reversed(exchange.notes) if note.startswith(_FROM)), "")


def _evidence(cause: Cause, exchange: Exchange | None) -> str:
    at = f"{place(exchange)}: {exchange.method} {exchange.path} was answered with {exchange.status}" if exchange else ""
    return f"{cause.because} ({cause.requirement}){f': {at}' if at else ''}"


def _suspicion(cause: Cause, exchange: Exchange | None, idp: str) -> Suspicion:
    requirement = load()[cause.requirement]
    rule = _rule(cause)
    way = workaround(requirement, cause.requirements, idp, cause.harm).does
    steps = (
        (f"Service: {requirement.remedy}", f"Customer, until then: {way}")
        if way
        else (f"Service: {requirement.remedy}",)
    )
    return Suspicion(
        id=rule.id if rule is not None else cause.requirement,
        title=rule.title if rule is not None else (requirement.admin or requirement.says).rstrip("."),
        likelihood=_likelihood(cause),
        who=Actor.SERVICE,
        meaning=rule.means if rule is not None else _MEANS[cause.harm],
        steps=steps,
        evidence=(_evidence(cause, exchange),),
        seen=(_sighting(exchange, idp),) if exchange is not None else (),
    )


def _rule(cause: Cause) -> Rule | None:
    """The rule of the service's own faults whose root this is."""
    for rule in load_rules().values():
        if rule.who is Actor.SERVICE and cause.requirement in rule.requirements:
            return rule
    return None


def _likelihood(cause: Cause) -> Likelihood:
    """A breach is certain; that it is what the customer suffers from is, where it does something to people."""
    if cause.harm is Harm.FORM:
        return Likelihood.LOW
    sure = cause.outcome is Outcome.FAILED and cause.level in (Level.MUST, Level.PROMISE)
    return Likelihood.HIGH if sure and cause.harm in _SERIOUS else Likelihood.MEDIUM


def _sighting(exchange: Exchange, idp: str) -> Sighting:
    file, _, where = place(exchange).partition(", ")
    return Sighting(Provenance(file, "", where), Confidence.RECORDED, exchange.started_at, idp, exchange=exchange)


def _ordered(found: list[Suspicion]) -> Iterator[Suspicion]:
    """The surest first; "nothing went wrong" is not said beside something that did."""
    blamed = any(c.who is Actor.SERVICE and c.likelihood is Likelihood.HIGH for c in found)
    kept = [c for c in found if not (blamed and c.id == "all-well")]
    best = min((_ORDER.index(c.likelihood) for c in kept), default=0)
    ordered = sorted(kept, key=lambda c: _ORDER.index(c.likelihood))
    return iter([c for c in ordered if c.likelihood is not Likelihood.LOW or best == 2][:MANY])


_SERIOUS = (Harm.ACCESS, Harm.LOCKOUT, Harm.LEAK)
_ORDER = tuple(Likelihood)
_MEANS = {
    Harm.ACCESS: "People who have left may keep access.",
    Harm.LOCKOUT: "People may lose access who should keep it.",
    Harm.LEAK: "Data may reach somebody who must not see it.",
    Harm.SETUP: "The connection cannot be made, or breaks.",
    Harm.DRIFT: "The IdP and the service no longer agree about the person.",
    Harm.FORM: "Nobody is harmed at once, but a strict client may stumble.",
}
