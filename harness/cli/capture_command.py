"""scimulator capture: an address to point a real identity provider at; everything that arrives is written down."""

from __future__ import annotations

import click


@click.command(
    "capture",
    epilog="Example: scimulator capture --tls-self-signed --person ada@example.test\n\n"
    "Example: scimulator capture --forward https://app.example/scim/v2 --tls-cert chain.pem --tls-key key.pem "
    "--host 0.0.0.0 --host-name capture.example",
)
@click.option("--preset", default="marketbeam", metavar="NAME", help="answer as this preset of the reference server")
@click.option("--person", "people", multiple=True, metavar="USERNAME", help="has an account there; repeatable")
@click.option("--forward", metavar="URL", help="pass everything on to this service; its key comes from the environment")
@click.option("--token-env", metavar="VARIABLE", help="the variable with the key of that service (SCIMULATOR_TOKEN)")
@click.option("--ca-bundle", metavar="FILE", help="certificate authorities to trust there")
@click.option("--allow-link-local", is_flag=True, help="pass on also to link-local addresses")
@click.option("--profile", default="", metavar="NAME|FILE", help="what the service claims (that of the preset)")
@click.option("--host", default="127.0.0.1", help="address to listen on (this computer only)")
@click.option("--port", default=0, metavar="N", help="port to listen on; 0 takes a free one")
@click.option(
    "--host-name", "host_names", multiple=True, metavar="NAME", help="a name that it is reached by; repeatable"
)
@click.option("--tls-cert", metavar="FILE", help="certificate chain (PEM)")
@click.option("--tls-key", metavar="FILE", help="its private key (PEM)")
@click.option("--tls-self-signed", is_flag=True, help="make a certificate for this capture")
@click.option("--redact", type=click.Choice(["personal"]), help="write people down under pseudonyms")
@click.option("--keep", default="7d", metavar="TIME", help="how long it is kept: 30m, 12h, 7d, 2w")
@click.option("--out", metavar="DIR", help="the run directory (runs/TIME-capture)")
@click.option("--watch-port", default=0, metavar="N", help="port of the page to watch it on; 0 takes a free one")
@click.option("--purge", is_flag=True, help="only delete captures whose time is over")
@click.option("--json", "as_json", is_flag=True, help="print one JSON line when it is ready and one for each request")
@click.pass_context
def command(ctx: click.Context, /, **options: object) -> None:
    """Open an address for a real identity provider, and write down what it sends.

    It answers as a preset of the reference server, or passes everything on to your own service. Paste the base URL and
    the token that it shows into Okta or Entra ID. Stop it with Ctrl-C: what was written down is judged then, and can be
    judged, reported and replayed later.
    """
    from harness.capturing import capture

    ctx.exit(capture(options))
