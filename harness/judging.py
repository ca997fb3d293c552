"""Judging files: what the command judge does with traffic that others recorded."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from harness import gate, reporting
from harness.announcing import announce
from harness.gate import ExitCode
from harness.intake.fieldmap import FieldMap, FieldMapError, load_map
from harness.intake.reading import read_files
from harness.intake.recording import MOST, Gathered, gather
from harness.intake.watching import watched
from harness.model.case import Likelihood
from harness.plan import vendors
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.record import RecordError
from harness.recorded import judged
from harness.settings import SettingsError
from reports.text import visible


@dataclass(frozen=True)
class Given:
    """What an operator hands in: files, who sent it, how much is looked at, and a field map."""

    files: Sequence[Path]
    idp: str = ""
    most: int | None = None
    fields: Path | None = None


def judge_files(
    given: Given, profile: str, out: Path | None, reports: str, *, fail_on: str, as_json: bool, workers: int = 1
) -> int:
    """Judge recorded traffic, write its run directory and the named reports, and return the exit code."""
    directory = out or Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-judged"
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        claims = load_profile(profile or "marketbeam")
        gathered = collect(given)
        if not gathered.transcripts:
            return nothing(gathered, given)
        if not as_json:
            tell_senders(gathered)
        command = shlex.join(["scimulator", *sys.argv[1:]])
        run = judged(gathered, claims, directory, assumed=not profile, command=command, workers=workers)
        reporting.write(run, directory, names)
    except (RecordError, SettingsError, ProfileError) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    announce(run, directory, as_json=as_json, quiet=False, verbose=False)
    return int(gate.exit_code_of(run, fail_on=fail_on))


def collect(given: Given, *, answered: bool = True) -> Gathered:
    """What the files show, with progress on standard error where it takes long. Raises SettingsError."""
    name, _, variant = given.idp.partition(":")
    if name and name not in vendors():
        raise SettingsError(f"there is no IdP {name!r}; there are {', '.join(vendors())}")
    with watched(sys.stderr) as progress:
        found = read_files(given.files, progress, _fields(given.fields))
        return gather(found, most=given.most or MOST, idp=name, variant=variant, answered=answered)


def _fields(path: Path | None) -> FieldMap | None:
    """Raises SettingsError."""
    try:
        return load_map(path) if path is not None else None
    except (FieldMapError, OSError) as error:
        raise SettingsError(f"--fields {error}") from error


def nothing(gathered: Gathered, given: Given) -> int:
    """Say why there is nothing to judge."""
    tell_complaints(gathered)
    for notice in gathered.notices[len(gathered.complaints) :]:
        click.echo(visible(notice), err=True)
    names = ", ".join(path.name for path in given.files)
    click.echo(visible(f"Error: {names}: holds no exchange with a SCIM service that could be judged"), err=True)
    return ExitCode.INCOMPLETE


def tell_complaints(gathered: Gathered) -> None:
    """Print what of the files could not be read, with what to do next."""
    for complaint in gathered.complaints:
        place = complaint.provenance
        hint = f"\n  What to do: {complaint.hint}" if complaint.hint else ""
        click.echo(visible(f"{place.file}, {place.place}: {complaint.message}") + visible(hint), err=True)


def tell_senders(gathered: Gathered) -> None:
    """Print who sent what was recorded, and by which signs that was recognised."""
    for transcript in gathered.transcripts:
        sender = gathered.senders[transcript.scenario.id]
        who = sender.client or "an unknown client"
        if sender.idp:
            how = "" if sender.likelihood is Likelihood.HIGH else f" ({sender.likelihood.value} confidence)"
            who = f"{sender.idp}{f':{sender.variant}' if sender.variant else ''}{how}"
        why = f": {sender.reasons[0]}" if sender.reasons else ""
        click.echo(visible(f"{transcript.scenario.id}  {transcript.scenario.title}; sent by {who}{why}"))
