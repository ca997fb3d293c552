"""Draws the exchanges of a scenario as a sequence picture: client on the left, service, harness on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import unquote

from markupsafe import Markup

from harness.model.exchange import Exchange
from reports.html.rows import FOLDED, Row
from reports.text import shortened
from reports.words import many

WIDTH = 860
CLIENT, SERVICE, HARNESS = 40, 430, 820
"""Where the lifelines stand. The harness has the service between itself and the client: no arrow crosses a line."""

TOP, ROW, BAND, PAUSE = 44, 46, 34, 20
LABEL = 49
"""How many characters of a label fit between two lifelines."""


def picture(
    rows: Sequence[Row],
    *,
    client: str,
    title: str,
    link: Callable[[Exchange], str],
    flags: Callable[[Exchange], int],
) -> Markup:
    """The SVG element. ``link`` gives the anchor of an exchange, ``flags`` the number of its findings.

    Without style attributes, so that a strict content security policy lets it be; colours come from the style sheet.
    """
    y = TOP
    drawn: list[Markup] = []
    for row in rows:
        if row.heading:
            drawn.append(_band(row.heading, y))
            y += BAND
        if row.pause:
            drawn.append(_pause(row.pause, y))
            y += PAUSE
        drawn.append(_arrow(row, y, link, flags))
        y += ROW
    height = y + 8
    lines = Markup("").join(_lifeline(x, height) for x in (CLIENT, SERVICE, HARNESS))
    names = ((CLIENT - 32, "start", client), (SERVICE, "middle", "Service"), (HARNESS + 32, "end", "Harness"))
    heads = Markup("").join(_head(*name) for name in names)
    return Markup('<svg class="sequence" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        WIDTH, height, shortened(f"Sequence picture: {title}", 160), lines + heads + Markup("").join(drawn)
    )


def _lifeline(x: int, height: int) -> Markup:
    return Markup('<line class="life" x1="{0}" y1="26" x2="{0}" y2="{1}"/>').format(x, height)


def _head(x: int, side: str, text: str) -> Markup:
    return Markup('<text class="head" x="{}" y="17" text-anchor="{}">{}</text>').format(x, side, shortened(text, 44))


def _band(heading: str, y: int) -> Markup:
    return Markup(
        '<rect class="band" x="0" y="{}" width="{}" height="24" rx="3"/><text class="bandtext" x="10" y="{}">{}</text>'
    ).format(y + 2, WIDTH, y + 18, shortened(heading, 112))


def _pause(seconds: float, y: int) -> Markup:
    return Markup('<text class="pause" x="{}" y="{}" text-anchor="middle">{:,.1f} s later</text>').format(
        (CLIENT + SERVICE) // 2, y + 14, seconds
    )


def _arrow(row: Row, y: int, link: Callable[[Exchange], str], flags: Callable[[Exchange], int]) -> Markup:
    first = row.first
    from_harness = first.role in FOLDED
    start, side, sign = (HARNESS, "end", -1) if from_harness else (CLIENT, "start", 1)
    tip, line = SERVICE - 6 * sign, y + 22
    number = f"{row.number}" if row.last_number == row.number else f"{row.number}–{row.last_number}"
    label = what(row)
    wrong = flags(first)
    tone = "wrong" if wrong else "lost" if first.trouble else "quiet" if row.folded else "plain"
    outcome = row.statuses + (f"  ! {many(wrong, 'finding')}" if wrong else "")
    below = "" if len(row.exchanges) > 1 else shortened(first.title, LABEL + 6)
    other = "start" if sign > 0 else "end"
    at = start + 10 * sign
    # The "%" of Markup escapes like its format and takes a third of the time: there are many arrows.
    return Markup(
        '<a class="%s" href="#%s" aria-label="%s"><line class="arrow" x1="%s" y1="%s" x2="%s" y2="%s"/>'
        '<path class="tip" d="M%s %sl%s -5v10z"/>'
        '<text class="label" x="%s" y="%s" text-anchor="%s"><tspan class="number">%s</tspan> %s</text>'
        '<text class="under" x="%s" y="%s" text-anchor="%s">%s</text>'
        '<text class="status" x="%s" y="%s" text-anchor="%s">%s</text></a>'
    ) % (
        *(tone, link(first), f"{number}: {label}, {outcome}", start, line, tip, line),
        *(tip, line, -9 * sign),
        *(at, y + 15, side, number, label),
        *(at, y + 37, side, below),
        *(SERVICE + 14 * sign, y + 26, other, shortened(outcome, LABEL)),
    )


def what(row: Row) -> str:
    """What a row asks: method and path of one exchange, or how many requests are folded in it."""
    if len(row.exchanges) > 1:
        return f"{many(len(row.exchanges), 'request')} of the harness ({row.first.role.value})"
    return shortened(f"{row.first.method} {where(row.first)}", LABEL - 3)


def where(exchange: Exchange) -> str:
    """The path with its query, percent-decoded for reading (the exact URL stands in the exchange)."""
    path = exchange.path or exchange.request.url
    return unquote(f"{path}?{exchange.query}" if exchange.query else path, errors="replace")
