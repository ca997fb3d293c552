"""Gate: counts verdicts and decides; the only place that knows exit codes."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence

from harness.model.run import Run, ScenarioResult
from harness.model.scenario import Kind
from harness.model.verdict import Conclusion, Outcome


class ExitCode(enum.IntEnum):
    """What the command says to a script (design: section 7)."""

    CONFORMANT = 0
    NON_CONFORMANT = 1
    USAGE = 2
    INCOMPLETE = 3
    UNREACHABLE = 4
    NOTHING_SELECTED = 5
    CRASH = 70
    INTERRUPTED = 130


def count(results: Iterable[ScenarioResult]) -> dict[str, int]:
    """How many verdicts had each outcome; every outcome is named, also with 0.

    A scenario that could not be set up counts once more under its own outcome, so that it is never lost.
    """
    counted: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
    for result in results:
        counted.update(v.outcome.value for v in result.verdicts)
        if result.outcome in (Outcome.ERROR, Outcome.NOT_RUN) and not result.verdicts:
            counted[result.outcome.value] += 1
    return dict(counted)


def conclude(results: Sequence[ScenarioResult], *, finished: bool) -> tuple[Conclusion, tuple[str, ...]]:
    """The conclusion of a run and what makes it doubtful. ``finished`` is False for a run that was interrupted."""
    doubts = []
    if not finished:
        doubts.append("The run was interrupted: what it had not yet asked is not known.")
    waiting = [r for r in results if r.outcome is Outcome.NOT_RUN]
    if waiting:
        doubts.append(f"{_many(len(waiting), 'scenario')} could not be played to the end: {waiting[0].reason}.")
    broken = [r for r in results if r.outcome is Outcome.ERROR]
    if broken:
        doubts.append(f"{_many(len(broken), 'scenario')} could not be set up or judged: {broken[0].reason}.")
    counts = count(results)
    played = [v for r in results for v in r.verdicts if v.outcome not in (Outcome.NOT_APPLICABLE, Outcome.NOT_RUN)]
    if not played and finished:
        doubts.append("Nothing at all could be judged.")
    if counts[Outcome.REVIEW]:
        doubts.append(f"{_many(counts[Outcome.REVIEW], 'check')} did not say the same twice: somebody has to look.")
    if counts[Outcome.FAILED]:
        return Conclusion.NON_CONFORMANT, tuple(doubts)
    if doubts or counts[Outcome.ERROR]:
        return Conclusion.INCOMPLETE, tuple(doubts)
    if any(r.key.kind is Kind.RECORDING for r in results):
        return Conclusion.NOTHING_BROKEN, ()
    if counts[Outcome.WARNED] or counts[Outcome.KNOWN]:
        return Conclusion.WITH_WARNINGS, ()
    return Conclusion.CONFORMANT, ()


def sentence(conclusion: Conclusion, results: Sequence[ScenarioResult], profile: str) -> str:
    """The verdict in one sentence, in plain words."""
    failed = {v.requirement for r in results for v in r.verdicts if v.outcome is Outcome.FAILED}
    warned = {v.requirement for r in results for v in r.verdicts if v.outcome is Outcome.WARNED}
    known = {v.requirement for r in results for v in r.verdicts if v.outcome is Outcome.KNOWN}
    match conclusion:
        case Conclusion.CONFORMANT:
            return f"The service keeps everything that the profile {profile} promises."
        case Conclusion.WITH_WARNINGS:
            apart = f", apart from {_many(len(known), 'known failure')}" if known else ""
            kept = f"The service keeps everything that the profile {profile} promises{apart}"
            followed = f"; {_many(len(warned), 'recommendation')} of the standard it does not follow" if warned else ""
            return f"{kept}{followed}."
        case Conclusion.NOTHING_BROKEN:
            followed = f"; {_many(len(warned), 'recommendation')} of the standard it does not follow" if warned else ""
            return (
                f"Nothing in what was recorded breaks what the profile {profile} promises{followed}. "
                "What was not recorded is not known."
            )
        case Conclusion.NON_CONFORMANT:
            return f"The service breaks {_many(len(failed), 'requirement')} of the profile {profile}."
        case Conclusion.UNREACHABLE:
            return "The service could not be asked."
        case _:
            return "Whether the service keeps its promises cannot be told: the run is incomplete."


def exit_code(conclusion: Conclusion, *, fail_on: str = "fail", warned: bool = True, spoilt: bool = False) -> ExitCode:
    """The exit code of a conclusion. ``fail_on`` is "fail" or "warn".

    ``warned`` is False where nothing but known failures stands behind the warnings; ``spoilt`` is True where the file
    of known failures is out of date and that has to fail.
    """
    if conclusion is Conclusion.NOTHING_BROKEN:
        return ExitCode.NON_CONFORMANT if fail_on == "warn" and warned else ExitCode.CONFORMANT
    if conclusion in (Conclusion.CONFORMANT, Conclusion.WITH_WARNINGS) and spoilt:
        return ExitCode.NON_CONFORMANT
    if conclusion is Conclusion.WITH_WARNINGS:
        return ExitCode.NON_CONFORMANT if fail_on == "warn" and warned else ExitCode.CONFORMANT
    return {
        Conclusion.CONFORMANT: ExitCode.CONFORMANT,
        Conclusion.NON_CONFORMANT: ExitCode.NON_CONFORMANT,
        Conclusion.INCOMPLETE: ExitCode.INCOMPLETE,
        Conclusion.UNREACHABLE: ExitCode.UNREACHABLE,
    }[conclusion]


def exit_code_of(run: Run, *, fail_on: str = "fail", strict_known: bool = False) -> ExitCode:
    """The exit code of a run, with its warnings and its file of known failures looked at."""
    return exit_code(
        run.conclusion,
        fail_on=fail_on,
        warned=bool(run.counts[Outcome.WARNED]),
        spoilt=strict_known and any(known.spoilt for known in run.known),
    )


def will_work(results: Iterable[ScenarioResult]) -> dict[str, bool]:
    """For each IdP in the run: does what its administrators expect hold?

    It does not when one of its vendor expectations is broken, when a breach in its own scenarios keeps access alive, or
    when it has given up taking somebody's access away.
    """
    works: dict[str, bool] = {}
    for result in results:
        # That nothing went wrong in a recording is no promise that nothing will.
        if not result.key.idp or (result.key.kind is Kind.RECORDING and not result.troubled):
            continue
        works[result.key.idp] = works.get(result.key.idp, True) and not result.troubled
    return works


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
