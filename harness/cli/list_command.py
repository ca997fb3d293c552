"""scimulator list: what there is."""

from __future__ import annotations

import click

KINDS = ("requirements", "checks", "stories", "probes", "profiles", "presets", "defects", "idps", "reports")


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--json", "as_json", is_flag=True, help="print a JSON list")
def command(kind: str, as_json: bool) -> None:
    """List what this version knows of a kind."""
    import json

    from harness.inventory import inventory

    rows = inventory(kind)
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['id']:<{width}}  {row['title']}")
