"""Okta's System Log as JSON: the API's array, JSON lines, an event hook, or wrapped by a SIEM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.intake.decoding import Counted, decoded, text_of
from harness.intake.importer import Importer, Progress
from harness.intake.objects import Damage, Found, Objects, Rest
from harness.intake.okta_events import event_of, events_in, sightings
from harness.model.sighting import Complaint, Provenance, Sighting

FORMAT = "okta-log"
HINT = (
    "Export it again: Okta Admin Console > Reports > System Log, with a search for the app and the day, or "
    "GET /api/v1/logs; the log is kept for 90 days."
)
_SIGNS = ('"eventType"', '"displayMessage"', '"legacyEventType"', '"debugContext"', '"published"', '"alternateId"')
_ABOUT = ("application.provision", "app.user_management", "application.user_membership", "com.okta.event_hook")


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    with path.open("rb") as file:
        yield from read_stream(text_of(Counted(file, progress)), path.name)  # type: ignore[arg-type]


def read_stream(stream: Any, name: str) -> Iterator[Sighting | Complaint]:
    """The same from a stream of text; ``name`` is the file's."""
    seen = strangers = 0
    first_stranger = ""
    for found in Objects(stream):
        if isinstance(found, Damage):
            yield _complaint(name, found.place, found.message, fatal=False)
            continue
        events = list(events_in(found.value))
        for number, event in enumerate(events):
            place = found.place if len(events) == 1 else f"{found.place}, event {number + 1}"
            seen += 1
            at, told = event_of(event)
            yield from sightings(told, at, Provenance(name, FORMAT, place))
        if not events and not isinstance(found, Rest) and isinstance(found, Found) and not found.doubtful:
            strangers += 1
            first_stranger = first_stranger or found.place
    if strangers:
        what = f"expected events of the System Log; {strangers} records of another kind were passed over"
        yield _complaint(name, first_stranger, what, fatal=not seen)
    elif not seen:
        yield _complaint(name, "the whole file", "there is no event of the System Log in it", fatal=True)


def _complaint(name: str, place: str, message: str, *, fatal: bool) -> Complaint:
    return Complaint(Provenance(name, FORMAT, place), message, HINT, fatal)


def _recognises(_name: str, head: bytes) -> int:
    text = decoded(head)
    if not text.lstrip().startswith(("{", "[")):
        return 0
    flat = text.replace('\\"', '"')
    if '"eventType"' not in flat:
        return 0
    found = sum(sign in flat for sign in _SIGNS)
    return min(98, 20 + 12 * found + (10 if any(sign in flat for sign in _ABOUT) else 0))


IMPORTER = Importer(FORMAT, "Okta: System Log (JSON)", _recognises, _read)
