"""Turns values into the console's pages. Everything that came from elsewhere is escaped and made visible here."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.configuration.okta_settings import QUESTIONS as OKTA_QUESTIONS
from harness.console.questions import QUESTIONS
from harness.model.diagnosis import Readiness, State
from harness.model.verdict import Conclusion
from reports import words
from reports.text import clipped, shortened, visible
from reports.words import Word

READINESS = {
    Readiness.READY: Word("Ready", "✓", "pass", "Everything that was tried works."),
    Readiness.READY_WITH_CAVEATS: Word("Ready, with caveats", "!", "warn", "It works; some things want attention."),
    Readiness.NOT_READY: Word("Not ready", "✕", "fail", "Something has to change before people depend on it."),
    Readiness.CANNOT_TELL: Word("Cannot tell", "?", "unknown", "What had to be seen was not seen."),
}
"""The answer, in the words of somebody who has to decide whether to go live."""

STATES = {
    State.OK: Word("works", "✓", "pass", "nothing to do"),
    State.WARNING: Word("attention", "!", "warn", "works, and something about it is not as it should be"),
    State.WRONG: Word("wrong", "✕", "fail", "has to be put right"),
    State.NOT_AVAILABLE: Word("not told", "–", "quiet", "it cannot be seen from here, or it is not needed"),
    State.COULD_NOT_ASK: Word("could not ask", "?", "unknown", "nothing is known about it"),
}

WHO = {
    "customer": "You, in the identity provider",
    "idp": "The vendor of the identity provider",
    "service": "The vendor of the service",
    "service-or-customer": "The vendor of the service, or you in the identity provider",
    "nobody": "Nobody",
}
"""Who has to act."""

IDPS = {
    "okta:oin": ("Okta", "app from Okta's catalogue"),
    "okta:aiw": ("Okta", "app made with the App Integration Wizard"),
    "entra:default": ("Microsoft Entra ID", "enterprise application"),
    "entra:aadOptscim062020": ("Microsoft Entra ID", "with ?aadOptscim062020 behind the tenant URL"),
}
"""What can be chosen: the identity provider and the kind of app, in the administrator's own words."""


PAGES = (
    ("/", "Try a connection", "start"),
    ("/runs", "Earlier rehearsals", "runs"),
    ("/files", "Read files", "files"),
    ("/preview", "Preview", "preview"),
    ("/guides", "Guides", "guides"),
    ("/watch", "Watch", "watch"),
)
"""The navigation: link, name, key."""


def idp_name(idp: str) -> str:
    """The vendor and the kind of app in one phrase."""
    vendor, kind = IDPS.get(idp, (words.idp_title(idp), ""))
    return f"{vendor} ({kind})" if kind else vendor


def _vendor(idp: str) -> str:
    return words.idp_title(idp.partition(":")[0])


def story_title(scenario: str) -> str:
    """What a scenario is called on the page: its question, or its own name."""
    story = scenario.rpartition("/")[2]
    return next((question.title for question in QUESTIONS if story in question.stories), scenario)


def change_words(change: str) -> str:
    """What an administrator did, from the name of a Change with its part ("Unassign leaver")."""
    kind, _, part = change.partition(" ")
    who = "a colleague" if part.startswith("bystander") else f"the {part}" if part else "somebody"
    told = words.CHANGES.get(kind, kind).format(who=who, feature="a box", on="on or off", minutes="some")
    return told[:1].upper() + told[1:] if told else "A client asks"


_TERMINAL = (
    (r"scimulator doctor --write finds out with one person", "“Try it with one person” finds out"),
    (r"scimulator doctor --write, with one person", "“Try it with one person”"),
    (r"[Rr]un scimulator doctor --undo", "choose “Put it back” on the first page"),
    (r"scimulator doctor --undo", "“Put it back” on the first page"),
    (r" Or give a hook with --hook access=URL \(docs/hooks\.md\)\.", ""),
    (r": --account \S+", " in the last field of the first page"),
    (r"scimulator doctor --target URL --account [^\s.]+(\.[^\s.]+)*", "the first page, with that person's user name"),
    (r" To go on looking at a test service with --ca-bundle FILE,[^.]*\.", ""),
    (r"\bscimulator doctor( --(export|people) FILE)+", "the page “Read files”"),
    (r"\bname it with --target\b( URL)?", "try the connection on the first page"),
    (r"\bscimulator capture\b", "whoever has a terminal starts one"),
    (r"\bscimulator explain( TEXT)?\b", "the page “Read files”"),
    (r"\bwith --(export|people|there)\b( FILE)?", "on the page “Read files”"),
    (r"\bscimulator( [a-z]+)?(( --[a-z-]+)( [A-Z]+\b)?)*", "this console"),
    (r" ?--[a-z][a-z-]*( [A-Z]+\b)?", " the field for it"),
)


def without_verdict(text: str) -> str:
    """A sentence without the words of the verdict at its beginning, where they stand above it anyway."""
    rest = re.sub(r"^(Ready(, with something to look at)?|Not ready|Cannot tell): ", "", text)
    return rest[:1].upper() + rest[1:]


def off_terminal(text: str) -> str:
    """Advice that names a command, for somebody who has this page instead."""
    for pattern, instead in _TERMINAL:
        text = re.sub(pattern, instead, text)
    for question in OKTA_QUESTIONS:
        text = re.sub(rf"\banswer {question.name}\b", f"answer “{question.text}”", text)
    return text


def verdict_word(verdict: str) -> Word:
    """The word for the verdict of a run in its summary; unknown where it never came to one."""
    try:
        return words.CONCLUSIONS[Conclusion(verdict)]
    except ValueError:
        return Word("no result", "?", "unknown", "It never came to a verdict.")


def _finalize(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def environment() -> Environment:
    """The templates with their words and filters."""
    made = Environment(
        loader=PackageLoader("harness.console", "templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        READINESS=READINESS,
        STATES=STATES,
        WHO=WHO,
        IDPS=IDPS,
        OUTCOMES=words.OUTCOMES,
        CONCLUSIONS=words.CONCLUSIONS,
        REMOVALS=words.REMOVALS,
        idp_name=idp_name,
        many=words.many,
        titles=story_title,
        changes=change_words,
        verdict_word=verdict_word,
        PAGES=PAGES,
    )
    made.filters.update(
        clipped=clipped,
        shortened=shortened,
        off_terminal=off_terminal,
        without_verdict=without_verdict,
        idp_title=_vendor,
    )
    return made
