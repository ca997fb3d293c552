"""scimulator run: rehearse, judge, decide."""

from __future__ import annotations

import click


@click.command(
    "run",
    epilog="Exit codes: 0 conformant, 1 not conformant, 2 wrong usage, 3 incomplete, 4 target "
    "unreachable or key refused, 5 nothing selected, 70 our own crash, 130 interrupted.",
)
@click.option("--target", metavar="URL", help="SCIM base URL; without it the embedded reference server is used")
@click.option("--profile", metavar="NAME|FILE", help="what the service claims (default: marketbeam)")
@click.option("--idp", "idps", multiple=True, metavar="NAME[:VARIANT]", help="okta, okta:oin, entra ...; repeatable")
@click.option("--story", "stories", multiple=True, metavar="NAME", help="only this story or probe; repeatable")
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="FILE", help="a saved scenario, or a folder of them; repeatable"
)
@click.option("--suite", metavar="NAME", help="stories, probes, extended, long, okta-spec ... (list suites shows them)")
@click.option("--quick", is_flag=True, help="the short gate for every commit")
@click.option("--account", "accounts", multiple=True, metavar="USERNAME", help="a disposable person at the target")
@click.option("--source", metavar="SOURCE", help="where people come from: jit, scim, listed or hook")
@click.option("--allow", multiple=True, metavar="EFFECT", help="what may happen at a foreign target: write, delete")
@click.option("--hook", "hooks", multiple=True, metavar="NAME=URL", help="sign_in=URL or access=URL of your product")
@click.option("--token-env", metavar="VARIABLE", help="the variable that holds the API key (SCIMULATOR_TOKEN)")
@click.option("--second-token-env", metavar="VARIABLE", help="the variable that holds the key of a second tenant")
@click.option("--token-file", metavar="FILE", help="a file that holds the API key; - reads it from standard input")
@click.option("--ca-bundle", metavar="FILE", help="certificate authorities to trust")
@click.option("--timeout", metavar="SECONDS", help="longest silence of the target (30)")
@click.option("--wait", metavar="SECONDS", help="how long the target may take to start (0)")
@click.option("--preset", metavar="NAME", help="preset of the embedded reference server")
@click.option("--defect", "defects", multiple=True, metavar="NAME", help="make the reference server wrong on purpose")
@click.option("--seed", metavar="N", help="seed of the invented people (7)")
@click.option("--retries", metavar="N", help="play again where something broke; what then holds is to be reviewed")
@click.option("--shuffle", metavar="N", help="play the scenarios in another order; the result is the same")
@click.option("--config", metavar="FILE", help="scim.toml, or a pyproject.toml with [tool.scimulator]")
@click.option("--out", metavar="DIR", help="the run directory itself (runs/TIME-PROFILE)")
@click.option("--report", "reports", metavar="NAMES", help="comma-separated reports (html,junit)")
@click.option("--audience", metavar="WHO", help="for whom the report is: admin, support or developer (default)")
@click.option("--redact", metavar="MODE", help="personal: people stand under pseudonyms in all that stays")
@click.option("--known", metavar="FILE", help="breaches that are accepted for a while (TOML): known, not failed")
@click.option("--strict-known", is_flag=True, help="stale and expired entries of that file fail")
@click.option("--update-known", is_flag=True, help="write what was found broken into that file")
@click.option("--fail-on", metavar="LEVEL", help="fail (default) or warn")
@click.option(
    "--shard",
    metavar="PART/PARTS",
    help="only this part of the plan; scimulator report A B merges the parts. Those with the same --account go one "
    "after the other",
)
@click.option("-n", "--workers", metavar="N", help="play scenarios in N processes (needs pytest-xdist)")
@click.option("--dry-run", is_flag=True, help="say what would be played and how much would be sent; send nothing")
@click.option("--json", "as_json", is_flag=True, help="print run.json to standard output")
@click.option("--jsonl", "as_lines", is_flag=True, help="print what happens as JSON lines to standard output")
@click.option("-q", "--quiet", is_flag=True, help="print the verdict only")
@click.option("-v", "--verbose", is_flag=True, help="print every scenario")
@click.pass_context
def command(
    ctx: click.Context, /, *, dry_run: bool, as_json: bool, as_lines: bool, quiet: bool, verbose: bool, **given: object
) -> None:
    """Rehearse what IdPs send, judge every answer, decide, and write reports.

    Against anything but the reference server nothing is changed unless --allow says so, and then only disposable people
    named with --account or made by this run.
    """
    if dry_run:
        from harness import dry_run as dry

        ctx.exit(dry.dry_run(given, as_json=as_json, quiet=quiet))
    from harness.running import run

    if as_json and as_lines:
        raise click.UsageError("--json prints one document and --jsonl lines: choose one")
    ctx.exit(run(given, as_json=as_json, as_lines=as_lines, quiet=quiet, verbose=verbose))
