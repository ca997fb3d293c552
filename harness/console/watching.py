"""Watching: what is written at a reference server, and what is noted down in a run directory, while it happens."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urljoin

from harness.model.step import TOKEN, Effect, Intent, Step
from harness.model.target import Target
from harness.settings import Settings
from harness.wire.session import Session

AUDIT = "/.well-known/scimulator/audit"
EVERY = 1.0
"""Seconds between two looks."""

LAST = 4096
"""So many bytes at the end of a record hold its last events."""

LONGEST = 3600.0
"""Seconds after which watching ends by itself."""


def watch(base_url: str, out: TextIO, sleep: Callable[[float], None] = time.sleep) -> int:
    """Tell each write at a reference server of ours as one JSON object a line; 1 when it does not tell of them."""
    origin = urljoin(base_url, "/").rstrip("/")
    session = Session(Target(origin, Settings().token(), timeout_s=10.0, deadline_s=20.0))
    after, began = 0, time.monotonic()
    while time.monotonic() - began < LONGEST:
        told = entries(session, after)
        if told is None:
            return 1
        for entry in told["entries"]:
            if isinstance(entry, dict):
                out.write(json.dumps({**entry, "event": "entry"}, separators=(",", ":")) + "\n")
        out.flush()
        more = told["next"] > after
        after = told["next"]
        if not more:
            sleep(EVERY)
    return 0


def entries(session: Session, after: int) -> dict[str, Any] | None:
    """What was written since; None when the server does not say."""
    sent = session.send(
        Step(
            title="Read what was written",
            method="GET",
            path=AUDIT,
            query=f"after={after}",
            headers=(("User-Agent", "scimulator"), ("Authorization", f"Bearer {TOKEN}")),
            effect=Effect.READ,
            intent=Intent.CONNECT,
        )
    )
    if sent.response is None or sent.response.status != 200:
        return None
    try:
        told = json.loads(sent.response.body or b"")
    except (ValueError, RecursionError):
        return None
    usable = isinstance(told, dict) and isinstance(told.get("entries"), list) and isinstance(told.get("next"), int)
    return told if usable else None


def follow(
    directory: Path, place: int, stopped: Callable[[], bool], sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """The exchanges that are noted down in a run directory, from a byte on, each with where its line ends.

    None is a sign of life. It ends when the run has ended, or when ``stopped`` says so.
    """
    path = directory / "exchanges.jsonl"
    while not stopped():
        over = ended(directory)
        seen = False
        for line, end in _lines(path, place):
            place, seen = end, True
            yield place, line
        if over:
            return
        if not seen:
            yield place, None
            sleep(EVERY)


def ended(directory: Path) -> bool:
    """Whether nothing more will be written into a run directory: it has its result, or says that it is finished."""
    if (directory / "run.json").is_file():
        return True
    try:
        with (directory / "events.jsonl").open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - LAST))
            return b'"run_finished"' in file.read()
    except OSError:
        return False


def _lines(path: Path, place: int) -> Iterator[tuple[dict[str, Any], int]]:
    if not path.is_file():
        return
    with path.open("rb") as file:
        file.seek(place)
        while data := file.readline():
            if not data.endswith(b"\n"):
                return
            place += len(data)
            try:
                line = json.loads(data)
            except (ValueError, RecursionError):
                continue
            if isinstance(line, dict):
                yield line, place
