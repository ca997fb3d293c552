"""Showing: a Diagnosis for people at a terminal or for a script, and the plan of what would be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.doctor import Intention
from harness.model.audience import Audience
from harness.model.diagnosis import Diagnosis, Line, Readiness, State
from harness.model.step import Effect
from reports.text import visible

_SIGNS = {
    State.OK: ("ok", "green"),
    State.WARNING: ("look", "yellow"),
    State.WRONG: ("WRONG", "bold red"),
    State.NOT_AVAILABLE: ("-", "dim"),
    State.COULD_NOT_ASK: ("?", "magenta"),
}
_READY = {
    Readiness.READY: "bold green",
    Readiness.READY_WITH_CAVEATS: "bold yellow",
    Readiness.NOT_READY: "bold red",
    Readiness.CANNOT_TELL: "bold magenta",
}
_WHO = {"customer": "you", "service": "the service's support", "idp": "the identity provider's support"}


def to_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The contract with scripts."""
    return {
        "verdict": diagnosis.readiness.value,
        "sentence": diagnosis.sentence,
        "lines": [
            {
                "id": line.id,
                "state": line.state.value,
                "title": line.title,
                "meaning": line.meaning,
                "fix": line.fix,
                "who": line.who,
                "guide": line.guide,
                "evidence": [{"text": p.text, "exchange": p.exchange} for p in line.evidence],
            }
            for line in diagnosis.lines
        ],
        "requests": [
            {"method": x.method, "path": f"{x.path}?{x.query}" if x.query else x.path, "status": x.status, "id": x.id}
            for x in diagnosis.exchanges
        ],
    }


def show(diagnosis: Diagnosis, audience: Audience, *, verbose: bool) -> None:
    """Print the answer first, then the lines; what was seen stands under each where it is asked for."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    word, _, rest = _one_line(diagnosis.sentence).partition(":")
    console.print(Text.assemble((word, _READY[diagnosis.readiness]), f":{rest}" if rest else ""))
    evidence = verbose or audience is not Audience.ADMIN
    for line in diagnosis.lines:
        sign, style = _SIGNS[line.state]
        console.print()
        console.print(Text.assemble((f"{sign:<6}", style), (line.title, "bold"), *_told(line, audience)))
        console.print(_indented(Text(_one_line(line.meaning))))
        if line.fix:
            who = f" ({_WHO[line.who]})" if line.who in _WHO else ""
            console.print(_indented(Text.assemble(("What to do", "italic"), f"{who}: ", visible(line.fix))))
        for proof in line.evidence if evidence else ():
            console.print(_indented(Text(f"seen: {_one_line(proof.text)}", "dim")))
    console.print()
    if audience is Audience.DEVELOPER:
        for x in diagnosis.exchanges:
            query = f"?{x.query}" if x.query else ""
            console.print(Text(f"{x.id}  {x.method} {x.path}{query}  {x.status or 'no answer'}  {x.elapsed_ms:.0f} ms"))
    console.print(Text(_sent(diagnosis) + ("" if evidence else " What was seen is shown with -v."), "dim"))


def _sent(diagnosis: Diagnosis) -> str:
    sent = [x for x in diagnosis.exchanges if x.effect is Effect.READ]
    writes = len(diagnosis.exchanges) - len(sent)
    asked = "1 question was asked" if len(sent) == 1 else f"{len(sent)} questions were asked"
    if not diagnosis.exchanges:
        return "Nothing was sent."
    return f"{asked}; nothing was changed." if not writes else f"{asked}, {writes} changes were sent."


def _one_line(text: str) -> str:
    """What a service says must not look like a line of ours, nor move the cursor."""
    return visible(" ".join(text.split()))


def _indented(text: Any) -> Any:
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, 6), expand=False)


def _told(line: Line, audience: Audience) -> tuple[Any, ...]:
    return () if audience is Audience.ADMIN else (f"  [{line.id}]",)


def plan_of(intention: Intention, folder: Path) -> str:
    """Exactly what would be sent, to which host, about whom."""
    lines = [
        f"This will be sent to {intention.target.base_url}, about {intention.account} "
        f"(id {intention.resource['id']}) and nobody else. The sender would be: "
        f"{intention.speaker.vendor.variant(intention.speaker.variant).title}.",
        "",
    ]
    for number, step in enumerate(intention.steps, 1):
        query = f"?{step.query}" if step.query else ""
        lines.append(f"  {number}. {step.method} {step.path}{query}    {step.title}")
        if step.body:
            lines.append(f"     {step.body.decode('utf-8', 'replace')}")
    lines += ["", *(f"Besides, we {question}." for question in intention.questions)]
    lines += [
        "",
        f"For some seconds {intention.account} has no access, and may have to sign in again afterwards. At the end "
        "they are put back, and that is proved. If this computer stops in between, scimulator doctor --undo does it; "
        f"what to put back is kept in {folder} until then.",
        "",
    ]
    return visible("\n".join(lines))
