"""scimulator storm: the same sequences as load, by many provisioning jobs at once."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

SOME = click.IntRange(1)
POSITIVE = click.FloatRange(0, min_open=True)
NONE_OR_MORE = click.FloatRange(0)


@click.command(
    "storm",
    epilog="Exit codes: 0 everything held, 1 something did not, 2 wrong usage, 3 the storm is invalid or was cut short "
    "(a lost worker, a limit), 70 our own crash, 130 stopped by hand.",
)
@click.option("--plan", "plan_only", is_flag=True, help="work it out on paper; nothing is sent")
@click.option("--undo", is_flag=True, help="delete the groups at --ground that a storm with --group has left, killed")
@click.option("--tenants", default=10, type=SOME, metavar="N", help="tenants, each with one provisioning job (10)")
@click.option("--people", default=50, type=SOME, metavar="M", help="leavers in each tenant (50)")
@click.option("--bystanders", default=3, type=click.IntRange(0), metavar="B", help="people in each who must stay (3)")
@click.option("--idp", "idps", multiple=True, metavar="NAME[:VARIANT]", help="who works on the tenants in turn")
@click.option(
    "--group", is_flag=True, help="they are all in one group and are taken out of it too; Entra only, --profile full"
)
@click.option("--ramp", default=10.0, type=NONE_OR_MORE, metavar="SECONDS", help="all jobs begin within (10)")
@click.option("--rate", type=POSITIVE, metavar="N", help="requests a second of one job (as its IdP has it)")
@click.option("--lanes", type=SOME, metavar="N", help="requests of one job at the same time (as its IdP has it)")
@click.option("--processes", default=1, type=SOME, metavar="N", help="worker processes on this machine (1)")
@click.option("--master", is_flag=True, help="wait for --processes N workers on other machines")
@click.option("--worker", is_flag=True, help="be one of those workers; needs --master-host")
@click.option("--master-host", default="127.0.0.1", metavar="ADDRESS", help="where the master is, or listens")
@click.option(
    "--trusted-network",
    is_flag=True,
    help="allow --master-host on another machine: master and workers send API keys to each other in the clear",
)
@click.option("--master-port", default=5557, type=click.IntRange(1, 65535), metavar="PORT", help="its port (5557)")
@click.option("--ground", metavar="FILE", help="a target: what serve --seed-tenants --json prints; - is standard input")
@click.option("--authorised", metavar="FILE", help="hosts other than this one, and who has authorised a storm there")
@click.option("--ca-bundle", metavar="FILE", help="certificate authorities to trust")
@click.option(
    "--max-rate", default=0.0, type=NONE_OR_MORE, metavar="N", help="requests a second in all (elsewhere: 100)"
)
@click.option(
    "--max-requests", default=0, type=click.IntRange(0), metavar="N", help="requests in all (elsewhere: 100,000)"
)
@click.option("--profile", default="marketbeam", metavar="NAME|FILE", help="what the service claims (marketbeam)")
@click.option("--preset", default="", metavar="NAME", help="preset of the reference server that is started")
@click.option("--defect", "defects", multiple=True, metavar="NAME", help="make it wrong on purpose; repeatable")
@click.option(
    "--store",
    default="",
    envvar="SCIMULATOR_STORE",
    metavar="URL",
    help="where it keeps its people (in memory); with a password in it better as SCIMULATOR_STORE",
)
@click.option("--serve-workers", default=1, type=SOME, metavar="N", help="its worker processes; several need a --store")
@click.option("--compress", default=600.0, type=POSITIVE, metavar="N", help="the IdP's clock runs so much faster (600)")
@click.option(
    "--patience", default=60.0, type=NONE_OR_MORE, metavar="SECONDS", help="how long jobs come back to failures (60)"
)
@click.option("--connections", default=32, type=SOME, metavar="N", help="connections of each worker (32)")
@click.option("--timeout", default=30.0, type=POSITIVE, metavar="SECONDS", help="longest silence of the target (30)")
@click.option("--sample", default=50, type=SOME, metavar="N", help="one answer in N is held against its schema (50)")
@click.option("--latency", default=20.0, type=NONE_OR_MORE, metavar="MS", help="forecast: what an answer takes (20)")
@click.option(
    "--capacity", default=0.0, type=NONE_OR_MORE, metavar="N", help="forecast: answers a second of the service"
)
@click.option(
    "--errors", default=0.0, type=click.FloatRange(0, 1), metavar="SHARE", help="--plan: leavers at whom it fails"
)
@click.option("--steps", metavar="DIR", help="--plan: write every request as JSON lines, by --processes N processes")
@click.option("--seed", default=7, metavar="N", help="seed of the moments at which jobs begin (7)")
@click.option("--config", default="", metavar="FILE", help="a scim.toml that says how an IdP is set up: [idp.okta]")
@click.option("--out", default="", metavar="DIR", help="the run directory itself (runs/TIME-storm)")
@click.option("--report", "reports", default="", metavar="NAMES", help="comma-separated reports beside storm.html")
@click.option("--fail-on", default="fail", metavar="LEVEL", help="fail (default) or warn")
@click.option("--json", "as_json", is_flag=True, help="print the plan, or run.json, to standard output")
@click.option("-q", "--quiet", is_flag=True, help="print the verdict only")
@click.pass_context
def command(ctx: click.Context, /, plan_only: bool, undo: bool, worker: bool, **given: Any) -> None:
    """Let many people go at once: the IdPs' own sequences as load, on Locust, in processes of its own.

    Without --ground the reference server is started, filled with people and stormed. --plan works out calls, duration,
    traffic and the risk of quarantine of N tenants x M people without sending anything.

    On several machines: --master on one, --worker on the others. What they tell each other is not encrypted and holds
    the API keys of all tenants, and the master takes whoever connects: this is for a network of your own, or a tunnel.
    """
    if plan_only:
        _plan(given)
        return
    if undo:
        from harness.load import putting_back

        if not given["ground"]:
            raise click.UsageError("--undo needs --ground: the tenants at which a storm may have left its group")
        ctx.exit(putting_back.undo(given["ground"], given["authorised"] or "", given["ca_bundle"] or ""))
    from harness.load import storming

    if worker:
        ctx.exit(storming.work(given["master_host"], given["master_port"], trusted=given["trusted_network"]))
    for name in ("errors", "steps"):
        given.pop(name)
    given["workers"] = given.pop("processes")
    given["reports"] = tuple(name.strip() for name in given["reports"].split(",") if name.strip())
    for name in ("ground", "authorised", "ca_bundle"):
        given[name] = given[name] or ""
    given["command"] = shlex.join(["scimulator", *sys.argv[1:]])
    ctx.exit(storming.storm(storming.Wanted(**given)))


def _plan(given: dict[str, Any]) -> None:
    from harness.load.crowd import Crowd
    from harness.load.forecast import Rules
    from harness.load.planning import configured, lanes_of, plan, speakers
    from harness.plan import PlanError
    from harness.settings import SettingsError

    try:
        known = configured(given["config"] or None)
        group, known_speakers = given["group"], speakers(given["idps"], known, group=given["group"])
        crowd = Crowd(given["tenants"], given["people"], known_speakers, given["ramp"], given["seed"], group)
    except (PlanError, SettingsError) as error:
        raise click.UsageError(str(error)) from error
    rules = Rules(
        lanes_of(given["lanes"], group=group),
        given["rate"],
        given["latency"] / 1000,
        given["capacity"],
        given["max_rate"],
        given["errors"],
    )
    plan(crowd, known, rules, as_json=given["as_json"])
    if given["steps"]:
        from pathlib import Path

        from harness.load.exporting import export
        from harness.record import RecordError
        from harness.settings import from_file

        setups = from_file(Path(given["config"])).setups if given["config"] else {}
        try:
            written = export(crowd, setups, rules, Path(given["steps"]), given["processes"])
        except RecordError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{written:,} requests written to {given['steps']}", err=True)
