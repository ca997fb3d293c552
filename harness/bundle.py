"""The run directory as a whole: from what was recorded to a judged Run, run.json and findings.json."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import harness
from harness import gate
from harness import known as known_failures
from harness.catalogue.themes import load_themes, place
from harness.causes import causes
from harness.checks import all_checks
from harness.codec import outlook_to_json
from harness.crew import judge_all
from harness.judge import judge, outcome_of
from harness.model.cause import Cause
from harness.model.check import Check
from harness.model.known import KnownEntry
from harness.model.outlook import Outlook
from harness.model.profile import Claim, Profile
from harness.model.programme import Programme
from harness.model.requirement import Applies, Level, Requirement
from harness.model.run import Run, ScenarioResult
from harness.model.scenario import Kind, ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome, Verdict
from harness.record import Recording, write_json
from harness.retrying import MARK, repetitions, steadied
from harness.suites import programmes

SCHEMA = "scimulator/run/1"
LIBRARIES = ("faker", "jsonschema", "jsonschema-rs", "pytest", "requests")

Outlooks = Mapping[str, Callable[[Transcript], Outlook]]


def assemble(
    recording: Recording,
    requirements: Mapping[str, Requirement],
    *,
    outlooks: Outlooks,
    judged: Mapping[str, tuple[Verdict, ...]] | None = None,
    workers: int = 1,
) -> Run:
    """Judge a recording, by so many processes. ``judged`` holds verdicts that were already reached, by scenario id."""
    started = recording.started
    profile = profile_from_json(started["profile"])
    checks = list(all_checks().values())
    if judged is None and workers > 1:
        judged = _judged_by(workers, recording, profile, requirements, checks)
    entries = tuple(known_failures.entry_from_json(entry) for entry in started.get("known", ()))
    results = tuple(
        _result(key, recording, profile, requirements, checks, outlooks, (judged or {}).get(key.id), entries)
        for key in recording.planned
    )
    today = date.fromisoformat(started.get("today", "1970-01-01"))
    known = known_failures.states(entries, results, today, requirements, whole="shard" not in started)
    finished = recording.finished and not recording.unreadable
    unreachable = started.get("unreachable", "")
    conclusion, doubts = gate.conclude(results, finished=finished)
    sentence = gate.sentence(conclusion, results, profile.name)
    if unreachable:
        conclusion, doubts = Conclusion.UNREACHABLE, (unreachable,)
        sentence = gate.sentence(conclusion, results, profile.name)
    if recording.unreadable:
        doubts = (*doubts, f"{recording.unreadable} lines of the record could not be read and were left out.")
    doubts = (*doubts, *known_failures.doubts(known), *started.get("notices", ()))
    named = {v.requirement for r in results for v in r.verdicts}
    themes = load_themes()
    return Run(
        profile=profile.name,
        idps=tuple(started.get("idps", ())),
        base_url=started["base_url"],
        reference_server=bool(started.get("reference_server")),
        conclusion=conclusion,
        counts=gate.count(results),
        results=results,
        requirements={name: requirements[name] for name in sorted(named)},
        meta={k: str(v) for k, v in started.get("meta", {}).items()},
        doubts=doubts,
        sentence=sentence,
        causes=causes(results, requirements, themes, place(sorted(named), themes)),
        known=known,
        programmes=programmes(tuple(r.transcript for r in results), profile),
    )


def _judged_by(
    workers: int,
    recording: Recording,
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: list[Check],
) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts of the scenarios that are to be judged and were played once, by so many processes."""
    given = recording.verdicts.keys() if "storm" in recording.started.get("meta", {}) else ()
    repeated = {name.rpartition(MARK)[0] for name in recording.transcripts}
    left_out = {*given, *recording.problems, *repeated}
    wanted = [] if recording.veiled else [key.id for key in recording.planned]
    once = [name for name in wanted if name in recording.transcripts and name not in left_out]
    transcripts = [recording.transcripts[name] for name in once]
    return dict(zip(once, judge_all(transcripts, profile, requirements, checks, workers), strict=True))


def _result(
    key: ScenarioKey,
    recording: Recording,
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: list[Check],
    outlooks: Outlooks,
    verdicts: tuple[Verdict, ...] | None,
    entries: tuple[KnownEntry, ...],
) -> ScenarioResult:
    transcript = recording.transcripts.get(key.id)
    if transcript is None:
        reason = "it had not begun when the run ended"
        nothing = Transcript(key, recording.started["base_url"], complete=False, stopped=reason)
        return ScenarioResult(key, Outcome.NOT_RUN, nothing, reason=reason)
    problem = recording.problems.get(key.id, {}).get("problem", "")
    if recording.veiled and problem != "error":
        # Pseudonyms do not begin, end or sort like the names that they stand for: only what was judged then counts.
        verdicts = recording.verdicts.get(key.id)
        if verdicts is None:
            reason = (
                transcript.stopped or "it had not been judged when the run ended, and people stand under pseudonyms"
            )
            return ScenarioResult(key, Outcome.NOT_RUN, transcript, reason=reason)
    if verdicts is None and "storm" in recording.started.get("meta", {}):
        # A storm keeps a sample of what crossed the wire: what its workers counted cannot be counted again.
        verdicts = recording.verdicts.get(key.id)
    if verdicts is None:
        verdicts = judge(transcript, profile, requirements, checks, problem=problem)
        later = [replace(t, scenario=key) for t in repetitions(key, recording.transcripts)]
        verdicts = steadied(verdicts, [judge(t, profile, requirements, checks) for t in later])
    verdicts = known_failures.mark(verdicts, entries)
    outcome = outcome_of(verdicts, transcript, problem)
    reason = transcript.stopped or next((v.reason for v in verdicts if v.outcome is Outcome.ERROR), "")
    # What an administrator would see follows from Changes, of which a recording says nothing.
    show = outlooks.get(key.idp) if key.kind is not Kind.RECORDING else None
    # For the same reason a veiled record holds what the administrator saw, too.
    seen = recording.outlooks.get(key.id) or (show(transcript.as_told()) if show else Outlook())
    for exchange in transcript.exchanges:
        exchange.forget()
    return ScenarioResult(key, outcome, transcript, verdicts, seen, reason=reason)


