"""The sequence of a scenario as Mermaid text, for a ticket or a wiki that draws it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.html.rows import FOLDED, Row
from reports.html.svg import what
from reports.text import shortened

_SYNTAX = re.compile(r"[;#%<>{}\[\]|\"`]")
"""Characters that Mermaid gives a meaning to; in a label they stand as numeric entities."""


def mermaid(rows: Sequence[Row], *, client: str) -> str:
    """A sequenceDiagram with the lifelines of the picture; every label is made harmless."""
    lines = [
        "sequenceDiagram",
        f"  participant C as {_label(client)}",
        "  participant S as Service",
        "  participant H as Harness",
    ]
    for row in rows:
        if row.heading:
            lines.append(f"  Note over C,H: {_label(row.heading)}")
        if row.pause:
            lines.append(f"  Note over C,S: {row.pause:,.1f} s later")
        sender = "H" if row.first.role in FOLDED else "C"
        lines.append(f"  {sender}->>S: {_label(f'{row.number} {what(row)}')}")
        lines.append(f"  S-->>{sender}: {_label(row.statuses)}")
    return "\n".join(lines)


def _label(text: str) -> str:
    return _SYNTAX.sub(lambda match: f"#{ord(match[0])};", shortened(text, 100))
