"""The log of a server that is run for real: one JSON object a line, without secrets and without anybody's data."""

from __future__ import annotations

import datetime
import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from reference_server import tracing

LEVELS = ("requests", "problems", "none")

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"?')
_COMPARED = re.compile(r"([A-Za-z][\w.:$-]{0,100})\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)\b", re.IGNORECASE)


class Journal:
    """Writes lines with ``write``. ``level``: every request, problems only (5xx, 429), or nothing."""

    def __init__(self, level: str = "problems", write: Callable[[str], object] | None = None) -> None:
        if level not in LEVELS:
            raise ValueError(f"the log is one of {', '.join(LEVELS)}, not {level!r}")
        self.level = level
        self._write = write or _to_stderr

    def request(self, trace: tracing.Trace, method: str, place: str, query: str, status: int, seconds: float) -> None:
        """Write a request down: of its address the kind, of its filter the names of attributes, of values nothing."""
        problem = status >= 500 or status == 429
        if self.level == "none" or (self.level == "problems" and not problem):
            return
        line = {
            "request_id": trace.request_id,
            "method": method,
            "place": place,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "tenant": trace.tenant,
            "key": trace.key_id,
        }
        compared = compared_attributes(query)
        if compared:
            line["filter"] = compared
        self.event("request", "error" if status >= 500 else "warning" if problem else "info", line)

    def event(self, name: str, level: str, details: Mapping[str, Any]) -> None:
        """Write one line. ``details`` must hold nothing that is secret or about a person."""
        if self.level == "none":
            return
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._write(json.dumps({"at": at, "level": level, "event": name, **details}) + "\n")

    def listen(self) -> None:
        """Take what the server's own logger says into the journal; of the libraries' loggers, what went wrong."""
        logger = logging.getLogger("reference_server")
        logger.handlers[:] = [_Handler(self)]
        logger.propagate = False
        for library in ("waitress", "sqlalchemy", "alembic"):
            logging.getLogger(library).handlers[:] = [_Handler(self)]
            logging.getLogger(library).propagate = False
        # It tells how many requests wait for a thread, once for each of them.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class _Handler(logging.Handler):
    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        details: dict[str, Any] = {"by": record.name, "request_id": tracing.request_id(), "text": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            # The sentence of an exception may quote somebody's data; where it came from does not.
            details["exception"] = record.exc_info[0].__name__
            details["where"] = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(record.exc_info[2])][-8:]
        self._journal.event("problem", record.levelname.lower(), details)


def compared_attributes(query: str) -> list[str]:
    """The names of the attributes that the filter of a query compares."""
    if "filter" not in query:
        return []
    expression = " ".join(parse_qs(query, errors="replace").get("filter", []))[:8192]
    return sorted(set(_COMPARED.findall(_TEXT.sub('""', expression))))[:20]


def _to_stderr(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()
