"""Annotations for a GitHub job: one per root cause, no more than the platform shows.

The platform keeps ten annotations of a kind in a step and drops the rest without a word: nine are told, and the tenth
says how many more there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.requirement import Level
from harness.model.run import Run
from harness.model.verdict import Outcome
from reports.findings import by_cause
from reports.sarif import anchor
from reports.text import shortened, shown

PER_KIND = 10

_KINDS = {Outcome.FAILED: "error", Outcome.WARNED: "warning", Outcome.REVIEW: "warning"}


def commands(run: Run, *, most: int = PER_KIND) -> Iterator[str]:
    """Workflow commands, one a line, at most ``most`` of each kind (error, warning)."""
    by_kind: dict[str, list[str]] = {"error": [], "warning": []}
    for cause, places in by_cause(run):
        if cause.outcome not in _KINDS or cause.level is Level.VENDOR:
            continue
        verdict, finding = places[0]
        more = f" (and {len(places) - 1} more places)" if len(places) > 1 else ""
        text = f"{verdict.scenario}: expected {' or '.join(finding.expected)}, came {shown(finding.actual, 200)}{more}"
        kind = _KINDS[cause.outcome]
        by_kind[kind].append(_command(kind, anchor(run), f"{cause.requirement}: {cause.title}", text))
    for kind, lines in by_kind.items():
        yield from lines if len(lines) <= most else lines[: most - 1]
        if len(lines) > most:
            left = len(lines) - most + 1
            yield _command(kind, anchor(run), "scimulator", f"{left} more causes stand in the report")


def _command(kind: str, file: str, title: str, text: str) -> str:
    place = f"file={_property(file)},line=1,title={_property(shortened(title, 200))}"
    return f"::{kind} {place}::{_data(shortened(text, 600))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
