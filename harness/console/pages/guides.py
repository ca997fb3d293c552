"""How an identity provider is set up for a service that only takes access away, section by section."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort

from harness.console.pages.common import page
from harness.console.pages.start import redirect_to
from harness.guides import PARTS, guides, path, sections

blueprint = Blueprint("guides", __name__)

TITLES = {
    "connect": "Connect",
    "tick": "What to tick",
    "off": "What to switch off",
    "people": "Your people",
    "safety": "A safety net",
    "try": "Try it",
    "later": "Afterwards",
}


@blueprint.get("/guides")
def listed() -> Response:
    return page("guides.html.j2", guides=guides())


@blueprint.get("/guides/<name>")
def shown(name: str) -> Response:
    """A guide, or the section of that name, to which lines of a diagnosis lead."""
    guide = next((one for one in guides() if one.idp == name), None)
    if guide is None:
        if name not in sections():
            abort(HTTPStatus.NOT_FOUND)
        return redirect_to(f"/guides/{name.partition('-')[0]}#{name}")
    parts = [(TITLES.get(part, part), [s for s in guide.sections if s.part == part]) for part in PARTS]
    return page("guide.html.j2", guide=guide, parts=[one for one in parts if one[1]], path=path)
