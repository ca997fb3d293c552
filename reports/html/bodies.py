"""A message body as the page shows it: laid out when it is JSON, cut when it is long, the offending value marked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from harness.model.exchange import NO_JSON, parse_json
from reports.html.jsonlines import Line, concerns, laid_out
from reports.text import visible

LIMIT = 64 * 1024
"""How many bytes of one body are shown."""

TIGHT_LIMIT = 2 * 1024
"""How many bytes of one body are shown once BUDGET is used up."""

BUDGET = 16 * 1024 * 1024
"""How many bytes of bodies one page shows in full: beyond it a page could not be mailed any more."""


@dataclass(frozen=True)
class Body:
    """What stands in the box of a body. ``pieces`` are (marked, text); ``notes`` say what was cut or is missing."""

    pieces: tuple[tuple[bool, str], ...] = ()
    kind: str = "empty"
    notes: tuple[str, ...] = ()


class Bodies:
    """Makes the bodies of one page and keeps its budget."""

    def __init__(self) -> None:
        self._left = BUDGET

    def show(self, body: bytes | None, at: Iterable[str] = (), *, important: bool = False) -> Body:
        """``at`` are JSON Pointers of values to mark. An ``important`` body is shown whatever the budget says."""
        if body is None:
            return Body(kind="none")
        if not body:
            return Body()
        limit = LIMIT if important or self._left >= min(len(body), LIMIT) else TIGHT_LIMIT
        shown = min(len(body), limit)
        self._left -= shown
        pointers = [pointer for pointer in at if pointer.startswith("/")]
        if len(body) > limit:
            digest = hashlib.sha256(body).hexdigest()
            note = f"Cut: the first {shown:,} of {len(body):,} bytes are shown; sha256 of all of it: {digest}"
            notes = (note, *(f"{p} is not marked in a body that was cut." for p in pointers))
            return Body(((False, _text(body[:limit])),), "cut", notes)
        if parse_json(body) is NO_JSON:
            return Body(((False, _text(body)),), "not JSON", tuple(f"{p}: the body is not JSON." for p in pointers))
        lines = laid_out(body.decode("utf-8"), pointers=bool(pointers))
        return Body(_pieces(lines, pointers), "JSON", tuple(_absent(lines, pointers)))


def _text(data: bytes) -> str:
    return visible(data.decode("utf-8", "backslashreplace"))


def _pieces(lines: list[Line], pointers: list[str]) -> tuple[tuple[bool, str], ...]:
    if not pointers:
        return ((False, visible("\n".join(line.text for line in lines))),)
    marked = groupby(lines, key=lambda line: any(concerns(line, pointer) for pointer in pointers))
    return tuple((mark, visible("\n".join(line.text for line in run))) for mark, run in marked)


def _absent(lines: list[Line], pointers: list[str]) -> Iterable[str]:
    for pointer in pointers:
        if not any(concerns(line, pointer) for line in lines):
            yield f"{pointer} is not there."
