"""Judge: applies every check to a transcript and turns findings into verdicts, by requirement and profile alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from harness.model.check import Check, Predicate, Scope
from harness.model.exchange import TroubleKind
from harness.model.finding import Finding
from harness.model.partial import NotRecorded, guarded
from harness.model.profile import Profile
from harness.model.requirement import Applies, Level, Requirement
from harness.model.scenario import Kind, ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Outcome, Verdict

BROKEN = {
    Level.MUST: Outcome.FAILED,
    Level.PROMISE: Outcome.FAILED,
    Level.SHOULD: Outcome.WARNED,
    Level.MAY: Outcome.NOTED,
    Level.VENDOR: Outcome.NOTED,
}
"""What a breach amounts to. A vendor's expectation is noted in a block of its own: an IdP's taste is not an RFC."""

_SEVERITY = (
    Outcome.ERROR,
    Outcome.FAILED,
    Outcome.NOT_RUN,
    Outcome.REVIEW,
    Outcome.WARNED,
    Outcome.KNOWN,
    Outcome.NOTED,
    Outcome.PASSED,
)


def use_of(requirement: Requirement, profile: Profile) -> Applies:
    """How a requirement is used under a profile: TEST, OBSERVE or OFF, with claims resolved."""
    use = profile.adjusts.get(requirement.id, requirement.under(profile.family))
    if use is Applies.CLAIMED:
        return Applies.TEST if profile.supports(requirement.needs) else Applies.OFF
    if use is Applies.HOOK:
        return Applies.TEST
    return Applies.OFF if use is Applies.REFUSED else use


def in_use(profile: Profile, requirements: Mapping[str, Requirement], checks: Iterable[Check]) -> list[Check]:
    """The checks that a profile asks at all. Raises KeyError for a requirement that the catalogue does not have."""
    uses = _uses(profile, requirements)
    return [check for check in checks if uses.of(check)]


class _Uses:
    """How one profile uses the requirements of each check: worked out once for all transcripts of a run."""

    def __init__(self, profile: Profile, requirements: Mapping[str, Requirement]) -> None:
        self.profile = profile
        self.requirements = requirements
        self._of: dict[tuple[str, ...], tuple[tuple[Requirement, Applies], ...]] = {}

    def of(self, check: Check) -> tuple[tuple[Requirement, Applies], ...]:
        """The requirements of a check that are in use, each with how. Raises KeyError for an unknown one."""
        found = self._of.get(check.requirements)
        if found is None:
            used = ((r, use_of(r, self.profile)) for r in (self.requirements[name] for name in check.requirements))
            found = self._of[check.requirements] = tuple((r, use) for r, use in used if use is not Applies.OFF)
        return found


_LATEST: list[_Uses] = []


def _uses(profile: Profile, requirements: Mapping[str, Requirement]) -> _Uses:
    """The uses of the profile and the catalogue that were asked for last, or new ones."""
    if not (_LATEST and _LATEST[0].profile is profile and _LATEST[0].requirements is requirements):
        _LATEST[:] = [_Uses(profile, requirements)]
    return _LATEST[0]


def in_question(
    key: ScenarioKey, profile: Profile, requirements: Mapping[str, Requirement], checks: Iterable[Check]
) -> list[Check]:
    """The checks that can say something about a scenario, known before it is played.

    Raises KeyError when a check names a requirement that the catalogue does not have.
    """
    return [
        check
        for check in in_use(profile, requirements, checks)
        if (not check.probe or key.id == f"probe/{check.probe}")
        and (check.scope is not Scope.MOMENT or key.kind is not Kind.PROBE)
        and not (check.by_client and key.kind is Kind.RECORDING)
    ]


def judge(
    transcript: Transcript,
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: Iterable[Check],
    *,
    problem: str = "",
) -> tuple[Verdict, ...]:
    """Judge one transcript. One verdict for each check in question and each requirement of it that is in use."""
    if transcript.scenario.kind is Kind.RECORDING:
        transcript = replace(transcript, exchanges=tuple(guarded(x) for x in transcript.exchanges))
    subjects = _Subjects(transcript)
    return tuple(
        verdict
        for check in in_question(transcript.scenario, profile, requirements, checks)
        for verdict in _apply(check, subjects, profile, requirements, problem)
    )


class _Subjects:
    """What checks look at in one transcript; many checks share a condition, which is asked once."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self._met: dict[tuple[Scope, Predicate], list[Any]] = {}

    def of(self, check: Check) -> list[Any]:
        key = (check.scope, check.when)
        if key not in self._met:
            self._met[key] = [subject for subject in self._all(check.scope) if _meets(check, subject)]
        return self._met[key]

    def _all(self, scope: Scope) -> Iterable[Any]:
        if scope is Scope.TRANSCRIPT:
            return (self.transcript,)
        return self.transcript.moments if scope is Scope.MOMENT else self.transcript.observed


