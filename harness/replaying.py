"""Replaying: what the command replay does: play a recording again, and lay the answers of then and now side by side."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from harness import bundle, reporting
from harness.compare import compare
from harness.gate import ExitCode
from harness.ground import Ground, Unreachable
from harness.intake.recording import Gathered
from harness.judging import Given, collect, nothing, tell_complaints
from harness.model.comparison import Comparison
from harness.model.profile import Profile
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.record import Recorder, RecordError, write_text
from harness.recorded import begin, judged
from harness.replay import Answered, RecordedPeople, Replay, divergences
from harness.settings import Settings, SettingsError, merge
from harness.stage import retell
from reports.comparison import html
from reports.text import visible

RECORDED = "recorded"
"""The folder inside the run directory that holds the recording as a run of its own."""
_SHOWN = 10
_WIDTH = 38


def replay_files(
    given: Given, settings: Settings, out: Path | None, reports: str, *, longest_pause_s: float = 0.0, as_json: bool
) -> int:
    """Play what files hold again, write a run directory with the comparison, and return the exit code."""
    directory = out or Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-replayed"
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        profile = load_profile(settings.profile)
        gathered = collect(given, answered=False)
        if not gathered.transcripts:
            return nothing(gathered, given)
        tell_complaints(gathered)
        if any(directory.glob("events*.jsonl*")):
            raise RecordError(f"{directory} holds a run already: name another directory with --out")
        replays = _play(gathered, settings.checked(), profile, directory, longest_pause_s)
        comparison = _compared(gathered, profile, directory, replays)
        run = retell(directory)
        reporting.write(run, directory, names)
    except Unreachable as error:
        click.echo(f"Error: {error}\n  What to do: {error.hint}", err=True)
        return ExitCode.UNREACHABLE
    except (RecordError, SettingsError, ProfileError) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    code = _exit_code(replays)
    if as_json:
        click.echo(json.dumps(_plain(replays, directory, code), indent=1, ensure_ascii=False))
    else:
        _tell(replays, comparison, directory, code)
    return code


def settings_of(given: Mapping[str, Any]) -> Settings:
    """The settings that command-line options make. Raises SettingsError."""
    named = {name: value for name, value in given.items() if value}
    hooks = dict(str(hook).partition("=")[::2] for hook in named.pop("hooks", ()))
    return merge(Settings(), {**named, **({"hooks": hooks} if hooks else {})}).checked()


def _play(
    gathered: Gathered, settings: Settings, profile: Profile, directory: Path, longest_pause_s: float
) -> list[Replay]:
    """Play each transcript, the embedded server fresh for each. Raises Unreachable, SettingsError, RecordError."""
    replays = []
    with Ground(settings, profile, directory, settings.seed) as ground:
        ground.open()
        recorder = Recorder(directory)
        try:
            begin(
                recorder,
                [t.scenario for t in gathered.transcripts],
                profile,
                ground.base_url,
                notices=gathered.notices,
                command=shlex.join(["scimulator", *sys.argv[1:]]),
                reference_server=ground.reference_server,
                meta={"preset": settings.preset, "defects": ", ".join(settings.defects)},
            )
            for transcript in gathered.transcripts:
                player = ground.player(recorder, lambda _exchange: None, transcript.scenario.id)
                one = Replay(transcript, ground.base_url, settings.accounts, longest_pause_s)
                player.casting.directory = RecordedPeople(settings.seed, one.people)
                if settings.accounts:
                    player.casting.listed = one.accounts()
                player.play(one.scenario())
                replays.append(one)
            recorder.event("run_finished")
        finally:
            recorder.close()
    return replays


def _compared(gathered: Gathered, profile: Profile, directory: Path, replays: Sequence[Replay]) -> Comparison:
    """Write the recording as a run of its own beside the replay, and the page that shows both."""
    answered = [replace(t, exchanges=tuple(x for x in t.exchanges if _judgeable(x))) for t in gathered.transcripts]
    kept = replace(gathered, transcripts=[t for t in answered if t.exchanges])
    judged(kept, profile, directory / RECORDED, assumed=False)
    bundle.write(retell(directory), directory)
    comparison = compare(directory / RECORDED, directory)
    pairs = [a for one in replays for a in one.answered if a.details]
    pairs.sort(key=lambda a: not a.diverges)
    comparison = replace(
        comparison,
        before=replace(comparison.before, name="recorded"),
        after=replace(comparison.after, name="replayed"),
        exchanges=tuple(a.as_difference() for a in pairs),
        notices=(*gathered.notices, "Ids, times and versions are left out of the comparison of answers."),
    )
    write_text(directory / "comparison.html", html(comparison))
    return comparison


def _judgeable(exchange: Any) -> bool:
    return exchange.response is not None or exchange.trouble is not None


def _exit_code(replays: Sequence[Replay]) -> ExitCode:
    """1 when an outcome is another one; 3 when something was not sent or not answered, or nothing was comparable."""
    if any(True for _ in divergences(replays)):
        return ExitCode.NON_CONFORMANT
    answered = [a for one in replays for a in one.answered]
    lost = any(a.lost for a in answered) or any(one.unplayed for one in replays)
    return ExitCode.INCOMPLETE if lost or not any(a.comparable for a in answered) else ExitCode.CONFORMANT


def _counts(replays: Sequence[Replay]) -> Mapping[str, int]:
    answered = [a for one in replays for a in one.answered]
    return {
        "requests": sum(len(one.transcript.exchanges) for one in replays),
        "sent": sum(not a.held_back for a in answered),
        "held_back": sum(a.held_back for a in answered),
        "unanswered": sum(a.lost and not a.held_back for a in answered),
        "compared": sum(a.comparable for a in answered),
        "diverging": sum(a.diverges for a in answered),
        "otherwise_different": sum(bool(a.details) and not a.diverges for a in answered),
    }


def _plain(replays: Sequence[Replay], directory: Path, code: ExitCode) -> dict[str, Any]:
    return {
        "schema": "scimulator/replay/1",
        "outcome": _OUTCOMES[code],
        **_counts(replays),
        "divergences": [
            {
                "scenario": a.replayed.scenario,
                "recorded": a.recorded.id,
                "replayed": a.replayed.id,
                "title": a.recorded.title,
                "method": a.recorded.method,
                "path": a.recorded.template,
                "details": [vars(detail) for detail in a.details],
            }
            for a in divergences(replays)
        ],
        "run": str(directory),
    }


_OUTCOMES = {
    ExitCode.CONFORMANT: "same",
    ExitCode.NON_CONFORMANT: "diverged",
    ExitCode.INCOMPLETE: "incomplete",
}


def _tell(replays: Sequence[Replay], comparison: Comparison, directory: Path, code: ExitCode) -> None:
    found = list(divergences(replays))
    for answered in found[:_SHOWN]:
        for line in _side_by_side(answered):
            click.echo(visible(line))
    if len(found) > _SHOWN:
        click.echo(f"... and {len(found) - _SHOWN} more on the page")
    held = [a for one in replays for a in one.answered if a.held_back]
    for reason in list(dict.fromkeys(_reason(a) for a in held))[:_SHOWN]:
        click.echo(visible(f"Not sent: {reason}"))
    for one in replays:
        if one.unplayed and not one.answered:
            click.echo(visible(f"Not played: {one.transcript.scenario.id}; the reason stands in the run directory"))
    counts = _counts(replays)
    click.echo(
        f"{counts['requests']} recorded requests: {counts['sent']} sent again, {counts['compared']} answers compared, "
        f"{counts['diverging']} with another outcome, {counts['otherwise_different']} that differ in details only"
    )
    click.echo(_SENTENCES[code])
    fixed = sorted({d.requirement for d in comparison.differences if d.after is None and d.before == "failed"})
    if fixed:
        click.echo(f"Broken in the recording, and not in the replay: {', '.join(fixed[:_SHOWN])}")
    click.echo(f"Side by side: {directory / 'comparison.html'}")


_SENTENCES = {
    ExitCode.CONFORMANT: "Same: every answer that could be compared has the outcome that was recorded.",
    ExitCode.NON_CONFORMANT: "Diverged: the first divergence is where the two services part; what follows may follow "
    "from it.",
    ExitCode.INCOMPLETE: "Cannot tell: something was not sent or not answered, or no answer was recorded.",
}


def _reason(answered: Answered) -> str:
    trouble = answered.replayed.trouble
    if trouble is None:
        return ""
    return f"{trouble.message}{f' ({trouble.hint})' if trouble.hint else ''}"


def _side_by_side(answered: Answered) -> list[str]:
    recorded = answered.recorded
    place = next((note for note in recorded.notes if note.startswith("from ")), recorded.id)
    heading = f"{recorded.method} {recorded.template}  {recorded.title}  ({place})"
    rows = [f"  {'':<24} {'recorded':<{_WIDTH}} replayed"]
    rows += [
        f"  {_cut(d.where, 24):<24} {_cut(d.before, _WIDTH):<{_WIDTH}} {_cut(d.after, _WIDTH)}"
        for d in answered.details[:8]
    ]
    return [heading, *rows, ""]


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 1]}…"
