"""scimulator console: the page on this computer, for everything without a terminal."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("console")
@click.option("--port", default=0, metavar="PORT", help="port to listen on (a free one)")
@click.option(
    "--runs", default="runs", type=click.Path(file_okay=False, path_type=Path), help="where rehearsals are kept (runs)"
)
@click.option(
    "--allow-network",
    "networks",
    multiple=True,
    metavar="NETWORK",
    help="a private network in which a service may stand, such as 10.1.0.0/16; repeatable",
)
@click.option("--open", "open_browser", is_flag=True, help="open the page in the browser")
@click.option("--json", "as_json", is_flag=True, help="print one line of JSON when ready")
def command(port: int, runs: Path, networks: tuple[str, ...], open_browser: bool, as_json: bool) -> None:
    """Open a page on this computer: choose your identity provider, paste URL and key, see if a leaver loses access.

    The page listens on 127.0.0.1 only and lets one browser in by the address that is printed. It asks nobody but the
    service that is named there. Private addresses are refused unless --allow-network opens them.
    """
    from harness.console.serving import serve

    serve(port, runs, networks, open_browser=open_browser, as_json=as_json)
