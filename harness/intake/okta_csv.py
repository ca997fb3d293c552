"""Okta's System Log as CSV: nested members are flattened into headings or kept as JSON in a quoted cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harness.intake.decoding import Counted, decoded, text_of
from harness.intake.importer import Importer, Progress
from harness.intake.okta_events import event_of, sightings
from harness.intake.okta_log import HINT
from harness.intake.tables import Row, Table, Torn, plain, separator_of
from harness.intake.texts import nested
from harness.model.sighting import Complaint, Provenance, Sighting

FORMAT = "okta-csv"

_PATHS = {
    "eventtype": ("eventType",),
    "displaymessage": ("displayMessage",),
    "published": ("published",),
    "timestamp": ("published",),
    "severity": ("severity",),
    "uuid": ("uuid",),
    "legacyeventtype": ("legacyEventType",),
    "outcome": ("outcome",),
    "outcomeresult": ("outcome", "result"),
    "outcomereason": ("outcome", "reason"),
    "actor": ("actor",),
    "actorid": ("actor", "id"),
    "actortype": ("actor", "type"),
    "actoralternateid": ("actor", "alternateId"),
    "actordisplayname": ("actor", "displayName"),
    "transaction": ("transaction",),
    "transactionid": ("transaction", "id"),
    "debugcontext": ("debugContext",),
    "debugcontextdebugdata": ("debugContext", "debugData"),
    "debugdata": ("debugContext", "debugData"),
    "target": ("target",),
    "targets": ("target",),
}
_DEBUG = re.compile(r"(?:debug[\s_.]*context[\s_.]*)?debug[\s_.]*data[\s_.]+(?P<name>\w[\w.]*)", re.IGNORECASE)
_TARGET = re.compile(
    r"targets?[\s_.\[]*(?P<number>\d*)[\s_.\]]*(?P<name>id|type|alternate[\s_.]*id|display[\s_.]*name)", re.IGNORECASE
)
_MEMBERS = {"id": "id", "type": "type", "alternateid": "alternateId", "displayname": "displayName"}
Put = Callable[[dict[str, Any], str], None]


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    with path.open("rb") as file:
        yield from read_stream(text_of(Counted(file, progress)), path.name)  # type: ignore[arg-type]


def read_stream(stream: Any, name: str) -> Iterator[Sighting | Complaint]:
    """The same from a stream of text; ``name`` is the file's."""

    def complaint(place: str, message: str, *, fatal: bool = False) -> Complaint:
        return Complaint(Provenance(name, FORMAT, place), message, HINT, fatal)

    table = Table(stream)
    puts = [_put(heading) for heading in table.headings]
    seen = 0
    for row in table:
        if isinstance(row, Torn):
            yield complaint(f"row {row.number}", f"this is not valid CSV: {row.message}")
            continue
        event = _event(row, puts)
        if not event.get("eventType"):
            yield complaint(f"row {row.number}", f"expected an event type; {row.oddity(len(puts))}")
            continue
        seen += 1
        at, told = event_of(event)
        yield from sightings(told, at, Provenance(name, FORMAT, f"row {row.number}"))
    if not seen:
        what = "expected the headings of a System Log export, among them eventType"
        yield complaint("row 1", what if "eventType" not in str(puts) else "there is no event in it", fatal=True)


def _event(row: Row, puts: list[Put | None]) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for put, cell in zip(puts, row.cells, strict=False):
        if put is not None and cell:
            put(event, cell)
    targets = event.get("target")
    if isinstance(targets, dict) and "type" not in targets:
        event["target"] = [targets[key] for key in sorted(targets)]
    return event


def _put(heading: str) -> Put | None:
    """How the cell under a heading goes into the event; None for one that says nothing here."""
    path = _PATHS.get(plain(heading))
    if path is not None:
        return lambda event, cell: _into(event, path, cell)
    target = _TARGET.fullmatch(heading.strip())
    if target:
        number, member = target["number"] or "0", _MEMBERS[plain(target["name"])]
        return lambda event, cell: _into(event, ("target", number, member), cell)
    debug = _DEBUG.fullmatch(heading.strip())
    if debug:
        return lambda event, cell: _into(event, ("debugContext", "debugData", debug["name"]), cell)
    return None


def _into(event: dict[str, Any], path: tuple[str, ...], cell: str) -> None:
    place = event
    for name in path[:-1]:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        place = inner
    place.setdefault(path[-1], nested(cell))


def _recognises(_name: str, head: bytes) -> int:
    lines = decoded(head).splitlines()
    first = next((line for line in lines if line.strip() and not line.lower().startswith("sep=")), "")
    if first.lstrip().startswith(("{", "[", "<")):
        return 0
    headings = {plain(part) for part in first.split(separator_of(first))}
    if "eventtype" not in headings:
        return 0
    found = len(headings & _PATHS.keys())
    return min(97, 50 + 10 * found) if found > 1 else 30


IMPORTER = Importer(FORMAT, "Okta: System Log (CSV)", _recognises, _read)
