"""scimulator judge: judge what was recorded, by us or by others, without sending anything."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    "judge",
    epilog="Exit codes: 0 nothing in it is broken, 1 something is, 2 wrong usage, 3 cannot tell: a run is incomplete, "
    "or files hold nothing that could be judged. That nothing is broken in recorded traffic never means conformant: "
    "what was not recorded is not known.",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--profile", metavar="NAME|FILE", help="what the service claims, for recorded traffic (marketbeam)")
@click.option("--idp", metavar="NAME[:VARIANT]", help="who sent recorded traffic, where it is not recognised")
@click.option(
    "--fields",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a map (TOML or JSON) of how a gateway names what it logs, where it is not recognised",
)
@click.option("--most", type=click.IntRange(1), metavar="N", help="look at so many recorded exchanges (20000)")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="the run directory that is written (runs/TIME-judged; for a run directory: itself)",
)
@click.option("-n", "--workers", default=1, type=click.IntRange(1, 64), metavar="N", help="judge in N processes (1)")
@click.option("--report", "reports", default="", metavar="NAMES", help="comma-separated reports to write as well")
@click.option("--fail-on", default="fail", type=click.Choice(["fail", "warn"]), help="fail (default) or warn")
@click.option("--json", "as_json", is_flag=True, help="print run.json to standard output")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    profile: str | None,
    idp: str | None,
    fields: Path | None,
    most: int | None,
    out: Path | None,
    workers: int,
    reports: str,
    fail_on: str,
    as_json: bool,
) -> None:
    """Judge a run directory again with the checks of this version, or traffic that others recorded.

    Recorded traffic comes from HAR archives and whatever else scimulator list importers shows; several files are one
    recording. Nothing is sent.
    """
    if len(files) == 1 and files[0].is_dir() and not (profile or idp or most or fields):
        from harness.retelling import rejudge

        ctx.exit(rejudge(files[0], reports, fail_on=fail_on, as_json=as_json, out=out, workers=workers))
    from harness.judging import Given, judge_files

    ctx.exit(
        judge_files(
            Given(files, idp or "", most, fields),
            profile or "",
            out,
            reports,
            fail_on=fail_on,
            as_json=as_json,
            workers=workers,
        )
    )
