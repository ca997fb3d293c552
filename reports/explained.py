"""An explanation as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.model.audience import Audience
from harness.model.explanation import Answer, Explanation
from reports.text import visible

WHO = {
    "customer": "the administrator of the customer's IdP",
    "service": "whoever runs or develops the service",
    "idp": "the vendor of the IdP",
    "nobody": "nobody",
}


_NAMES = re.compile(r"\{[a-z]+\}")
_ANSWERED = {"message": "Answered:", "requirement": "Level:   "}


def render(explanation: Explanation, audience: Audience) -> str:
    """For a terminal. Administrators get meaning and steps; others also what stood on the wire and how it is known."""
    lines: list[str] = []
    if not explanation.known:
        lines += ["This text is not known to us.", "", "What to check, in order:"]
        lines += [f"  {n}. {check}" for n, check in enumerate(explanation.checks, 1)]
        lines += ["", "What to collect, so that somebody can tell:", *(f"  - {what}" for what in explanation.collect)]
        return "\n".join(lines)
    for answer in explanation.answers:
        lines += [*_told(answer, audience), ""]
    if explanation.said:
        lines += [f"The service's own words: {explanation.said}", ""]
    if explanation.checks:
        lines += ["What to check, in order:", *(f"  {n}. {c}" for n, c in enumerate(explanation.checks, 1)), ""]
    if explanation.alternatives:
        named = "; ".join(f"{_NAMES.sub('...', a.title)} ({a.id})" for a in explanation.alternatives[:4])
        lines += [f"It may also be: {named}"]
    return visible("\n".join(lines).rstrip())


def _told(answer: Answer, audience: Audience) -> Iterator[str]:
    known = "" if answer.score >= 0.97 else f"  (recognised with {answer.score:.0%})"
    yield f"{_NAMES.sub('...', answer.title)}{known}"
    place = ", ".join(x for x in (answer.idp, answer.where) if x)
    if place:
        yield f"  Where:    {place}"
    yield f"  Means:    {answer.means}"
    if answer.answered and (audience is not Audience.ADMIN or answer.kind == "message"):
        yield f"  {_ANSWERED.get(answer.kind, 'Seen:    ')} {answer.answered}"
    if answer.who:
        yield f"  To act:   {WHO.get(answer.who, answer.who)}"
    if audience is not Audience.ADMIN:
        if answer.related:
            yield f"  See also: {', '.join(answer.related)}"
        if answer.kind == "message":
            yield f"  Id:       {answer.id}, {answer.evidence}"
