"""Drafts the reply to the customer: what happened, what it means, what to do; no clauses, no secrets."""

from __future__ import annotations

import re

from harness.model.case import Actor, Likelihood, Suspicion
from harness.triage.picture import Picture
from harness.triage.rules import load_rules

_CLAUSE = re.compile(r"\bRFC ?\d{4}\b[^.;,)]*|§ ?[\d.]+")
_TOOL = re.compile(r"(?:: |, and so has )scimulator \w+(?: TEXT)?")
"""Our own commands are no business of the customer's."""
_OURS = re.compile(r"^(?:Service|Service, [^:]*):")
_THEIRS = re.compile(r"^(?:Customer|Customer, [^:]*): ")


def draft(causes: tuple[Suspicion, ...], unknown: tuple[str, ...], picture: Picture) -> str:
    """The mail. It speaks of one cause, the likeliest, and of a second one where that is as sure."""
    lines = ["Hello,", "", "thank you for what you sent us."]
    likely = [c for c in causes if c.likelihood is not Likelihood.LOW]
    if not likely:
        return "\n".join([*lines, *_asking(causes, unknown)])
    lines += _paragraph(likely[0], picture)
    for other in likely[1:3]:
        sure = other.likelihood in (Likelihood.HIGH, likely[0].likelihood)
        if sure and other.who is not Actor.NOBODY:
            if other.likelihood is not Likelihood.HIGH and _same_event(likely[0], other):
                lines += ["", "It may also be another thing. " + filled(other, picture), *_please(other)]
            else:
                lines += ["", "There is a second thing.", *_paragraph(other, picture)[1:]]
    if likely[0].who is not Actor.NOBODY:
        lines += [
            "",
            "If it does not help, please send us the exact error text, the time (UTC) and one affected user name.",
        ]
    return _plain("\n".join(lines))


def _paragraph(cause: Suspicion, picture: Picture) -> list[str]:
    sure = "" if cause.likelihood is Likelihood.HIGH else "Most likely this is what happened. "
    return ["", sure + filled(cause, picture), *_please(cause)]


def _same_event(first: Suspicion, other: Suspicion) -> bool:
    """Whether both explain the very same: then only one of them is true."""
    return bool(other.seen) and all(any(seen is known for known in first.seen) for seen in other.seen)


def _please(cause: Suspicion) -> list[str]:
    steps = [_THEIRS.sub("", step) for step in cause.steps if not _OURS.match(step)]
    if steps and cause.who in (Actor.CUSTOMER, Actor.IDP):
        return ["", "Please:", *(f"{n}. {step[:1].upper()}{step[1:]}" for n, step in enumerate(steps, 1))]
    return []


def _asking(causes: tuple[Suspicion, ...], unknown: tuple[str, ...]) -> list[str]:
    lines = ["", "From it we cannot tell yet what went wrong."]
    if causes:
        lines += ["It may be one of these; please look at them in this order:"]
        lines += [f"{n}. {cause.title}." for n, cause in enumerate(causes[:3], 1)]
    if unknown:
        lines += ["", "To find out we would need:", *(f"- {_TOOL.sub('', what)}" for what in unknown)]
    return lines


def filled(cause: Suspicion, picture: Picture) -> str:
    """The rule's paragraph with what is known filled in; a part of a sentence about what is not known is left out."""
    rule = load_rules().get(cause.id)
    text = rule.reply if rule is not None else f"{cause.title}. {cause.meaning}"
    since = next((s.at[:16].replace("T", " ") + " UTC" for s in cause.seen if s.at), "")
    said = next((w for s in cause.seen if (w := _words(s, picture))), "")
    if not since:
        text = re.sub(r"Since \{since\} our", "Our", text)
        text = re.sub(r" \([^()]*\{since\}\)| (?:on|since) \{since\}", "", text)
    if not said:
        text = re.sub(r" \(\{said\}\)", "", text)
    return text.replace("{since}", since).replace("{said}", said)


def _words(sighting: object, picture: Picture) -> str:
    for trace in picture.signs.values():
        for look in trace.examples:
            if look.sighting is sighting and look.words:
                return " ".join(look.words.split())[:160]
    return ""


def _plain(text: str) -> str:
    return _CLAUSE.sub("the standard", text)
