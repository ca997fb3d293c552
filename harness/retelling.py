"""Retelling: a recorded run judged again, its reports written again, its shards put together."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from harness import bundle, continuous, gate, record, reporting
from harness.announcing import announce, command_line, usage
from harness.gate import ExitCode
from harness.merge import merge
from harness.model.audience import Audience
from harness.record import RecordError
from harness.settings import SettingsError
from harness.stage import retell


def rejudge(
    directory: Path, reports: str, *, fail_on: str, as_json: bool, out: Path | None = None, workers: int = 1
) -> int:
    """Judge a recorded run again, write run.json and findings.json, and return the exit code.

    With ``out`` they are written there, beside a copy of the record, and the run itself is left as it is.
    """
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        if out is not None and out.resolve() != directory.resolve():
            record.copy(directory, out)
            directory = out
        judged = retell(directory, workers=workers)
        bundle.write(judged, directory)
        reporting.write(judged, directory, names)
    except (RecordError, SettingsError) as error:
        return usage(str(error))
    announce(judged, directory, as_json=as_json, quiet=False, verbose=False)
    return int(gate.exit_code_of(judged, fail_on=fail_on))


def rewrite(directory: Path, reports: str, audience: str) -> int:
    """Write reports of a recorded run and print their paths."""
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        for path in reporting.write(retell(directory), directory, names, Audience(audience)):
            click.echo(path)
    except (RecordError, SettingsError) as error:
        return usage(str(error))
    return ExitCode.CONFORMANT


def unite(shards: Sequence[Path], reports: str, audience: str, out: Path | None, *, fail_on: str) -> int:
    """Merge the shards of one plan into ``out``, write its reports, print the verdict, and return the exit code."""
    directory = out or Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-merged"
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        merged = merge(shards, directory, retell, command_line())
        bundle.write(merged, directory)
        reporting.write(merged, directory, names, Audience(audience))
    except (RecordError, SettingsError) as error:
        return usage(str(error))
    continuous.tell(merged, os.environ, sys.stderr)
    announce(merged, directory, as_json=False, quiet=False, verbose=False)
    return int(gate.exit_code_of(merged, fail_on=fail_on))
