"""Our own run directory, whole or packed: what its exchanges hold, exactly as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from harness.codec import exchange_from_json
from harness.intake.dialects import ENTRA, OKTA, idp_of
from harness.intake.importer import Importer, Progress
from harness.intake.traffic import described
from harness.model.exchange import Exchange, Role
from harness.model.partial import lacks
from harness.model.sighting import Complaint, Confidence, Provenance, Sighting
from harness.model.step import Place
from harness.record import RecordError, Recording, lines

NAME = "scimulator-run"
_SCHEMA = b'"schema":"scimulator/events/1"'


def _recognises(name: str, head: bytes) -> int:
    if name.endswith("/"):
        return 99 if any(n.startswith(b"events") and b".jsonl" in n for n in head.splitlines()) else 0
    return 99 if _is_exchange(head) else 0


def _is_exchange(head: bytes) -> bool:
    """Whether a file is the exchanges.jsonl of a run, handed in alone."""
    return head.startswith(b'{"id":"x-') and b'"scenario":"' in head[:200] and b'"ordinal":' in head[:400]


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    folder = path if path.is_dir() else path.parent
    number = unreadable = 0
    whole = Recording(folder)
    try:
        for line in lines(folder, "exchanges", whole) if path.is_dir() else _file(path):
            number += 1
            try:
                exchange = exchange_from_json(line)
            except (KeyError, ValueError, TypeError, AttributeError):
                unreadable += 1
                continue
            sighting = _sighting(exchange, path.name)
            if sighting is not None:
                yield sighting
            progress(number)
    except RecordError as error:
        yield Complaint(Provenance(path.name, NAME, "exchanges.jsonl"), str(error), fatal=not number)
    if unreadable := unreadable + whole.unreadable:
        where = Provenance(path.name, NAME, "exchanges.jsonl")
        yield Complaint(
            where, f"{described(unreadable, 'line')} cannot be read as exchanges", "left out; the rest counts"
        )


def _file(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        for line in file:
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            yield value if isinstance(value, dict) else {}


def _sighting(exchange: Exchange, file: str) -> Sighting | None:
    """What crossed the wire to the service; hooks of the operator's product are no SCIM."""
    if exchange.place is not Place.SCIM:
        return None
    place = f"exchange {exchange.id} of {exchange.scenario}"
    idp = ""
    if exchange.role is Role.IDP:
        told = exchange.scenario.partition("/")[0]
        # What was captured stands in no scenario of an IdP: the request itself gives its sender away, or nothing does.
        idp = told if told in (OKTA, ENTRA) else idp_of(exchange)
    return Sighting(
        Provenance(file, NAME, place),
        Confidence.RECORDED,
        exchange.started_at,
        idp,
        tuple(sorted(lacks(exchange))),
        exchange,
    )


IMPORTER = Importer(NAME, "run directory of scimulator", _recognises, _read)
