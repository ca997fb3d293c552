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
    """One Programme for each suite and app type that was played."""
    found: list[Programme] = []
    for suite in all_suites().values():
        for transcript in transcripts:
            if suite.told_in(transcript.scenario):
                grades = tuple(_grade(claim, transcript, profile) for claim in suite.claims)
                found.append(Programme(suite.name, suite.title, suite.programme, transcript.scenario.id, grades))
    return tuple(found)


def _grade(claim: Claim, transcript: Transcript, profile: Profile) -> Grade:
    lacking = [need for need in claim.needs if not need.startswith("!") and not profile.supports(need)]
    other = [need[1:] for need in claim.needs if need.startswith("!") and profile.supports(need[1:])]
    if lacking or other:
        reason = f"the profile {profile.name} does not claim: {', '.join(lacking)}"
        if other:
            reason = f"the profile {profile.name} claims {other[0]}, so another form of this step applies"
        return Grade(claim.title, StepState.NOT_APPLICABLE, reason, mandatory=claim.mandatory)
    exchange = claim.find(transcript)
    if exchange is None or not exchange.answered:
        reason = transcript.stopped or "an earlier step left nothing to ask about"
        return Grade(claim.title, StepState.NOT_RUN, reason, mandatory=claim.mandatory)
    wrong = claim.wrong(exchange)
    state = StepState.FAILED if wrong else StepState.PASSED
    return Grade(claim.title, state, "; ".join(wrong), exchange.id, claim.mandatory)
