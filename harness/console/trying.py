"""Trying it with one person, for the page: what would be sent, the try itself, and putting somebody back."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from harness.doctor import CannotWrite, Intention, LedgerError, carry_out, concluded, intend, undo
from harness.model.diagnosis import Diagnosis, Line
from harness.model.exchange import Exchange
from harness.model.step import Effect
from harness.settings import Settings, SettingsError, merge
from harness.showing import plan_of

Tell = Callable[[dict[str, object]], None]


def attempt(arguments: Sequence[str], out: TextIO) -> int:
    """Do what the arguments say and tell it as one JSON object a line; the exit code is 0, and 130 when interrupted.

    They are a JSON object: ``do`` (plan, try, undo), ``settings``, ``folder`` of the ledgers, and ``agreed``, the
    fingerprint of the plan that somebody agreed to.
    """
    given = json.loads(arguments[0])
    listed = {name: tuple(v) if isinstance(v, list) else v for name, v in given["settings"].items()}
    settings, folder = merge(Settings(), listed), Path(given["folder"])
    # A console that was started in the background may have handed down that interruptions are ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def tell(event: dict[str, object]) -> None:
        # Whoever listened may be gone; a person who is switched off is put back all the same.
        with suppress(OSError):
            out.write(json.dumps(event, separators=(",", ":")) + "\n")
            out.flush()

    try:
        if given["do"] == "undo":
            _undo(settings, folder, tell)
        elif given["do"] == "try":
            _try(settings, folder, str(given["agreed"]), tell)
        else:
            tell(planned(intend(settings), folder))
    except (SettingsError, CannotWrite, LedgerError) as error:
        tell({"event": "refused", "why": str(error)})
    except KeyboardInterrupt:
        return 130
    return 0


def planned(intention: Intention, folder: Path) -> dict[str, object]:
    """What would be sent to whom, and the fingerprint under which it can be agreed to."""
    return {
        "event": "planned",
        "agreed": fingerprint(intention, folder),
        "base_url": intention.target.base_url,
        "account": intention.account,
        "id": str(intention.resource["id"]),
        "sender": intention.speaker.vendor.variant(intention.speaker.variant).title,
        "steps": [
            {
                "title": step.title,
                "method": step.method,
                "path": f"{step.path}?{step.query}" if step.query else step.path,
                "body": (step.body or b"").decode("utf-8", "replace"),
                "writes": step.effect is not Effect.READ,
            }
            for step in intention.steps
        ],
        "questions": list(intention.questions),
    }


def fingerprint(intention: Intention, folder: Path) -> str:
    """Of everything that the plan shows."""
    return hashlib.sha256(plan_of(intention, folder).encode()).hexdigest()


def _try(settings: Settings, folder: Path, agreed: str, tell: Tell) -> None:
    intention = intend(settings)
    if fingerprint(intention, folder) != agreed:
        raise CannotWrite("something else would be sent now than what you agreed to: the service has changed meanwhile")
    lines: list[Line] = []

    def line(one: Line) -> None:
        lines.append(one)
        tell({"event": "line", "line": asdict(one)})

    idps = (intention.speaker.name,)
    try:
        carry_out(intention, folder, line, lambda exchange: tell(_told(exchange)))
    finally:
        # Also after an interruption: by then the person was put back, or it is said that they were not.
        if lines:
            tell(_ended(concluded(lines, (), idps, intention.account, written=True)))


def _undo(settings: Settings, folder: Path, tell: Tell) -> None:
    done, _others = undo(settings, folder, on_line=lambda one: tell({"event": "line", "line": asdict(one)}))
    tell(_ended(concluded(done.lines, done.exchanges, (), "")))


def _told(x: Exchange) -> dict[str, object]:
    return {
        "event": "exchange",
        "role": x.role.value,
        "title": x.title,
        "method": x.method,
        "template": f"{x.path}?{x.query}" if x.query else x.path,
        "status": x.status,
    }


def _ended(diagnosis: Diagnosis) -> dict[str, object]:
    # Without the sentence of the doctor, which speaks of the whole look: the page has one for the try alone.
    return {
        "event": "tried",
        "readiness": diagnosis.readiness.value,
        "lines": [asdict(line) for line in diagnosis.lines],
    }
