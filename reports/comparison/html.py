"""A comparison as one offline page: no script, nothing fetched, every text escaped."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from harness.model.comparison import Comparison, Fate
from reports.comparison.telling import FATES, sentence
from reports.text import shortened, visible

DIFFERENCES = 5_000
"""A page with more rows of a kind than this would not open: the rest is counted and stands in comparison.json."""


def html(comparison: Comparison) -> str:
    """The document. It works without JavaScript and makes no request."""
    environment = Environment(
        loader=PackageLoader("reports.comparison", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.filters["short"] = lambda value: shortened(str(value), 300)
    return environment.get_template("comparison.html.j2").render(
        comparison=comparison,
        sentence=sentence(comparison),
        groups=[(*FATES[fate], comparison.of(fate)) for fate in FATES if comparison.of(fate)],
        style=files("reports.comparison").joinpath("style.css").read_text("utf-8"),
        most=DIFFERENCES,
        changed=Fate.CHANGED,
    )
