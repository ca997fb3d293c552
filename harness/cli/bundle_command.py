"""scimulator bundle: a run or a case as one file for support."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("bundle")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="the zip (SOURCE.zip)")
@click.pass_context
def command(ctx: click.Context, source: Path, out: Path | None) -> None:
    """Pack SOURCE, a run directory or what triage --out wrote, into one zip without credentials.

    It is looked through once more for credentials, and the report that it gives is compared with that of SOURCE.
    """
    from harness.bundling import bundle
    from harness.record import RecordError

    to = out or source.with_name(source.name + ".zip")
    try:
        done = bundle(source, to)
    except RecordError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{to}: cannot be written: {error.strerror or error}") from error
    click.echo(done.path)
    masked = (
        f"; {done.masked} lines with a credential were masked" if done.masked else "; no credential was found in it"
    )
    click.echo(f"{len(done.names)} files{masked}; {done.comparison}", err=True)
    ctx.exit(0 if done.same else 1)
