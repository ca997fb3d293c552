"""Turns the page's values into self-contained HTML that asks the network for nothing.

One file as long as it stays small enough to be mailed and opened; beyond that the exchanges lie in parts beside it,
each of them a page of its own, so that every browser opens every one of them from a folder.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.environment import TemplateStream
from markupsafe import Markup

from harness.model.audience import Audience
from harness.model.run import Run
from reports import words
from reports.html.anchors import Anchors
from reports.html.cards import Place
from reports.html.exchanges import ExchangeView
from reports.html.matrix import FAMILIES
from reports.html.packing import Chunk, packed
from reports.html.page import PageView, WayView, page
from reports.html.scenarios import Block
from reports.html.svg import where
from reports.html.templates_kept import kept_templates
from reports.text import clipped, shortened, visible

SINGLE = 25_000_000
"""So many bytes of packed exchanges still go into one file."""

PARTS = "report-parts"
"""The folder beside report.html with the pages of the exchanges, when there are too many for one file."""

SCRIPTS = ("packs", "links", "explorer", "filter", "copy", "theme", "start")
"""The files of the page's script, in their order; together they are one function."""


_REDACTED = re.compile(r"\[redacted:[^\]]*\]")


class _Fragments:
    """Renders what is packed with the same templates as the page."""

    def __init__(self, environment: Environment) -> None:
        self._block = environment.get_template("block.html.j2")
        self._inner = environment.get_template("inner.html.j2")
        self._places = environment.get_template("places.html.j2")
        self._ways = environment.get_template("ways.html.j2")

    def block(self, part: Block) -> str:
        return self._block.render(block=part)

    def inner(self, view: ExchangeView) -> str:
        return self._inner.render(view=view)

    def places(self, places: tuple[Place, ...], anchors: Anchors) -> str:
        return self._places.render(places=places, anchors=anchors)

    def ways(self, ways: tuple[WayView, ...], anchors: Anchors) -> str:
        return self._ways.render(ways=ways, anchors=anchors)


class _Report:
    """The documents of one run: all in one, or a main page and its parts."""

    def __init__(self, run: Run, audience: Audience) -> None:
        self._environment = _environment()
        self._page: PageView = page(run, _Fragments(self._environment), audience)
        style, script = _asset("style.css"), _script()
        self._shared = {
            "page": self._page,
            "run": run,
            "style": Markup(style),  # noqa: S704 - a file of this package
            "script": Markup(script),  # noqa: S704 - files of this package
            "policy": _policy(style, script),
        }
        volumes = self._page.volumes.finish()
        split = self._page.volumes.size > SINGLE
        self.parts = [f"{PARTS}/part-{number + 1:03d}.html" for number in range(volumes)] if split else []

    def main(self) -> TemplateStream:
        return self._environment.get_template("report.html.j2").stream(
            **self._shared, parts=self.parts, chunks=self._chunks()
        )

    def part(self, number: int) -> TemplateStream:
        return self._environment.get_template("part.html.j2").stream(
            **self._shared, number=number, parts=self.parts, chunks=self._chunks(number)
        )

    def _chunks(self, part: int | None = None) -> Iterator[Chunk]:
        shown = self._page
        if part is None:
            yield from shown.packs.chunks()
        if part is not None or not self.parts:
            yield from shown.volumes.chunks(part)
        yield Chunk("index", packed(shown.index.value(self.parts, part)))


def render(run: Run, audience: Audience = Audience.DEVELOPER) -> str:
    """The HTML document of a run, whatever its size, in one piece."""
    report = _Report(run, audience)
    report.parts = []
    return "".join(report.main())


def write(run: Run, directory: Path, audience: Audience = Audience.DEVELOPER) -> Path:
    """Write ``report.html`` into the directory (made if missing) and return its path. Raises OSError.

    A very large run gets a folder ``report-parts`` beside it, which the page leads to. Parts of an earlier report of
    the same directory are removed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(directory / PARTS, ignore_errors=True)
    report = _Report(run, audience)
    for number, name in enumerate(report.parts):
        (directory / PARTS).mkdir(exist_ok=True)
        _dump(report.part(number), directory / name)
    path = directory / "report.html"
    _dump(report.main(), path)
    return path


def _dump(stream: TemplateStream, path: Path) -> None:
    stream.enable_buffering(200)
    with path.open("wb") as file:
        stream.dump(file, encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.html", "templates"),
        bytecode_cache=kept_templates(),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words,
        OUTCOMES=words.OUTCOMES,
        LEVELS=words.LEVELS,
        HARMS=words.HARMS,
        many=words.many,
        where=where,
        families=FAMILIES,
    )
    environment.filters.update(clipped=clipped, shortened=shortened, masked=_masked, inside=_inside)
    return environment


def _masked(text: str) -> Markup:
    """Text for the inside of an element: what was taken out at capture is shown as taken out, not as if it was sent."""
    if "[redacted:" not in text:
        return _inside(text)
    seen = (Markup('<span class="redacted">%s</span>') % m if m else "" for m in [*_REDACTED.findall(text), ""])
    return Markup("").join(_inside(t) + m for t, m in zip(_REDACTED.split(text), seen, strict=True))


def _inside(text: str) -> Markup:
    """Text for the inside of an element, never of an attribute: quotes stay, which makes JSON a good deal shorter."""
    escaped = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(escaped)  # noqa: S704 - escaped in the line before


def _finalize(value: Any) -> Any:
    """Every expression of every template passes here: no text reaches the page with something invisible in it."""
    if type(value) is str:
        return value if value.isprintable() else visible(value)
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _asset(name: str) -> str:
    return (files("reports.html") / name).read_text("utf-8")


def _script() -> str:
    """One function, so that nothing of it can be reached or replaced from outside."""
    return "\n".join(['(() => {\n"use strict";', *(_asset(f"script/{name}.js") for name in SCRIPTS), "})();\n"])


def _policy(style: str, script: str) -> str:
    """A content security policy that allows our own style and script, by their hashes, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
