"""scimulator report: retell a recorded run, or the shards of one; the target is not needed."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument(
    "run_directories", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--report", "reports", default="html", metavar="NAMES", help="comma-separated reports (html)")
@click.option(
    "--audience",
    default="developer",
    type=click.Choice(["admin", "support", "developer"]),
    help="for whom: changes words and order, never the verdict (developer)",
)
@click.option("--out", type=click.Path(path_type=Path), help="where shards are merged (runs/TIME-merged)")
@click.option(
    "--fail-on", default="fail", type=click.Choice(["fail", "warn"]), help="for merged shards: fail (default) or warn"
)
@click.option("--copy-for-ticket", "as_ticket", is_flag=True, help="print Markdown for a ticket; no report is written")
@click.pass_context
def command(
    ctx: click.Context,
    run_directories: tuple[Path, ...],
    reports: str,
    audience: str,
    out: Path | None,
    fail_on: str,
    as_ticket: bool,
) -> None:
    """Write reports of a recorded run and print their paths.

    Several directories are the shards of one plan (run --shard): they are merged into a run of their own first, and
    the exit code is that of the merged run. What does not add up is refused.
    """
    from harness.bundling import for_ticket
    from harness.record import RecordError
    from harness.retelling import rewrite, unite

    if as_ticket:
        if len(run_directories) > 1:
            raise click.UsageError(
                "--copy-for-ticket takes one run; merge shards first: scimulator report SHARD SHARD ..."
            )
        try:
            click.echo(for_ticket(run_directories[0]), nl=False)
        except RecordError as error:
            raise click.UsageError(str(error)) from error
        return
    if len(run_directories) > 1:
        ctx.exit(unite(run_directories, reports, audience, out, fail_on=fail_on))
    ctx.exit(rewrite(run_directories[0], reports, audience))
