"""scimulator serve: the reference server on a production-grade WSGI server."""

from __future__ import annotations

import click


@click.command("serve")
@click.option("--preset", default="marketbeam", metavar="NAME", help="behaviour (see: scimulator list presets)")
@click.option("--defect", "defects", multiple=True, metavar="NAME", help="make it wrong on purpose; repeatable")
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on")
@click.option("--port", default=8000, metavar="PORT", help="port to listen on; 0 takes a free one")
@click.option(
    "--store",
    default="sqlite://",
    metavar="URL",
    help="where people are kept: sqlite:///FILE or postgresql://...; else in memory",
)
@click.option("--tenant", default="Example Team", metavar="NAME", help="name of the tenant that gets the API key")
@click.option("--contact", default="it@example.example", metavar="E-MAIL", help="its IT contact")
@click.option("--json", "as_json", is_flag=True, help="print one line of JSON when ready")
def command(
    preset: str,
    defects: tuple[str, ...],
    host: str,
    port: int,
    store: str,
    tenant: str,
    contact: str,
    as_json: bool,
) -> None:
    """Start the reference server and print its base URL and an API key; the key is shown this once."""
    from harness.serving import serve

    serve(preset, defects, host, port, store, tenant, contact, as_json=as_json)
