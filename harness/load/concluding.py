"""Concluding: what all workers have reported becomes a run like every other, and a page with its curves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import harness
from harness import bundle, gate, record, reporting
from harness.bundle import profile_to_json, versions
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.codec import cast_to_json, exchange_from_json, key_to_json, outlook_to_json, verdict_to_json
from harness.judge import in_use, judge
from harness.load.census import Census, census_from_json
from harness.load.crowd import Speaker
from harness.load.forecast import Forecast
from harness.load.order import Order
from harness.load.sampling import scenario_of
from harness.load.summary import summary
from harness.load.tally import Tally, tally_from_json
from harness.load.verdicts import Seen, invariants
from harness.model.account import Cast
from harness.model.outlook import Outlook
from harness.model.profile import Profile
from harness.model.run import Run
from harness.model.scenario import Kind, ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Outcome, Verdict
from harness.profiles import load as load_profile
from harness.record import Recorder, write_json
from reports.storm import write as write_page


@dataclass
class Result:
    """What the master wrote. ``invalid`` says why nothing can be said of the whole, "" when something can.

    ``left`` says what of the storm's own may still be at the target, "" for nothing.
    """

    reports: list[dict[str, Any]] = field(default_factory=list)
    workers: int = 0
    invalid: str = ""
    stopped: str = ""
    memory_mb: float = 0.0
    left: str = ""

    @property
    def tally(self) -> Tally:
        total = Tally()
        for report in self.reports:
            total.plus(tally_from_json(report["tally"]))
        return total

    @property
    def jobs(self) -> Iterable[dict[str, Any]]:
        return (job for report in self.reports for job in report["jobs"])


@dataclass(frozen=True)
class Concluded:
    """The run, and what a person at a terminal is told of it."""

    run: Run
    lines: list[str]


def read_result(path: Path, lost: str, interrupted: str, log: Path) -> Result:
    """What the master wrote, or why it did not."""
    if not path.exists():
        if lost or interrupted:
            return Result(invalid=lost or interrupted)
        said = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
        return Result(invalid=f"Locust ended without a result: {said[-1] if said else f'{log} is empty'}")
    value = json.loads(path.read_text("utf-8"))
    path.unlink()
    stopped = interrupted or value["stopped"]
    missing = value["workers"] - len(value["reports"])
    invalid = value["lost"] or lost
    if value["broken"]:
        invalid = f"our own fault, please report it with {log}: {value['broken']}"
    if missing and not invalid:
        invalid = stopped or f"{missing} of {value['workers']} workers have not reported"
    return Result(value["reports"], value["workers"], invalid, stopped, value["memory_mb"])


def conclude(
    order: Order,
    seen: Forecast,
    result: Result,
    directory: Path,
    command: str,
    about: Mapping[str, str],
    reports: tuple[str, ...] = (),
) -> Concluded:
    """Judge, and write the whole run directory. Raises RecordError, SettingsError."""
    names = reporting.checked(reports)
    profile, requirements = load_profile(order.profile), load_catalogue()
    keys = {speaker: _key(speaker, order) for speaker in dict.fromkeys(order.crowd.speakers)}
    recorder = Recorder(directory)
    recorder.event(
        "run_started",
        schema=record.SCHEMA_EVENTS,
        base_url=order.base_url,
        reference_server=order.ours,
        profile=profile_to_json(profile),
        idps=list(dict.fromkeys(idp for idp, _ in order.crowd.speakers)),
        scenarios=[key_to_json(key) for key in keys.values()],
        unreachable="",
        known=[],
        today=datetime.now(UTC).date().isoformat(),
        notices=[result.left] if result.left else [],
        **({"setups": dict(order.setups)} if order.setups else {}),
        meta={
            "tool": harness.__version__,
            "seed": str(order.crowd.seed),
            "command": command,
            "storm": f"{order.crowd.tenants} tenants x {order.crowd.people} people",
            **{name: text for name, text in about.items() if text},
            **versions(),
        },
    )
    kept = sorted((line for report in result.reports for line in report["kept"]), key=lambda line: line["ordinal"])
    for key in keys.values():
        recorder.event("scenario_started", key=key_to_json(key), base_url=order.base_url, changes=[])
        for line in kept:
            if line["scenario"] == key.id:
                recorder.exchange(exchange_from_json(line))
        stopped = result.invalid or result.stopped
        recorder.event(
            "scenario_finished",
            scenario=key.id,
            complete=not stopped,
            stopped=stopped,
            problem="",
            cast=cast_to_json(Cast()),
        )
    recorder.event("run_finished")
    recording = record.read(directory)
    judged = {
        key.id: _verdicts(speaker, recording.transcripts[key.id], order, result, profile, requirements)
        for speaker, key in keys.items()
    }
    for scenario, verdicts in judged.items():
        told = [verdict_to_json(v) for v in verdicts]
        recorder.event("scenario_judged", scenario=scenario, verdicts=told, outlook=outlook_to_json(Outlook()))
    recorder.close()
    run = bundle.assemble(record.read(directory), requirements, outlooks={}, judged=judged)
    bundle.write(run, directory)
    figures = summary(order, seen, result, run)
    write_json(directory / "storm.json", figures)
    reporting.write(run, directory, names)
    return Concluded(run, _lines(figures, run, write_page(figures, directory)))


def _key(speaker: Speaker, order: Order) -> ScenarioKey:
    jobs = order.crowd.count(speaker)
    title = f"{jobs * order.crowd.people:,} people leave at {jobs:,} tenants at once"
    return ScenarioKey(scenario_of(speaker), Kind.STORY, title, *speaker, "storm")


def _verdicts(
    speaker: Speaker,
    sample: Transcript,
    order: Order,
    result: Result,
    profile: Profile,
    requirements: Mapping[str, Any],
) -> tuple[Verdict, ...]:
    """What the kept answers show by the checks of every run, and what must hold when it is over."""
    checks = in_use(profile, requirements, all_checks().values())
    if result.invalid:
        return ()
    judged = judge(sample, profile, requirements, checks)
    # Of a sample nothing follows that was not looked at: only what shows in single answers counts.
    shown = tuple(v for v in judged if v.outcome not in (Outcome.NOT_APPLICABLE, Outcome.NOT_RUN))
    if result.stopped:
        return shown
    return (*shown, *invariants(seen_of(speaker, order, result), profile, requirements))


def seen_of(speaker: Speaker, order: Order, result: Result) -> Seen:
    """What all workers saw of the jobs that speak so."""
    census = Census()
    for report in result.reports:
        if (found := report["census"].get(":".join(speaker))) is not None:
            census.plus(census_from_json(found))
    jobs = [job for job in result.jobs if (job["idp"], job["variant"]) == speaker]

    def total(name: str) -> int:
        return int(sum(job[name] for job in jobs))

    return Seen(
        speaker,
        sum(job["people"] for job in jobs),
        census,
        bystanders=order.bystanders,
        tenants=len(jobs),
        repeated=total("repeated"),
        met=total("met"),
        throttled=total("throttled"),
        without_wait=total("without_wait"),
        early=total("early"),
        given_up=total("given_up"),
        waiting=total("waiting"),
        unlinked=total("unlinked"),
        slowed=tuple(sorted({job["slowed"] for job in jobs if job["slowed"]})),
        grouped=order.crowd.group,
    )


def _lines(told: Mapping[str, Any], run: Run, page: Path) -> list[str]:
    """The storm in lines for a terminal: figures beside their forecast, then the verdict."""
    came, plan = told["measured"], told["forecast"]
    lines = [
        f"{'':<14}{'measured':>14}{'forecast':>14}",
        f"{'Requests':<14}{came['requests']:>14,}{plan['requests']:>14,}",
        f"{'Seconds':<14}{came['duration_s']:>14,.1f}{plan['duration_s']:>14,.1f}",
        f"{'Megabytes':<14}{came['bytes'] / 1e6:>14,.1f}{plan['bytes'] / 1e6:>14,.1f}",
        f"Answers        median {came['latency_ms']['50']:.0f} ms, 95 % within {came['latency_ms']['95']:.0f} ms, "
        f"99 % within {came['latency_ms']['99']:.0f} ms",
        f"Jobs           began at most {came['late_ms']['most']:.0f} ms after their time; "
        f"the last leaver was confirmed {came['convergence_s']:.1f} s after the last job had begun",
        f"Memory         {', '.join(f'{m:.0f} MB' for m in came['memory_mb']['workers'])} in the workers"
        + (f", {came['memory_mb']['master']:.0f} MB in the master" if came["memory_mb"]["master"] else ""),
    ]
    lines += told["plainly"]
    for verdict, finding in run.findings:
        if verdict.outcome in (Outcome.FAILED, Outcome.WARNED):
            lines.append(f"  {verdict.outcome.value:<7} {verdict.requirement}  {finding.expected[0]}: {finding.actual}")
    lines += [f"Doubtful: {doubt}" for doubt in run.doubts]
    lines.append(f"Verdict: {run.conclusion.value}. {gate.sentence(run.conclusion, run.results, run.profile)}")
    lines.append(f"Report: {page}")
    return lines
