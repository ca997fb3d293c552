"""scimulator compare: what is new, fixed, still there, changed or gone from one run to another."""

from __future__ import annotations

from pathlib import Path

import click

_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(
    "compare",
    epilog="Exit codes: 0 nothing got worse, 1 something got worse, 2 wrong usage or not a judged run, 3 cannot tell: "
    "scenarios of the first run were not played again.",
)
@click.argument("before", type=_DIRECTORY)
@click.argument("after", type=_DIRECTORY)
@click.option("--report", "reports", default="", metavar="NAMES", help="html, markdown, json (comma-separated)")
@click.option("--out", type=click.Path(path_type=Path), help="where reports are written (the directory of AFTER)")
@click.option("--json", "as_json", is_flag=True, help="print the comparison as JSON to standard output")
@click.pass_context
def command(ctx: click.Context, before: Path, after: Path, reports: str, out: Path | None, as_json: bool) -> None:
    """Compare two run directories; no target is needed.

    Answers are compared without regard to ids and times.
    """
    from harness.comparing import show

    ctx.exit(show(before, after, reports, out or after, as_json=as_json))
