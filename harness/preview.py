"""Preview: what an IdP would send, in its own words, without asking any target."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import click

from harness.catalogue.loader import CatalogueError
from harness.ground import Ground
from harness.model.exchange import Exchange, Role
from harness.plan import PlanError, Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings


def preview(
    profile_name: str,
    idps: tuple[str, ...],
    stories: tuple[str, ...],
    *,
    quick: bool,
    everybody: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Print the requests of the selected scenarios. Raises click.UsageError for unknown names."""
    try:
        profile = load_profile(profile_name)
        selection = Selection(idps, stories, "" if stories or everybody else "stories", quick)
        scenarios = plan(profile, selection, vendors(), all_probes())
    except (PlanError, ProfileError, CatalogueError) as error:
        raise click.UsageError(str(error)) from error
    rows: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        recorder = Recorder(directory)
        with Ground(Settings(profile=profile_name, seed=seed), profile, directory, seed) as ground:
            for scenario in scenarios:
                if not as_json:
                    click.secho(f"{scenario.id}: {scenario.key.title}", bold=True)
                for exchange in ground.player(recorder, lambda _: None).play(scenario).transcript.exchanges:
                    if everybody or exchange.role in (Role.IDP, Role.PROBE):
                        rows.append({"scenario": scenario.id, **_row(exchange)})
                        if not as_json:
                            _show(exchange)
        recorder.close()
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))


def _row(exchange: Exchange) -> dict[str, str]:
    url = urlsplit(exchange.request.url)
    return {
        "sender": exchange.role.value,
        "title": exchange.title,
        "method": exchange.method,
        "path": f"{url.path}?{url.query}" if url.query else url.path,
        "headers": "\n".join(f"{name}: {value}" for name, value in exchange.request.headers),
        "body": (exchange.request.body or b"").decode("utf-8", "replace"),
    }


def _show(exchange: Exchange) -> None:
    row = _row(exchange)
    click.echo(f"  {row['title']}")
    click.echo(f"    {row['method']} {row['path']}")
    for line in row["headers"].splitlines():
        click.echo(f"    {line}")
    if row["body"]:
        click.echo(f"    {row['body']}")
    click.echo()
