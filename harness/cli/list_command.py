"""scimulator list: what there is."""

from __future__ import annotations

from typing import Any

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
    "importers",
)


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--idp", default="", metavar="NAME", help="sequences and quirks of this IdP only")
@click.option("--profile", default="", metavar="NAME|FILE", help="requirements: how this profile uses each of them")
@click.option("--json", "as_json", is_flag=True, help="print a JSON list")
def command(kind: str, idp: str, profile: str, as_json: bool) -> None:
    """List what this version knows of a kind.

    Sequences are shown with the heading of the vendor's page, the function that plays it, how well it is known, since
    when, and from where. Requirements under a profile are shown as tested, inverted (the profile refuses it, and the
    refusal is judged), observed, not applicable or untestable.
    """
    import json

    from harness.inventory import inventory

    if profile and kind != "requirements":
        raise click.UsageError(f"--profile {profile}: only requirements are used in one way or another by a profile")
    rows = _under(profile) if profile else inventory(kind)
    if idp:
        known = sorted({row["idp"] for row in rows if "idp" in row})
        if idp not in known:
            there = f"there are {', '.join(known)}" if known else "only sequences and quirks belong to one"
            raise click.UsageError(f"--idp {idp}: no {kind} of such an IdP; {there}")
        rows = [row for row in rows if row["idp"] == idp]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    columns: tuple[str, ...] = {"sequences": ("title", "id", "evidence", "date", "source")}.get(kind, ("id", "title"))
    if profile:
        columns = ("id", "use", "level", "title")
    widths = [max((len(row[column]) for row in rows), default=0) for column in columns]
    for row in rows:
        click.echo("  ".join(f"{row[c]:<{width}}" for c, width in zip(columns, widths, strict=True)).rstrip())
    if profile:
        click.echo(_counted(rows))


def _under(profile: str) -> list[dict[str, Any]]:
    from harness.inventory import requirements_under
    from harness.profiles import ProfileError

    try:
        return requirements_under(profile)
    except ProfileError as error:
        raise click.UsageError(f"--profile {profile}: {error}") from error


def _counted(rows: list[dict[str, Any]]) -> str:
    from collections import Counter

    from harness.inventory import USES

    uses = Counter(row["use"] for row in rows)
    return f"{len(rows)} requirements: " + ", ".join(f"{uses[use]} {use}" for use in USES if uses[use])
