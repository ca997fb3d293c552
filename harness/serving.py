"""Serving: starts the reference server for the command and says once where it is and with which key."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from reference_server.defects import UnknownDefect
from reference_server.presets import PresetError
from reference_server.running import Running, Setup
from reference_server.store.troubles import StoreError

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer


def serve(
    setup: Setup,
    tenant: str,
    contact: str,
    *,
    as_json: bool,
    with_key: bool = True,
    crowd: tuple[int, int, int] = (0, 0, 0),
) -> None:
    """Serve until stopped by a signal. Raises click.UsageError for unknown names and click.ClickException otherwise.

    ``crowd`` is how many further tenants there are to be, and how many people and bystanders each of them has.
    """
    try:
        running = Running(setup)
    except (PresetError, UnknownDefect, StoreError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    credentials = running.server.credentials
    tenant_id, api_key = "", ""
    if with_key:
        # A store that is opened again knows its tenant: the people of yesterday are still there.
        known = None if running.server.database.in_memory else credentials.tenant_named(tenant)
        if known is None:
            made = running.server.add_tenant(tenant, contact)
            tenant_id, api_key = made.id, made.api_key
        else:
            tenant_id, api_key = known, credentials.issue(known, "made when the server started").api_key
    seeded = _seeded(running.server, *crowd) if crowd[0] else {}

    def ready(bound_host: str, bound_port: int) -> None:
        shown = f"[{bound_host}]" if ":" in bound_host else bound_host
        base_url = f"{setup.public_url or f'http://{shown}:{bound_port}'}{running.server.base_path}"
        if as_json:
            about = {"base_url": base_url, "api_key": api_key, "tenant": tenant_id, "pid": os.getpid()}
            click.echo(json.dumps(about | seeded))
            return
        wrong = f", wrong on purpose: {', '.join(setup.defects)}" if setup.defects else ""
        click.echo(f"SCIM base URL  {base_url}")
        if with_key:
            click.echo(f"API key        {api_key}   (shown this once; only its hash is kept)")
        click.echo(f"Preset         {setup.preset}{wrong}")
        if seeded:
            click.echo(
                f"Tenants        {crowd[0]:,} more, {crowd[1]:,} people in each; their keys are shown with --json"
            )
        click.echo("Stop with Ctrl-C.")

    try:
        code = running.run(ready)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {setup.host}:{setup.port}: {error.strerror}; try --port 0"
        ) from error
    finally:
        running.server.close()
    if code:
        sys.exit(code)


def described(preset: str, public_url: str = "") -> str:
    """The OpenAPI document of a server of a preset, as indented JSON. Raises click.UsageError for unknown names."""
    from reference_server.description import describe
    from reference_server.presets import load

    try:
        return json.dumps(describe(load(preset), public_url), indent=2, ensure_ascii=False)
    except PresetError as error:
        raise click.UsageError(str(error)) from error


def _seeded(server: ReferenceServer, tenants: int, people: int, bystanders: int) -> dict[str, Any]:
    """Fill the server for a storm; what a script is told of it."""
    from reference_server import seeding

    made = seeding.seed(server, tenants, people, bystanders)
    return {
        "people": people,
        "bystanders": bystanders,
        "leaver": seeding.LEAVER,
        "bystander": seeding.BYSTANDER,
        "tenants": [{"number": t.number, "tenant": t.tenant, "api_key": t.api_key} for t in made],
    }
