"""Reports of workers: what one of them has played and found, in the form in which it travels."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from harness.load.census import Census, Taker, census_to_json
from harness.load.records import Record
from harness.load.tally import tally_to_json
from harness.load.work import Work

Each = Callable[[Iterable[int], Callable[[int], None]], None]
"""Makes a call for each number; several may be under way at once."""

TOLD = (
    "late_s",
    "began",
    "finished",
    "ended",
    "unlinked",
    "failed",
    "given_up",
    "waiting",
    "slowed",
    "retries",
    "throttled",
    "without_wait",
    "waits",
    "early",
)
"""What of a Record is told as it stands."""


def before(takers: dict[int, Taker], each: Each) -> dict[int, Census]:
    """The census before the storm, by tenant."""
    censuses: dict[int, Census] = {}
    each(takers, lambda number: censuses.update({number: takers[number].before(number)}))
    return censuses


def after(work: Work, takers: dict[int, Taker], censuses: dict[int, Census], each: Each) -> None:
    """The census after the storm, added to the one before. Every tenant tries to read somebody of the next one."""
    numbers = sorted(takers)

    def take(place: int) -> None:
        number, neighbour = numbers[place], numbers[(place + 1) % len(numbers)]
        other = work.records[neighbour] if neighbour != number else None
        censuses[number].plus(takers[number].after(work.records[number], other))

    each(range(len(numbers)), take)


def report(
    work: Work,
    takers: dict[int, Taker],
    censuses: dict[int, Census],
    cpu_s: float = 0.0,
    service: tuple[int, float] = (0, 0.0),
) -> dict[str, Any]:
    """Everything that a worker has to say. ``cpu_s`` is the processor time that its part took, the census not;
    ``service`` how many answers it gave and how many seconds they took, without the wait for a connection of ours."""
    by_speaker: dict[str, Census] = {}
    for number, census in censuses.items():
        by_speaker.setdefault(":".join(work.records[number].job.speaker), Census()).plus(census)
        work.tally.own += census.asked
    return {
        "index": work.order.worker,
        "stopped": work.stopped,
        "tally": tally_to_json(work.tally),
        "census": {speaker: census_to_json(census) for speaker, census in by_speaker.items()},
        "jobs": [_job(record) for record in work.records.values()],
        "groups": [number for number, taker in takers.items() if taker.left],
        "kept": work.sampler.kept,
        "looked_at": work.sampler.looked_at,
        "invalid": dict(work.sampler.invalid.most_common(20)),
        "memory_mb": memory_mb(),
        "cpu_s": cpu_s,
        "service": list(service),
    }


def memory_mb() -> float:
    """The most memory that this process has had."""
    # Linux counts for a process what its parent had when it was started; what it has had itself stands here.
    status = Path("/proc/self/status")
    if status.exists() and (peak := re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii", "replace"))):
        return int(peak[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _job(record: Record) -> dict[str, Any]:
    job = record.job
    about = {"number": job.number, "idp": job.idp, "variant": job.variant, "begins": job.begins, "people": job.people}
    told = {name: getattr(record, name) for name in TOLD}
    return about | told | {"met": len(record.met), "repeated": record.repeat is not None}
