"""What a capture tells while it goes on: one row for each exchange, also to whoever looks on from another process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harness.codec import exchange_from_json
from harness.model.exchange import Exchange

EVERY_S = 0.25
"""How often the files are looked at, in seconds."""


def row(exchange: Exchange) -> dict[str, Any]:
    """An exchange in a few plain values: nothing in it is longer than a line."""
    notes = list(exchange.notes)
    return {
        "id": exchange.id,
        "at": exchange.started_at,
        "scenario": exchange.scenario,
        "title": exchange.title,
        "person": exchange.subject,
        "intent": exchange.intent.value,
        "method": exchange.method,
        "path": f"{exchange.path}?{exchange.query}" if exchange.query else exchange.path,
        "status": exchange.status,
        "trouble": exchange.trouble.message if exchange.trouble else "",
        "elapsed_ms": round(exchange.elapsed_ms, 1),
        "notes": notes,
    }


def follow(directory: Path, stopped: Callable[[], bool] = lambda: False) -> Iterator[dict[str, Any]]:
    """The events of a capture from its first on, as they come: {"event": "exchange", ...} and those of events.jsonl.

    Between them an empty dict comes now and then, so that who reads notices a listener that has gone. It ends when the
    capture does, or when ``stopped`` says so.
    """
    places = {directory / "events.jsonl": 0, directory / "exchanges.jsonl": 0}
    while not stopped():
        seen = False
        finished = False
        for path, place in places.items():
            for line, end in _lines(path, place):
                places[path] = end
                seen = True
                if path.name.startswith("exchanges"):
                    yield {"event": "exchange", **row(exchange_from_json(line))}
                else:
                    finished |= line.get("event") == "run_finished"
                    yield line
        if finished and not any(True for path, place in places.items() for _ in _lines(path, place)):
            return
        if not seen:
            yield {}
            time.sleep(EVERY_S)


def _lines(path: Path, place: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Whole lines from a place on, each with where it ends; what cannot be read is passed over."""
    try:
        with path.open("rb") as file:
            file.seek(place)
            for data in file:
                place += len(data)
                if not data.endswith(b"\n"):
                    return
                try:
                    line = json.loads(data)
                except ValueError:
                    continue
                if isinstance(line, dict):
                    yield line, place
    except FileNotFoundError:
        return
