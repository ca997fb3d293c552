"""scimulator doctor: look at a configuration before going live, without changing anything."""

from __future__ import annotations

import click


@click.command(
    "doctor",
    epilog="Exit codes: 0 ready (also with something to look at), 1 not ready, 2 wrong usage, 3 it cannot be told, "
    "4 the service cannot be reached or refuses the key, 70 our own crash, 130 interrupted.",
)
@click.option("--target", metavar="URL", help="the SCIM base URL, exactly as it stands in the identity provider")
@click.option(
    "--idp", "idps", multiple=True, metavar="NAME[:VARIANT]", help="okta, okta:aiw, entra ...; both if left out"
)
@click.option("--account", "accounts", multiple=True, metavar="USERNAME", help="a person who has an account there")
@click.option("--token-env", metavar="VARIABLE", help="the variable that holds the API key (SCIMULATOR_TOKEN)")
@click.option("--token-file", metavar="FILE", help="a file that holds the API key; - reads it from standard input")
@click.option("--token-keyring", metavar="NAME", help="the name under which the system's keyring holds the API key")
@click.option(
    "--as-it-stands", is_flag=True, help="the Okta app sends the key as typed, without adding the word Bearer"
)
@click.option("--write", is_flag=True, help="switch that one account off and on as the IdP does, after asking you")
@click.option("--yes", is_flag=True, help="agree to --write beforehand")
@click.option("--undo", is_flag=True, help="put back whom a --write or a run that was cut short has left changed")
@click.option("--hook", "hooks", multiple=True, metavar="NAME=URL", help="access=URL: does somebody still get in?")
@click.option("--ledger", metavar="DIR", help="where what is to be put back is kept (runs/doctor; of a run RUN/left)")
@click.option("--ca-bundle", metavar="FILE", help="certificate authorities to trust, for a test service")
@click.option("--config", metavar="FILE", help="scim.toml: [target], and [idp.okta] or [idp.entra] as set up")
@click.option("--export", "exports", multiple=True, metavar="FILE", help="Entra: the schema, the job, its secrets")
@click.option("--okta-settings", multiple=True, metavar="FILE", help="Okta: settings in a few lines, or from its API")
@click.option("--ask", is_flag=True, help="Okta: ask for these settings, one after the other")
@click.option("--people", metavar="FILE", help="a CSV of your people, as the identity provider exports it")
@click.option("--there", metavar="FILE", help="a CSV of the people of the service, or its answer to GET /Users")
@click.option("--sign-in", metavar="ATTRIBUTE", help="what single sign-on sends as the name: userPrincipalName, mail")
@click.option("--profile", metavar="NAME|FILE", help="what the service claims, for these files (marketbeam)")
@click.option("--audience", metavar="WHO", help="whom it is told: admin (default), support or developer")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
@click.option("-v", "--verbose", is_flag=True, help="show what was seen under each line")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    as_json: bool,
    verbose: bool,
    write: bool,
    yes: bool,
    undo: bool,
    **given: object,
) -> None:
    """Will a leaver really lose access with these settings?

    Looks at base URL, certificate, key, both connection tests, and how one person is found. It only reads, takes ten
    seconds at most, and sends nothing but a handful of questions to the host that you name.

    With --write it then shows what one identity provider would send when --account leaves and comes back, asks you,
    does it, puts that person back and proves it.

    Files of yours are looked at as well: what is mapped and ticked, and how many people lose access in the first cycle.
    Without --target they are all that is looked at, and nothing is sent.

    Example: scimulator doctor --export schema.json --people users.csv

    Example: scimulator doctor --target https://app.example/scim/v2 --idp okta --account ada@example.test
    """
    from harness.doctoring import Ways, doctor

    ctx.exit(doctor(given, Ways(as_json=as_json, verbose=verbose, write=write, yes=yes, undo=undo)))
