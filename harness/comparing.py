"""Comparing: what the command compare does: print what got worse, write the reports, decide the exit code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from harness.compare import compare
from harness.gate import ExitCode
from harness.model.comparison import Comparison, Fate
from harness.record import RecordError
from reports.comparison import html, markdown, plain
from reports.text import visible

_REPORTS: dict[str, tuple[str, Callable[[Comparison], str]]] = {
    "html": ("comparison.html", html),
    "markdown": ("comparison.md", markdown),
    "json": ("comparison.json", lambda comparison: json.dumps(plain(comparison), indent=1, ensure_ascii=False) + "\n"),
}
_SHOWN = 12


def show(before: Path, after: Path, reports: str, out: Path, *, as_json: bool) -> int:
    """Compare two run directories, print the result, write the named reports into ``out``; the exit code."""
    names = [name.strip() for name in reports.split(",") if name.strip()]
    try:
        for name in names:
            if name not in _REPORTS:
                raise RecordError(
                    f"there is no report called {name!r} of a comparison; there are {', '.join(_REPORTS)}"
                )
        comparison = compare(before, after)
        paths = [_write(comparison, name, out) for name in names]
    except RecordError as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    if as_json:
        click.echo(json.dumps(plain(comparison), indent=1, ensure_ascii=False))
    else:
        _print(comparison)
        for path in paths:
            click.echo(f"Report: {path}")
    if comparison.worse:
        return ExitCode.NON_CONFORMANT
    return ExitCode.INCOMPLETE if comparison.lost else ExitCode.CONFORMANT


def _write(comparison: Comparison, name: str, out: Path) -> Path:
    file, render = _REPORTS[name]
    path = out / file
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(render(comparison), "utf-8", "backslashreplace")
    except OSError as error:
        raise RecordError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def _print(comparison: Comparison) -> None:
    for notice in comparison.notices:
        click.echo(f"Doubtful: {notice}")
    places = Counter(one.requirement for one in comparison.worse)
    first = {one.requirement: one for one in reversed(comparison.worse)}
    for requirement, number in places.most_common(_SHOWN):
        one = first[requirement]
        outcomes = f"{one.before or 'not found'} -> {one.after}"
        more = f" and {number - 1} more places" if number > 1 else ""
        click.echo(visible(f"  {outcomes:<24} {requirement}  [{one.id}, {one.scenario}{more}]"))
    if len(places) > _SHOWN:
        click.echo(f"  ... and {len(places) - _SHOWN} more requirements")
    for scenario in comparison.lost[:_SHOWN]:
        click.echo(visible(f"  not played again         {scenario}"))
    counts = ", ".join(f"{len(comparison.of(fate))} {fate.value}" for fate in Fate)
    click.echo(f"Findings: {counts}. Answers that differ: {len(comparison.exchanges)}.")
    click.echo(plain(comparison)["sentence"])
