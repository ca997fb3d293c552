"""Serving: starts the reference server for the command and says once where it is and with which key."""

from __future__ import annotations

import json
import os

import click

from reference_server.app import ReferenceServer
from reference_server.defects import UnknownDefect
from reference_server.presets import PresetError
from reference_server.serve import serve as run
from reference_server.store.database import StoreError


def serve(
    preset: str,
    defects: tuple[str, ...],
    host: str,
    port: int,
    store: str,
    tenant: str,
    contact: str,
    *,
    as_json: bool,
) -> None:
    """Serve until stopped by a signal. Raises click.UsageError for unknown names and click.ClickException otherwise."""
    try:
        server = ReferenceServer(preset, defects, store)
    except (PresetError, UnknownDefect, StoreError) as error:
        raise click.UsageError(str(error)) from error
    credentials = server.add_tenant(tenant, contact)

    def ready(bound_host: str, bound_port: int) -> None:
        shown = f"[{bound_host}]" if ":" in bound_host else bound_host
        base_url = f"http://{shown}:{bound_port}{server.base_path}"
        if as_json:
            about = {"base_url": base_url, "api_key": credentials.api_key, "tenant": credentials.id, "pid": os.getpid()}
            click.echo(json.dumps(about))
            return
        click.echo(f"SCIM base URL  {base_url}")
        click.echo(f"API key        {credentials.api_key}   (shown this once; only its hash is kept)")
        click.echo(f"Preset         {preset}{', wrong on purpose: ' + ', '.join(defects) if defects else ''}")
        click.echo("Stop with Ctrl-C.")

    try:
        run(server, host, port, ready)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}; try --port 0") from error
    finally:
        server.close()
