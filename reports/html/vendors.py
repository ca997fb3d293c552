"""The block "Will Okta / Entra work?": what an IdP's expectations and rehearsals say, apart from the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.outlook import Notice
from harness.model.requirement import Level
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Outcome
from reports import words
from reports.html.cards import Card, Place, cards
from reports.words import Word, many

YES = Word("Yes", "✓", "pass", "every rehearsal went through")
NO = Word("Not without trouble", "✕", "fail", "at least one rehearsal went wrong")
UNKNOWN = Word("Cannot tell", "?", "unknown", "not every rehearsal could be played")


@dataclass(frozen=True)
class Rehearsal:
    """One story with this IdP: how it ended, and what its administrator sees of it."""

    result: ScenarioResult
    troubled: bool

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self.result.outlook.notices


@dataclass(frozen=True)
class VendorBlock:
    """The answer for one IdP. ``cards`` are the vendor expectations that are not met."""

    idp: str
    answer: Word
    sentence: str
    rehearsals: tuple[Rehearsal, ...]
    cards: tuple[Card, ...]

    @property
    def title(self) -> str:
        return words.idp_title(self.idp)


def vendor_blocks(run: Run) -> tuple[VendorBlock, ...]:
    """One block per IdP of the run, and one under the name "" for expectations that no IdP of the run can be given."""
    names = words.idps(run)
    blocks = [_block(run, name, names) for name in names]
    rest = cards(run, lambda place: place.verdict.level is Level.VENDOR and not _idp_of(place, names))
    if rest:
        blocks.append(VendorBlock("", NO, "Expectations of identity providers outside this run are not met.", (), rest))
    return tuple(blocks)


def _block(run: Run, idp: str, names: list[str]) -> VendorBlock:
    rehearsals = tuple(Rehearsal(r, _troubled(r)) for r in run.results if r.key.idp == idp)
    unmet = cards(run, lambda place: place.verdict.level is Level.VENDOR and _idp_of(place, names) == idp)
    went_wrong = sum(r.troubled for r in rehearsals)
    unknown = sum(r.result.outcome in (Outcome.NOT_RUN, Outcome.ERROR) for r in rehearsals)
    title = words.idp_title(idp)
    if went_wrong or unmet:
        parts = [f"{went_wrong} of {many(len(rehearsals), 'rehearsal')} with {title} went wrong"] if went_wrong else []
        parts += [f"{many(len(unmet), 'expectation')} of {title} {'is' if len(unmet) == 1 else 'are'} not met"] * bool(
            unmet
        )
        return VendorBlock(idp, NO, f"{' and '.join(parts)}.", rehearsals, unmet)
    if unknown or not rehearsals:
        missing = f"{unknown} of {many(len(rehearsals), 'rehearsal')}" if rehearsals else "The rehearsals"
        return VendorBlock(idp, UNKNOWN, f"{missing} with {title} could not be played to the end.", rehearsals, unmet)
    return VendorBlock(idp, YES, f"{many(len(rehearsals), 'rehearsal')} with {title} went through.", rehearsals, unmet)


def _troubled(result: ScenarioResult) -> bool:
    return any(v.findings and (v.level is Level.VENDOR or v.outcome is Outcome.FAILED) for v in result.verdicts)


def _idp_of(place: Place, names: list[str]) -> str:
    """The IdP whose expectation it is: that of the scenario, or for a probe the one that the id begins with."""
    if place.key.idp:
        return place.key.idp
    prefix = place.verdict.requirement.partition("-")[0].lower()
    return prefix if prefix in names else ""
