"""Markdown for a job summary or a ticket: the verdict first; what is too long is cut from the bottom.

A job summary of more than 1 MiB is not shortened by the platform but refused, so the limit is kept here, with a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from harness.model.finding import Finding
from harness.model.requirement import Level, Requirement
from harness.model.run import Run
from harness.model.verdict import Outcome, Verdict
from reports import words
from reports.findings import call, exchanges, ranked
from reports.text import shortened, shown

SIZE = 900_000
"""Bytes; job summaries end at 1 MiB (1,024 kB), and other steps of the job may write one too."""

PLACES = 10
"""How many places of one broken requirement are named."""

_NOTICE = "\n> **Cut here**: the rest does not fit into a summary of {limit:,} bytes. See report.html and run.json.\n"


def write(run: Run, directory: Path) -> Path:
    """Write ``report.md`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "report.md"
    path.write_text(render(run), "utf-8")
    return path


def render(run: Run, *, size: int = SIZE) -> str:
    """The document, at most ``size`` bytes of UTF-8: blocks are left out from the bottom, and a notice says so."""
    return cut(_blocks(run), size)


def cut(blocks: Iterable[str], size: int) -> str:
    """The blocks as one document of at most ``size`` bytes of UTF-8; what does not fit is left out, with a notice."""
    notice = _NOTICE.format(limit=size)
    room = size - len(notice.encode())
    kept: list[str] = []
    for block in blocks:
        room -= len(block.encode())
        if room < 0:
            return "".join(kept) + notice
        kept.append(block)
    return "".join(kept)


def _blocks(run: Run) -> Iterator[str]:
    word = words.CONCLUSIONS[run.conclusion]
    yield f"## {word.sign} {word.short}\n\n{text(run.sentence or word.means, 1000)}\n\n"
    for doubt in run.doubts:
        yield f"> **Doubtful:** {text(doubt, 1000)}\n\n"
    yield f"Profile `{code(run.profile)}` at `{code(run.base_url)}`. {_counted(run)}\n\n"
    yield from _findings(run)
    yield from _vendors(run)
    yield from _scenarios(run)
    yield from _reproduce(run)


def _counted(run: Run) -> str:
    told = [
        f"{run.counts.get(o.value, 0):,} {word.short}" for o, word in words.OUTCOMES.items() if run.counts.get(o.value)
    ]
    return f"Checks: {', '.join(told)}." if told else "Nothing was checked."


def _findings(run: Run) -> Iterator[str]:
    seen = exchanges(run)
    told = [(v, f) for v, f in ranked(run) if v.level is not Level.VENDOR]
    heading = ""
    for name, group in groupby(told, key=lambda pair: pair[0].requirement):
        pairs = list(group)
        requirement = run.requirements.get(name)
        title = words.HARMS[requirement.harm] if requirement else "Unknown requirement"
        if not words.counts_against(pairs[0][0].outcome):
            title = "Seen, and not counted against the service"
        if title != heading:
            heading = title
            yield f"### {title}\n\n"
        yield _requirement(name, requirement, pairs[0][0].outcome)
        for verdict, finding in pairs[:PLACES]:
            yield _place(verdict, finding, call(seen.get(finding.exchange)))
        if len(pairs) > PLACES:
            yield f"- and {len(pairs) - PLACES:,} more places\n"
        if requirement and requirement.remedy:
            yield f"\nFix: {text(requirement.remedy, 500)}\n\n"
        else:
            yield "\n"


def _requirement(name: str, requirement: Requirement | None, outcome: Outcome) -> str:
    word = words.OUTCOMES[outcome]
    if requirement is None:
        return f"**{word.sign} {word.short}: {text(name, 100)}**\n\n"
    clause = (
        f"[{text(requirement.section, 100)}]({requirement.link})"
        if requirement.link
        else text(requirement.section, 100)
    )
    says = f"**{word.sign} {word.short}: {text(requirement.says, 300)}**"
    return f"{says} ({text(name, 100)}, {clause}, {requirement.level.value})\n\n"


def _place(verdict: Verdict, finding: Finding, asked: str) -> str:
    at = f" at `{code(finding.at)}`" if finding.at else ""
    expected = text(" or ".join(finding.expected), 300)
    came = code(shortened(shown(finding.actual, 300), 300))
    asked = f", `{code(asked)}`" if asked else ""
    return f"- `{finding.id}` in `{code(verdict.scenario)}`{asked}{at}: expected {expected}; came `{came}`\n"


def _vendors(run: Run) -> Iterator[str]:
    told = [(v, f) for v, f in ranked(run) if v.level is Level.VENDOR]
    if not told:
        return
    yield "### What the identity providers' administrators will notice\n\n"
    yield "No clause of the standard is broken by these.\n\n"
    for name, group in groupby(told, key=lambda pair: pair[0].requirement):
        requirement = run.requirements.get(name)
        says = (requirement.admin or requirement.says) if requirement else ""
        yield f"- {text(name, 100)}: {text(says, 300)} ({len(list(group))} places)\n"
    yield "\n"


def _scenarios(run: Run) -> Iterator[str]:
    yield "### Scenarios\n\n| | scenario | requests | what happened |\n|---|---|---|---|\n"
    for result in sorted(run.results, key=lambda r: (words.outcome_rank(r.outcome), r.key.id)):
        word = words.OUTCOMES[result.outcome]
        said = f"{result.key.title} ({result.reason})" if result.reason else result.key.title
        yield (
            f"| {word.sign} {word.short} | `{code(result.key.id)}` | {len(result.transcript.exchanges)} "
            f"| {text(said, 200)} |\n"
        )
    yield "\n"


def _reproduce(run: Run) -> Iterable[str]:
    command = run.meta.get("command")
    if command:
        yield f"### Again\n\n```\n{_fence(command)}\n```\n"


_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()#+!|~$@"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def text(value: str, limit: int) -> str:
    """One line of plain text: nothing in it is markup, a mention or an issue reference."""
    return shortened(value, limit).translate(_SPECIAL)


def code(value: str) -> str:
    """What may stand between back-ticks, also inside a table."""
    return shortened(value, 400).replace("`", "'").replace("|", "\\|") or " "


def _fence(text: str) -> str:
    return shortened(text, 2000).replace("```", "'''")