def write(run: Run, directory: Path) -> None:
    """Write run.json and findings.json. Raises RecordError."""
    findings = [finding_to_json(v, run.requirements[v.requirement], f) for v, f in run.findings]
    write_json(directory / "findings.json", {"schema": "scimulator/findings/1", "findings": findings})
    write_json(directory / "run.json", run_to_json(run, findings))


def run_to_json(run: Run, findings: list[dict[str, Any]]) -> dict[str, Any]:
    works = gate.will_work(run.results)
    return {
        "schema": SCHEMA,
        "verdict": run.conclusion.value,
        "sentence": run.sentence,
        "doubts": list(run.doubts),
        "tool": run.meta.get("tool", harness.__version__),
        "profile": run.profile,
        "idps": list(run.idps),
        "seed": int(run.meta.get("seed", "0")),
        "target": {"base_url": run.base_url, "reference_server": run.reference_server},
        "counts": dict(run.counts),
        "vendors": {
            idp: {
                "works": ok,
                "findings": [
                    f["id"] for f in findings if f["level"] == Level.VENDOR and f["scenario"].startswith(f"{idp}/")
                ],
            }
            for idp, ok in works.items()
        },
        "scenarios": [
            {
                "id": r.key.id,
                "title": r.key.title,
                "outcome": r.outcome.value,
                "reason": r.reason,
                "requests": len(r.transcript.exchanges),
                "outlook": outlook_to_json(r.outlook),
            }
            for r in run.results
        ],
        "known": [{**known_failures.entry_to_json(known.entry), "state": known.state.value} for known in run.known],
        "causes": [cause_to_json(cause) for cause in run.causes],
        "programmes": [programme_to_json(programme) for programme in run.programmes],
        "findings": findings,
        "meta": {**run.meta, "concluded_at": datetime.now(UTC).isoformat(timespec="seconds")},
    }


def programme_to_json(programme: Programme) -> dict[str, Any]:
    return {
        "suite": programme.suite,
        "title": programme.title,
        "programme": programme.programme,
        "scenario": programme.scenario,
        "verdict": programme.verdict,
        "sentence": programme.sentence,
        "steps": [{**vars(grade), "state": grade.state.value} for grade in programme.grades],
    }


def cause_to_json(cause: Cause) -> dict[str, Any]:
    return {
        "id": cause.id,
        "title": cause.title,
        "harm": cause.harm.value,
        "who": cause.who.value,
        "level": cause.level.value,
        "outcome": cause.outcome.value,
        "requirement": cause.requirement,
        "requirements": list(cause.requirements),
        "findings": list(cause.findings),
        "scenarios": list(cause.scenarios),
        "first_finding": cause.first_finding,
        "first_exchange": cause.first_exchange,
        "because": cause.because,
    }


def finding_to_json(verdict: Verdict, requirement: Requirement, finding: Any) -> dict[str, Any]:
    return {
        "id": finding.id,
        "requirement": verdict.requirement,
        "section": requirement.section,
        "level": verdict.level.value,
        "check": verdict.check,
        "scenario": verdict.scenario,
        "outcome": verdict.outcome.value,
        "expected": [str(e) for e in finding.expected],
        "actual": shown(finding.actual),
        "exchange": finding.exchange,
        "pointer": finding.at,
        "hint": finding.hint,
        "remedy": requirement.remedy,
    }


def shown(value: Any) -> str:
    """An actual value as text of bearable length."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 2000 else f"{text[:2000]}… ({len(text)} characters)"


def versions() -> dict[str, str]:
    """What the result depends on, for the reproduce block of reports."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def profile_to_json(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "title": profile.title,
        "family": profile.family,
        "claims": {k: v.value for k, v in profile.claims.items()},
        "tolerances": sorted(profile.tolerances),
        "attributes": list(profile.attributes),
        "adjusts": {k: v.value for k, v in profile.adjusts.items()},
    }


def profile_from_json(value: Mapping[str, Any]) -> Profile:
    return Profile(
        name=value["name"],
        title=value["title"],
        family=value["family"],
        claims={k: Claim(v) for k, v in value["claims"].items()},
        tolerances=frozenset(value["tolerances"]),
        attributes=tuple(value["attributes"]),
        adjusts={k: Applies(v) for k, v in value["adjusts"].items()},
    )
