"""scimulator report: retell a recorded run; the target is not needed."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("run_directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--report", "reports", default="html", metavar="NAMES", help="comma-separated reports (html)")
@click.pass_context
def command(ctx: click.Context, run_directory: Path, reports: str) -> None:
    """Write reports of a recorded run and print their paths."""
    from harness.running import rewrite

    ctx.exit(rewrite(run_directory, reports))
