"""Turns the page's values into one self-contained file that asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.model.run import Run
from reports import words
from reports.html.anchors import Anchors
from reports.html.cards import Place
from reports.html.page import WayView, page
from reports.html.scenarios import Block
from reports.html.svg import where
from reports.text import clipped, shortened, visible


class _Fragments:
    """Renders what is packed with the same templates as the page."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def block(self, part: Block) -> str:
        return self._environment.get_template("block.html.j2").render(block=part)

    def places(self, places: tuple[Place, ...], anchors: Anchors) -> str:
        return self._environment.get_template("places.html.j2").render(places=places, anchors=anchors)

    def ways(self, ways: tuple[WayView, ...], anchors: Anchors) -> str:
        return self._environment.get_template("ways.html.j2").render(ways=ways, anchors=anchors)


def render(run: Run) -> str:
    """The HTML document of a run."""
    environment = _environment()
    style, script = _asset("style.css"), _asset("report.js")
    return environment.get_template("report.html.j2").render(
        page=page(run, _Fragments(environment)),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        policy=_policy(style, script),
    )


def write(run: Run, directory: Path) -> Path:
    """Write ``report.html`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "report.html"
    path.write_text(render(run), encoding="utf-8", newline="\n")
    return path


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.html", "templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words, OUTCOMES=words.OUTCOMES, LEVELS=words.LEVELS, HARMS=words.HARMS, many=words.many, where=where
    )
    environment.filters.update(clipped=clipped, shortened=shortened)
    return environment


def _finalize(value: Any) -> Any:
    """Every expression of every template passes here: no text reaches the page with something invisible in it."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _asset(name: str) -> str:
    return (files("reports.html") / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """A content security policy that allows our own style and script, by their hashes, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
