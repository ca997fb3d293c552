"""scimulator triage: from a customer's files to an answer."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("triage")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--idp", type=click.Choice(["okta", "entra"]), help="where the files do not tell which IdP it is")
@click.option("--profile", default="marketbeam", metavar="NAME", help="what the service claims to support (marketbeam)")
@click.option("--export", "exports", multiple=True, type=click.Path(path_type=Path), help="an export of the Entra job")
@click.option(
    "--redact", type=click.Choice(["secrets", "personal"]), default="secrets", help="personal: people under pseudonyms"
)
@click.option("--json", "as_json", is_flag=True, help="print the case as JSON")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="write a page as well")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="write case.json, case.html and reply.txt"
)
@click.option(
    "--save-scenario", "name", metavar="NAME", help="keep the case as NAME.scenario.toml, to be told again in every run"
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("scenarios"),
    help="the folder for it (scenarios)",
)
@click.option("-q", "--quiet", is_flag=True, help="no progress")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    idp: str | None,
    profile: str,
    exports: tuple[Path, ...],
    redact: str,
    as_json: bool,
    html: Path | None,
    out: Path | None,
    name: str | None,
    into: Path,
    quiet: bool,
) -> None:
    """Say what went wrong in FILES: logs and exports of Okta or Entra ID, HARs, access logs, pasted error texts.

    Nothing is sent. Several files about one trouble are looked at together. The exit code is 0 when a cause is told, 1
    when the files do not tell, 2 when nothing could be read.

    Example: scimulator triage system-log.csv gateway.har
    """
    from contextlib import nullcontext
    from sys import stderr

    from harness import triaging
    from harness.intake.watching import watched
    from harness.profiles import ProfileError

    missing = [path for path in (*files, *exports) if not path.exists()]
    if missing:
        raise click.UsageError(f"{missing[0]}: there is no such file")
    try:
        with nullcontext() if quiet or as_json else watched(stderr) as watch:
            case = triaging.triage(
                [*files, *exports], profile, idp or "", watch, ordered=watch.ordered if watch is not None else None
            )
    except ProfileError as error:
        raise click.UsageError(str(error)) from error
    told = triaging.told(case, personal=redact == "personal")
    try:
        for path in triaging.write(told, html, out):
            click.echo(path, err=True)
        if name:
            click.echo(triaging.keep(case, name, into), err=True)
    except ValueError as error:
        raise click.UsageError(f"--save-scenario {name}: {error}") from error
    except OSError as error:
        raise click.UsageError(f"cannot be written: {error}") from error
    if as_json:
        click.echo(triaging.as_json(told))
    else:
        from reports import casebook

        click.echo(casebook.render(told))
    ctx.exit(triaging.exit_code(case))
