"""Continuous integration: what the platform that a run is a job of is told, besides exit code and reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from harness.model.run import Run
from reports import markdown
from reports.github import commands


def tell(run: Run, environ: Mapping[str, str], out: TextIO) -> None:
    """On GitHub, annotate the change and add to the summary of the job; elsewhere nothing.

    A summary that cannot be written is told and changes no verdict.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return
    for line in commands(run):
        out.write(line + "\n")
    place = environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    try:
        path = Path(place)
        # The platform refuses the whole summary above its limit, with what other commands of the step have written.
        taken = path.stat().st_size if path.exists() else 0
        with path.open("a", encoding="utf-8") as file:
            file.write(markdown.render(run, size=max(markdown.SIZE - taken, 0)))
    except OSError as error:
        out.write(f"the summary of the job cannot be written: {error}\n")
