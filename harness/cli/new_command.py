"""scimulator new: the files of a new thing."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("new")
def command() -> None:
    """Write the files of a new thing, which work at once and are yours to change."""


@command.command("idp")
@click.argument("name")
@click.option(
    "--into",
    default=Path("simulators"),
    type=click.Path(path_type=Path),
    metavar="PACKAGE",
    help="the Python package that gets the folder (simulators)",
)
def idp(name: str, into: Path) -> None:
    """Write the folder of a new identity provider.

    It begins as a client to the letter of the RFC, with the same files as the others.
    """
    from harness.scaffold import ScaffoldError, entry_point, new_idp

    try:
        folder = new_idp(name, into)
    except ScaffoldError as error:
        raise click.UsageError(str(error)) from error
    for path in sorted(folder.iterdir()):
        click.echo(f"wrote {path}")
    click.echo("\nNow make it known in pyproject.toml and install again (pip install -e .):\n")
    click.echo(entry_point(name, into))
    click.echo(f"\nThen: scimulator run --idp {name}")
