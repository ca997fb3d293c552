"""Summary: storm.json, the figures of a storm in one place, from which its page is drawn."""

from __future__ import annotations

from typing import Any

from harness.load.census import TOPICS, Census, census_from_json
from harness.load.crowd import Crowd
from harness.load.forecast import Forecast
from harness.load.order import Order
from harness.load.plainly import plainly
from harness.load.planning import forecast_to_json
from harness.load.tally import Histogram, Second, Tally, added, percentile
from harness.model.run import Run

SCHEMA = "scimulator/storm/1"
CURVES = ("at", "requests", "errors", "throttled", "troubles", "p50_ms", "p95_ms", "p99_ms", "late_ms", "active")
POINTS = 600
"""How many points a curve has at most: longer storms are told in steps of several seconds."""


def summary(order: Order, seen: Forecast, result: Any, run: Run) -> dict[str, Any]:
    """The content of storm.json. ``result`` is a concluding.Result."""
    tally: Tally = result.tally
    jobs = list(result.jobs)
    census = Census()
    for report in result.reports:
        for found in report["census"].values():
            census.plus(census_from_json(found))
    ends = [job["finished"] for job in jobs]
    begins = [job["began"] for job in jobs]
    lasts = max(ends, default=0.0)
    last_ended = max((number + 1 for number, second in tally.seconds.items() if second.ended), default=0)
    cpu = sum(report["cpu_s"] for report in result.reports)
    answers, took_s = (sum(report["service"][place] for report in result.reports) for place in (0, 1))
    invalid: dict[str, int] = {}
    for report in result.reports:
        for what, number in report["invalid"].items():
            invalid[what] = invalid.get(what, 0) + number
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "verdict": run.conclusion.value,
        "sentence": run.sentence,
        "doubts": list(run.doubts),
        "profile": run.profile,
        "target": {"base_url": order.base_url, "reference_server": order.ours},
        "crowd": _crowd(order.crowd),
        "workers": result.workers,
        "invalid": result.invalid,
        "stopped": result.stopped,
        "forecast": forecast_to_json(seen, []),
        "measured": {
            "requests": tally.requests,
            "own_requests": tally.own,
            "bytes": tally.bytes,
            "duration_s": round(lasts, 3),
            "requests_per_second": round(tally.requests / lasts, 1) if lasts else 0.0,
            "statuses": dict(sorted(tally.statuses.items())),
            "latency_ms": _shares(tally.latency),
            "by_intent": {intent: _shares(histogram) for intent, histogram in sorted(tally.by_intent.items())},
            "late_ms": _shares(tally.lateness) | {"most": round(max((j["late_s"] for j in jobs), default=0) * 1000, 1)},
            "convergence_s": round(max(0.0, min(last_ended, lasts) - max(begins, default=0.0)), 3),
            "confirmed": tally.ended,
            "service_ms": round(took_s / answers * 1000, 1) if answers else 0.0,
            "cpu_s": round(cpu, 3),
            "requests_per_cpu_second": round(tally.requests / cpu, 1) if cpu else 0.0,
            "memory_mb": {
                "master": round(result.memory_mb, 1) if result.workers > 1 else 0.0,
                "workers": [round(report["memory_mb"], 1) for report in result.reports],
            },
            "validated": sum(report["looked_at"] for report in result.reports),
            "invalid_answers": invalid,
        },
        "jobs": {
            "begun": len(jobs),
            "failed_leavers": sum(job["failed"] for job in jobs),
            "given_up": sum(job["given_up"] for job in jobs),
            "waiting": sum(job["waiting"] for job in jobs),
            "unlinked": sum(job["unlinked"] for job in jobs),
            "retries": sum(job["retries"] for job in jobs),
            "throttled": sum(job["throttled"] for job in jobs),
            "without_retry_after": sum(job["without_wait"] for job in jobs),
            "met": sum(job["met"] for job in jobs),
            "slowed": {r: sum(j["slowed"] == r for j in jobs) for r in sorted({j["slowed"] for j in jobs} - {""})},
            "fairness": _fairness(jobs),
        },
        "census": {
            "asked": census.asked,
            "active": census.active,
            **{topic: {"count": census.topics[topic].count, "first": census.topics[topic].first} for topic in TOPICS},
        },
        "findings": [
            {
                "id": f.id,
                "requirement": v.requirement,
                "check": v.check,
                "scenario": v.scenario,
                "outcome": v.outcome.value,
                "expected": list(f.expected),
                "actual": str(f.actual),
                "hint": f.hint,
            }
            for v, f in run.findings
        ],
        "checks": [
            {"check": v.check, "requirement": v.requirement, "scenario": v.scenario, "outcome": v.outcome.value,
             "reason": v.reason}
            for v in run.verdicts
            if v.check.startswith("storm.")
        ],
        "series": series(tally, order.crowd.leavers),
        "meta": dict(run.meta),
    }  # fmt: skip
    return told | {"plainly": plainly(told)}


def _crowd(crowd: Crowd) -> dict[str, Any]:
    return {
        "tenants": crowd.tenants,
        "people": crowd.people,
        "leavers": crowd.leavers,
        "ramp_s": crowd.ramp,
        "seed": crowd.seed,
        "group": crowd.group,
        "jobs": {":".join(speaker): crowd.count(speaker) for speaker in crowd.speakers},
    }


def _shares(histogram: Histogram) -> dict[str, float]:
    return {name: percentile(histogram, share) for name, share in (("50", 0.5), ("95", 0.95), ("99", 0.99))}


def _fairness(jobs: list[dict[str, Any]]) -> float:
    """How many times longer the slowest tenth of all jobs took for a leaver than the median job; 1 is even."""
    paces = sorted((job["finished"] - job["began"]) / job["people"] for job in jobs if job["people"])
    if len(paces) < 2:
        return 1.0
    median, slow = paces[len(paces) // 2], paces[min(len(paces) - 1, int(len(paces) * 0.9))]
    return round(slow / median, 2) if median else 1.0


def series(tally: Tally, leavers: int) -> dict[str, list[float]]:
    """The curves of a storm, a point for each second or, in a long one, for each few."""
    last = max(tally.seconds, default=-1) + 1
    wide = max(1, -(-last // POINTS))
    told: dict[str, list[float]] = {name: [] for name in CURVES}
    active = leavers
    for start in range(0, last, wide):
        seconds = [tally.seconds.get(number, Second()) for number in range(start, start + wide)]
        latency = added(second.latency for second in seconds)
        active -= sum(second.ended for second in seconds)
        told["at"].append(start)
        for name in ("requests", "errors", "throttled", "troubles"):
            told[name].append(round(sum(getattr(second, name) for second in seconds) / wide, 2))
        for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99)):
            told[name].append(percentile(latency, share))
        told["late_ms"].append(round(max(second.late_ms for second in seconds), 1))
        told["active"].append(active)
    return told
