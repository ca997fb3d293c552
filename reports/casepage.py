"""A triaged case as one offline page: causes, who has to act, timelines, the draft of the reply."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from reports.casebook import IDPS, SURE, WHO
from reports.text import visible

_TONES = {"high": "fail", "medium": "warn", "low": "note"}
_OWN = "\npre.reply { white-space: pre-wrap; padding: 1rem; background: var(--box); border: 1px solid var(--line); }\n"
_WENT = {"failed": "fail", "ok": "pass", "skipped": "warn", "held": "warn", "warned": "warn"}


def render(case: Mapping[str, Any]) -> str:
    """The document of a case (harness/triage/document.py) as HTML that asks nobody for anything."""
    style = (files("reports.html") / "style.css").read_text("utf-8") + _OWN
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    likely = [cause for cause in case["causes"] if cause["confidence"] != "low"]
    environment = Environment(autoescape=True, finalize=lambda value: visible(value) if type(value) is str else value)
    page = (files("reports.html") / "templates" / "case.html.j2").read_text("utf-8")
    return environment.from_string(page).render(
        case=case,
        title=likely[0]["title"] if likely else "The files do not tell what went wrong",
        tone="pass"
        if likely and likely[0]["who"] == "nobody"
        else _TONES[likely[0]["confidence"]]
        if likely
        else "note",
        tones=_TONES,
        sure=SURE,
        who=WHO,
        went=_WENT,
        idps=IDPS,
        style=Markup(style),  # noqa: S704 - a file of this package
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
