"""Entra's provisioning log as JSON: Graph's pages, the portal's download, Azure Monitor's rows, an on-demand answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.intake.answers import Answer, answer_in
from harness.intake.decoding import Counted, decoded, text_of
from harness.intake.entra_records import event_of, record_in
from harness.intake.importer import Importer, Progress
from harness.intake.objects import Damage, Found, Objects, Rest
from harness.intake.told import told_exchange
from harness.model.sighting import Complaint, Confidence, LogEvent, Provenance, Sighting
from harness.model.step import Intent

FORMAT = "entra-log"
HINT = (
    "Download it again: Entra admin center > Enterprise apps > your app > Provisioning logs > Download (JSON), or "
    "GET /auditLogs/provisioning by Graph; a file that was edited by hand or cut off loses what stood there."
)
_INTENTS = {
    "create": (Intent.CREATE, Intent.GROUP_CREATE),
    "update": (Intent.UPDATE, Intent.GROUP_UPDATE),
    "disable": (Intent.DEACTIVATE, Intent.GROUP_UPDATE),
    "delete": (Intent.DELETE, Intent.GROUP_DELETE),
}
_FAILED = ("failure", "failed", "error", "warning")


def sightings(event: LogEvent, at: str, provenance: Provenance) -> Iterator[Sighting]:
    """The event, and behind it the exchange whose answer its error text embeds."""
    yield Sighting(provenance, Confidence.REPORTED, at, "entra", () if at else ("time",), event=event)
    answer = answer_in(event.text)
    if answer is not None:
        yield _reported(event, answer, at, provenance)


def _reported(event: LogEvent, answer: Answer, at: str, provenance: Provenance) -> Sighting:
    intent, why = intent_of(event)
    exchange, missing = told_exchange(
        f"{provenance.file} {provenance.place}",
        intent,
        title=f"Entra: {event.kind or 'provisioning'}{why}",
        target_id=event.target_id,
        subject=event.person or event.group,
        answer=answer,
        at=at,
        note="the request is worked out from the log, only the answer is told in it",
    )
    return Sighting(provenance, Confidence.REPORTED, at, "entra", missing, exchange=exchange)


def intent_of(event: LogEvent) -> tuple[Intent, str]:
    """What the call was that a record is about: by the first step that failed, else by the action."""
    groups = bool(event.group)
    for name, outcome, _ in event.steps:
        if outcome.lower() in _FAILED:
            kind = event.details.get(f"{name}.type", "").lower()
            if kind == "matching" or (not kind and name.startswith("EntrySynchronization")):
                return (Intent.GROUP_LOOKUP if groups else Intent.LOOKUP), f", {name}"
            if kind == "import" or (not kind and name.startswith("EntryImport")):
                return (Intent.GROUP_READ if groups else Intent.READ), f", {name}"
            break
    person, group = _INTENTS.get(event.kind.lower(), (Intent.UPDATE, Intent.GROUP_UPDATE))
    if not event.kind and not event.person and not groups:
        return Intent.CONNECT, ""
    return (group if groups else person), ""


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    with path.open("rb") as file:
        yield from read_stream(text_of(Counted(file, progress)), path.name)  # type: ignore[arg-type]


def read_stream(stream: Any, name: str) -> Iterator[Sighting | Complaint]:
    """The same from a stream of text; ``name`` is the file's."""
    seen = strangers = 0
    first_stranger = ""
    for found in Objects(stream):
        match found:
            case Damage(place, message):
                yield _complaint(name, place, message, fatal=False)
            case Rest(place, value):
                if value.get("@odata.nextLink") or value.get("nextLink"):
                    yield _next_page(name, place)
                if (record := record_in(value)) is not None:
                    seen += 1
                    yield from _told(record, Provenance(name, FORMAT, place))
            case Found(place, value, doubtful):
                record = record_in(value)
                if record is not None:
                    seen += 1
                    yield from _told(record, Provenance(name, FORMAT, place))
                elif not doubtful:
                    strangers += 1
                    first_stranger = first_stranger or place
    if strangers:
        what = f"expected records of the provisioning log; {strangers} of another kind were passed over"
        yield _complaint(name, first_stranger, what, fatal=not seen)
    elif not seen:
        yield _complaint(name, "the whole file", "there is no record of the provisioning log in it", fatal=True)


def _told(record: Any, provenance: Provenance) -> Iterator[Sighting]:
    at, event = event_of(record)
    yield from sightings(event, at, provenance)


def _next_page(name: str, place: str) -> Complaint:
    told = _complaint(name, place, "this page is not the last: Graph names a next one (@odata.nextLink)", fatal=False)
    return replace(told, hint="Fetch the next pages too and hand in all of them; what is missing may be what matters.")


def _complaint(name: str, place: str, message: str, *, fatal: bool) -> Complaint:
    return Complaint(Provenance(name, FORMAT, place), message, HINT, fatal)


def _recognises(_name: str, head: bytes) -> int:
    text = decoded(head)
    if not text.lstrip().startswith(("{", "[")):
        return 0
    plain = text.replace('\\"', '"').lower()
    signs = ("provisioningsteps", "provisioningstatusinfo", "provisioningaction", "modifiedproperties", "changeid")
    found = sum(f'"{sign}"' in plain for sign in signs)
    if '"aadprovisioninglogs"' in plain or "auditlogs/provisioning" in plain or '"provisioninglogs"' in plain:
        found += 2
    return (0, 40, 90, 95, 95, 97, 97, 98)[found]


IMPORTER = Importer(FORMAT, "Entra: provisioning log (JSON)", _recognises, _read)
