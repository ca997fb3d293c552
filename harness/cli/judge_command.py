"""scimulator judge: judge what was recorded, again and without sending anything."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("judge")
@click.argument("run_directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--report", "reports", default="", metavar="NAMES", help="comma-separated reports to write as well")
@click.option("--fail-on", default="fail", metavar="LEVEL", help="fail (default) or warn")
@click.option("--json", "as_json", is_flag=True, help="print run.json to standard output")
@click.pass_context
def command(ctx: click.Context, run_directory: Path, reports: str, fail_on: str, as_json: bool) -> None:
    """Judge a recorded run again with the checks of this version, also one that was killed half-way."""
    from harness.running import rejudge

    ctx.exit(rejudge(run_directory, reports, fail_on=fail_on, as_json=as_json))
