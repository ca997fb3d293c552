"""A cause as Markdown, to be pasted into a ticket: what breaks, for whom, the proof, and who has to act."""

from __future__ import annotations

import re

from harness.model.run import Run
from reports import words
from reports.html.causes import CauseView
from reports.html.evidence import Piece
from reports.html.svg import where
from reports.text import clipped, shortened, visible

_MARKS = {"expected": "+ ", "actual": "- ", "context": "  ", "gap": "  "}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def ticket(run: Run, view: CauseView) -> str:
    """The text. What a service has sent stands in code blocks only, where Markdown gives nothing a meaning."""
    cause, root = view.cause, view.root
    seen = f"{words.many(view.findings, 'finding')} in {words.many(view.scenarios, 'scenario')} ({view.seen_by})"
    lines = [
        f"**{words.HARMS[cause.harm]}: {_plain(root.says)}**",
        "",
        *([_plain(view.admin), ""] if view.admin else []),
        f"- Clause: {cause.level.value} {_plain(root.section)} ({root.id}) {root.link}".rstrip(),
        f"- Seen: {seen}",
        f"- Service: {_plain(run.base_url)}, profile {_plain(run.profile)}",
        f"- Has to act: {words.WHO[cause.who]}",
        f"- Fix: {_plain(root.remedy)}",
        *(f"- {way.title} until then: {_plain(way.workaround.does)}" for way in view.ways),
    ]
    for proof in view.proofs:
        if proof.exchange is not None and proof.evidence is not None:
            said = shortened(f"{proof.exchange.method} {where(proof.exchange)}", 200)
            lines += ["", "```diff", said, *(_line(piece) for piece in proof.evidence.pieces), "```"]
    tool = _plain(run.meta.get("tool", ""))
    lines += ["", f"See it again: `scimulator reproduce RUN {cause.id}` (scimulator {tool})".replace(" )", ")")]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text in which no Markdown is left."""
    return _MARKUP.sub(r"\\\1", visible(" ".join(clipped(text, 2000).split())))


def _line(piece: Piece) -> str:
    return _MARKS[piece.kind] + visible(piece.text).replace("```", "` ` `").replace("\n", " ")
