"""Planning: what ``storm --plan`` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from harness.load.crowd import Crowd, Speaker
from harness.load.forecast import Forecast, Rules, assumptions, forecast
from harness.model.idp import Vendor
from harness.plan import PlanError, set_up, vendors
from harness.profiles import load as load_profile
from harness.settings import from_file

DEFAULT_SPEAKERS = ("okta:oin", "okta:aiw", "entra:default")
"""Who works on the tenants in turn when nobody is named."""

ON_GROUPS = ("entra",)
"""Who takes members out of a group change by change. Okta may write the whole membership, so that two of its jobs on
one group overwrite each other whatever the service does."""

LANES_ON_A_GROUP = 5
"""How many changes of one group are under way at once, unless --lanes says otherwise: reports tell so of Entra."""


def configured(config: str | None) -> dict[str, Vendor]:
    """The IdPs, set up as a scim.toml says. Raises PlanError, SettingsError."""
    return set_up(vendors(), from_file(Path(config)).setups if config else {})


def speakers(wanted: tuple[str, ...], idps: Mapping[str, Vendor], *, group: bool = False) -> tuple[Speaker, ...]:
    """IdPs and app types by name; an IdP without an app type stands for all it has. Raises PlanError."""
    chosen: dict[Speaker, None] = {}
    for entry in wanted or (ON_GROUPS if group else DEFAULT_SPEAKERS):
        name, _, variant = entry.partition(":")
        if name not in idps:
            raise PlanError(f"there is no IdP called {name!r}; there are {', '.join(idps)}")
        if group and name not in ON_GROUPS:
            raise PlanError(
                f"--group with --idp {name}: expected {' or '.join(ON_GROUPS)}; of others it is not known that they "
                "change members one by one, and jobs that write a whole membership overwrite each other"
            )
        known = [v.name for v in idps[name].variants]
        if variant and variant not in known:
            raise PlanError(f"{name} has no app type {variant!r}; it has {', '.join(known)}")
        chosen.update(dict.fromkeys((name, v) for v in known if not variant or v == variant))
    return tuple(chosen)


def check_groups(profile: str) -> None:
    """Raises PlanError for a storm on groups at a service that does not claim any, ProfileError for no profile."""
    if not load_profile(profile).supports("groups"):
        raise PlanError(f"--group: the profile {profile} does not claim groups; choose one that does: --profile full")


def lanes_of(wanted: int | None, *, group: bool) -> int | None:
    """How many requests of a job are under way at once, None for as many as its IdP has."""
    return wanted or (LANES_ON_A_GROUP if group else None)


def plan(crowd: Crowd, idps: dict[str, Vendor], rules: Rules, *, as_json: bool) -> None:
    """Print the forecast of a storm."""
    seen = forecast(crowd, idps, rules)
    if as_json:
        click.echo(json.dumps(forecast_to_json(seen, assumptions(crowd, idps, rules))))
        return
    for line in told(seen, assumptions(crowd, idps, rules)):
        click.echo(line)


def forecast_to_json(seen: Forecast, assumed: list[str]) -> dict[str, Any]:
    return {
        "requests": seen.requests,
        "duration_s": seen.duration_s,
        "latency_ms": round(seen.latency_s * 1000, 3),
        "bytes": seen.bytes,
        "quarantine": {
            "jobs": seen.quarantined,
            "of": seen.crowd.tenants,
            "reasons": list(seen.reasons),
            "failing_leavers_that_lead_there": {":".join(s): n for s, n in seen.breaks_at.items()},
        },
        "leavers": seen.crowd.leavers,
        "tenants": seen.crowd.tenants,
        "people": seen.crowd.people,
        "ramp_s": seen.crowd.ramp,
        "retries": seen.retries,
        "idp_minutes": seen.idp_minutes,
        "requests_per_second": round(seen.peak_per_second, 1),
        "jobs": {
            ":".join(speaker): {"jobs": seen.crowd.count(speaker), "requests": load.requests, "bytes": load.bytes}
            for speaker, load in seen.by_speaker.items()
        },
        "assumed": assumed,
    }


def told(seen: Forecast, assumed: list[str]) -> list[str]:
    """The forecast in lines of text."""
    crowd = seen.crowd
    lines = [f"{crowd.leavers:,} people leave: {crowd.people:,} in each of {crowd.tenants:,} tenants"]
    for speaker, load in seen.by_speaker.items():
        calls = load.requests / max(1, crowd.count(speaker) * crowd.people)
        lines.append(
            f"  {':'.join(speaker):<24} {crowd.count(speaker):>7,} jobs  {load.requests:>12,} requests"
            f"  ({calls:g} for each leaver)"
        )
    lines += [
        f"Requests    {seen.requests:,}" + (f", {seen.retries:,} of them tried again" if seen.retries else ""),
        f"Duration    {span(seen.duration_s)}, which is {seen.peak_per_second:,.0f} requests a second",
        f"Traffic     {_size(seen.bytes)}, heads included, without compression and TLS",
        f"Quarantine  {_risk(seen)}",
    ]
    if seen.idp_minutes:
        lines.append(f"            failed leavers come back for {span(seen.idp_minutes * 60)} by the IdP's clock")
    lines += ["Assumed:", *(f"  {line}" for line in assumed)]
    return lines


def _risk(seen: Forecast) -> str:
    if seen.quarantined:
        return f"{seen.quarantined:,} of {seen.crowd.tenants:,} jobs: {', '.join(seen.reasons)}"
    breaking = {n for n in seen.breaks_at.values() if n is not None}
    if not breaking:
        return "no number of failing leavers leads there: the jobs are too small, or their IdP knows no quarantine"
    return f"none expected; from {min(breaking):,} failing leavers in one job on"


def span(seconds: float) -> str:
    """So many seconds in words."""
    if seconds >= 60:
        seconds = round(seconds)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            break
        number /= 1000
    return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
