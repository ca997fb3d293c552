"""The Case as a document: what --json prints, and what the terminal and the page are made of."""

from __future__ import annotations

from typing import Any

from harness.model.case import Case
from harness.model.sighting import Complaint, Confidence, Sighting
from harness.triage.diagnosing import told
from harness.triage.look import look

SCHEMA = "scimulator/case/1"


def document(case: Case) -> dict[str, Any]:
    """JSON-plain. Texts are the files' own and hold people's names until a Veil has gone over them."""
    return {
        "schema": SCHEMA,
        "files": list(case.files),
        "idp": case.idp,
        "causes": [
            {
                "id": cause.id,
                "title": cause.title,
                "confidence": cause.likelihood.value,
                "who": cause.who.value,
                "meaning": cause.meaning,
                "steps": list(cause.steps),
                "evidence": list(cause.evidence),
            }
            for cause in case.causes
        ],
        "unknown": list(case.unknown),
        "divergence": entry(case.divergence) if case.divergence is not None else None,
        "rebuilt": [
            {
                "idp": possibility.idp,
                "variant": possibility.variant,
                "title": possibility.title,
                "requests": [_request(s) for s in possibility.sightings if s.exchange is not None],
            }
            for possibility in case.rebuilt
        ],
        "timelines": [
            {"subject": t.subject.removeprefix("id:"), "kind": t.kind, "entries": [entry(s) for s in t.sightings]}
            for t in case.timelines
        ],
        "complaints": [_complaint(complaint) for complaint in case.complaints],
        "reply": case.reply,
    }


def entry(sighting: Sighting) -> dict[str, Any]:
    """One line of a timeline."""
    at = sighting.provenance
    seen = look(sighting, 0)
    return {
        "at": sighting.at,
        "what": told(seen) if seen is not None else "",
        "went": seen.went if seen is not None else "",
        "file": at.file,
        "place": at.place,
        "confidence": sighting.confidence.value,
        "missing": list(sighting.missing) if sighting.confidence is not Confidence.RECORDED else [],
    }


def _request(sighting: Sighting) -> dict[str, Any]:
    """A request that was worked out; ``body`` is "" where it has none or where it cannot be known."""
    exchange = sighting.exchange
    assert exchange is not None
    return {
        "title": exchange.title,
        "method": exchange.method,
        "path": f"{exchange.path}?{exchange.query}" if exchange.query else exchange.path,
        "body": (exchange.request.body or b"").decode("utf-8", "replace"),
        "missing": list(sighting.missing),
    }


def _complaint(complaint: Complaint) -> dict[str, Any]:
    at = complaint.provenance
    return {
        "file": at.file,
        "place": at.place,
        "message": complaint.message,
        "hint": complaint.hint,
        "fatal": complaint.fatal,
    }
