"""Runscope suites (BlazeMeter API monitoring): the steps of a test as requests; Okta publishes its own tests so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.traffic import Message, Traffic
from harness.model.sighting import Complaint, Sighting

NAME = "runscope"
LARGEST = 64 * 1024 * 1024


def _recognises(_name: str, head: bytes) -> int:
    if packed(head) or b'"steps"' not in head:
        return 0
    return 90 if b'"step_type"' in head or b'"trigger_url"' in head else 0


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    size = path.stat().st_size
    if size > LARGEST:
        yield traffic.complain("the file as a whole", f"expected a suite of at most {LARGEST >> 20} MB", fatal=True)
        return
    try:
        suite = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file as a whole"
        yield traffic.complain(place, "it is no readable JSON", "export the suite again", fatal=True)
        return
    progress(size)
    for place, step in _steps(suite, ""):
        message = _message(step)
        sighting = traffic.sighting(message, place) if message is not None else None
        if sighting is not None:
            yield sighting
    if not traffic.found:
        yield traffic.complain("the file as a whole", "no step of it asks a SCIM service", fatal=True)


def _steps(value: Any, place: str, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """The request steps of a test, of several, and of steps within steps."""
    if depth > 20:
        return
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _steps(one, f"{place}[{number}]", depth + 1)
    elif isinstance(value, dict):
        if isinstance(value.get("url"), str) and value.get("step_type", "request") == "request":
            yield place or "the file", value
        for name in ("steps", "tests", "data"):
            yield from _steps(value.get(name), f"{place}.{name}" if place else name, depth + 1)


def _message(step: dict[str, Any]) -> Message | None:
    url, method, body = step["url"], step.get("method", "GET"), step.get("body")
    if not isinstance(method, str):
        return None
    return Message(
        method=method,
        url=url if "://" in url else f"https://{url}",
        sent_headers=_headers(step.get("headers")),
        sent=body.encode("utf-8", "replace") if isinstance(body, str) and body else None,
    )


def _headers(listed: Any) -> tuple[tuple[str, str], ...]:
    """Runscope gives the values of each header as a list."""
    if not isinstance(listed, dict):
        return ()
    pairs = ((name, value if isinstance(value, list) else [value]) for name, value in listed.items())
    return tuple((str(name), str(one)) for name, values in pairs for one in values)


IMPORTER = Importer(NAME, "Runscope suite", _recognises, _read)
