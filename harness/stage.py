"""The stage of a run: plays each scenario once, judges it at once, and concludes the run at the end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import harness
from harness import bundle, known, record
from harness.bundle import profile_to_json, versions
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.codec import key_to_json, outlook_to_json, verdict_to_json
from harness.garbage import seldom
from harness.ground import Ground, Unreachable
from harness.judge import in_use, judge, outcome_of
from harness.ledger import LEFT
from harness.model.check import Check
from harness.model.outlook import Outlook
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.run import Run
from harness.model.scenario import Scenario
from harness.model.transcript import Transcript
from harness.model.verdict import Verdict
from harness.plan import PlanError, set_up, vendors
from harness.progress import Progress
from harness.record import Recorder
from harness.retrying import again, broken, steadied
from harness.settings import Settings
from harness.sharding import Shard
from harness.veil import Veil


@dataclass
class Stage:
    """Everything that a run needs while it goes on.

    ``worker`` is the name of a parallel worker, or ""; ``config`` the configuration file relative to the place of the
    run, or "".
    """

    settings: Settings
    profile: Profile
    directory: Path
    worker: str = ""
    command: str = ""
    config: str = ""
    veil: Veil | None = None
    shard: Shard | None = None
    progress: Progress = field(default_factory=Progress)
    judged: dict[str, tuple[Verdict, ...]] = field(default_factory=dict)
    transcripts: dict[str, Transcript] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises KnownError, RecordError."""
        self.known = known.load(Path(self.settings.known)) if self._has_known() else ()
        self.today = datetime.now(UTC).date()
        self.requirements: Mapping[str, Requirement] = load_catalogue()
        self.checks: list[Check] = in_use(self.profile, self.requirements, all_checks().values())
        self.recorder = Recorder(self.directory, self.worker, self.veil)
        self.ground = Ground(self.settings, self.profile, self.directory, self.settings.seed)
        self._by_check: dict[str, dict[str, tuple[Verdict, ...]]] = {}
        self.begun = False
        self._closed = False

    def begin(self, scenarios: tuple[Scenario, ...]) -> None:
        """Look at the target and write down the plan. Raises Unreachable after having written that down too."""
        scenarios = self.shard.in_order(scenarios) if self.shard is not None else scenarios
        unreachable: Unreachable | None = None
        try:
            self.ground.open()
        except Unreachable as error:
            unreachable = error
        settings = self.settings
        self.begun = True
        self.recorder.event(
            "run_started",
            schema=record.SCHEMA_EVENTS,
            base_url=settings.target.rstrip("/") if unreachable else self.ground.base_url,
            reference_server=False if unreachable else self.ground.reference_server,
            profile=profile_to_json(self.profile),
            idps=sorted({s.key.idp for s in scenarios if s.key.idp}, key=[*vendors()].index),
            scenarios=[] if unreachable else [key_to_json(s.key) for s in scenarios],
            unreachable=f"{unreachable}; {unreachable.hint}" if unreachable else "",
            known=[known.entry_to_json(entry) for entry in self.known],
            today=self.today.isoformat(),
            **({"setups": settings.setups} if settings.setups else {}),
            **({"shard": self.shard.to_json()} if self.shard is not None and self.shard.of > 1 else {}),
            meta={
                "tool": harness.__version__,
                "seed": str(settings.seed),
                "command": self.command,
                "config": self.config,
                "redaction": settings.redact,
                "preset": settings.preset,
                "defects": ", ".join(settings.defects),
                **versions(),
            },
        )
        if unreachable is not None:
            raise unreachable

    def verdicts(self, scenario: Scenario) -> tuple[Verdict, ...]:
        """The verdicts of a scenario; it is played and judged at the first demand."""
        if scenario.id not in self.judged:
            self.ground.open()
            self.progress.playing(scenario.id)
            played = self.ground.player(self.recorder, self.progress.exchange, scenario.id).play(scenario)
            self.transcripts[scenario.id] = played.transcript
            self.problems[scenario.id] = played.problem
            verdicts = judge(played.transcript, self.profile, self.requirements, self.checks, problem=played.problem)
            verdicts = steadied(verdicts, self._again(scenario, verdicts))
            self.judged[scenario.id] = known.mark(verdicts, self.known)
            if self.veil is not None:
                judged = [verdict_to_json(v) for v in self.judged[scenario.id]]
                seen = outlook_to_json(self._outlook(played.transcript))
                self.recorder.event("scenario_judged", scenario=scenario.id, verdicts=judged, outlook=seen)
            outcome = outcome_of(self.judged[scenario.id], played.transcript, played.problem)
            self.progress.judged(scenario.id, outcome, len(played.transcript.exchanges))
        return self.judged[scenario.id]

    def _outlook(self, transcript: Transcript) -> Outlook:
        vendor = set_up(vendors(), self.settings.setups).get(transcript.scenario.idp)
        return vendor.outlook(transcript) if vendor else Outlook()

    def _again(self, scenario: Scenario, verdicts: tuple[Verdict, ...]) -> list[tuple[Verdict, ...]]:
        """The verdicts of the repetitions of a scenario in which something broke."""
        later = []
        for attempt in range(1, self.settings.retries + 1 if broken(verdicts) else 1):
            repeated = again(scenario, attempt)
            played = self.ground.player(self.recorder, self.progress.exchange, repeated.id).play(repeated)
            transcript = replace(played.transcript, scenario=scenario.key)
            later.append(judge(transcript, self.profile, self.requirements, self.checks, problem=played.problem))
        return later

    def verdicts_of(self, scenario: Scenario, check: str) -> tuple[Verdict, ...]:
        """The verdicts of one check in a scenario, which is played and judged at the first demand."""
        if scenario.id not in self._by_check:
            by_check: dict[str, list[Verdict]] = {}
            for verdict in self.verdicts(scenario):
                by_check.setdefault(verdict.check, []).append(verdict)
            self._by_check[scenario.id] = {name: tuple(found) for name, found in by_check.items()}
        return self._by_check[scenario.id].get(check, ())

    def _has_known(self) -> bool:
        """A file that this run is to write may be missing before."""
        settings = self.settings
        return bool(settings.known) and not (settings.update_known and not Path(settings.known).exists())

    def update_known(self, run: Run) -> None:
        """Write what the run has found into the file of known failures, where that is asked for. Raises RecordError."""
        if self.settings.update_known:
            entries = known.updated(run.known, run.results, self.today)
            record.write_text(Path(self.settings.known), known.text(entries))

    def finish(self) -> None:
        """Say that everything planned was asked. Left out when the run was interrupted."""
        self.recorder.event("run_finished")

    def conclude(self) -> Run:
        """Judge what was recorded, write run.json and findings.json, and return the Run."""
        self.close()
        with suppress(OSError):
            # Not while somebody is left changed: then it is not empty.
            (self.directory / LEFT).rmdir()
        run = retell(self.directory, self.judged if self.veil is None else None)
        bundle.write(run, self.directory)
        return run

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.recorder.close()
            self.ground.close()


def retell(directory: Path, judged: Mapping[str, tuple[Verdict, ...]] | None = None, *, workers: int = 1) -> Run:
    """Read a run directory, whole or cut short, and judge it again, by so many processes. Raises RecordError."""
    with seldom():
        recording = record.read(directory)
        try:
            idps = set_up(vendors(), recording.started.get("setups", {}))
        except PlanError as error:
            raise record.RecordError(f"{directory}: the set-up in the record cannot be read: {error}") from error
        outlooks = {name: vendor.outlook for name, vendor in idps.items()}
        return bundle.assemble(recording, load_catalogue(), outlooks=outlooks, judged=judged, workers=workers)
