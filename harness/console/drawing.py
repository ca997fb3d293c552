"""Draws the requests of a run as they happen: each row is a picture of its own with its piece of the lifelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from harness.model.exchange import Role
from reports.html.svg import CLIENT, HARNESS, LABEL, ROW, SERVICE, WIDTH
from reports.text import shortened

_OURS = (Role.WITNESS.value, Role.SETUP.value, Role.PREFLIGHT.value)


def heading(client: str) -> Markup:
    """The names above the three lifelines."""
    names = ((CLIENT - 32, "start", client), (SERVICE, "middle", "Your service"), (HARNESS + 32, "end", "scimulator"))
    texts = Markup("").join(
        Markup('<text class="head" x="{}" y="17" text-anchor="{}">{}</text>').format(x, side, shortened(text, 44))
        for x, side, text in names
    )
    return Markup('<svg class="sequence" viewBox="0 0 {} 24" aria-hidden="true">{}</svg>').format(WIDTH, texts)


def row(event: Mapping[str, Any]) -> Markup:
    """One request of the event stream. The words beside the picture say the same, for those who do not see it."""
    ours = event.get("role") in _OURS
    start, side, sign = (HARNESS, "end", -1) if ours else (CLIENT, "start", 1)
    tip, middle = SERVICE - 6 * sign, 22
    status = int(event.get("status") or 0)
    tone = "lost" if not status else "quiet" if ours else "plain"
    label = shortened(f"{event.get('method', '')} {event.get('template', '')}", LABEL - 3)
    lines = Markup("").join(
        Markup('<line class="life" x1="{0}" y1="0" x2="{0}" y2="{1}"/>').format(x, ROW)
        for x in (CLIENT, SERVICE, HARNESS)
    )
    return Markup(
        '<svg class="sequence" viewBox="0 0 {width} {height}" aria-hidden="true">{lines}<g class="{tone}">'
        '<line class="arrow" x1="{start}" y1="{middle}" x2="{tip}" y2="{middle}"/>'
        '<path class="tip" d="M{tip} {middle}l{back} -5v10z"/>'
        '<text class="label" x="{at}" y="15" text-anchor="{side}">{label}</text>'
        '<text class="under" x="{at}" y="37" text-anchor="{side}">{title}</text>'
        '<text class="status" x="{beyond}" y="26" text-anchor="{other}">{outcome}</text></g></svg>'
    ).format(
        width=WIDTH,
        height=ROW,
        lines=lines,
        tone=tone,
        start=start,
        middle=middle,
        tip=tip,
        back=-9 * sign,
        at=start + 10 * sign,
        side=side,
        label=label,
        title=shortened(str(event.get("title", "")), LABEL + 6),
        beyond=SERVICE + 14 * sign,
        other="start" if sign > 0 else "end",
        outcome=outcome(event),
    )


def outcome(event: Mapping[str, Any]) -> str:
    """What came back, as it stands on the wire: the status, or that nothing came."""
    status = int(event.get("status") or 0)
    return str(status) if status else "no answer"
