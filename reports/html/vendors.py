"""The block "Will Okta / Entra work?": what an IdP's expectations and rehearsals say, apart from the verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from harness.model.finding import Finding
from harness.model.outlook import Notice, Quarantine, Removal, RemovalState
from harness.model.requirement import Harm, Level
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Outcome, Verdict
from reports import words
from reports.html.cards import Card, Place, all_places, cards
from reports.words import Word, many

YES = Word("Yes", "✓", "pass", "every rehearsal went through")
NO = Word("Not without trouble", "✕", "fail", "at least one rehearsal went wrong")
UNKNOWN = Word("Cannot tell", "?", "unknown", "not every rehearsal could be played")


LISTED = 60
"""At most so many rehearsals of one IdP are told one by one; those that went wrong come first."""


@dataclass(frozen=True)
class Leaver:
    """What the IdP believes about one leaver. ``contradicted``: a check saw that the access did not end after all."""

    removal: Removal
    contradicted: bool


@dataclass(frozen=True)
class Rehearsal:
    """One story with this IdP: how it ended, and what its administrator sees of it."""

    result: ScenarioResult
    troubled: bool
    leavers: tuple[Leaver, ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Trouble first: a long list is cut short, and must not end before it."""
        return tuple(sorted(self.result.outlook.notices, key=lambda notice: not notice.troubled))

    @property
    def quarantine(self) -> Quarantine | None:
        return self.result.outlook.quarantine

    @property
    def silent(self) -> bool:
        """Whether something went wrong and the administrator is shown nothing of it."""
        return self.troubled and not self.result.outlook.troubled


@dataclass(frozen=True)
class VendorBlock:
    """The answer for one IdP. ``cards`` are the vendor expectations that are not met.

    ``rehearsals`` are told one by one, ``fine`` further ones went through. ``removals`` counts leavers by what the IdP
    believes; ``contradicted`` of those that it takes for done still have access.
    """

    idp: str
    answer: Word
    sentence: str
    rehearsals: tuple[Rehearsal, ...]
    cards: tuple[Card, ...]
    fine: int = 0
    removals: tuple[tuple[RemovalState, int], ...] = ()
    contradicted: int = 0

    @property
    def title(self) -> str:
        return words.idp_title(self.idp)

    @property
    def leavers(self) -> tuple[tuple[Rehearsal, Leaver], ...]:
        """The leavers of whom somebody has to know: not done, or believed done and not true."""
        return tuple(
            (one, leaver)
            for one in self.rehearsals
            for leaver in one.leavers
            if leaver.contradicted or leaver.removal.state is not RemovalState.DONE
        )

    @property
    def quarantines(self) -> tuple[tuple[Rehearsal, Quarantine], ...]:
        return tuple((one, one.quarantine) for one in self.rehearsals if one.quarantine)


def vendor_blocks(run: Run) -> tuple[VendorBlock, ...]:
    """One block per IdP of the run, and one under the name "" for expectations that no IdP of the run can be given."""
    names = words.idps(run)
    places = [place for place in all_places(run) if place.verdict.level is Level.VENDOR]
    blocks = [_block(run, name, names, places) for name in names]
    rest = cards(run, (place for place in places if not _idp_of(place, names)))
    if rest:
        blocks.append(VendorBlock("", NO, "Expectations of identity providers outside this run are not met.", (), rest))
    return tuple(blocks)


def _block(run: Run, idp: str, names: list[str], vendor_places: list[Place]) -> VendorBlock:
    rehearsals = [_rehearsal(run, r) for r in run.results if r.key.idp == idp]
    unmet = cards(run, (place for place in vendor_places if _idp_of(place, names) == idp))
    answer, sentence = _answer(idp, rehearsals, len(unmet))
    listed = sorted(rehearsals, key=lambda r: (not r.troubled, not r.result.outlook.troubled))[:LISTED]
    leavers = [leaver for one in rehearsals for leaver in one.leavers]
    counts = Counter(leaver.removal.state for leaver in leavers)
    return VendorBlock(
        idp,
        answer,
        sentence,
        tuple(listed),
        unmet,
        fine=len(rehearsals) - len(listed),
        removals=tuple((state, counts[state]) for state in RemovalState if counts[state]),
        contradicted=sum(leaver.contradicted for leaver in leavers),
    )


def _rehearsal(run: Run, result: ScenarioResult) -> Rehearsal:
    breaches = [v for v in result.verdicts if v.outcome is Outcome.FAILED and _harm(run, v) is Harm.ACCESS]
    about = {_subject(result, finding) for verdict in breaches for finding in verdict.findings}
    # What endangers access elsewhere, say a refused group that brings the job down, is not this leaver's.
    leavers = (
        Leaver(r, r.state is RemovalState.DONE and not about.isdisjoint(("", r.part))) for r in result.outlook.removals
    )
    return Rehearsal(result, result.troubled, tuple(leavers))


def _subject(result: ScenarioResult, finding: Finding) -> str:
    """The part of the cast whom a finding is about, "" where its exchange names nobody."""
    exchange = result.transcript.exchange(finding.exchange)
    return exchange.subject if exchange is not None else ""


def _harm(run: Run, verdict: Verdict) -> Harm | None:
    requirement = run.requirements.get(verdict.requirement)
    return requirement.harm if requirement else None


def _answer(idp: str, rehearsals: list[Rehearsal], unmet: int) -> tuple[Word, str]:
    went_wrong = sum(r.troubled for r in rehearsals)
    unknown = sum(r.result.outcome in (Outcome.NOT_RUN, Outcome.ERROR) for r in rehearsals)
    title, all_of_them = words.idp_title(idp), many(len(rehearsals), "rehearsal")
    if went_wrong or unmet:
        parts = [f"{went_wrong} of {all_of_them} with {title} went wrong"] * bool(went_wrong)
        parts += [f"{many(unmet, 'expectation')} of {title} {'is' if unmet == 1 else 'are'} not met"] * bool(unmet)
        return NO, f"{' and '.join(parts)}."
    if unknown or not rehearsals:
        missing = f"{unknown} of {all_of_them}" if rehearsals else "The rehearsals"
        return UNKNOWN, f"{missing} with {title} could not be played to the end."
    return YES, f"{all_of_them} with {title} went through."


def _idp_of(place: Place, names: list[str]) -> str:
    """The IdP whose expectation it is: that of the scenario, or for a probe the one that the id begins with."""
    if place.key.idp:
        return place.key.idp
    prefix = place.verdict.requirement.partition("-")[0].lower()
    return prefix if prefix in names else ""
