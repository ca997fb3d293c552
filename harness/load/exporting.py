"""Exporting: every single request of a storm as JSON lines, by several processes, for whatever other tool plays them.

Ids that only the service knows stand as ``{leaver-12}``: the id of that leaver, as the lookup before it showed it. The
id of the group stands as ``{group}``.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.load.crowd import Crowd
from harness.load.forecast import Rules, whole
from harness.load.paper import GROUP_ID
from harness.plan import set_up, vendors
from harness.record import RecordError

_ON_PAPER = re.compile(r"00000000-0000-4000-8000-0*(\d+)")


def export(crowd: Crowd, setups: Mapping[str, Any], rules: Rules, directory: Path, processes: int = 1) -> int:
    """Write ``steps-0.jsonl`` and so on, one file for each process, a tenant in one of them. Returns how many requests.

    Within a tenant requests stand in their order; ``due_s`` is when each is meant to be sent. Raises RecordError.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(f"{directory} cannot be made: {error}") from error
    parts = [(crowd, dict(setups), rules, directory, number, processes) for number in range(processes)]
    if processes == 1:
        return _part(*parts[0])
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return sum(pool.starmap(_part, parts))


def _part(crowd: Crowd, setups: Mapping[str, Any], rules: Rules, directory: Path, worker: int, workers: int) -> int:
    path, written = directory / f"steps-{worker}.jsonl", 0
    try:
        with path.open("w", encoding="utf-8") as file:
            for job, due, step in whole(crowd, set_up(vendors(), setups), rules, worker, workers):
                line = {
                    "tenant": job.number,
                    "idp": job.idp,
                    "variant": job.variant,
                    "due_s": round(due, 4),
                    "title": step.title,
                    "subject": step.subject,
                    "method": step.method,
                    "path": _open(step.path),
                    "query": step.query,
                    "headers": [list(pair) for pair in step.headers],
                    "body": None if step.body is None else _open(step.body.decode()),
                }
                file.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
                written += 1
    except OSError as error:
        raise RecordError(f"{path} cannot be written: {error}") from error
    return written


def _open(text: str) -> str:
    """A text with the ids of paper people made recognisable as such."""
    return _ON_PAPER.sub(r"{leaver-\1}", text).replace(GROUP_ID, "{group}")
