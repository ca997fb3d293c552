"""Looking at a target, for the page: each line as soon as it is known, as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from harness.model.diagnosis import Diagnosis, Line, Proof, Readiness, State
from harness.model.target import Target
from harness.preflight import look as preflight
from harness.preflight import recognise
from harness.settings import Settings, merge
from harness.wire.redact import Redactor
from harness.wire.session import Session


def look(arguments: Sequence[str], out: TextIO) -> int:
    """Look at the target that the arguments name as a JSON object of settings, and tell it. The exit code is 0."""

    def tell(line: Line) -> None:
        _say(out, {"event": "line", "line": asdict(line)})

    given = {name: tuple(v) if isinstance(v, list) else v for name, v in json.loads(arguments[0]).items()}
    settings = merge(Settings(), given).checked()
    diagnosis = _examine(settings)
    for line in diagnosis.lines:
        tell(line)
    _say(
        out,
        {
            "event": "looked",
            "readiness": diagnosis.readiness.value,
            "sentence": diagnosis.sentence,
            "reference_server": diagnosis.readiness is not Readiness.NOT_READY and _is_ours(settings),
        },
    )
    return 0


def _examine(settings: Settings) -> Diagnosis:
    target = Target(settings.target.rstrip("/"), settings.token(), timeout_s=10.0, deadline_s=20.0)
    session = Session(target, Redactor())
    seen = preflight(session)
    session.close()
    if seen.problem:
        line = Line(
            "answers",
            State.WRONG,
            "The service answers, and takes the key",
            "Until this works nothing reaches the service: whoever leaves keeps their access.",
            seen.hint,
            "customer",
            evidence=(Proof(seen.problem),),
        )
        return Diagnosis(Readiness.NOT_READY, "The connection does not work yet.", (line,))
    line = Line("answers", State.OK, "The service answers, and takes the key")
    return Diagnosis(Readiness.READY, "The connection works.", (line,))


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
