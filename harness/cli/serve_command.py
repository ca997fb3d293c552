"""scimulator serve: the reference server on a production-grade WSGI server."""

from __future__ import annotations

import click

LOGS = ("requests", "problems", "none")


@click.command("serve")
@click.option("--preset", default="marketbeam", metavar="NAME", help="behaviour (see: scimulator list presets)")
@click.option("--defect", "defects", multiple=True, metavar="NAME", help="make it wrong on purpose; repeatable")
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on")
@click.option("--port", default=8000, metavar="PORT", help="port to listen on; 0 takes a free one")
@click.option(
    "--store",
    default="sqlite://",
    envvar="SCIMULATOR_STORE",
    metavar="URL",
    help="where people are kept: sqlite:///FILE or postgresql://...; else in memory. A URL with a password is better "
    "given as SCIMULATOR_STORE",
)
@click.option("--workers", default=1, type=click.IntRange(1, 64), metavar="N", help="processes that share the store")
@click.option("--rate", default=0.0, type=click.FloatRange(0), metavar="R", help="requests a second for each tenant")
@click.option("--burst", default=50, type=click.IntRange(1), metavar="N", help="with --rate: how many may come at once")
@click.option(
    "--log", default="problems", type=click.Choice(LOGS), help="JSON lines on standard error, without anybody's data"
)
@click.option("--public-url", default="", metavar="URL", help="what addresses in answers begin with, behind a proxy")
@click.option("--migrate/--no-migrate", default=True, help="bring the tables of the store up to date first (default)")
@click.option("--tenant", default="Example Team", metavar="NAME", help="name of the tenant that gets the API key")
@click.option("--contact", default="it@example.example", metavar="E-MAIL", help="its IT contact")
@click.option("--no-key", is_flag=True, help="make neither tenant nor key (see: scimulator store)")
@click.option("--seed-tenants", default=0, type=click.IntRange(0), metavar="N", help="make N further tenants (0)")
@click.option("--seed-people", default=0, type=click.IntRange(0), metavar="M", help="people in each of them (0)")
@click.option("--seed-bystanders", default=0, type=click.IntRange(0), metavar="B", help="people who stay (0)")
@click.option("--json", "as_json", is_flag=True, help="print one line of JSON when ready")
@click.option("--openapi", is_flag=True, help="only print the OpenAPI description that would be at /openapi.json")
def command(
    preset: str,
    defects: tuple[str, ...],
    host: str,
    port: int,
    store: str,
    workers: int,
    rate: float,
    burst: int,
    log: str,
    public_url: str,
    migrate: bool,
    tenant: str,
    contact: str,
    no_key: bool,
    seed_tenants: int,
    seed_people: int,
    seed_bystanders: int,
    as_json: bool,
    openapi: bool,
) -> None:
    """Start the reference server and print its base URL and an API key; the key is shown this once.

    /healthz and /readyz say whether it is well, /metrics has figures for Prometheus, /openapi.json describes it.
    """
    if openapi:
        from harness.serving import described

        click.echo(described(preset, public_url.rstrip("/")))
        return
    from harness.serving import serve
    from reference_server.running import Setup

    setup = Setup(
        preset=preset,
        defects=defects,
        store=store,
        host=host,
        port=port,
        public_url=public_url.rstrip("/"),
        workers=workers,
        rate=rate,
        burst=burst,
        log=log,
        migrate=migrate,
    )
    crowd = (seed_tenants, seed_people, seed_bystanders)
    serve(setup, tenant, contact, as_json=as_json, with_key=not no_key, crowd=crowd)
