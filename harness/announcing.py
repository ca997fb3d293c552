"""Announcing: what a run came to, told on the terminal, or as its run.json; or what was wrong with it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from harness import gate
from harness.gate import ExitCode
from harness.ledger import LedgerError, left_behind
from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome
from reports.text import visible
from reports.words import HARMS

_COLOURS = {
    Conclusion.CONFORMANT: "green",
    Conclusion.WITH_WARNINGS: "yellow",
    Conclusion.NON_CONFORMANT: "red",
    Conclusion.NOTHING_BROKEN: "green",
    Conclusion.INCOMPLETE: "magenta",
    Conclusion.UNREACHABLE: "magenta",
}


def announce(run: Run, directory: Path, *, as_json: bool, quiet: bool, verbose: bool) -> None:
    """Print the verdict, what it rests on, and where the report is; ``as_json`` prints run.json and nothing else.

    Who was left changed is told on standard error in any case.
    """
    tell_left(directory)
    if as_json:
        click.echo((directory / "run.json").read_text("utf-8"), nl=False)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    if not quiet:
        _scenarios(run, console, verbose)
        for told in _causes(run, directory):
            console.print(Text(told))
    for doubt in run.doubts:
        console.print(Text(f"Doubtful: {doubt}"))
    console.print(
        Text.assemble(
            ("Verdict: ", ""), (run.conclusion.value, f"bold {_COLOURS[run.conclusion]}"), f". {run.sentence}"
        )
    )
    for idp, works in gate.will_work(run.results).items():
        console.print(
            Text(f"{idp}: {'what its administrators expect holds' if works else 'its administrators will see trouble'}")
        )
    for programme in run.programmes:
        console.print(Text(programme.sentence))
    report = directory / "report.html"
    console.print(Text(f"Report: {report if report.exists() else directory / 'run.json'}"))


def tell_left(directory: Path) -> None:
    """Say how to put back whoever a run has left changed."""
    try:
        told = left_behind(directory)
    except LedgerError as error:
        told = f"Not put back: {error}"
    if told:
        click.echo(told, err=True)


def usage(message: str) -> int:
    """Tell what was wrong with a command, and give back its exit code."""
    click.echo(f"Error: {message}", err=True)
    return ExitCode.USAGE


def command_line() -> str:
    """The command as it was typed."""
    return shlex.join(["scimulator", *sys.argv[1:]])


def _scenarios(run: Run, console: Any, verbose: bool) -> None:
    counts = {o: sum(r.outcome is o for r in run.results) for o in Outcome}
    told = ", ".join(f"{n} {o.value.replace('_', ' ')}" for o, n in counts.items() if n)
    requests = sum(len(r.transcript.exchanges) for r in run.results)
    console.print(
        f"{len(run.results)} scenarios ({told}), {requests} requests, {run.counts[Outcome.PASSED]} checks passed"
    )
    for result in run.results:
        if verbose or result.outcome in (Outcome.FAILED, Outcome.NOT_RUN, Outcome.ERROR):
            from rich.text import Text

            reason = f"  ({result.reason})" if result.reason else ""
            console.print(Text(f"  {result.outcome.value:<14} {result.key.id}{reason}"))


def _causes(run: Run, directory: Path, most: int = 8) -> list[str]:
    """A few lines for each cause that asks for action, the worst for people first."""
    wanted = [c for c in run.causes if c.outcome in (Outcome.FAILED, Outcome.REVIEW, Outcome.WARNED)]
    lines = []
    for cause in wanted[:most]:
        beside = len(cause.requirements) - 1
        others = f" and {beside} more requirement{'' if beside == 1 else 's'}" if beside else ""
        seen = f"{len(cause.scenarios)} scenario{'' if len(cause.scenarios) == 1 else 's'}"
        lines += [
            f"  {cause.outcome.value:<7} {cause.id}  {cause.title}",
            f"          {HARMS[cause.harm]}: {cause.requirement}{others}, seen in {seen}",
            f"          {visible(cause.because).replace(chr(10), ' ')}",
        ]
    if len(wanted) > most:
        lines.append(f"  ... and {len(wanted) - most} more in the report")
    if wanted:
        lines.append(f"  Show one again: scimulator reproduce {shlex.quote(str(directory))} {wanted[0].id}")
    return lines
