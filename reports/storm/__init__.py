"""The page of a storm: figures beside their forecast, curves, and what did not hold. Offline, without script."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.storm.curves import Curve, chart
from reports.text import shortened, visible

CHARTS: tuple[tuple[str, str, str, tuple[Curve, ...]], ...] = (
    (
        "Requests a second",
        "Answers of the service in each second; what went wrong stands below it.",
        "requests a second",
        (
            Curve("requests", "all", "a"),
            Curve("errors", "answered with an error", "b"),
            Curve("throttled", "answered with 429", "c"),
            Curve("troubles", "not answered", "d"),
        ),
    ),
    (
        "Time of an answer",
        "How long the IdPs waited, for a free connection too: half of all answers came within the lowest curve.",
        "milliseconds",
        (Curve("p50_ms", "half", "a"), Curve("p95_ms", "95 %", "c"), Curve("p99_ms", "99 %", "b")),
    ),
    (
        "Lateness",
        "How much later than intended jobs began. Where this rises, the machine that makes the storm is too small.",
        "milliseconds",
        (Curve("late_ms", "the latest job", "a"),),
    ),
    (
        "People still active",
        "How many leavers still have access, counted by confirmed removals.",
        "people",
        (Curve("active", "leavers", "a", area=True),),
    ),
)


def write(told: Mapping[str, Any], directory: Path) -> Path:
    """Write storm.html from the content of storm.json. Returns its path."""
    path = directory / "storm.html"
    path.write_text(html(told), "utf-8")
    return path


def html(told: Mapping[str, Any]) -> str:
    """The document."""
    environment = Environment(
        loader=PackageLoader("reports.storm", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.filters["short"] = lambda value: shortened(str(value), 400)
    series = told["series"]
    charts = [(title, says, chart(series, curves, title, unit)) for title, says, unit, curves in CHARTS]
    return environment.get_template("storm.html.j2").render(
        told=told,
        charts=charts if series["at"] else [],
        style=files("reports.storm").joinpath("style.css").read_text("utf-8"),
        tone={"conformant": "good", "non-conformant": "bad"}.get(told["verdict"], "unknown"),
    )
