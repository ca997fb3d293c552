"""scimulator store: what an operator does to the data of the reference server; one sub-command each."""

from __future__ import annotations

from pathlib import Path

import click

STORE = click.option(
    "--store",
    required=True,
    envvar="SCIMULATOR_STORE",
    show_envvar=True,
    metavar="URL",
    help="sqlite:///FILE or postgresql://...",
)


@click.group("store")
def command() -> None:
    """Look after the reference server's data: tables, keys, audit trail, backup.

    The store is named by --store or by the variable SCIMULATOR_STORE. A server may go on running meanwhile; a key that
    is revoked stops working at once.
    """


@command.command()
@STORE
def migrate(store: str) -> None:
    """Make the tables, or bring them up to date."""
    from harness.storing import migrate

    migrate(store)


@command.command()
@STORE
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(store: str, file: Path) -> None:
    """Write everything into FILE: one state of things, while the server goes on."""
    from harness.storing import backup

    backup(store, file)


@command.command()
@STORE
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(store: str, file: Path) -> None:
    """Fill an empty store from FILE, which may come from the other kind of database."""
    from harness.storing import restore

    restore(store, file)


@command.command("add-tenant")
@STORE
@click.argument("name")
@click.option("--contact", required=True, metavar="E-MAIL", help="its IT contact")
def add_tenant(store: str, name: str, contact: str) -> None:
    """Set up a customer and print its first API key, which is shown this once."""
    from harness.storing import add_tenant

    add_tenant(store, name, contact)


@command.command()
@STORE
@click.option("--tenant", metavar="NAME|ID", help="only the keys of this one")
def keys(store: str, tenant: str | None) -> None:
    """List tenants and their keys: when made, until when valid, whether revoked. Never the keys themselves."""
    from harness.storing import keys

    keys(store, tenant)


@command.command()
@STORE
@click.argument("tenant")
@click.option("--days", type=click.IntRange(1), metavar="N", help="for how long it is valid; for ever when left out")
@click.option("--reads-only", is_flag=True, help="a key that changes nothing")
def issue(store: str, tenant: str, days: int | None, reads_only: bool) -> None:
    """Make one more key for TENANT (name or id) and print it this once; the others stay alive."""
    from harness.storing import issue

    issue(store, tenant, days, reads_only=reads_only)


@command.command()
@STORE
@click.argument("key")
@click.option("--overlap", default=24.0, metavar="HOURS", help="for how long the old key goes on working (default 24)")
def rotate(store: str, key: str, overlap: float) -> None:
    """Replace KEY (its id): print the new one this once; the old one works for --overlap hours longer."""
    from harness.storing import rotate

    rotate(store, key, overlap)


@command.command()
@STORE
@click.argument("key")
def revoke(store: str, key: str) -> None:
    """Stop KEY (its id) at once."""
    from harness.storing import revoke

    revoke(store, key)


@command.command()
@STORE
@click.argument("tenant")
@click.option("--last", default=20, type=click.IntRange(1), metavar="N", help="how many entries (default 20)")
def audit(store: str, tenant: str, last: int) -> None:
    """Print the audit trail of TENANT as JSON lines, oldest first: who wrote what, before and after."""
    from harness.storing import audit

    audit(store, tenant, last)
