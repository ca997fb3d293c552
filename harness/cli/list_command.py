"""scimulator list: what there is."""

from __future__ import annotations

import click

KINDS = (
    "requirements",
    "checks",
    "sequences",
    "quirks",
    "stories",
    "suites",
    "probes",
    "profiles",
    "presets",
    "defects",
    "idps",
    "reports",
)


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--idp", default="", metavar="NAME", help="sequences and quirks of this IdP only")
@click.option("--json", "as_json", is_flag=True, help="print a JSON list")
def command(kind: str, idp: str, as_json: bool) -> None:
    """List what this version knows of a kind.

    Sequences are shown with the heading of the vendor's page, the function that plays it, how well it is known, since
    when, and from where.
    """
    import json

    from harness.inventory import inventory

    rows = inventory(kind)
    if idp:
        known = sorted({row["idp"] for row in rows if "idp" in row})
        if idp not in known:
            there = f"there are {', '.join(known)}" if known else "only sequences and quirks belong to one"
            raise click.UsageError(f"--idp {idp}: no {kind} of such an IdP; {there}")
        rows = [row for row in rows if row["idp"] == idp]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    columns = {"sequences": ("title", "id", "evidence", "date", "source")}.get(kind, ("id", "title"))
    widths = [max((len(row[column]) for row in rows), default=0) for column in columns]
    for row in rows:
        click.echo("  ".join(f"{row[c]:<{width}}" for c, width in zip(columns, widths, strict=True)).rstrip())
