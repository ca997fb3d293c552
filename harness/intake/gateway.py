"""Gateway logs: one JSON object a line (or an array of them), under the names of a known gateway or of a field map."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.intake.fieldmap import FieldMap, known_maps
from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.streams import Broken, items, json_or_none, lines
from harness.intake.traffic import Traffic, described
from harness.model.sighting import Complaint, Sighting

NAME = "gateway"
_WRAPPED = ("message", "log", "textPayload", "jsonPayload", "_raw", "event", "result", "fields")
"""Where collectors put the line of the gateway inside of their own (CloudWatch, Docker, Splunk, Elastic)."""


def _recognises(_name: str, head: bytes) -> int:
    if packed(head):
        return 0
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"["):
        found = _first_of_array(text)
    else:
        first = text.split(b"\n", 1)[0]
        found = json_or_none(first) if first.startswith(b"{") else None
    if not isinstance(found, dict):
        return 0
    fitting = next((one for one in known_maps() for inner in unwrapped(found) if one.fits(inner)), None)
    if fitting is None:
        return 0
    return 40 if fitting.name == "common" else 80


def _first_of_array(text: bytes) -> Any:
    """The first object of an array that may go on behind what is seen."""
    decoder = json.JSONDecoder()
    try:
        return decoder.raw_decode(text[1:].decode("utf-8", "replace").lstrip())[0]
    except (ValueError, RecursionError):
        return None


def read_lines(path: Path, progress: Progress, own: FieldMap | None = None) -> Iterator[Sighting | Complaint]:
    """Read a log with a field map of the customer's own, or with the known ones. Raises OSError."""
    traffic = Traffic(path.name, NAME)
    unreadable = foreign = 0
    first = ""
    try:
        for place, line in _objects(path, progress):
            found = None if line is None else _map_for(line, own)
            if found is None:
                unreadable += line is None
                foreign += line is not None
                first = first or place
                continue
            fields, inner = found
            message = fields.message(inner)
            sighting = traffic.sighting(message, place) if message is not None else None
            if sighting is not None:
                yield sighting
    except Broken as broken:
        yield traffic.complain(
            broken.place, f"the array breaks off or is damaged: {broken}", "what came before was kept"
        )
    if unreadable:
        yield traffic.complain(first, f"{described(unreadable, 'line')} are no JSON objects", "they were left out")
    if foreign:
        names = ", ".join(one.title for one in known_maps())
        what = f"{described(foreign, 'line')} of no form that is known ({names})"
        yield traffic.complain(first, what, "name their fields in a map of your own: --fields FILE")
    if not traffic.found:
        what = f"none of {described(traffic.others, 'request')} in it is SCIM: expected paths like /Users or /Groups"
        yield traffic.complain("the file as a whole", what, fatal=True)


def _objects(path: Path, progress: Progress) -> Iterator[tuple[str, dict[str, Any] | None]]:
    with path.open("rb") as file:
        array = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    if array:
        for number, value in enumerate(items(path, "item", progress)):
            yield f"entry {number + 1}", value if isinstance(value, dict) else None
        return
    for number, text in lines(path, progress):
        if text is None or text.strip():
            value = json_or_none(text) if text is not None else None
            yield f"line {number}", value if isinstance(value, dict) else None


def _map_for(line: dict[str, Any], own: FieldMap | None) -> tuple[FieldMap, Mapping[str, Any]] | None:
    """The map that a line fits, and the object in it that does."""
    for inner in unwrapped(line):
        if own is not None:
            if own.message(inner) is not None:
                return own, inner
            continue
        for one in known_maps():
            if one.fits(inner):
                return one, inner
    return None


def unwrapped(line: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """A line, and what stands inside of it where a collector has wrapped it up, as an object or as JSON in a text."""
    yield line
    if depth >= 3:
        return
    for name in _WRAPPED:
        value = line.get(name)
        if isinstance(value, str) and value.lstrip().startswith("{"):
            value = json_or_none(value)
        if isinstance(value, dict):
            yield from unwrapped(value, depth + 1)


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    yield from read_lines(path, progress)


IMPORTER = Importer(NAME, "JSON lines of a gateway", _recognises, _read)
