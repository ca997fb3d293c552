"""A storm as storm.json tells it, large and made up: one that went well, and one that did not, in nasty words."""

from __future__ import annotations

import math
from typing import Any

from harness.load.census import TOPICS
from harness.load.plainly import plainly

NASTY = "</script><script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'> \u202e"


def told(*, bad: bool = False, stopped: str = "") -> dict[str, Any]:
    """The content of storm.json."""
    at = list(range(0, 1200, 2))
    left = 3 if bad else 0
    topics: dict[str, Any] = {topic: {"count": 0, "first": []} for topic in TOPICS}
    if bad:
        topics["lost"] = {"count": 3, "first": [f"leaver-{n}@tenant-4.example" for n in range(3)]}
    found = {
        "id": "F-1a2b3c4d",
        "requirement": "PROF-D-12",
        "check": "storm.confirmed_means_inactive",
        "scenario": "okta/oin/storm",
        "outcome": "failed",
        "expected": ["whoever's deactivation was confirmed is inactive when the storm is over", NASTY],
        "actual": f"3 of 34000: leaver-0@tenant-4.example {NASTY}",
        "hint": "Look at writes that meet, at caches and at replicas.",
    }
    held = {
        "check": "storm.confirmed_means_inactive",
        "requirement": "PROF-D-12",
        "scenario": "okta/oin/storm",
        "outcome": "failed" if bad else "passed",
        "reason": "",
    }
    none = held | {
        "check": "storm.a_429_says_when_to_come_back",
        "outcome": "not_applicable",
        "reason": "nothing was answered with 429",
    }
    value: dict[str, Any] = {
        "schema": "scimulator/storm/1",
        "verdict": "incomplete" if stopped else "non-conformant" if bad else "conformant",
        "sentence": "The service breaks its promises." if bad else "The service keeps everything that it promises.",
        "doubts": [NASTY] if bad else [],
        "profile": "marketbeam",
        "target": {"base_url": "http://127.0.0.1:41234/scim/v2", "reference_server": not bad},
        "crowd": {
            "tenants": 200,
            "people": 500,
            "leavers": 100_000,
            "ramp_s": 60.0,
            "seed": 7,
            "group": False,
            "jobs": {"okta:oin": 67, "okta:aiw": 67, "entra:default": 66},
        },
        "workers": 2,
        "invalid": "",
        "stopped": stopped,
        "forecast": {
            "requests": 266_500,
            "duration_s": 119.7,
            "latency_ms": 20.0,
            "bytes": 331_600_000,
            "quarantine": {
                "jobs": 0,
                "of": 200,
                "reasons": [],
                "failing_leavers_that_lead_there": {"okta:oin": None, "okta:aiw": None, "entra:default": 250},
            },
            "leavers": 100_000,
            "tenants": 200,
            "people": 500,
            "ramp_s": 60.0,
            "retries": 0,
            "idp_minutes": 0,
            "requests_per_second": 2226.4,
            "jobs": {"okta:oin": {"jobs": 67, "requests": 67_000, "bytes": 1}},
            "assumed": [],
        },
        "measured": {
            "requests": 266_500,
            "own_requests": 3800,
            "bytes": 360_000_000,
            "duration_s": 1200.0,
            "requests_per_second": 222.1,
            "statuses": {"0": 2, "200": 266_000, "429": 98, "500": 400} if bad else {"200": 266_500},
            "latency_ms": {"50": 1322.0, "95": 2980.0, "99": 4400.0},
            "by_intent": {"lookup": {"50": 1200.0, "95": 2500.0, "99": 4000.0}},
            "late_ms": {"50": 1.0, "95": 20.0, "99": 90.0, "most": 120.0},
            "convergence_s": 1140.0,
            "confirmed": 100_000,
            "service_ms": 280.0,
            "cpu_s": 420.0,
            "requests_per_cpu_second": 634.5,
            "memory_mb": {"master": 61.0, "workers": [91.0, 90.0]},
            "validated": 5330,
            "invalid_answers": {},
        },
        "jobs": {
            "begun": 200,
            "failed_leavers": 12 if bad else 0,
            "given_up": 12 if bad else 0,
            "waiting": 0,
            "unlinked": 0,
            "retries": 0,
            "throttled": 98 if bad else 0,
            "without_retry_after": 0,
            "met": 1000,
            "slowed": {},
            "fairness": 1.12,
        },
        "census": {"asked": 3800, "active": left, **topics},
        "findings": [found] if bad else [],
        "checks": [held, none],
        "series": {
            "at": at,
            "requests": [220 + 30 * math.sin(second / 50) for second in at],
            "errors": [second % 7 if bad else 0 for second in at],
            "throttled": [0 for _ in at],
            "troubles": [0 for _ in at],
            "p50_ms": [1300 + second % 40 for second in at],
            "p95_ms": [2900 + second % 90 for second in at],
            "p99_ms": [4300 + second % 120 for second in at],
            "late_ms": [0.4 if second > 60 else 100 for second in at],
            "active": [max(left, round(100_000 * (1 - second / 1198))) for second in at],
        },
        "meta": {"tool": "0.1.0", "seed": "7", "command": "scimulator storm --tenants 200 --people 500 --processes 2"},
    }
    return value | {"plainly": plainly(value)}
