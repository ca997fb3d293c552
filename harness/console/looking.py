"""Looking at a target, for the page: each line as soon as it is known, as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from harness.doctor import examine
from harness.model.diagnosis import Diagnosis, Line, Readiness, State
from harness.model.target import Target
from harness.preflight import recognise
from harness.settings import Settings, SettingsError, merge
from harness.wire.session import Session


def look(arguments: Sequence[str], out: TextIO) -> int:
    """Look at the target that the arguments name as a JSON object of settings, and tell it. The exit code is 0."""

    def tell(line: Line) -> None:
        _say(out, {"event": "line", "line": asdict(line)})

    given = {name: tuple(v) if isinstance(v, list) else v for name, v in json.loads(arguments[0]).items()}
    settings = merge(Settings(), given)
    try:
        diagnosis = examine(settings, tell)
    except SettingsError as error:
        line = Line("settings", State.WRONG, "What was typed", str(error), "Go back and change it.", "customer")
        diagnosis = Diagnosis(Readiness.NOT_READY, f"What was typed cannot be used: {error}.", (line,))
    _say(
        out,
        {
            "event": "looked",
            "readiness": diagnosis.readiness.value,
            "sentence": diagnosis.sentence,
            "lines": [asdict(line) for line in diagnosis.lines],
            "reference_server": diagnosis.readiness is not Readiness.NOT_READY and _is_ours(settings),
        },
    )
    return 0


def _is_ours(settings: Settings) -> bool:
    """Whether it is our own reference server, which makes test people by itself."""
    session = Session(Target(settings.target.rstrip("/"), settings.token(), timeout_s=10.0, deadline_s=20.0))
    try:
        return recognise(session).reference_server
    finally:
        session.close()


def _say(out: TextIO, event: dict[str, object]) -> None:
    out.write(json.dumps(event, separators=(",", ":")) + "\n")
    out.flush()
