"""Recorded traffic as a run: what files show is written down as a run directory, judged, and reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import harness
from harness import bundle, record
from harness.bundle import profile_to_json, versions
from harness.codec import cast_to_json, key_to_json
from harness.intake.recording import Gathered
from harness.model.account import Cast
from harness.model.profile import Profile
from harness.model.run import Run
from harness.model.scenario import ScenarioKey
from harness.model.transcript import Transcript
from harness.record import Recorder, RecordError
from harness.stage import retell


def write(
    transcripts: Sequence[Transcript],
    profile: Profile,
    directory: Path,
    *,
    notices: Iterable[str] = (),
    command: str = "",
) -> None:
    """Write transcripts down as a run directory. Raises RecordError, also when there is a record already."""
    if any(directory.glob("events*.jsonl*")):
        raise RecordError(f"{directory} holds a run already: name another directory with --out")
    recorder = Recorder(directory)
    try:
        base_url = transcripts[0].base_url if transcripts else ""
        begin(recorder, [t.scenario for t in transcripts], profile, base_url, notices=notices, command=command)
        for transcript in transcripts:
            _write(recorder, transcript)
        recorder.event("run_finished")
    finally:
        recorder.close()


def begin(
    recorder: Recorder,
    keys: Sequence[ScenarioKey],
    profile: Profile,
    base_url: str,
    *,
    notices: Iterable[str] = (),
    command: str = "",
    reference_server: bool = False,
    meta: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write down the plan of a run that consists of recordings. Raises RecordError."""
    recorder.event(
        "run_started",
        schema=record.SCHEMA_EVENTS,
        base_url=base_url,
        reference_server=reference_server,
        profile=profile_to_json(profile),
        idps=list(dict.fromkeys(key.idp for key in keys if key.idp)),
        scenarios=[key_to_json(key) for key in keys],
        unreachable="",
        known=[],
        today=datetime.now(UTC).date().isoformat(),
        notices=list(notices),
        meta={"tool": harness.__version__, "seed": "0", "command": command, **meta, **versions()},
    )


def _write(recorder: Recorder, transcript: Transcript) -> None:
    key = transcript.scenario
    recorder.event("scenario_started", key=key_to_json(key), base_url=transcript.base_url, changes=[])
    for exchange in transcript.exchanges:
        recorder.exchange(exchange)
    recorder.event(
        "scenario_finished",
        scenario=key.id,
        complete=transcript.complete,
        stopped=transcript.stopped,
        problem="",
        cast=cast_to_json(Cast()),
    )


def judged(
    gathered: Gathered, profile: Profile, directory: Path, *, assumed: bool, command: str = "", workers: int = 1
) -> Run:
    """Write what files show into a run directory, judge it, and write run.json and findings.json. Raises RecordError.

    ``assumed`` says that nobody has named the profile.
    """
    notices = [*gathered.notices]
    if assumed:
        notices.append(
            f"Judged by the profile {profile.name}, because none was named: --profile says what the service claims."
        )
    write(gathered.transcripts, profile, directory, notices=notices, command=command)
    run = retell(directory, workers=workers)
    bundle.write(run, directory)
    return run
