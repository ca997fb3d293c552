"""How long a capture is kept: real people stand in it, so it says when it goes, and the next one takes it away."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.record import write_json

FILE = "capture.json"
SCHEMA = "scimulator/capture/1"
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def period(text: str) -> timedelta:
    """ "7d", "12h", "30m", "2w". Raises ValueError."""
    match = re.fullmatch(r"(\d{1,6})\s*([mhdw])", text.strip().lower())
    if match is None:
        raise ValueError(f"--keep {text!r}: expected a number and m, h, d or w, as in 7d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def mark(directory: Path, keep: timedelta, began: datetime | None = None) -> datetime:
    """Write down until when a capture is kept. Raises RecordError."""
    until = (began or datetime.now(UTC)) + keep
    write_json(directory / FILE, {"schema": SCHEMA, "keep_until": until.isoformat(timespec="seconds")})
    return until


def purge(root: Path, now: datetime | None = None) -> list[Path]:
    """Delete the captures below a folder whose time is over, and return them. A folder that is no capture is left."""
    gone = []
    for marker in sorted(root.glob(f"*/{FILE}")):
        directory = marker.parent
        until = _until(marker)
        if until is not None and until <= (now or datetime.now(UTC)) and not directory.is_symlink():
            shutil.rmtree(directory, ignore_errors=True)
            gone.append(directory)
    return gone


def _until(marker: Path) -> datetime | None:
    try:
        told = json.loads(marker.read_text("utf-8"))
        return datetime.fromisoformat(told["keep_until"]) if told.get("schema") == SCHEMA else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
