"""Storming: what the command does. Starts the target and Locust's processes, watches them, judges, writes, decides."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from harness.gate import ExitCode, exit_code_of
from harness.load import concluding, guard, planning, putting_back
from harness.load.crowd import Crowd
from harness.load.forecast import Forecast, Rules, forecast
from harness.load.ground import GroundError, Server, Tenants, read_ground
from harness.load.order import COMPRESS, PATIENCE_S, Order
from harness.load.processes import NoLocust, Processes, check_installed, worker_command
from harness.model.idp import Vendor
from harness.plan import PlanError
from harness.profiles import ProfileError
from harness.record import RecordError
from harness.settings import SettingsError, from_file


@dataclass
class Wanted:
    """What the operator asked for. ``workers`` are those of this machine, unless ``master`` waits for others.

    ``latency`` (in milliseconds) and ``capacity`` are what the forecast takes for granted of the service.
    """

    tenants: int
    people: int
    bystanders: int = 3
    idps: tuple[str, ...] = ()
    group: bool = False
    ramp: float = 10.0
    seed: int = 7
    rate: float | None = None
    lanes: int | None = None
    compress: float = COMPRESS
    patience: float = PATIENCE_S
    timeout: float = 30.0
    workers: int = 1
    master: bool = False
    master_host: str = "127.0.0.1"
    master_port: int = 5557
    trusted_network: bool = False
    ground: str = ""
    authorised: str = ""
    connections: int = 32
    latency: float = 20.0
    capacity: float = 0.0
    max_rate: float = 0.0
    max_requests: int = 0
    sample: int = 50
    profile: str = "marketbeam"
    config: str = ""
    ca_bundle: str = ""
    preset: str = ""
    defects: tuple[str, ...] = ()
    store: str = ""
    serve_workers: int = 1
    out: str = ""
    reports: tuple[str, ...] = ()
    fail_on: str = "fail"
    as_json: bool = False
    quiet: bool = False
    command: str = ""


@dataclass
class Watch:
    """How a storm is going: told by the master, shown now and then, and stopped from here."""

    seen: Forecast
    quiet: bool
    shown: float = 0.0
    latest: dict[str, Any] = field(default_factory=dict)
    interrupted: str = ""

    def line(self, told: dict[str, Any]) -> None:
        if told.get("event") == "progress":
            self.latest = told
            if not self.quiet and time.monotonic() - self.shown >= 2:
                self.shown = time.monotonic()
                left = self.seen.crowd.leavers - told["ended"]
                click.echo(
                    f"{told['seconds']:7.1f} s  {told['requests']:>10,} requests  {told['jobs']:>6,} of "
                    f"{self.seen.crowd.tenants:,} jobs done  {left:>9,} people still active",
                    err=True,
                )
        elif told.get("event") == "census" and not self.quiet:
            click.echo("The storm is over; asking how everybody stands", err=True)

    def stop(self, why: str) -> None:
        self.interrupted = self.interrupted or why


def storm(wanted: Wanted) -> int:
    """Make a storm and say what came of it. Returns the exit code."""
    try:
        check_installed()
        idps = planning.configured(wanted.config or None)
        return _storm(wanted, idps)
    except (NoLocust, PlanError, SettingsError, ProfileError, GroundError, guard.Refused) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    except RecordError as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.CRASH


def _storm(wanted: Wanted, idps: dict[str, Vendor]) -> int:
    if wanted.master:
        guard.admit_master(wanted.master_host, trusted=wanted.trusted_network)
        if not wanted.ground and not guard.is_loopback(wanted.master_host):
            raise guard.Refused(
                "workers on other machines cannot reach the reference server that a storm starts for itself: start one "
                "that they reach with serve --seed-tenants --json, and name its line with --ground"
            )
    given = read_ground(wanted.ground) if wanted.ground else None
    tenants = len(given.keys) if given else wanted.tenants
    people = given.people if given else wanted.people
    speakers = planning.speakers(wanted.idps, idps, group=wanted.group)
    if wanted.group:
        planning.check_groups(wanted.profile)
    crowd = Crowd(tenants, people, speakers, wanted.ramp, wanted.seed, wanted.group)
    authorised = guard.admit(given.base_url, wanted.authorised or None, datetime.now(UTC).date()) if given else ""
    max_rate, max_requests = wanted.max_rate, wanted.max_requests
    if authorised:
        max_rate, max_requests = max_rate or guard.FOREIGN_RATE, max_requests or guard.FOREIGN_REQUESTS
    lanes = planning.lanes_of(wanted.lanes, group=wanted.group)
    rules = Rules(lanes, wanted.rate, wanted.latency / 1000, wanted.capacity, max_rate)
    seen = forecast(crowd, idps, rules)
    if max_requests and seen.requests > max_requests:
        raise guard.Refused(
            f"this storm would send {seen.requests:,} requests, and {max_requests:,} is the most that may be sent: "
            "make it smaller (--tenants, --people) or allow more (--max-requests)"
        )
    directory = _directory(wanted.out)
    watch = Watch(seen, wanted.quiet)
    with _target(wanted, given, directory) as target:
        order = Order(
            crowd,
            target.base_url,
            target.keys,
            leaver=target.leaver,
            bystander=target.bystander,
            bystanders=target.bystanders,
            lanes=lanes,
            per_second=wanted.rate,
            compress=wanted.compress,
            patience_s=wanted.patience,
            timeout_s=wanted.timeout,
            max_rate=max_rate,
            max_requests=max_requests,
            connections=wanted.connections,
            sample=wanted.sample,
            ours=given is None,
            profile=wanted.profile,
            setups=from_file(Path(wanted.config)).setups if wanted.config else {},
            ca_bundle=wanted.ca_bundle,
        )
        result = _played(wanted, order, directory, watch)
    about = {"authorised_by": authorised, "preset": wanted.preset, "defects": ", ".join(wanted.defects)}
    run = concluding.conclude(order, seen, result, directory, _bare(wanted.command), about, wanted.reports)
    _announce(wanted, run, directory)
    if watch.interrupted:
        return ExitCode.INTERRUPTED
    return int(exit_code_of(run.run, fail_on=wanted.fail_on))


def _directory(out: str) -> Path:
    directory = Path(out) if out else Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-storm"
    if (directory / "events.jsonl").exists():
        raise guard.Refused(f"--out {directory} holds a run already: choose another directory")
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(f"the run directory {directory} cannot be written: {error}") from error
    return directory


@contextlib.contextmanager
def _target(wanted: Wanted, given: Tenants | None, directory: Path) -> Iterator[Tenants]:
    """The target of the operator, or the reference server, filled and started for this storm."""
    if given is not None:
        yield given
        return
    options = ["--preset", wanted.preset or _preset(wanted.profile)]
    options += [part for defect in wanted.defects for part in ("--defect", defect)]
    if wanted.serve_workers > 1:
        options += ["--workers", str(wanted.serve_workers)]
    if not wanted.quiet:
        click.echo(f"Starting the reference server with {wanted.tenants * wanted.people:,} people", err=True)
    log = directory / "server.log"
    server = Server(wanted.tenants, wanted.people, wanted.bystanders, options, log, wanted.store)
    try:
        yield server.tenants
    finally:
        server.close()


def _bare(command: str) -> str:
    """A command line as it is written down: without the password of a store."""
    return re.sub(r"://[^@\s/]*@", "://***@", command)


def _preset(profile: str) -> str:
    from reference_server.presets import names

    return profile if profile in names() else "marketbeam"


def _played(wanted: Wanted, order: Order, directory: Path, watch: Watch) -> concluding.Result:
    """Let Locust play the storm; what its master wrote, or why it wrote nothing."""
    processes = Processes(order, directory, watch.line)
    before = {number: signal.signal(number, lambda *_: watch.stop("it was stopped by a signal")) for number in _SIGNALS}
    lost = ""
    try:
        try:
            if wanted.master:
                processes.start(wanted.workers, local=False, host=wanted.master_host, port=wanted.master_port)
                click.echo(_waiting(wanted), err=True)
            else:
                processes.start(wanted.workers)
            if not wanted.quiet:
                click.echo(
                    f"Stop it with Ctrl-C, with the key q, or by making the file {processes.stop_file}", err=True
                )
            asked = 0.0
            while processes.running and not processes.reported:
                _pause(watch)
                if processes.stop_file.exists():
                    watch.stop("it was stopped by the file")
                if watch.interrupted and not asked:
                    processes.stop_file.touch()
                    asked = time.monotonic()
                if asked and time.monotonic() - asked > _GRACE_S:
                    break
                lost = processes.lost()
                if lost and not watch.interrupted:
                    break
        finally:
            processes.end()
        result = concluding.read_result(processes.result, lost, watch.interrupted, directory / "locust.log")
        # Still deaf to Ctrl-C: what the storm has made goes with it.
        result.left = putting_back.tidy(order, result.reports)
        return result
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _waiting(wanted: Wanted) -> str:
    """What is waited for, and what to type on the other machines."""
    command = f"scimulator storm --worker --master-port {wanted.master_port}"
    if not guard.is_loopback(wanted.master_host):
        command += " --trusted-network --master-host ADDRESS-OF-THIS-MACHINE"
    return f"Waiting for {wanted.workers} workers on {wanted.master_host}:{wanted.master_port}; start each:  {command}"


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE_S = 30.0
"""Seconds that workers have to finish what is under way once the switch was pulled."""


def _pause(watch: Watch) -> None:
    """Wait a moment; the key q at a terminal pulls the switch."""
    if sys.stdin.isatty() and not watch.quiet:
        with contextlib.suppress(OSError, ValueError):
            ready, _, _ = select.select([sys.stdin], [], [], 0.1)
            if ready and sys.stdin.readline().strip().lower() == "q":
                watch.stop("it was stopped by the key q")
        return
    time.sleep(0.1)


def _announce(wanted: Wanted, told: concluding.Concluded, directory: Path) -> None:
    if wanted.as_json:
        click.echo((directory / "run.json").read_text("utf-8"), nl=False)
        return
    for line in told.lines if not wanted.quiet else told.lines[-2:]:
        click.echo(line)


def work(host: str, port: int, *, trusted: bool = False) -> int:
    """Be one worker of a master elsewhere, until it says that the storm is over."""
    try:
        check_installed()
        guard.admit_master(host, trusted=trusted)
    except (NoLocust, guard.Refused) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    command = worker_command(host, port)
    return subprocess.run(command, env={**os.environ, "PYTHONUNBUFFERED": "1"}, check=False).returncode  # noqa: S603
