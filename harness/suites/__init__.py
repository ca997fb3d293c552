"""Suites: the tests that vendors publish, as scenarios of ours, and what a run says about each of their steps.

A vendor's step is no requirement: it is graded here, in a block of its own, and never turns a service that keeps to the
RFC into one that does not. What a profile does not claim is *not applicable*, and says which programme that rules out.
The folder is walked; one suite a file, as ``SUITE``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

from harness.model.profile import Profile
from harness.model.programme import Grade, Programme, StepState
from harness.model.scenario import Probe
from harness.model.transcript import Transcript
from harness.suites.suite import Claim, Suite


@cache
def all_suites() -> dict[str, Suite]:
    """Every suite of this folder, by name."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    found = (module.SUITE for module in modules if hasattr(module, "SUITE"))
    return {suite.name: suite for suite in sorted(found, key=lambda suite: suite.name)}


def suite_probes() -> dict[str, Probe]:
    """The scenarios of those suites that need a client of their own, by name."""
    return {suite.name: suite.probe for suite in all_suites().values() if suite.probe is not None}


def programmes(transcripts: Sequence[Transcript], profile: Profile) -> tuple[Programme, ...]:
    """One Programme for each suite and app type that was played.

    What a suite asks by itself beside the stories of an IdP counts for each app type that told them.
    """
    found: list[Programme] = []
    for suite in all_suites().values():
        told = [t for t in transcripts if suite.told_in(t.scenario)]
        asked = [t for t in transcripts if suite.asked_in(t.scenario)]
        for played in [(story, *asked) for story in told] or [(probe,) for probe in asked]:
            grades = tuple(_grade(claim, played, profile) for claim in suite.claims)
            found.append(Programme(suite.name, suite.title, suite.programme, played[0].scenario.id, grades))
    return tuple(found)


def _grade(claim: Claim, played: Sequence[Transcript], profile: Profile) -> Grade:
    if claim.beyond:
        return Grade(claim.title, StepState.NOT_APPLICABLE, claim.beyond, mandatory=False)
    lacking = [need for need in claim.needs if not need.startswith("!") and not profile.supports(need)]
    other = [need[1:] for need in claim.needs if need.startswith("!") and profile.supports(need[1:])]
    if lacking or other:
        reason = f"the profile {profile.name} does not claim: {', '.join(lacking)}"
        if other:
            reason = f"the profile {profile.name} claims {other[0]}, so another form of this step applies"
        return Grade(claim.title, StepState.NOT_APPLICABLE, reason, mandatory=claim.mandatory)
    exchange = next((found for t in played if (found := claim.find(t)) is not None), None)
    if exchange is None or not exchange.answered:
        held_up = exchange.trouble.message if exchange is not None and exchange.trouble is not None else ""
        stopped = next((t.stopped for t in played if t.stopped), "")
        reason = held_up or stopped or "an earlier step left nothing to ask about"
        return Grade(claim.title, StepState.NOT_RUN, reason, mandatory=claim.mandatory)
    wrong = claim.wrong(exchange)
    state = StepState.FAILED if wrong else StepState.PASSED
    return Grade(claim.title, state, "; ".join(wrong), exchange.id, claim.mandatory, exchange.scenario)
