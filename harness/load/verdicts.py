"""Verdicts of a storm: what must hold when it is over, told as breaches of the clauses that ask for it.

The checks here look at what all workers counted, not at a transcript; the clauses and how a profile uses them are those
of every run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.judge import BROKEN, use_of
from harness.load.census import Census, Names
from harness.load.crowd import Speaker
from harness.load.sampling import scenario_of
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.requirement import Applies, Requirement
from harness.model.verdict import Outcome, Verdict


@dataclass(frozen=True)
class Seen:
    """What was seen of all jobs that speak alike. ``people`` is how many were to be let go."""

    speaker: Speaker
    people: int
    census: Census
    bystanders: int = 0
    tenants: int = 0
    repeated: int = 0
    met: int = 0
    throttled: int = 0
    without_wait: int = 0
    early: int = 0
    given_up: int = 0
    waiting: int = 0
    unlinked: int = 0
    slowed: tuple[str, ...] = ()
    grouped: bool = False


@dataclass(frozen=True)
class Invariant:
    """One thing that has to hold. ``topic`` names the people in the census who show that it does not."""

    check: str
    requirement: str
    topic: str
    expected: str
    hint: str
    asks_everybody: bool = True


INVARIANTS = (
    Invariant(
        "storm.confirmed_means_inactive",
        "PROF-D-12",
        "lost",
        "whoever's deactivation was confirmed is inactive when the storm is over",
        "A confirmed change was lost: nobody will send it again. Look at writes that meet, at caches and at replicas.",
    ),
    Invariant(
        "storm.every_leaver_loses_access",
        "PROF-D-07",
        "left",
        "nobody of those who left is active when the storm is over",
        "Their removal was never confirmed, and the IdP does not come back to it in time.",
    ),
    Invariant(
        "storm.nobody_else_is_touched",
        "STATE-01",
        "touched",
        "whoever did not leave is as before, to the letter",
        "Somebody whom no request named has changed: look at how a write finds its person.",
    ),
    Invariant(
        "storm.nobody_vanishes",
        "PROF-D-08",
        "missing",
        "everybody is still in the list of all people",
        "A deactivation takes access and leaves the account; an IdP that does not find it would make a second one.",
    ),
    Invariant(
        "storm.lists_stay_inside_the_tenant",
        "RFC7644-6-03",
        "strangers",
        "lists and lookups show people of the caller's own tenant only",
        "Under load people of another tenant were shown: look at what requests share.",
    ),
    Invariant(
        "storm.nobody_reads_another_tenant",
        "RFC7644-6-01",
        "foreign_reads",
        "404 for the id of somebody in another tenant",
        "Look people up by tenant and id, never by id alone.",
        False,
    ),
    Invariant(
        "storm.a_repetition_is_taken",
        "PROF-D-07",
        "repeats",
        "a removal that is sent a second time is confirmed again",
        "An IdP whose answer got lost sends the same once more: an error then leaves a task for somebody to look at.",
        False,
    ),
    Invariant(
        "storm.two_changes_at_once_are_both_kept",
        "STATE-08",
        "undone",
        "of two confirmed changes of one person at one moment neither is lost",
        "Read and write within one transaction, or compare the version before writing.",
    ),
    Invariant(
        "storm.who_was_taken_out_of_a_group_stays_out",
        "STATE-02",
        "rejoined",
        "whoever's removal from the group was confirmed is no member when the storm is over",
        "Changes of one group that meet undo each other: apply what each names, and never write back the list as read.",
    ),
    Invariant(
        "storm.nobody_who_left_is_a_member",
        "ENTRA-11",
        "members",
        "nobody of those who left is in the group when the storm is over",
        "Their removal from the group was never confirmed: let changes of one group wait for each other.",
    ),
)


OF_GROUPS = ("rejoined", "members")
"""The topics of a storm in which everybody is in a group (--group)."""

OF_LEAVERS = ("lost", "left", "missing", *OF_GROUPS)
"""The topics whose people are some of those who left."""


def invariants(seen: Seen, profile: Profile, requirements: Mapping[str, Requirement]) -> Iterator[Verdict]:
    """One verdict for each invariant whose clause the profile uses."""
    scenario = scenario_of(seen.speaker)
    for invariant in INVARIANTS:
        requirement = requirements[invariant.requirement]
        use = use_of(requirement, profile)
        if use is Applies.OFF or (invariant.topic in OF_GROUPS and not seen.grouped):
            continue
        names = seen.census.topics[invariant.topic]
        findings: tuple[Finding, ...] = ()
        outcome, reason = Outcome.PASSED, ""
        nothing = _nothing(seen, invariant)
        if names.count and not nothing:
            finding = Finding([invariant.expected], _told(names, seen, invariant), hint=invariant.hint)
            findings = (_placed(finding, invariant.check, scenario, requirement.id),)
            outcome = Outcome.NOTED if use is Applies.OBSERVE else BROKEN[requirement.level]
        elif seen.census.topics["unasked"].count and invariant.asks_everybody:
            outcome, reason = Outcome.NOT_RUN, f"not everybody could be asked: {'; '.join(seen.census.answers)}"
        if outcome is Outcome.PASSED and nothing:
            outcome, reason = Outcome.NOT_APPLICABLE, nothing
        yield Verdict(scenario, invariant.check, requirement.id, requirement.level, outcome, findings, reason)
    yield from _throttling(seen, profile, requirements)


def _nothing(seen: Seen, invariant: Invariant) -> str:
    """Why an invariant had nothing to look at; "" when it had."""
    match invariant.topic:
        case "touched" if not seen.bystanders:
            return "there were no people who stay"
        case "foreign_reads" if seen.tenants < 2:
            return "there was one tenant only"
        case "repeats" if not seen.repeated:
            return "no removal was confirmed, so none could be repeated"
        case "undone" if seen.census.topics["lost"].count:
            return "confirmed changes are lost also where nothing meets"
        case "undone" if not seen.met:
            return "no two changes met: that is tried at the reference server, and where removals go by PATCH"
    return ""


def _throttling(seen: Seen, profile: Profile, requirements: Mapping[str, Requirement]) -> Iterator[Verdict]:
    """What a 429 said, and that we came back no sooner."""
    scenario, check = scenario_of(seen.speaker), "storm.a_429_says_when_to_come_back"
    requirement = requirements["SEC-RATE-01"]
    if use_of(requirement, profile) is Applies.OFF:
        return
    if seen.early:
        reason = f"our own fault: {seen.early} requests were sent before the time that a 429 had named"
        yield Verdict(scenario, check, requirement.id, requirement.level, Outcome.ERROR, (), reason)
    elif seen.without_wait:
        actual = f"{seen.without_wait} of {seen.throttled} answers with 429 had no Retry-After"
        hint = (
            "Okta comes back by itself only where it is told when; without that the leaver waits for an administrator."
        )
        finding = _placed(Finding(["Retry-After in every 429"], actual, hint=hint), check, scenario, requirement.id)
        yield Verdict(scenario, check, requirement.id, requirement.level, Outcome.NOTED, (finding,))
    elif seen.throttled:
        yield Verdict(scenario, check, requirement.id, requirement.level, Outcome.PASSED)
    else:
        reason = "nothing was answered with 429"
        yield Verdict(scenario, check, requirement.id, requirement.level, Outcome.NOT_APPLICABLE, (), reason)


def _told(names: Names, seen: Seen, invariant: Invariant) -> str:
    first = ", ".join(names.first) + (" ..." if names.count > len(names.first) else "")
    told = f"{names.count} of {seen.people}: {first}" if invariant.topic in OF_LEAVERS else f"{names.count}: {first}"
    if invariant.topic == "left":
        why = []
        if seen.given_up:
            why.append(f"at {seen.given_up} the IdP waits for an administrator")
        if seen.waiting:
            why.append(f"to {seen.waiting} it would come back later")
        if seen.unlinked:
            why.append(f"{seen.unlinked} it could never look up")
        if seen.slowed:
            why.append(f"it has slowed the job down ({', '.join(seen.slowed)})")
        told += f"; {', '.join(why)}" if why else ""
    if invariant.topic == "repeats" and seen.census.answers:
        told += f"; the service said {seen.census.answers[0]}"
    return told


def _placed(finding: Finding, check: str, scenario: str, requirement: str) -> Finding:
    return finding.placed(check=check, scenario=scenario, requirement=requirement, exchange="")
