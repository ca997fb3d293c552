"""Judge: applies every check to a transcript and turns findings into verdicts, by requirement and profile alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat

from harness.looking import MET, WHOLE, Asked, Checks, Look, Part, look
from harness.model.check import Check, Scope
from harness.model.exchange import TroubleKind
from harness.model.finding import Finding
from harness.model.partial import guarded
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
    return list(_plan(profile, requirements, checks).kept)


Used = tuple[tuple[Requirement, Applies], ...]


class _Question:
    """What is asked of scenarios that are alike: the checks, and what the verdicts are about, in their order.

    ``rows`` holds the columns of what each verdict is about: check, requirement and level; ``places`` where the
    verdicts of a check begin, and what it is used for.
    """

    def __init__(self, used: Sequence[tuple[Check, Used]]) -> None:
        self.asked = Asked(check for check, _ in used)
        rows = [(check.id, requirement.id, requirement.level) for check, uses in used for requirement, _ in uses]
        self.rows = tuple(zip(*rows, strict=True)) or ((), (), ())
        self.size = len(self.rows[0])
        self.places: dict[str, tuple[int, Used]] = {}
        place = 0
        for check, uses in used:
            self.places[check.id] = place, uses
            place += len(uses)


class _Plan:
    """What one profile asks of a set of checks: worked out once for all transcripts of a run."""

    def __init__(self, profile: Profile, requirements: Mapping[str, Requirement], checks: tuple[Check, ...]) -> None:
        self.profile = profile
        self.requirements = requirements
        self.given = checks
        uses: dict[tuple[str, ...], Used] = {}
        used = []
        for check in checks:
            its = uses.get(check.requirements)
            if its is None:
                its = uses[check.requirements] = self._uses(check)
            if its:
                used.append((check, its))
        self.used = tuple(used)
        self.kept = tuple(check for check, _ in used)
        self.checks = Checks(self.kept, profile)
        self._of_kind: dict[Kind, tuple[tuple[Check, Used], ...]] = {}
        self._of: dict[tuple[Kind, str], _Question] = {}

    def _uses(self, check: Check) -> Used:
        wanted = (self.requirements[name] for name in check.requirements)
        uses = ((requirement, use_of(requirement, self.profile)) for requirement in wanted)
        return tuple((requirement, use) for requirement, use in uses if use is not Applies.OFF)

    def of(self, key: ScenarioKey) -> _Question:
        """What is asked of a scenario: the checks that can say something about it, as far as they are in use."""
        probe = key.id.removeprefix("probe/") if key.kind is Kind.PROBE else ""
        known = self._of.get((key.kind, probe))
        if known is None:
            if key.kind not in self._of_kind:
                self._of_kind[key.kind] = tuple(one for one in self.used if _concerns(one[0], key.kind))
            one_of = ("", probe)
            known = _Question([one for one in self._of_kind[key.kind] if one[0].probe in one_of])
            self._of[key.kind, probe] = known
        return known


def _concerns(check: Check, kind: Kind) -> bool:
    return (check.scope is not Scope.MOMENT or kind is not Kind.PROBE) and not (
        check.by_client and kind is Kind.RECORDING
    )


_LATEST: list[_Plan] = []


def _plan(profile: Profile, requirements: Mapping[str, Requirement], checks: Iterable[Check]) -> _Plan:
    """What was asked for last, or worked out anew. Raises KeyError for a requirement that the catalogue lacks."""
    given = tuple(checks)
    latest = _LATEST[0] if _LATEST else None
    if (
        latest is None
        or latest.profile is not profile
        or latest.requirements is not requirements
        or given not in (latest.given, latest.kept)
    ):
        latest = _Plan(profile, requirements, given)
        _LATEST[:] = [latest]
    return latest


def in_question(
    key: ScenarioKey, profile: Profile, requirements: Mapping[str, Requirement], checks: Iterable[Check]
) -> list[Check]:
    """The checks that can say something about a scenario, known before it is played.

    Raises KeyError when a check names a requirement that the catalogue does not have.
    """
    return list(_plan(profile, requirements, checks).of(key).asked.checks)


def judge(
    transcript: Transcript,
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: Iterable[Check],
    *,
    problem: str = "",
) -> tuple[Verdict, ...]:
    """Judge one transcript. One verdict for each check in question and each requirement of it that is in use."""
    looks = {} if problem else look_at(transcript, profile, requirements, checks)
    return decided(transcript, looks, profile, requirements, checks, problem=problem)


def look_at(
    transcript: Transcript,
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: Iterable[Check],
    part: Part = WHOLE,
) -> dict[str, Look]:
    """The first half of ``judge``: what the checks in question met in a transcript or a part of it, by their ids."""
    if transcript.scenario.kind is Kind.RECORDING:
        transcript = replace(transcript, exchanges=tuple(guarded(x) for x in transcript.exchanges))
    plan = _plan(profile, requirements, checks)
    return look(transcript, plan.of(transcript.scenario).asked, plan.checks, part)


def decided(
    transcript: Transcript,
    looks: Mapping[str, Look],
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: Iterable[Check],
    *,
    problem: str = "",
) -> tuple[Verdict, ...]:
    """The second half: what was met becomes verdicts, by requirement and profile alone."""
    question = _plan(profile, requirements, checks).of(transcript.scenario)
    nothing: Said = (Outcome.NOT_RUN, (), transcript.stopped) if problem else _nothing(transcript)
    return _verdicts(transcript.scenario.id, question, _said(looks, question, nothing))


Said = tuple[Outcome, tuple[Finding, ...], str]
"""What is said of one scenario by one check for one requirement: the outcome, the findings and the reason."""


def _said(looks: Mapping[str, Look], question: _Question, nothing: Said) -> list[Said]:
    """``nothing`` is said of what met nothing."""
    said = [nothing] * question.size
    for name, seen in looks.items():
        first, uses = question.places.get(name, _NOWHERE)
        if seen is MET:
            for place in range(first, first + len(uses)):
                said[place] = _PASSED
            continue
        for place, (requirement, use) in enumerate(uses, first):
            if seen.error:
                said[place] = Outcome.ERROR, (), f"our own check failed: {seen.error}"
            elif seen.found and (findings := _broken(requirement, seen)):
                said[place] = (Outcome.NOTED if use is Applies.OBSERVE else BROKEN[requirement.level]), findings, ""
            elif seen.met:
                said[place] = _PASSED
    return said


_NOWHERE: tuple[int, Used] = (0, ())

_made: Callable[[Iterable[object]], Verdict] = partial(tuple.__new__, Verdict)


def _verdicts(scenario: str, question: _Question, said: Iterable[Said]) -> tuple[Verdict, ...]:
    return tuple(map(_made, zip(repeat(scenario), *question.rows, *zip(*said, strict=True), strict=False)))


_NOTHING_MET = len(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(Outcome)}
_SHORT: tuple[Said, ...] = tuple((outcome, (), "") for outcome in Outcome)


@dataclass(frozen=True, slots=True)
class Packed:
    """The verdicts of a transcript on their way from one process to another, in the order of the plan: a code for each,
    and the findings and the reason of those that have some. The larger part of them says that it passed, or that there
    was nothing to look at.
    """

    codes: bytes
    apart: Mapping[int, tuple[tuple[Finding, ...], str]]

    def verdicts(
        self,
        transcript: Transcript,
        profile: Profile,
        requirements: Mapping[str, Requirement],
        checks: Iterable[Check],
    ) -> tuple[Verdict, ...]:
        """The verdicts again, where the same transcript is at hand."""
        question, nothing = _plan(profile, requirements, checks).of(transcript.scenario), _nothing(transcript)
        short = (*_SHORT, nothing)
        said = [short[code] for code in self.codes]
        for place, (findings, reason) in self.apart.items():
            said[place] = said[place][0], findings, reason
        return _verdicts(transcript.scenario.id, question, said)


def packed(
    transcript: Transcript, profile: Profile, requirements: Mapping[str, Requirement], checks: Iterable[Check]
) -> Packed:
    """Judge one transcript, for another process."""
    looks = look_at(transcript, profile, requirements, checks)
    nothing = _nothing(transcript)
    said = _said(looks, _plan(profile, requirements, checks).of(transcript.scenario), nothing)
    codes = bytes([_NOTHING_MET if one is nothing else _CODES[one[0]] for one in said])
    return Packed(
        codes, {place: one[1:] for place, one in enumerate(said) if one is not nothing and (one[1] or one[2])}
    )


_PASSED: Said = (Outcome.PASSED, (), "")


def _broken(requirement: Requirement, seen: Look) -> tuple[Finding, ...]:
    return tuple(_restated(f, requirement) for f in seen.found.values() if _breaks(f, requirement))


def _breaks(finding: Finding, requirement: Requirement) -> bool:
    return finding.requirement == requirement.id or finding.requirement in requirement.restates


def _restated(finding: Finding, requirement: Requirement) -> Finding:
    """The same evidence under the name of a clause that asks the same."""
    if finding.requirement == requirement.id:
        return finding
    return replace(finding, requirement="").placed(
        check=finding.check, scenario=finding.scenario, requirement=requirement.id, exchange=finding.exchange
    )


def _nothing(transcript: Transcript) -> Said:
    """What becomes of a check that met nothing; what the guard has kept back is named, with its way out."""
    if not transcript.complete:
        return Outcome.NOT_RUN, (), transcript.stopped
    troubles = (x.trouble for x in transcript.exchanges if x.trouble is not None)
    kept_back = next((t for t in troubles if t.kind is TroubleKind.GUARD), None)
    reason = "nothing to look at in this scenario"
    if kept_back is None:
        return Outcome.NOT_APPLICABLE, (), reason
    hint = f" ({kept_back.hint})" if kept_back.hint else ""
    return Outcome.NOT_APPLICABLE, (), f"{reason}; not everything was sent: {kept_back.message}{hint}"


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
