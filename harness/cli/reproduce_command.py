"""scimulator reproduce: the smallest requests that show a finding again; nothing is sent."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("reproduce")
@click.argument("run_directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("finding_or_cause")
@click.option(
    "--as",
    "form",
    default="curl",
    type=click.Choice(["curl", "pytest", "http"]),
    help="commands for a shell (default), a pytest file that fails alone, or a file for an editor",
)
@click.pass_context
def command(ctx: click.Context, run_directory: Path, finding_or_cause: str, form: str) -> None:
    """Print the smallest requests that show a finding (F-...) or a cause (C-...) again; nothing is sent.

    The key stands there as the variable SCIM_TOKEN. The pytest file reads the base URL from SCIM_TARGET; it needs
    requests and nothing of scimulator.
    """
    from harness.reproducing import reproduce

    ctx.exit(reproduce(run_directory, finding_or_cause, form))
