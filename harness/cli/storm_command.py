"""scimulator storm: the same sequences as load, by many provisioning jobs at once."""

from __future__ import annotations

import click


@click.command("storm")
@click.option("--plan", "plan_only", is_flag=True, help="work it out on paper; nothing is sent")
@click.option("--tenants", default=10, type=click.IntRange(1), metavar="N", help="tenants, each with one job (10)")
@click.option("--people", default=50, type=click.IntRange(1), metavar="M", help="leavers in each tenant (50)")
@click.option("--idp", "idps", multiple=True, metavar="NAME[:VARIANT]", help="who works on the tenants in turn")
@click.option("--ramp", default=10.0, type=click.FloatRange(0), metavar="SECONDS", help="all jobs begin within (10)")
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="requests a second of one job")
@click.option("--lanes", type=click.IntRange(1), metavar="N", help="requests of one job at the same time")
@click.option(
    "--latency", default=20.0, type=click.FloatRange(0), metavar="MS", help="--plan: what an answer takes (20)"
)
@click.option(
    "--capacity", default=0.0, type=click.FloatRange(0), metavar="N", help="--plan: answers a second of the service"
)
@click.option(
    "--errors", default=0.0, type=click.FloatRange(0, 1), metavar="SHARE", help="--plan: leavers at whom it fails"
)
@click.option("--seed", default=7, metavar="N", help="seed of the moments at which jobs begin")
@click.option("--config", metavar="FILE", help="a scim.toml that says how an IdP is set up: [idp.okta]")
@click.option("--json", "as_json", is_flag=True, help="print JSON to standard output")
def command(
    plan_only: bool,
    tenants: int,
    people: int,
    idps: tuple[str, ...],
    ramp: float,
    rate: float | None,
    lanes: int | None,
    latency: float,
    capacity: float,
    errors: float,
    seed: int,
    config: str | None,
    as_json: bool,
) -> None:
    """Let many people go at once: the IdPs' own sequences as load.

    With --plan, calls, duration, traffic and the risk of quarantine of N tenants x M people are worked out on paper.
    """
    from harness.load.crowd import Crowd
    from harness.load.forecast import Rules
    from harness.load.planning import configured, plan, speakers
    from harness.plan import PlanError
    from harness.settings import SettingsError

    try:
        known = configured(config)
        crowd = Crowd(tenants, people, speakers(idps, known), ramp, seed)
    except (PlanError, SettingsError) as error:
        raise click.UsageError(str(error)) from error
    rules = Rules(lanes, rate, latency / 1000, capacity, errors=errors)
    if not plan_only:
        raise click.UsageError("add --plan: this version works storms out on paper only")
    plan(crowd, known, rules, as_json=as_json)
