"""Plainly: what a storm has shown, in a few sentences for somebody who reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LATE_S = 5.0
"""Seconds from which a job that begins too late says more about our machine than about the service."""

SLOWER = 1.5
"""How many times longer than on paper a storm may take before it is told why."""

AS_QUICK = 1.5
"""How many times longer than on paper an answer may take before the service is what a storm waited for."""

BUSY = 0.85
"""The share of its time from which a worker has no room left."""


def plainly(told: Mapping[str, Any]) -> list[str]:
    """Sentences from the content of storm.json: who still has access, what held it up, what went wrong on the way."""
    if why := told["invalid"] or told["stopped"]:
        return [
            f"It was not played to the end: {why}. What stands here is what was seen until then; it says nothing of "
            "everybody. Play it again."
        ]
    return [_access(told), *_pace(told), *_trouble(told)]


def _access(told: Mapping[str, Any]) -> str:
    leavers, active = told["crowd"]["leavers"], told["census"]["active"]
    if told["census"]["unasked"]["count"]:
        return f"Not everybody could be asked in the end: of {leavers:,} leavers {active:,} were seen with access."
    if not active:
        return f"All {leavers:,} leavers have lost their access."
    left = f"{active:,} of {leavers:,} leavers still have access; below stands who they are, as far as they are named."
    if told["target"]["reference_server"]:
        return left
    return f"{left} If these are real people, take it from them by hand now."


def _pace(told: Mapping[str, Any]) -> list[str]:
    came, plan = told["measured"], told["forecast"]
    lasted, late = came["duration_s"], came["late_ms"]["most"] / 1000
    if not lasted or not plan["duration_s"]:
        return []
    times = lasted / plan["duration_s"]
    if late > LATE_S:
        return [
            f"Jobs began up to {late:,.0f} seconds late: this machine could not keep up, so the times below are not "
            "those of the service. Take more --processes, or more machines."
        ]
    if times <= SLOWER:
        return [f"The service kept up: it took {lasted:,.0f} seconds, {plan['duration_s']:,.0f} on paper."]
    told_apart = (
        f"It took {times:,.1f} times as long as on paper: {came['requests_per_second']:,.0f} requests a second were "
        f"answered, {plan['requests_per_second']:,.0f} were wanted."
    )
    if came["cpu_s"] > BUSY * lasted * told["workers"]:
        return [f"{told_apart} The workers of the storm had no time left: take more --processes, or more machines."]
    took = f"{came['service_ms']:,.0f} ms, {plan['latency_ms']:,.0f} on paper"
    if came["service_ms"] <= AS_QUICK * plan["latency_ms"]:
        return [
            f"{told_apart} The service answered in time ({took}): requests waited for one of the storm's own "
            "connections. Take more --connections."
        ]
    return [f"{told_apart} The jobs began in time, so it was the service that they waited for: an answer took {took}."]


def _trouble(told: Mapping[str, Any]) -> list[str]:
    statuses, jobs = told["measured"]["statuses"], told["jobs"]
    errors = sum(many for status, many in statuses.items() if int(status) >= 400 and status != "429")
    parts = [
        (errors, "answers were errors"),
        (jobs["throttled"], "answers were 429"),
        (statuses.get("0", 0), "requests got no answer"),
        (jobs["given_up"], "leavers wait for an administrator, because their IdP does not come back by itself"),
        (sum(jobs["slowed"].values()), "jobs are in quarantine"),
    ]
    seen = [f"{many:,} {what}" for many, what in parts if many]
    return [f"On the way: {'; '.join(seen)}."] if seen else []
