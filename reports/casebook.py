"""A triaged case for a terminal, and as Markdown for a ticket; out of the document that --json prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.text import visible

SURE = {"high": "almost certainly", "medium": "probably", "low": "possibly"}
WHO = {
    "customer": "the administrator of the customer's IdP",
    "service": "us: the service",
    "idp": "the vendor of the IdP",
    "nobody": "nobody has to act",
}
IDPS = {"okta": "Okta", "entra": "Entra ID", "": "an IdP that could not be told"}
_MOST = 12


def render(case: Mapping[str, Any], *, timelines: int = 3) -> str:
    """Plain text; ``timelines`` people and groups are shown, those in trouble first."""
    return visible("\n".join(_lines(case, timelines)))


def _lines(case: Mapping[str, Any], timelines: int) -> Iterator[str]:
    files = ", ".join(case["files"]) or "nothing that could be used"
    yield f"Read: {files} ({IDPS.get(case['idp'], case['idp'])})"
    shown = case["complaints"][:10]
    for complaint, after in zip(shown, [*shown, None][1:], strict=True):
        yield f"  ! {complaint['file']}, {complaint['place']}: {complaint['message']}"
        # What helps against several in a row is said once, below the last of them.
        if complaint["hint"] and (after is None or after["hint"] != complaint["hint"]):
            yield f"    {complaint['hint']}"
    yield ""
    if not any(cause["confidence"] != "low" for cause in case["causes"]):
        yield "The files do not tell what went wrong." + (" It may be:" if case["causes"] else "")
    for number, cause in enumerate(case["causes"], 1):
        yield from _cause(number, cause)
    if case["unknown"]:
        yield "To find out:"
        yield from (f"  - {what}" for what in case["unknown"])
        yield ""
    first = case["divergence"]
    if first:
        yield f"Where it first went wrong: {first['file']}, {first['place']}{', ' + first['at'] if first['at'] else ''}"
        yield f"  {first['what']}"
        yield ""
    yield from _rebuilt(case.get("rebuilt", ()))
    for timeline in case["timelines"][:timelines]:
        yield from _timeline(timeline)
    more = len(case["timelines"]) - timelines
    if more > 0:
        yield f"... and {more} more people and groups (--html, --json)"
        yield ""
    yield "Draft of the reply"
    yield "------------------"
    yield from case["reply"].splitlines()


def _cause(number: int, cause: Mapping[str, Any]) -> Iterator[str]:
    yield f"{number}. {cause['title']}"
    yield f"   {SURE[cause['confidence']]} ({cause['id']}); to act: {WHO[cause['who']]}"
    yield f"   {cause['meaning']}"
    if cause["steps"]:
        yield "   What to do:"
        yield from (f"     {n}. {step}" for n, step in enumerate(cause["steps"], 1))
    if cause["evidence"]:
        yield "   Because:"
        yield from (f"     - {piece}" for piece in cause["evidence"])
    yield ""


def _rebuilt(possibilities: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The requests that must have been sent there: worked out, recorded by nobody."""
    if not possibilities:
        return
    several = len(possibilities) > 1
    yield "What must have been sent there (reconstructed" + (", by app type):" if several else "):")
    for possibility in possibilities:
        if several:
            yield f"  {possibility['title']}"
        for request in possibility["requests"]:
            yield f"    {request['method']} {request['path']}"
            if request["body"]:
                yield f"      {request['body'][:500]}"
    yield ""


def _timeline(timeline: Mapping[str, Any]) -> Iterator[str]:
    yield f"{timeline['kind'].capitalize()} {timeline['subject']}"
    entries = timeline["entries"]
    for entry in entries[:_MOST]:
        mark = {"failed": "✕", "ok": "✓", "skipped": "–", "held": "–"}.get(entry["went"], " ")
        doubt = "" if entry["confidence"] == "recorded" else f"  [{entry['confidence']}]"
        yield f"  {mark} {entry['at'] or 'time unknown'}  {entry['what'][:200]}{doubt}"
    if len(entries) > _MOST:
        yield f"    ... {len(entries) - _MOST} more"
    yield ""


def markdown(case: Mapping[str, Any]) -> str:
    """The case for a ticket: texts of files stand in code, where Markdown gives nothing a meaning."""
    lines = [f"## Triage: {_code(', '.join(case['files']))} ({IDPS.get(case['idp'], 'unknown IdP')})", ""]
    if not any(cause["confidence"] != "low" for cause in case["causes"]):
        lines += ["**The files do not tell what went wrong.**", ""]
    for cause in case["causes"]:
        lines += [f"### {cause['title']}", "", f"- {SURE[cause['confidence']]} (`{cause['id']}`)"]
        lines += [f"- To act: {WHO[cause['who']]}", f"- {cause['meaning']}", "", "What to do:", ""]
        lines += [f"{n}. {step}" for n, step in enumerate(cause["steps"], 1)]
        lines += ["", "Because:", "", *(f"- {_code(piece)}" for piece in cause["evidence"]), ""]
    if case["unknown"]:
        lines += ["To find out:", "", *(f"- {what}" for what in case["unknown"]), ""]
    return visible("\n".join(lines))


def _code(text: str) -> str:
    """Text in backticks, more of them than stand in it."""
    plain = " ".join(text.split())
    mark = "`"
    while mark in plain:
        mark += "`"
    return f"{mark} {plain} {mark}"
