"""scimulator replay: send recorded requests again, to the reference server or to a service of your own."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    "replay",
    epilog="Exit codes: 0 every answer has the outcome that was recorded, 1 another outcome somewhere, 2 wrong usage, "
    "3 cannot tell: something was not sent or not answered, 4 target unreachable or key refused. Status, active, "
    "scimType, userName, members and the number of people found count as outcome; other members do not.",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--target", default="", metavar="URL", help="SCIM base URL; without it the embedded reference server")
@click.option("--preset", default="", metavar="NAME", help="preset of the embedded reference server")
@click.option("--defect", "defects", multiple=True, metavar="NAME", help="make the reference server wrong on purpose")
@click.option("--profile", default="marketbeam", metavar="NAME|FILE", help="what the service claims (marketbeam)")
@click.option("--idp", default="", metavar="NAME[:VARIANT]", help="who sent it, where it is not recognised")
@click.option("--account", "accounts", multiple=True, metavar="USERNAME", help="a disposable person at the target")
@click.option("--allow", multiple=True, metavar="EFFECT", help="what may happen at a foreign target: write, delete")
@click.option("--hook", "hooks", multiple=True, metavar="NAME=URL", help="sign_in=URL of your product")
@click.option("--token-env", default="", metavar="VARIABLE", help="the variable that holds the API key")
@click.option("--ca-bundle", default="", metavar="FILE", help="certificate authorities to trust")
@click.option("--timeout", default=30.0, metavar="SECONDS", help="longest silence of the target (30)")
@click.option("--keep-pauses", default=0.0, metavar="SECONDS", help="keep recorded pauses, at most so long each (0)")
@click.option(
    "--fields",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a map (TOML or JSON) of how a gateway names what it logs",
)
@click.option("--most", type=click.IntRange(1), metavar="N", help="play so many recorded requests (20000)")
@click.option("--out", type=click.Path(path_type=Path), help="the run directory that is written (runs/TIME-replayed)")
@click.option("--report", "reports", default="", metavar="NAMES", help="comma-separated reports to write as well")
@click.option("--json", "as_json", is_flag=True, help="print the result as JSON to standard output")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    files: tuple[Path, ...],
    idp: str,
    fields: Path | None,
    most: int | None,
    out: Path | None,
    reports: str,
    keep_pauses: float,
    as_json: bool,
    **given: object,
) -> None:
    """Send recorded requests again, in their order, and show where the answers differ from what was recorded.

    People of the recording are made present at the reference server; at a foreign target only people named with
    --account are touched, and nothing is changed unless --allow says so. Ids, keys and addresses are exchanged.
    """
    from harness.judging import Given
    from harness.replaying import replay_files, settings_of
    from harness.settings import SettingsError

    try:
        settings = settings_of(given)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    what = Given(files, idp, most, fields)
    ctx.exit(replay_files(what, settings, out, reports, longest_pause_s=keep_pauses, as_json=as_json))
