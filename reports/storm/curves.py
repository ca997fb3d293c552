"""Curves over time as SVG: without script and without style attributes, so that a strict policy lets them be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 860, 240
LEFT, RIGHT, TOP, BOTTOM = 70, 830, 12, 200
LINES = 4
"""How many lines of the grid there are above the axis."""


@dataclass(frozen=True)
class Curve:
    """A series by its name, what it is called in the legend, and its colour class."""

    series: str
    label: str
    colour: str
    area: bool = False


def chart(series: Mapping[str, Sequence[float]], curves: Sequence[Curve], title: str, unit: str) -> Markup:
    """One picture. Curves that are zero all over are left out, but the first."""
    shown = [c for place, c in enumerate(curves) if place == 0 or any(series[c.series])]
    at = series["at"]
    top = nice(max((max(series[c.series], default=0) for c in shown), default=0))
    last = max(at[-1] if at else 0, 1)
    parts = [_grid(top), _times(last)]
    parts += [_curve(series[c.series], at, last, top, c) for c in shown]
    parts += [_legend(c, place) for place, c in enumerate(shown)]
    peak = ", ".join(f"{c.label}: at most {number(max(series[c.series], default=0))}" for c in shown)
    return Markup(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-label="{title}, {unit} over {last} seconds. {peak}">{inner}</svg>'
    ).format(w=WIDTH, h=HEIGHT, title=title, unit=unit, last=number(last), peak=peak, inner=Markup("").join(parts))


def nice(value: float) -> float:
    """The smallest of 1, 2, 4, 5, 10, 20, 40 ... that is not below a value."""
    if value <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 2, 4, 5, 10) if step * power >= value * 0.999999))


def number(value: float) -> str:
    """A figure in few letters."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _x(at: float, last: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * at / last, 1)


def _y(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(value / top, 1.0), 1)


def _grid(top: float) -> Markup:
    drawn = []
    for line in range(LINES + 1):
        y, value = _y(top * line / LINES, top), top * line / LINES
        drawn.append(Markup('<path class="grid" d="M{} {}H{}"/>').format(LEFT, y, RIGHT))
        drawn.append(Markup('<text x="{}" y="{}" class="end">{}</text>').format(LEFT - 8, y + 4, number(value)))
    return Markup("").join(drawn)


def _times(last: float) -> Markup:
    step = nice(last / 8)
    drawn = []
    at = 0.0
    while at <= last:
        drawn.append(
            Markup('<text x="{}" y="{}" class="mid">{} s</text>').format(_x(at, last), BOTTOM + 16, number(at))
        )
        at += step
    return Markup("").join(drawn)


def _curve(values: Sequence[float], at: Sequence[float], last: float, top: float, curve: Curve) -> Markup:
    points = [(_x(t, last), _y(v, top)) for t, v in zip(at, values, strict=True)]
    if not points:
        return Markup("")
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    if len(points) == 1:
        path += f"h{RIGHT - LEFT}"
    drawn = Markup('<path class="curve {}" d="{}"/>').format(curve.colour, path)
    if curve.area and len(points) > 1:
        area = f"{path}L{points[-1][0]} {BOTTOM}L{points[0][0]} {BOTTOM}Z"
        drawn = Markup('<path class="area {}" d="{}"/>').format(curve.colour, area) + drawn
    return drawn


def _legend(curve: Curve, place: int) -> Markup:
    x = LEFT + place * 190
    return Markup('<path class="curve {}" d="M{} {}h22"/><text x="{}" y="{}">{}</text>').format(
        curve.colour, x, HEIGHT - 8, x + 28, HEIGHT - 4, curve.label
    )