def _meets(check: Check, subject: Any) -> bool:
    try:
        return bool(check.when(subject))
    except NotRecorded:
        return False


def _apply(
    check: Check, subjects: _Subjects, profile: Profile, requirements: Mapping[str, Requirement], problem: str
) -> Iterable[Verdict]:
    transcript = subjects.transcript
    scenario = transcript.scenario.id
    used = _uses(profile, requirements).of(check)
    if problem:
        for requirement, _ in used:
            yield Verdict(
                scenario, check.id, requirement.id, requirement.level, Outcome.NOT_RUN, (), transcript.stopped
            )
        return
    try:
        looked_at, findings = _look(check, subjects, profile)
    except Exception as error:  # a check of ours that falls over is our bug, and must not hide the others
        reason = f"our own check failed: {type(error).__name__}: {error}"
        for requirement, _ in used:
            yield Verdict(scenario, check.id, requirement.id, requirement.level, Outcome.ERROR, (), reason)
        return
    for requirement, use in used:
        broken = tuple(_restated(f, requirement) for f in findings if _breaks(f, requirement))
        outcome, reason = _outcome(requirement, use, bool(broken), looked_at, transcript)
        yield Verdict(scenario, check.id, requirement.id, requirement.level, outcome, broken, reason)


def _breaks(finding: Finding, requirement: Requirement) -> bool:
    return finding.requirement == requirement.id or finding.requirement in requirement.restates


def _restated(finding: Finding, requirement: Requirement) -> Finding:
    """The same evidence under the name of a clause that asks the same."""
    if finding.requirement == requirement.id:
        return finding
    return replace(finding, requirement="").placed(
        check=finding.check, scenario=finding.scenario, requirement=requirement.id, exchange=finding.exchange
    )


def _outcome(
    requirement: Requirement, use: Applies, broken: bool, looked_at: int, transcript: Transcript
) -> tuple[Outcome, str]:
    if broken:
        return (Outcome.NOTED if use is Applies.OBSERVE else BROKEN[requirement.level]), ""
    if looked_at:
        return Outcome.PASSED, ""
    if not transcript.complete:
        return Outcome.NOT_RUN, transcript.stopped
    return Outcome.NOT_APPLICABLE, _nothing(transcript)


def _nothing(transcript: Transcript) -> str:
    """Why there was nothing to look at; what the guard has kept back is named, with what would let it through."""
    troubles = (x.trouble for x in transcript.exchanges if x.trouble is not None)
    kept_back = next((t for t in troubles if t.kind is TroubleKind.GUARD), None)
    reason = "nothing to look at in this scenario"
    if kept_back is None:
        return reason
    hint = f" ({kept_back.hint})" if kept_back.hint else ""
    return f"{reason}; not everything was sent: {kept_back.message}{hint}"


def _look(check: Check, subjects: _Subjects, profile: Profile) -> tuple[int, list[Finding]]:
    transcript = subjects.transcript
    met = 0
    found: dict[str, Finding] = {}
    for subject in subjects.of(check):
        exchange = subject.id if check.scope is Scope.EXCHANGE else _first_exchange(subject)
        try:
            findings = list(check.judge(subject, profile=profile, transcript=transcript))
        except NotRecorded:
            continue
        met += 1
        for finding in findings:
            placed = finding.placed(
                check=check.id,
                scenario=transcript.scenario.id,
                requirement=check.requirements[0],
                exchange=exchange,
            )
            # One wrong habit of a service shows in many exchanges: the first of them stands for all.
            found.setdefault(placed.id, placed)
    return met, list(found.values())


def _first_exchange(subject: Any) -> str:
    return subject.exchanges[0].id if subject.exchanges else ""


def outcome_of(verdicts: Iterable[Verdict], transcript: Transcript, problem: str) -> Outcome:
    """The outcome of a scenario as a whole: its worst verdict; a scenario that was cut short never passes."""
    if problem:
        return Outcome.ERROR if problem == "error" else Outcome.NOT_RUN
    outcomes = {v.outcome for v in verdicts}
    if not transcript.complete and Outcome.FAILED not in outcomes and Outcome.ERROR not in outcomes:
        return Outcome.NOT_RUN
    for outcome in _SEVERITY:
        if outcome in outcomes:
            return outcome
    return Outcome.NOT_APPLICABLE
